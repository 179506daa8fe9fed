"""Each business term that the reader knows is read, and written again: none falls away unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
from lxml import etree

from hendig.billing.adapters.ubl import parse, read
from hendig.billing.adapters.ubl.document import (
    CORRECTED,
    CREDIT,
    INVOICE,
    KVK,
    OIN,
    Account,
    Adjustment,
    Document,
    Identifier,
    Line,
    Party,
    Tax,
    TaxSum,
    Totals,
)
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.write import ubl
from tests.billing.test_einvoice_official import files, verdict_in

HIGH = Tax("S", Decimal(21))
OFF = Adjustment(
    charge=False,
    cents=101,
    tax=HIGH,
    reason="Korting",
    reason_code="95",
    percent=Decimal("1.5"),
    base_cents=102,
)


def party(name: str, kvk: str) -> Party:
    return Party(
        name=name,
        legal_name=f"{name} BV",
        endpoint=Identifier(f"{kvk}1", KVK),
        legal=Identifier(f"{kvk}2", KVK),
        identifiers=(Identifier(f"{kvk}3", OIN), Identifier(f"{kvk}4", KVK)),
        vat=f"NL{kvk}9B01",
        tax_number=f"{kvk}5",
        street=f"{name} 1",
        street_more=f"{name} 2",
        town=f"{name}dam",
        postcode=f"{kvk[:4]} AB",
        country="BE",
    )


LINE = Line(
    id="1",
    name="H2 Hulp thuis",
    quantity=Decimal(90),
    unit="MIN",
    cents=13_501,
    price=Decimal("90.01"),
    per=Decimal(60),
    tax=HIGH,
    first_on=date(2026, 11, 3),
    last_on=date(2026, 11, 10),
    object_id=Identifier("M2026-000001", "AAZ"),
    order_line="7",
    code="H2",
    note="Bij de regel",
    adjustments=(replace(OFF, tax=None), Adjustment(charge=True, cents=103, reason="Toeslag")),
)
# Its sums need not add up: what is read and written is what stands there.
FULL = Document(
    kind=CREDIT,
    number="2026-77",
    issued_on=date(2026, 12, 1),
    seller=party("Vlinder", "12345670"),
    buyer=party("Molenwaard", "87654321"),
    lines=(LINE, replace(LINE, id="2", code="H3", note="Bij de tweede")),
    taxes=(TaxSum(HIGH, 27_002, 5_670, reason="Waarom", reason_code="VATEX-EU-132"),),
    totals=Totals(
        lines=27_001,
        allowances=104,
        charges=105,
        exclusive=27_002,
        vat=5_670,
        inclusive=32_672,
        prepaid=106,
        rounding=7,
        payable=32_573,
    ),
    due_on=date(2026, 12, 31),
    first_on=date(2026, 11, 1),
    last_on=date(2026, 11, 30),
    currency="USD",
    buyer_reference="2026-11",
    order="O-1",
    contract="C-1",
    note="Boven de factuur",
    terms="Binnen dertig dagen",
    before=("2026-75", "2026-76"),
    account=Account("NL91ABNA0417164300", means="30", reference="2026-77"),
    adjustments=(OFF, replace(OFF, charge=True, cents=105)),
    delivered_on=date(2026, 11, 29),
    delivered_in="DE",
)


def left_as_they_are(value: Any, name: str = "document") -> Iterator[str]:
    """The terms below `value` that say nothing: empty, or what stands there when nobody says otherwise."""
    if isinstance(value, tuple):
        for one in value:
            yield from left_as_they_are(one, name)
    elif is_dataclass(value):
        for one in fields(value):
            said = getattr(value, one.name)
            if said in (None, "", ()) or said == _by_itself(one):
                yield f"{name}.{one.name}"
            yield from left_as_they_are(said, f"{name}.{one.name}")


def _by_itself(term: Field[Any]) -> Any:
    return None if term.default is MISSING else term.default


def test_every_term_of_a_document_says_something_here() -> None:
    """One that is added to the document and not here would be read and written by nobody's word."""
    # Of a second adjustment on a line only what tells it from the first.
    assert set(left_as_they_are(FULL)) == {
        f"document.lines.adjustments.{name}" for name in ("tax", "reason_code", "percent", "base_cents")
    }


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("kind", [INVOICE, CORRECTED, CREDIT])
def test_every_term_is_read_back_as_it_was_written(kind: str, profile: Profile) -> None:
    # On the network a correction is an invoice that names the one before.
    said = INVOICE if (kind, profile) == (CORRECTED, Profile.PEPPOL) else kind
    document = replace(FULL, kind=kind)
    assert read.document(parse.root_of(ubl(document, profile))) == replace(document, kind=said)


@pytest.mark.parametrize("kind", [INVOICE, CREDIT])
def test_every_text_in_the_file_is_read_and_written_again(kind: str) -> None:
    """Whichever is changed, what is written of what was read has changed with it, or it cannot be read."""
    written = ubl(replace(FULL, kind=kind), Profile.NLCIUS)
    unread = set()
    for place, leaf in enumerate(etree.fromstring(written).iter()):
        if len(leaf):
            continue
        root = etree.fromstring(written)
        changed = list(root.iter())[place]
        changed.text = other(changed.text or "")
        with suppress(read.Unreadable):
            if ubl(read.document(parse.root_of(etree.tostring(root))), Profile.NLCIUS) == written:
                unread.add("/".join(etree.QName(one).localname for one in around(changed)))
    root_name = "CreditNote" if kind == CREDIT else "Invoice"
    # By which rules a file is judged, and which tax it is (VAT or another), is decided where it is written.
    assert unread == {
        "PartyTaxScheme/TaxScheme/ID",
        f"{root_name}/CustomizationID",
        f"{root_name}/ProfileID",
        "TaxCategory/TaxScheme/ID",
        "ClassifiedTaxCategory/TaxScheme/ID",
    }


def around(leaf: etree._Element) -> list[etree._Element]:
    """The element with the two around it."""
    return [*reversed(list(leaf.iterancestors())[:2]), leaf]


def other(text: str) -> str:
    """Another value of the same kind."""
    swaps = {"true": "false", "false": "true"}
    return swaps.get(text) or text[:-1] + ("8" if text[-1:] != "8" else "9")


@pytest.mark.conformance
def test_what_an_official_file_says_in_a_term_that_we_write_is_said_again() -> None:
    """Not as we read it, but as it stands in the file: of what nobody here reads nothing is asked."""
    ours = {
        path
        for kind in (INVOICE, CREDIT)
        for path, _said in said_in(etree.fromstring(ubl(replace(FULL, kind=kind), Profile.NLCIUS)))
    }
    right = [file for file in files() if verdict_in(file.name) == "ok"]
    assert len(right) == 36 + 10 + 2
    for file in right:
        root = parse.root_of(file.read_bytes())
        again = etree.fromstring(ubl(read.document(root), Profile.NLCIUS))
        # Of more accounts the first is read: whatever it says, what we know is paid.
        for more in root.findall("{*}PaymentMeans")[1:]:
            root.remove(more)
        lost = {(path, said) for path, said in said_in(root) - said_in(again) if path in ours}
        assert lost == set(), file.name


def said_in(root: etree._Element) -> set[tuple[str, str]]:
    """Each text by its path; a number as such, and not what stands there when nobody says otherwise."""
    currency = root.findtext("{*}DocumentCurrencyCode")
    found = set()
    for one in root.iter(etree.Element):
        names = [etree.QName(around).localname for around in reversed(list(one.iterancestors()))]
        path, said = "/".join([*names[1:], etree.QName(one).localname]), " ".join((one.text or "").split())
        with suppress(InvalidOperation):
            said = f"{Decimal(said) + 0:f}".rstrip("0").rstrip(".") if "." in said else str(Decimal(said) + 0)
        # By which rules and in which process a file comes is decided where it is written; per one is no term.
        own = path in {"CustomizationID", "ProfileID"} or (path.endswith("BaseQuantity") and said == "1")
        # A second total of the VAT may be in the currency of somebody's books.
        if said and not own and one.get("currencyID") in {None, currency}:
            found.add((path, said))
    return found
