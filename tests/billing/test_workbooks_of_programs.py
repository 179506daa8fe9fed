"""The form as spreadsheet programs save it, part by part in a zip: read right, or refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest

from hendig.billing.adapters import inbox, sheet
from hendig.billing.adapters.ubl.document import Identifier, Line
from tests.billing.test_received_sheet import HEAD as OF_PARTNER
from tests.billing.test_received_workbook import THIRD, bring, with_part
from tests.support import workbook as made
from tests.support.received import engine
from tests.support.workbook import CLOCK, DAY, EUROS, HEAD, LONG_CLOCK, raw
from tests.support.world import World

# Days between the two ways in which programs count them, from 1900 and from 1904.
SINCE_1904 = 1462
Cells = Sequence[made.Cell]
FIRST, LAST = (raw(f"<v>{day}</v>", DAY) for day in (THIRD, THIRD + 27))


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads them is the one of all these tests."""
    monkeypatch.setattr(inbox, "rows", lambda content: engine().rows(content))


def row(
    hours: made.Cell = 2.5,
    price: made.Cell = 86.4,
    cents: made.Cell = None,
    first: made.Cell = FIRST,
    last: made.Cell = LAST,
    match: made.Cell = "M2026-000001",
) -> Cells:
    return [match, "H2", first, last, hours, price, cents]


def page(rows: Sequence[Cells], **more: str) -> bytes:
    return made.sheet(rows, **more).encode()


def book(rows: Sequence[Cells], **parts: str | bytes) -> bytes:
    """`sheet`, `book` and `of_book` are other ways to write what stands there."""
    places = {
        "sheet": "xl/worksheets/sheet1.xml",
        "book": "xl/workbook.xml",
        "of_book": "xl/_rels/workbook.xml.rels",
        "texts": "xl/sharedStrings.xml",
        "types": "[Content_Types].xml",
        "second": "xl/worksheets/sheet2.xml",
    }
    return made.workbook(rows, parts={places[name]: content for name, content in parts.items()})


def shared_texts() -> bytes:
    """Excel: each text once, in a part of its own; some in pieces, for a word in bold."""
    texts = [*HEAD, "M2026-000001", "H2"]
    pieces = [
        f'<si><r><t>{one[:2]}</t></r><r><t xml:space="preserve">{one[2:]}</t></r></si>' for one in texts
    ]
    head = "".join(f'<c r="{chr(65 + n)}1" t="s"><v>{n}</v></c>' for n in range(7))
    days = f'<c r="C2" s="{DAY}"><v>{THIRD}</v></c><c r="D2" s="{DAY}"><v>{THIRD + 27}</v></c>'
    line = f'<c r="A2" t="s"><v>7</v></c><c r="B2" t="s"><v>8</v></c>{days}<c r="E2"><v>2.5</v></c>'
    line += f'<c r="F2" s="{EUROS}"><v>86.4</v></c>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    link = f'<Relationship Id="c" Type="{made.RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    return book(
        [],
        sheet=f'<worksheet {made.MAIN}><dimension ref="A1:G2"/><sheetData><row r="1" spans="1:7">{head}</row>'
        f'<row r="2" spans="1:7">{line}</row></sheetData></worksheet>',
        texts=f'<sst {made.MAIN} count="9" uniqueCount="9">{"".join(pieces)}</sst>',
        of_book=made.OF_BOOK.replace("</Relationships>", f"{link}</Relationships>"),
        types=made.TYPES.replace(
            "</Types>", f"<Override PartName='/xl/sharedStrings.xml' ContentType='{kind}'/></Types>"
        ),
    )


def in_1904() -> bytes:
    """Excel for the Mac, and files that were begun there: days are counted from 1904."""
    first, last = (raw(f"<v>{day - SINCE_1904}</v>", DAY) for day in (THIRD, THIRD + 27))
    counted = made.BOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    return book([HEAD, row(first=first, last=last)], book=counted)


def two_sheets(first: str, second: str, *, state: str) -> bytes:
    """A sheet in the given state, and one behind it."""
    sheets = (
        f'<sheet name="Toelichting" sheetId="1" state="{state}" r:id="a"/>'
        '<sheet name="Uren" sheetId="2" r:id="d"/>'
    )
    link = f'<Relationship Id="d" Type="{made.RELATIONS}/worksheet" Target="/xl/worksheets/sheet2.xml"/>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    part = f"<Override PartName='/xl/worksheets/sheet2.xml' ContentType='{kind}'/>"
    return book(
        [],
        sheet=first,
        second=second,
        book=made.BOOK.replace('<sheet name="Blad1" sheetId="1" r:id="a"/>', sheets),
        of_book=made.OF_BOOK.replace("</Relationships>", f"{link}</Relationships>"),
        types=made.TYPES.replace("</Types>", f"{part}</Types>"),
    )


def hidden(state: str) -> bytes:
    return two_sheets(made.sheet([["niet kijken"]]), made.sheet([HEAD, row()]), state=state)


def many_empty_rows() -> bytes:
    """A table with borders down to where nobody looks, and the row that LibreOffice puts at the very end."""
    empty = [[raw("", DAY)] * 7 for _row in range(3_000)]
    last = '<row r="1048576" customFormat="false" ht="12.8"/></sheetData>'
    return book([], sheet=made.sheet([HEAD, row(), *empty]).replace("</sheetData>", last))


def with_a_prefix() -> bytes:
    """Programs that write each name with a prefix, and no addresses."""
    plain = made.sheet([HEAD, row()]).replace(made.MAIN, made.MAIN.replace("xmlns=", "xmlns:x="))
    for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
        plain = plain.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
        plain = plain.replace(f"</{name}>", f"</x:{name}>")
    return book([], sheet=plain)


def less_than_it_says() -> bytes:
    """The size that is written down is that of before the last rows."""
    return book([], sheet=page([HEAD, row()]).replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>'))


def no_text_comes_out() -> bytes:
    """Rows that are filled in later have a formula already, that says nothing until then."""
    nothing = raw('<f>IF(E3="","",E3*F3)</f><v></v>', kind="str")
    without_value = raw('<f>IF(E4="","",E4*F4)</f>', kind="str")
    return book(
        [
            HEAD,
            row(cents=raw('<f>IF(E2="","",E2*F2)</f><v>216</v>', EUROS)),
            row(hours=None, cents=nothing, match="M2026-000002"),
            row(hours=None, cents=without_value, match="M2026-000003"),
        ]
    )


def iso(day: str) -> made.Cell:
    return raw(f"<v>{day}</v>", kind="d")


def names_over_two_lines() -> bytes:
    return book([["Matchnummer", " CODE ", "Van", "Tot en\nmet", "Uren", "Tarief", "Bedrag"], row()])


MERGED = '<mergeCells count="2"><mergeCell ref="{}"/><mergeCell ref="{}"/></mergeCells>'


def merged_downwards() -> bytes:
    """Each name stands over two rows: the second is empty, and the hours begin in the third."""
    return book([], sheet=page([HEAD, [None] * 7, row()], more=MERGED.format("A1:A2", "B1:B2")))


RIGHT: Mapping[str, Callable[[], bytes]] = {
    "as we make it": lambda: book([HEAD, row()]),
    "shared texts": shared_texts,
    "days since 1904": in_1904,
    "days as ISO": lambda: book([HEAD, row(first=iso("2026-11-03"), last=iso("2026-11-30T00:00:00"))]),
    "days as text": lambda: book([HEAD, row(first="3-11-2026", last=" 30-11-2026 ")]),
    "numbers as text": lambda: book([HEAD, row(hours="2,5", price="86,40")]),
    "euros as text": lambda: book([HEAD, row(price="€\u00a086,40", cents="€ 216,00")]),
    "hours on a clock": lambda: book([HEAD, row(hours=raw("<v>0.10416666666666667</v>", CLOCK))]),
    "hours on a long clock": lambda: book([HEAD, row(hours=raw("<v>0.104166666666667</v>", LONG_CLOCK))]),
    "hours as text on a clock": lambda: book([HEAD, row(hours="2:30")]),
    "a number with dust": lambda: book([HEAD, row(hours=2.5000000000000004, price=86.40000000000001)]),
    "formulas with an outcome": lambda: book(
        [HEAD, row(hours=raw("<f>1+1.5</f><v>2.5</v>"), cents=raw("<f>E2*F2</f><v>216</v>", EUROS))]
    ),
    "a formula that is shared": lambda: book(
        [HEAD, row(cents=raw('<f t="shared" ref="G2:G9" si="0">E2*F2</f><v>216</v>'))]
    ),
    "a formula over an area": lambda: book(
        [HEAD, row(cents=raw('<f t="array" ref="G2">E2*F2</f><v>216</v>'))]
    ),
    "a match by a formula": lambda: book(
        [HEAD, row(match=raw('<f>"M2026-"&amp;"000001"</f><v>M2026-000001</v>', kind="str"))]
    ),
    "formulas out of which no text comes": no_text_comes_out,
    "a hidden sheet first": lambda: hidden("hidden"),
    "a sheet that is hidden well": lambda: hidden("veryHidden"),
    "another sheet behind it": lambda: two_sheets(
        made.sheet([HEAD, row()]), made.sheet([["Toelichting"]]), state="visible"
    ),
    "thousands of empty rows": many_empty_rows,
    "empty rows between": lambda: book([HEAD, [], [None, ""], row(), []]),
    "names with a prefix": with_a_prefix,
    "a size that is wrong": less_than_it_says,
    "names over two lines": names_over_two_lines,
    "names merged downwards": merged_downwards,
    "columns of the partner's own": lambda: book([[*HEAD, "cliënt"], [*row(), "4711"]]),
}


def lines(content: bytes) -> tuple[Line, ...]:
    sent = sheet.sent(content, OF_PARTNER)
    assert [str(one.words) for one in sent.findings] == []
    assert sent.document is not None
    return sent.document.lines


@pytest.mark.parametrize("name", RIGHT)
def test_what_a_program_saves_is_read_right(name: str) -> None:
    (line,) = lines(RIGHT[name]())
    assert (line.object_id, line.code) == (Identifier("M2026-000001"), "H2")
    assert (line.first_on, line.last_on) == (date(2026, 11, 3), date(2026, 11, 30))
    hours = line.quantity / (60 if line.unit == "MIN" else 1)
    assert (hours, line.price, line.cents) == (Decimal("2.5"), Decimal("86.4"), 21_600)


@pytest.mark.parametrize(
    ("amount", "cents"), [("1.234,50", 123_450), ("€ 1.234,50", 123_450), ("1234,5", 123_450)]
)
def test_a_point_between_the_thousands_is_none_between_the_cents(amount: str, cents: int) -> None:
    (line,) = lines(book([HEAD, row(hours=10, price=123.45, cents=amount)]))
    assert line.cents == cents


def words_of(content: bytes) -> list[str]:
    return [str(one.words) for one in sheet.sent(content, OF_PARTNER).findings]


def strict() -> bytes:
    """Excel has it in its list as "Strict Open XML"; the library reads no cell of it."""
    strictly = b'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'
    return book([], sheet=page([HEAD, row()]).replace(made.MAIN.encode(), strictly))


def title_above() -> bytes:
    return book([], sheet=page([["Uren november"], HEAD, row()], more=MERGED.format("A1:G1", "A9:G9")))


NO_OUTCOME = (
    "hier staat een formule zonder uitkomst. Open het rekenblad en bewaar het opnieuw, of vul zelf in."
)
NO_NAMES = (
    "Deze kolommen ontbreken: matchnummer, code, van, tot en met, uren, tarief. Neem de eerste rij van het"
    " voorbeeld over."
)
DAYS = "schrijf een dag als 2026-11-03 of 3-11-2026."
WRONG: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a day without a form": (
        lambda: book([HEAD, row(first=THIRD)]),
        f"Rij 2, kolom van: {DAYS}",
    ),
    "a day with hours": (
        lambda: book([HEAD, row(last=raw(f"<v>{THIRD}.5</v>", DAY))]),
        f"Rij 2, kolom tot en met: {DAYS}",
    ),
    "a day beyond all days": (
        lambda: book([HEAD, row(last=raw("<v>99999999</v>", DAY))]),
        f"Rij 2, kolom tot en met: {DAYS}",
    ),
    "a day in words": (lambda: book([HEAD, row(first="3 november")]), f"Rij 2, kolom van: {DAYS}"),
    "thousands or cents": (
        lambda: book([HEAD, row(cents="1.234.567")]),
        "Rij 2, kolom bedrag: schrijf het bedrag als 216,00, of laat het leeg.",
    ),
    "a fault of a formula": (
        lambda: book([HEAD, row(hours=raw("<f>A1/0</f><v>#DIV/0!</v>", kind="e"))]),
        "Rij 2, kolom uren: schrijf de uren als 2,5 of 2:30.",
    ),
    "a formula that nobody worked out": (
        lambda: book([HEAD, row(hours=raw("<f>1+1</f><v></v>"))]),
        f"Rij 2, kolom uren: {NO_OUTCOME}",
    ),
    "a title above the names": (title_above, NO_NAMES),
    "a name over two columns": (
        lambda: book(
            [],
            sheet=page(
                [[*HEAD[:4], "uren", None, "tarief"], [*row()[:4], 2, 30, 86.4]],
                more=MERGED.format("E1:F1", "A9:G9"),
            ),
        ),
        "Rij 2: in een kolom zonder naam staat ook iets. Geef die kolom een naam, of maak haar leeg.",
    ),
    "a column twice": (
        lambda: book([[*HEAD, "uren"], [*row(), 7]]),
        "Deze kolommen staan er twee keer in: uren. Laat van elk één staan.",
    ),
    "a form of its own": (
        strict,
        "Dit rekenblad is bewaard als strikt Open XML. Kies bij het bewaren de gewone vorm: XLSX of CSV.",
    ),
    "no sheet to see": (
        with_part("xl/workbook.xml", made.BOOK.replace('sheetId="1"', 'sheetId="1" state="hidden"')),
        "Dit is geen rekenblad, of het is kapot. Bewaar het opnieuw als XLSX of CSV.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_read_right_is_said_in_a_sentence(name: str) -> None:
    make, said = WRONG[name]
    assert words_of(make()) == [said]


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000)], ids=["password"])
def test_what_is_locked_with_a_password_is_said_to_be(world: World, content: bytes) -> None:
    """Such a file is no zip, but what older programs saved; it is refused where files come in."""
    status, html = bring(world, content)
    assert (status, "Bewaar het zonder wachtwoord als XLSX of CSV" in html) == (422, True)
