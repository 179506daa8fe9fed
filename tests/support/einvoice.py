"""E-invoices for tests: whatever our writer can make, and what nobody should send."""

from __future__ import annotations

import gzip
import io
import os
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

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
    Totals,
    line_cents,
    tax_sums,
)
from hendig.billing.adapters.ubl.names import Profile
from hendig.billing.adapters.ubl.parse import MOST_BYTES
from hendig.billing.adapters.ubl.write import legal, ubl
from hendig.operations.einvoice import example

CODES = tuple(f"H{n}" for n in range(1, 8))
EXEMPT = "Vrijgesteld van btw: jeugdhulp."


def data() -> Path:
    """The official files; only tests that are marked `conformance` come here."""
    return Path(os.environ["HENDIG_CONFORMANCE_DATA"]) / "einvoice"


# --- whatever our writer can make -----------------------------------------------------------------------

# Everything that can stand in a database, also what XML cannot hold; something must be left of it.
anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80)
names = st.one_of(anything, anything.map(lambda text: text * 4)).filter(lambda text: bool(legal(text)))
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def normal(text: str) -> str:
    """What is left of a text in XML: no forbidden characters, no space around it, one kind of line end."""
    return legal(text)


@st.composite
def lines(draw: st.DrawFn, first_on: date, sign: int) -> Line:
    code = draw(st.sampled_from(CODES))
    by_minutes = draw(st.booleans())
    unit, per = (
        ("MIN", Decimal(60)) if by_minutes else (draw(st.sampled_from(["C62", "MON", "HUR"])), Decimal(1))
    )
    quantity = Decimal(draw(st.integers(1, 9_999))) * sign
    price = Decimal(draw(st.integers(100, 99_999))) / 100
    adjustments = draw(st.lists(adjustment(None), max_size=2)) if draw(st.booleans()) else []
    begins = first_on + timedelta(days=draw(st.integers(0, 20)))
    return Line(
        id="",
        name=normal(f"{code} {draw(names)}"),
        quantity=quantity,
        unit=unit,
        cents=line_cents(quantity, price, per) + sum(one.signed for one in adjustments),
        price=price,
        per=per,
        first_on=begins,
        last_on=begins + timedelta(days=draw(st.integers(0, 10))),
        object_id=Identifier(f"M2026-{draw(st.integers(1, 999_999)):06d}"),
        code=code,
        note=normal(draw(st.one_of(st.just(""), names))),
        adjustments=tuple(adjustments),
    )


@st.composite
def adjustment(draw: st.DrawFn, tax: Tax | None) -> Adjustment:
    return Adjustment(
        charge=draw(st.booleans()),
        cents=draw(st.integers(0, 500_000)),
        tax=tax,
        reason=normal(draw(names)),
    )


@st.composite
def parties(draw: st.DrawFn, *, sells: bool) -> Party:
    kvk = Identifier(f"{draw(st.integers(1, 99_999_999)):08d}", KVK)
    oin = Identifier(f"{draw(st.integers(1, 10**20 - 1)):020d}", OIN)
    known_as = kvk if sells else draw(st.sampled_from([kvk, oin]))
    return Party(
        name=normal(draw(names)),
        endpoint=known_as,
        legal=known_as,
        vat=f"NL{draw(st.integers(1, 999_999_999)):09d}B{draw(st.integers(1, 99)):02d}" if sells else "",
        street=normal(draw(names)),
        town=normal(draw(names)),
        postcode=f"{draw(st.integers(1000, 9999))} {draw(st.sampled_from(['AA', 'ZZ']))}",
    )


@st.composite
def documents(draw: st.DrawFn, most: int = 12) -> Document:
    """An invoice, a correction of one or a credit note; advances, rounding, discounts, 1 to `most` lines."""
    kind = draw(st.sampled_from([INVOICE, INVOICE, CORRECTED, CREDIT]))
    first_on = draw(days)
    size = draw(st.sampled_from([1, 2, 7, most]))
    # Few are drawn and repeated: what a month of many lines costs must not be spent on choosing each.
    drawn = draw(
        st.lists(
            lines(first_on, -1 if kind == CORRECTED and draw(st.booleans()) else 1), min_size=1, max_size=4
        )
    )
    made = tuple(replace(drawn[place % len(drawn)], id=str(place + 1)) for place in range(size))
    adjustments = tuple(draw(st.lists(adjustment(Tax()), max_size=2)))
    taxes = tax_sums(made, adjustments, reason=EXEMPT)
    prepaid = draw(st.one_of(st.just(0), st.integers(1, 10_000_000)))
    issued_on = first_on + timedelta(days=40)
    return Document(
        kind=kind,
        number=normal(draw(names)),
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=30),
        first_on=first_on,
        last_on=first_on + timedelta(days=31),
        buyer_reference=normal(draw(names)),
        note=normal(draw(st.one_of(st.just(""), names))),
        before=() if kind == INVOICE else (normal(draw(names)),),
        seller=draw(parties(sells=True)),
        buyer=draw(parties(sells=False)),
        account=Account("NL91ABNA0417164300", reference=normal(draw(names))),
        adjustments=adjustments,
        lines=made,
        taxes=taxes,
        totals=Totals.of(made, adjustments, taxes, prepaid=prepaid, rounding=draw(st.integers(-4, 4))),
    )


# --- what nobody should send ----------------------------------------------------------------------------

RIGHT = ubl(example(), Profile.NLCIUS)
BOMB = (
    b'<!DOCTYPE l [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


def _after_declaration(extra: bytes) -> bytes:
    return RIGHT.replace(b"?>", b"?>" + extra, 1)


def _note(text: bytes) -> bytes:
    return RIGHT.replace(
        b"<cbc:DocumentCurrencyCode>", b"<cbc:Note>" + text + b"</cbc:Note><cbc:DocumentCurrencyCode>"
    )


def _zip() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as opened:
        opened.writestr("factuur.xml", RIGHT)
    return kept.getvalue()


def _lines(count: int) -> bytes:
    head, found, rest = RIGHT.partition(b"<cac:InvoiceLine>")
    line, end, foot = rest.partition(b"</cac:InvoiceLine>")
    return head + (found + line + end) * count + foot


# Each of these has one answer: the code it must get.
HOSTILE: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "HENDIG-EMPTY"),
    "spaces": (lambda: b" \n\t", "HENDIG-EMPTY"),
    "50 MB": (lambda: _note(b"x" * 50_000_000), "HENDIG-TOO-BIG"),
    "a byte too many": (lambda: RIGHT + b" " * (MOST_BYTES + 1 - len(RIGHT)), "HENDIG-TOO-BIG"),
    "zip": (_zip, "HENDIG-NOT-XML"),
    "gzip": (lambda: gzip.compress(RIGHT), "HENDIG-NOT-XML"),
    "pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "HENDIG-NOT-XML"),
    "page": (lambda: b"<!DOCTYPE html><html><body>hoi<br></body></html>", "HENDIG-NOT-XML"),
    "page without a doctype": (lambda: b"<html><body>hoi<br></body></html>", "HENDIG-NOT-XML"),
    "text": (lambda: b"Beste gemeente, hierbij de factuur.", "HENDIG-NOT-XML"),
    "bytes": (lambda: bytes(range(256)) * 40, "HENDIG-NOT-XML"),
    "bomb of entities": (lambda: _after_declaration(BOMB).replace(b">H2 B", b">&j; B"), "HENDIG-DOCTYPE"),
    "bomb in an attribute": (lambda: _after_declaration(BOMB).replace(b'"MIN"', b'"&j;"'), "HENDIG-DOCTYPE"),
    "a file of ours": (
        lambda: _after_declaration(b'<!DOCTYPE I [<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace(
            b">H2 B", b">&x; B"
        ),
        "HENDIG-DOCTYPE",
    ),
    "a doctype elsewhere": (
        lambda: _after_declaration(b'<!DOCTYPE I SYSTEM "http://x.example/a.dtd">'),
        "HENDIG-DOCTYPE",
    ),
    "bomb in UTF-16": (
        lambda: _after_declaration(BOMB).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        "HENDIG-DOCTYPE",
    ),
    "an unknown entity": (lambda: _note(b"&nbsp;"), "HENDIG-BROKEN"),
    "half": (lambda: RIGHT[: len(RIGHT) // 2], "HENDIG-BROKEN"),
    "two roots": (lambda: RIGHT + RIGHT.partition(b"?>")[2], "HENDIG-BROKEN"),
    "a forbidden character": (lambda: _note(b"\x01"), "HENDIG-BROKEN"),
    "Latin-1 that says UTF-8": (lambda: _note("Zorg één".encode("latin-1")), "HENDIG-ENCODING"),
    "UTF-32": (lambda: RIGHT.decode().encode("utf-32"), "HENDIG-ENCODING"),
    "UTF-7": (lambda: RIGHT.replace(b"UTF-8", b"UTF-7"), "HENDIG-ENCODING"),
    "EBCDIC": (lambda: RIGHT.replace(b"UTF-8", b"cp037"), "HENDIG-ENCODING"),
    "an encoding that does not exist": (lambda: RIGHT.replace(b"UTF-8", b"klingon"), "HENDIG-ENCODING"),
    "zeros in between": (lambda: RIGHT.replace(b"</cbc:ID>", b"\0</cbc:ID>"), "HENDIG-ENCODING"),
    "deep": (lambda: _note(b"<a>" * 200 + b"</a>" * 200), "HENDIG-TOO-DEEP"),
    "deeper": (lambda: _note(b"<a>" * 50_000 + b"</a>" * 50_000), "HENDIG-BROKEN"),
    "a million elements": (lambda: _note(b"<a/>" * 1_000_000), "HENDIG-TOO-MUCH"),
    "an element with 400,000 attributes": (
        lambda: RIGHT.replace(
            b"<cbc:ID>", b"<cbc:ID " + b" ".join(b'a%d=""' % n for n in range(400_000)) + b">", 1
        ),
        "HENDIG-TOO-MUCH",
    ),
    "another invoice": (
        lambda: b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact"/>',
        "HENDIG-NO-INVOICE",
    ),
    "an order": (lambda: RIGHT.replace(b"Invoice-2", b"Order-2"), "HENDIG-NO-INVOICE"),
    "an invoice of nobody": (lambda: b"<Invoice/>", "HENDIG-NO-INVOICE"),
    "a picture": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "HENDIG-NO-INVOICE"),
    "an amount in words": (lambda: RIGHT.replace(b">424.00<", b">veel<", 1), "HENDIG-AMOUNT"),
    "an endless amount": (lambda: RIGHT.replace(b">424.00<", b">1e999999999<", 1), "HENDIG-AMOUNT"),
    "an amount of 80 digits": (
        lambda: RIGHT.replace(b">424.00<", b">" + b"9" * 80 + b"<", 1),
        "HENDIG-AMOUNT",
    ),
    "a third of a cent": (lambda: RIGHT.replace(b">424.00<", b">424.003<", 1), "HENDIG-AMOUNT"),
    "a line in dollars": (
        lambda: RIGHT.replace(
            b'LineExtensionAmount currencyID="EUR"', b'LineExtensionAmount currencyID="USD"'
        ),
        "HENDIG-CURRENCIES",
    ),
    "all in dollars but the invoice": (
        lambda: RIGHT.replace(b'currencyID="EUR"', b'currencyID="USD"'),
        "HENDIG-CURRENCIES",
    ),
    "30 February": (lambda: RIGHT.replace(b"2026-11-05", b"2026-02-30"), "HENDIG-DATE"),
    "no lines": (lambda: _lines(0), "HENDIG-MISSING"),
    "of another kind": (lambda: RIGHT.replace(b"nlcius:v1.0", b"nlcius:v9.9"), "HENDIG-PROFILE"),
    "sums that differ": (lambda: _lines(2), "HENDIG-TOTALS"),
}


ODD = (
    b"",
    b" ",
    b"-1",
    b"0",
    b"1e9",
    b"NaN",
    b"0.001",
    b"9" * 40,
    b"2026-02-30",
    "één".encode(),
    b"NL",
    b"&#9;",
    b"S",
)
BREAKS = (b"<", b">", b"&", b"&#0;", b"]]>", b"<!--", b"<![CDATA[", b"\xff\xfe", b"-", b"1e9")


def mutated(seed: int, files: tuple[bytes, ...]) -> bytes:
    """A file that was right once, the same for the same seed.

    Half of them have bytes turned, lost or doubled, and mostly are no XML any more; the others have elements
    moved, doubled, lost or filled with something odd, and come as far as the official rules.
    """
    chance = random.Random(seed)
    text = bytearray(chance.choice(files))
    change = _break if chance.random() < 0.5 else _rearrange
    for _time in range(chance.choice([1, 1, 2, 3, 8])):
        change(text, chance)
        text = text or bytearray(b"<")
    return bytes(text)


def broken(seed: int, files: tuple[bytes, ...]) -> bytes:
    """A file of which bytes were turned, lost or doubled, the same for the same seed."""
    chance = random.Random(seed)
    text = bytearray(chance.choice(files))
    for _time in range(chance.choice([1, 1, 2, 3, 8])):
        _break(text, chance)
        text = text or bytearray(b"<")
    return bytes(text)


def _break(text: bytearray, chance: random.Random) -> None:
    at, size = chance.randrange(len(text)), chance.choice([1, 2, 20, 400])
    what = chance.randrange(5)
    if what == 0:
        text[at] = chance.randrange(256)
    elif what == 1:
        del text[at : at + size]
    elif what == 2:
        text[at:at] = text[at : at + size] * chance.choice([1, 2, 50])
    elif what == 3:
        text[at:at] = chance.randbytes(size)
    else:
        text[at:at] = chance.choice(BREAKS)


def _rearrange(text: bytearray, chance: random.Random) -> None:
    (a, b), (c, d) = sorted([_element(text, chance), _element(text, chance)])
    what = chance.randrange(4)
    if what == 0 and b <= c:
        text[a:d] = text[c:d] + text[b:c] + text[a:b]
    elif what == 1:
        text[d:d] = text[c:d] * chance.choice([1, 1, 3, 40])
    elif what == 2:
        del text[c:d]
    elif c < d:
        inside = text.index(b">", c) + 1
        text[inside : text.rindex(b"</", c, d)] = chance.choice(ODD)


def _element(text: bytearray, chance: random.Random) -> tuple[int, int]:
    """Where some element begins and ends, when it is simple enough to find."""
    begin = text.find(b"<c", chance.randrange(len(text)))
    name = bytes(text[begin + 1 : begin + 60]).split(b">")[0].split(b" ")[0].split(b"/")[0]
    end = text.find(b"</" + name + b">", begin)
    return (begin, end + len(name) + 3) if 0 <= begin < end else (0, 0)
