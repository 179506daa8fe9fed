"""What stands in the electronic invoice: the same as on paper, as the standard calls it."""

from __future__ import annotations

from decimal import Decimal

from hendig.billing import rules
from hendig.billing.adapters.ubl.document import (
    CREDIT,
    INVOICE,
    KVK,
    OIN,
    Account,
    Document,
    Identifier,
    Line,
    Party,
    Totals,
    tax_sums,
)
from hendig.billing.queries import rows
from hendig.billing.queries.office import InvoicePage
from hendig.kernel.money import euros
from hendig.kernel.periods import month_of
from hendig.kernel.refusal import Refusal, require


def why_no_einvoice(page: InvoicePage) -> Refusal | None:
    """Why this invoice cannot be an electronic one. No queries."""
    partner, town = page.partner, page.municipality
    return rules.why_no_einvoice(
        received=bool(page.invoice.their_number),
        vat=partner.vat,
        seller=rules.Address(partner.street, partner.postcode, partner.town),
        buyer=town.address,
        buyer_number=town.oin or town.kvk,
    )


def as_document(page: InvoicePage) -> Document:
    """The invoice as EN 16931 knows it; refused when something is missing that it asks. No queries.

    Whose help a line is, is a match number and nothing else. So a youth whose address must stay secret, to
    whom art. 6a.1 of the Regeling Jeugdwet does not apply (art. 6a.6), needs no way apart that would tell.
    """
    require(why_no_einvoice(page))
    invoice = page.invoice
    # A credit note says by its kind that it takes back: what it takes back is positive there.
    sign = -1 if page.corrects else 1
    lines = tuple(_line(place, line, sign) for place, line in enumerate(page.lines, start=1))
    taxes = tax_sums(lines, reason=str(page.vat_exempt))
    month = month_of(invoice.month)
    return Document(
        kind=CREDIT if page.corrects else INVOICE,
        number=invoice.number,
        issued_on=invoice.sent_on,
        due_on=page.due_on,
        # Hours that were kept late are of a month before: the period of the whole holds that of each line.
        first_on=min([month.first, *(line.first_on for line in page.lines)]),
        last_on=max([month.last or month.first, *(line.last_on for line in page.lines)]),
        buyer_reference=f"{invoice.month:%Y-%m}",
        seller=seller(page),
        buyer=buyer(page),
        account=Account(page.partner.iban.replace(" ", ""), reference=invoice.number),
        before=(page.corrects[1],) if page.corrects else (),
        lines=lines,
        taxes=taxes,
        totals=Totals.of(lines, (), taxes),
    )


def _line(place: int, line: rows.Line, sign: int) -> Line:
    """Minutes at a price for sixty: a third of an hour has no exact number of hours. Without hours, one."""
    cents = sign * line.cents
    quantity = Decimal(line.minutes or 1).copy_sign(cents)
    return Line(
        id=str(place),
        name=f"{line.code} {line.code_name}".strip(),
        quantity=quantity,
        unit="MIN" if line.minutes else "C62",
        cents=cents,
        price=euros(line.cents_per_hour if line.minutes else abs(line.cents)),
        per=Decimal(60 if line.minutes else 1),
        first_on=line.first_on,
        last_on=line.last_on,
        object_id=Identifier(line.match_number) if line.match_number else None,
        code=line.code,
    )


def seller(page: InvoicePage) -> Party:
    partner = page.partner
    known_as = Identifier(partner.kvk, KVK)
    return Party(
        partner.name,
        endpoint=known_as,
        legal=known_as,
        vat=partner.vat,
        street=partner.street,
        town=partner.town,
        postcode=partner.postcode,
    )


def buyer(page: InvoicePage) -> Party:
    town = page.municipality
    known_as = number_of(town.oin, town.kvk)
    address = town.address or rules.Address("", "", "")
    return Party(
        f"Gemeente {town.name}",
        endpoint=known_as,
        legal=known_as,
        street=address.street,
        town=address.town,
        postcode=address.postcode,
    )


def number_of(oin: str, kvk: str) -> Identifier:
    """By which a municipality is known: among governments where it can."""
    return Identifier(oin, OIN) if oin else Identifier(kvk, KVK)
