"""The spreadsheet of the smallest partner: one line for each match and code, read into the same document.

The form is that of the template: a header, then the rows. It comes as XLSX, or as CSV: there a semicolon, a
comma or a tab stands between the columns. A number has a comma or a point; a day is 2026-11-03 or 3-11-2026;
hours are 2,5 or 2:30.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.billing.adapters import inbox
from hendig.billing.adapters.inbox import Sent
from hendig.billing.adapters.ubl.check import Finding, Level
from hendig.billing.adapters.ubl.document import (
    INVOICE,
    KVK,
    OIN,
    Document,
    Identifier,
    Line,
    Party,
    Totals,
    line_cents,
    tax_sums,
)
from hendig.billing.models import Form
from hendig.kernel.money import euros
from hendig.kernel.refusal import Words

COLUMNS = ("matchnummer", "code", "van", "tot en met", "uren", "tarief", "bedrag")
NOT_NEEDED = {"bedrag"}
RULE = "HENDIG-SHEET"
MOST_ROWS = 2_000
MOST_CELL = 200
# A mark by which Excel reads the accents right.
MARK = "\ufeff"
_NUMBER = re.compile(r"\d{1,7}(?:[.,]\d{1,4})?", re.ASCII)
# With a point between the thousands and a comma before the cents; a point alone could be either.
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3}){1,2},\d{1,4}", re.ASCII)
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)", re.ASCII)
_DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[ T]00:00(?::00)?)?", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})", re.ASCII),
)


@dataclass(frozen=True, slots=True)
class Head:
    """What a spreadsheet does not say itself: from whom to whom it is, its number, its day."""

    number: str
    issued_on: date
    partner: str
    kvk: str
    town: str
    town_kvk: str
    town_oin: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A row of the template: the match is there, the hours are not."""

    match_number: str
    code: str
    first_on: date
    last_on: date
    cents_per_hour: int | None


T = TypeVar("T")
Row = Mapping[str, str | None]
Table = list[list[str | None]]
# With what a workbook begins.
PACKED = b"PK"
BROKEN = "HENDIG-XLSX-BROKEN"
UNREAD: Mapping[str, Words] = {
    BROKEN: _("Dit is geen rekenblad, of het is kapot. Bewaar het opnieuw als XLSX of CSV."),
    "HENDIG-XLSX-TOO-MUCH": _("Dit rekenblad is te groot. Maak er twee facturen van."),
    "HENDIG-TOO-LONG": _("Dit rekenblad is te groot. Maak er twee facturen van."),
    "HENDIG-XLSX-LOCKED": _("Dit rekenblad zit op slot. Bewaar het zonder wachtwoord."),
    "HENDIG-XLSX-MACROS": _("In dit rekenblad zit een macro. Bewaar het als gewoon XLSX-bestand."),
    "HENDIG-XLSX-STRICT": _(
        "Dit rekenblad is bewaard als strikt Open XML. Kies bij het bewaren de gewone vorm: XLSX of CSV."
    ),
    "HENDIG-XLSX-LINKS": _(
        "Dit rekenblad verwijst naar een ander bestand. Kopieer de uitkomsten, en haal de verwijzing weg."
    ),
}
NO_OUTCOME = _(
    "hier staat een formule zonder uitkomst. Open het rekenblad en bewaar het opnieuw, of vul zelf in."
)


class _Wrong(Exception):
    def __init__(self, words: Words) -> None:
        super().__init__("a cell that cannot be read")
        self.words = words


def workbook(rows: Iterable[Offered]) -> bytes:
    """The form to fill in as XLSX, with a row for each match."""
    offered = [(row.match_number, row.code, row.first_on, row.last_on, row.cents_per_hour) for row in rows]
    return inbox.form(COLUMNS, offered)


def template(rows: Iterable[Offered]) -> bytes:
    """The same as CSV."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        price = "" if row.cents_per_hour is None else f"{euros(row.cents_per_hour):f}".replace(".", ",")
        writer.writerow(
            [row.match_number, row.code, f"{row.first_on}", f"{row.last_on}", "", price, ""],
        )
    return (MARK + made.getvalue()).encode()


def sent(content: bytes, head: Head) -> Sent:
    """The spreadsheet as one document, or what is wrong with it by row and column."""
    findings: list[Finding] = []
    table = _table(content, findings)
    lines = [made for place, row in _rows(table, findings) if (made := _line(place, row, findings))]
    if not lines and not findings:
        findings.append(_finding(_("Er staat geen regel met uren in. Vul bij elke match de uren in.")))
    return Sent(
        findings=tuple(findings),
        document=None if findings else _document(head, lines),
        form=Form.SHEET,
        official=False,
        content=_kept(content, table),
        sha256=hashlib.sha256(content).hexdigest(),
        told=tuple(cell for row in table for cell in row if cell),
    )


def _kept(content: bytes, table: Table) -> bytes:
    """Of a workbook what was read of it: who made it, and what lies in other sheets, is not looked into."""
    if not content.startswith(PACKED):
        return content
    made = io.StringIO()
    csv.writer(made, delimiter=";", lineterminator="\r\n").writerows(table)
    return (MARK + made.getvalue()).encode()


def _table(content: bytes, findings: list[Finding]) -> Table:
    """Every row with every cell; None for a formula of which nobody saved what comes out."""
    table: Table
    if content.startswith(PACKED):
        read = inbox.rows(content)
        if read.refused:
            findings.append(_finding(UNREAD.get(read.refused, UNREAD[BROKEN])))
        table = [[cell and cell.strip() for cell in row] for row in read.rows]
    else:
        table = _parsed(content, findings)
    if len(table) > MOST_ROWS or any(len(cell or "") > MOST_CELL for row in table for cell in row):
        findings.append(_finding(_("Dit rekenblad is te groot. Maak er twee facturen van.")))
        return []
    return table


def _parsed(content: bytes, findings: list[Finding]) -> Table:
    text = _text(content)
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(";,\t", key=head.count), strict=True)
    try:
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error:
        findings.append(_finding(_("Dit rekenblad is niet te lezen. Bewaar het als CSV.")))
        return []


def _rows(table: Table, findings: list[Finding]) -> Iterator[tuple[int, Row]]:
    """The rows with hours, by the number that a spreadsheet gives them, and their cells by column."""
    if findings:
        return
    # A program may break a name over two lines in its cell.
    names = [" ".join((name or "").split()).casefold() for name in table[0]] if table else []
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        words = _("Deze kolommen staan er twee keer in: {names}. Laat van elk één staan.")
        findings.append(_finding(format_lazy(words, names=", ".join(twice))))
        return
    missing = [name for name in COLUMNS if name not in names and name not in NOT_NEEDED]
    if missing:
        words = _("Deze kolommen ontbreken: {names}. Neem de eerste rij van het voorbeeld over.")
        findings.append(_finding(format_lazy(words, names=", ".join(missing))))
        return
    last = max(names.index(name) for name in COLUMNS if name in names)
    for place, row in enumerate(table[1:], start=2):
        kept = dict(zip(names, row, strict=False))
        # A match without hours was not helped in this month.
        if not any(kept.get(name, "") != "" for name in ("uren", "bedrag")):
            continue
        if any(cell != "" for name, cell in zip(names[:last], row, strict=False) if not name):
            # Half of a name that stands over two columns: hours, and minutes beside them.
            words = _(
                "Rij {row}: in een kolom zonder naam staat ook iets. Geef die kolom een naam, of maak haar"
                " leeg."
            )
            findings.append(_finding(format_lazy(words, row=place)))
            continue
        yield place, kept


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _line(place: int, row: Row, findings: list[Finding]) -> Line | None:
    """The row as a line; None after what is wrong with it was said, cell by cell."""

    def cell(name: str, read: Callable[[str], T]) -> T | None:
        try:
            return read(_said(row.get(name, "")))
        except _Wrong as wrong:
            words = _("Rij {row}, kolom {column}: {words}")
            findings.append(_finding(format_lazy(words, row=place, column=name, words=wrong.words)))
            return None

    match_number, code = cell("matchnummer", _needed), cell("code", _needed)
    first_on, last_on = cell("van", _day), cell("tot en met", _day)
    time, price, cents = cell("uren", _time), cell("tarief", _price), cell("bedrag", _cents)
    if not (match_number and code and first_on and last_on and time and price is not None):
        return None
    (quantity, unit), per = time, Decimal(60 if time[1] == "MIN" else 1)
    return Line(
        id=str(place),
        name=code,
        quantity=quantity,
        unit=unit,
        cents=line_cents(quantity, price, per) if cents is None else cents,
        price=price,
        per=per,
        first_on=first_on,
        last_on=last_on,
        object_id=Identifier(match_number),
        code=code,
    )


def _said(cell: str | None) -> str:
    if cell is None:
        raise _Wrong(NO_OUTCOME)
    return cell


def _needed(text: str) -> str:
    if not text:
        raise _Wrong(_("dit is leeg."))
    return text


def _day(text: str) -> date:
    for shape in _DAYS:
        if found := shape.fullmatch(_needed(text)):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                break
    raise _Wrong(_("schrijf een dag als 2026-11-03 of 3-11-2026."))


def _decimal(text: str) -> Decimal | None:
    if _THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _time(text: str) -> tuple[Decimal, str]:
    if found := _CLOCK.fullmatch(_needed(text)):
        return Decimal(int(found[1]) * 60 + int(found[2])), "MIN"
    hours = _decimal(text)
    if not hours:
        raise _Wrong(_("schrijf de uren als 2,5 of 2:30."))
    return hours, "HUR"


def _price(text: str) -> Decimal:
    price = _decimal(_needed(text).removeprefix("€").strip())
    if price is None:
        raise _Wrong(_("schrijf het tarief voor een uur als 86,40."))
    return price


def _cents(text: str) -> int | None:
    if not text:
        return None
    amount = _decimal(text.removeprefix("€").strip())
    if amount is None or amount * 100 % 1:
        raise _Wrong(_("schrijf het bedrag als 216,00, of laat het leeg."))
    return int(amount * 100)


def _finding(words: Words) -> Finding:
    return Finding(RULE, Level.ERROR, words)


def _document(head: Head, made: Sequence[Line]) -> Document:
    lines = tuple(made)
    taxes = tax_sums(lines)
    seller, town = Identifier(head.kvk, KVK), Identifier(head.town_oin or head.town_kvk, KVK)
    if head.town_oin:
        town = Identifier(head.town_oin, OIN)
    return Document(
        kind=INVOICE,
        number=head.number,
        issued_on=head.issued_on,
        seller=Party(head.partner, legal=seller),
        buyer=Party(head.town, legal=town),
        lines=lines,
        taxes=taxes,
        totals=Totals.of(lines, (), taxes),
    )
