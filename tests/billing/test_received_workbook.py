"""The spreadsheet as XLSX: what programs write is read as it is shown; nothing in it is run or fetched."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from hendig.billing.adapters import inbox, sheet, workbook
from hendig.billing.adapters.sheet import UNREAD
from hendig.billing.adapters.ubl.official import Engine
from hendig.billing.adapters.workbook import Unread
from hendig.billing.models import Form, Invoice, Original
from tests.billing.test_received import match_of
from tests.billing.test_received_sheet import HEAD as OF_PARTNER
from tests.billing.test_received_sheet import NAMES
from tests.support import workbook as made
from tests.support.received import engine
from tests.support.workbook import CLOCK, DAY, EUROS, HEAD, LONG_CLOCK, PERCENT, raw
from tests.support.world import World

# The third of November 2026 as a program counts days.
THIRD = 46329


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads them is the one of all these tests."""
    monkeypatch.setattr(inbox, "rows", lambda content: engine().rows(content))


def found(rows: Sequence[Sequence[made.Cell]], **more: object) -> list[list[str | None]]:
    return workbook.read(made.workbook(rows, **more))  # type: ignore[arg-type]


def wrong(content: bytes) -> list[str]:
    return [str(one.words) for one in sheet.sent(content, OF_PARTNER).findings]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("M2026-000001", "M2026-000001"),
        (2.5, "2.5"),
        (86.4, "86.4"),
        (86.40000000000003, "86.4"),
        (2.3333333333333335, "2.3333"),
        (90, "90"),
        (100, "100"),
        (raw(f"<v>{THIRD}</v>", DAY), "2026-11-03"),
        (raw(f"<v>{THIRD}.5</v>", DAY), "2026-11-03 12:00:00"),
        (raw("<v>2026-11-03</v>", kind="d"), "2026-11-03"),
        (raw("<v>0.10416666666666667</v>", CLOCK), "2:30"),
        (raw("<v>1.1041666666666667</v>", LONG_CLOCK), "26:30"),
        (raw("<v>0.21</v>", PERCENT), "21%"),
        (raw("<v>86.4</v>", EUROS), "86.4"),
        (raw("<f>1+1.5</f><v>2.5</v>"), "2.5"),
        (raw('<f>"M2026-"&amp;1</f><v>M2026-1</v>', kind="str"), "M2026-1"),
        (raw("<f>1/0</f><v>#DIV/0!</v>", kind="e"), "#DIV/0!"),
        (raw("<v>1</v>", kind="b"), "WAAR"),
        (raw("<f>A2*2</f>"), None),
        (raw("<v></v>"), ""),
        (None, ""),
        (" 2,5 ", " 2,5 "),
    ],
)
def test_a_cell_is_read_as_it_is_shown(cell: made.Cell, text: str | None) -> None:
    (row,) = found([["a", cell, "b"]])
    assert row[:3] == ["a", text, "b"]


def test_what_the_library_of_others_saves_is_read_the_same() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(HEAD))
    page.append(["M2026-000001", "H2", date(2026, 11, 3), date(2026, 11, 30), 2.5, 86.4, None])
    saved = BytesIO()
    book.save(saved)
    head, row = workbook.read(saved.getvalue())
    assert head[:7] == list(HEAD)
    assert row[:7] == ["M2026-000001", "H2", "2026-11-03", "2026-11-30", "2.5", "86.4", ""]


def test_cells_without_an_address_and_shared_texts_are_read() -> None:
    """As some programs save it: no addresses, texts in a part of their own."""
    cells = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(7))
    rows = f"<row>{cells}</row>"
    texts = "".join(f"<si><r><t>{name[:3]}</t></r><r><t>{name[3:]}</t></r></si>" for name in HEAD)
    kind = "officedocument.spreadsheetml.sharedStrings+xml"
    part = f"<Override PartName='/xl/sharedStrings.xml' ContentType='application/vnd.openxmlformats-{kind}'/>"
    where = f'Id="c" Type="{made.RELATIONS}/sharedStrings" Target="sharedStrings.xml"'
    link = f"<Relationship {where}/></Relationships>"
    content = made.workbook(
        [],
        parts={
            "[Content_Types].xml": made.TYPES.replace("</Types>", f"{part}</Types>"),
            "xl/_rels/workbook.xml.rels": made.OF_BOOK.replace("</Relationships>", link),
            "xl/sharedStrings.xml": f"<sst {made.MAIN}>{texts}</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet {made.MAIN}><sheetData>{rows}</sheetData></worksheet>",
        },
    )
    assert [row[:7] for row in workbook.read(content)] == [list(HEAD)]


def test_the_first_sheet_that_one_sees_is_read() -> None:
    book = Workbook()
    hidden, shown = book.active, book.create_sheet("uren")
    assert hidden is not None
    hidden.sheet_state = "hidden"
    hidden.append(["verborgen"])
    shown.append(["zichtbaar"])
    saved = BytesIO()
    book.save(saved)
    assert [row[0] for row in workbook.read(saved.getvalue())] == ["zichtbaar"]


# --- the same checks as for a CSV -----------------------------------------------------------------------


def line(number: str, hours: made.Cell = 2.5, price: made.Cell = 90) -> list[made.Cell]:
    return [number, "H2", raw(f"<v>{THIRD}</v>", DAY), raw(f"<v>{THIRD + 27}</v>", DAY), hours, price, None]


def bring(world: World, content: bytes, number: str = "R-1") -> tuple[int, str]:
    data = {
        "_key": str(uuid4()),
        "partner_id": str(world.partners["vlinder"].pk),
        "number": number,
        "file": SimpleUploadedFile("uren.xlsx", content),
    }
    with time_machine.travel(world.at, tick=False):
        answer = world.client("jolanda").post(reverse("own_sheet"), data)
    return answer.status_code, answer.content.decode()


def test_what_is_filled_in_is_checked_and_kept_as_what_was_read(november: World) -> None:
    number = match_of().number
    content = made.workbook([HEAD, line(number), [], ["M2026-000009", "H2"]])
    status, _html = bring(november, content)
    assert status == 302
    invoice, original = Invoice.objects.get(), Original.objects.get()
    assert (invoice.stage, invoice.total_cents, original.form) == ("right", 22500, Form.SHEET)
    with time_machine.travel(november.at, tick=False):
        kept = november.client("henk").get(reverse("original", args=[invoice.pk]))
    assert kept["Content-Type"] == "text/csv"
    rows = kept.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith(NAMES)
    assert rows[1].startswith(f"{number};H2;2026-11-03;2026-11-30;2.5;90;")
    # The same file again is known by what it was, not by what was kept of it.
    status, html = bring(november, content, "R-2")
    assert (status, "al ontvangen" in html) == (422, True)


def test_faults_are_those_of_a_csv_word_for_word() -> None:
    bad: list[made.Cell] = [
        "",
        "H2",
        "31-11-2026",
        raw("<v>0.5</v>", PERCENT),
        "veel",
        raw("<v>0.9</v>", PERCENT),
        "x",
    ]
    as_csv = f"{NAMES}\n;H2;31-11-2026;50%;veel;90%;x\n".encode()
    assert wrong(made.workbook([HEAD, bad])) == wrong(as_csv)
    assert len(wrong(as_csv)) == 6
    for rows, text in (
        ([], ""),
        ([["hallo"]], "hallo"),
        ([HEAD], NAMES),
        ([HEAD, line("M1", None)], f"{NAMES}\nM1;H2;2026-11-03;2026-11-30;;90;\n"),
    ):
        assert wrong(made.workbook(rows)) == wrong(text.encode()) != []


def test_a_formula_without_an_outcome_says_where_and_what_to_do() -> None:
    (words,) = wrong(made.workbook([HEAD, line("M1", raw("<f>1+1</f>"))]))
    assert words.startswith("Rij 2, kolom uren: hier staat een formule zonder uitkomst.")
    assert "bewaar het opnieuw" in words


def test_merged_and_empty_rows_keep_their_numbers() -> None:
    rows = [HEAD, [], line("M1"), [None, *line("M1")[1:]]]
    (words,) = wrong(made.workbook(rows, more='<mergeCells count="1"><mergeCell ref="A3:A4"/></mergeCells>'))
    assert words == "Rij 4, kolom matchnummer: dit is leeg."


def test_a_name_anywhere_in_the_sheet_is_seen(november: World) -> None:
    """Also in a column that is not ours, and in a row without hours."""
    rows = [HEAD, line(match_of().number), [None] * 9 + ["KindSanne"]]
    status, html = bring(november, made.workbook(rows))
    assert (status, "een naam uit een gezin" in html) == (422, True)


@pytest.mark.parametrize("rows", [2_000, 2_001])
def test_more_rows_than_may_come_are_too_many(rows: int) -> None:
    said = wrong(made.workbook([HEAD, *[line("M1", None)] * (rows - 1)]))
    assert said == [
        str(UNREAD[Unread.TOO_MUCH])
        if rows > 2_000
        else "Er staat geen regel met uren in. Vul bij elke match de uren in."
    ]


# --- what nobody should send ----------------------------------------------------------------------------


def locked() -> bytes:
    content = bytearray(made.workbook([HEAD]))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        content[place + at] |= 1
    return bytes(content)


def bomb() -> bytes:
    return made.workbook([HEAD], parts={"xl/media/nul.bin": bytes(41 * 1024 * 1024)})


def much_text() -> bytes:
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{"x" * 90}</t></is></c></row>'
        for n in range(1, 200_000)
    )
    return made.workbook(
        [],
        parts={
            "xl/worksheets/sheet1.xml": f"<worksheet {made.MAIN}><sheetData>{cells}</sheetData></worksheet>"
        },
    )


def far_away() -> bytes:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return made.workbook(
        [],
        parts={
            "xl/worksheets/sheet1.xml": f"<worksheet {made.MAIN}><sheetData>{far}</sheetData></worksheet>"
        },
    )


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b">]>'
PAGE = "xl/worksheets/sheet1.xml"


def with_part(name: str, content: str | bytes) -> Callable[[], bytes]:
    return lambda: made.workbook([HEAD], parts={name: content})


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "half a zip": (lambda: made.workbook([HEAD])[:300], Unread.BROKEN),
    "a zip of something else": (with_part("xl/workbook.xml", "<a/>"), Unread.BROKEN),
    "an entity": (with_part(PAGE, DOCTYPE + made.sheet([HEAD])), Unread.BROKEN),
    "hidden in another encoding": (with_part(PAGE, made.sheet([HEAD]).encode("utf-16")), Unread.BROKEN),
    "a password": (locked, Unread.LOCKED),
    "a macro": (with_part("xl/vbaProject.bin", b"x"), Unread.MACROS),
    "another file": (with_part("xl/externalLinks/externalLink1.xml", "<a/>"), Unread.LINKS),
    "a bomb": (bomb, Unread.TOO_MUCH),
    "many parts": (
        lambda: made.workbook([], parts={f"xl/{n}.xml": "<a/>" for n in range(200)}),
        Unread.TOO_MUCH,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_nobody_should_send_gets_a_sentence(name: str) -> None:
    build, why = HOSTILE[name]
    assert wrong(build()) == [str(UNREAD[why])]


@pytest.mark.parametrize("build", [much_text, far_away])
def test_what_takes_too_long_ends_and_the_next_is_read(build: Callable[[], bytes]) -> None:
    assert wrong(build())
    assert engine().rows(made.workbook([["a"]])).rows[0][0] == "a"


def test_no_file_pays_for_reading_the_library(tmp_path: Path) -> None:
    """That takes more of the processor than a file may take here; the second is judged by another fork."""
    content = made.workbook([HEAD, line("M1")])
    with Engine(tmp_path, seconds=0.1) as judges:
        assert [judges.rows(content).refused for _time in range(2)] == ["", ""]
        assert judges.rows(much_text()).refused
        assert judges.rows(content).refused == ""


@settings(max_examples=200)
@given(st.data())
def test_whatever_is_in_a_file_there_are_rows_or_a_reason(data: st.DataObject) -> None:
    whole = made.workbook([HEAD, line("M1")])
    at = data.draw(st.integers(0, len(whole) - 1))
    content = data.draw(
        st.sampled_from([whole[:at], whole[:at] + b"\0" + whole[at + 1 :], whole[:at] + whole[at + 7 :]])
        | st.binary(max_size=100).map(lambda more: b"PK\x03\x04" + more)
    )
    answer = workbook.answer(content)
    assert ("rows" in answer) != ("refused" in answer)


# --- the form to fill in --------------------------------------------------------------------------------


def at_midnight(day: date) -> datetime:
    """A day as the library tells it."""
    return datetime.combine(day, time())


def test_the_form_has_days_that_are_days_and_comes_back_as_it_is_filled_in(november: World) -> None:
    with time_machine.travel(november.at, tick=False):
        answer = november.client("jolanda").get(reverse("sheet_workbook"))
    assert answer["Content-Disposition"] == 'attachment; filename="uren-2026-11.xlsx"'
    book = load_workbook(BytesIO(answer.content))
    page = book.active
    assert page is not None
    head, row = list(page.values)
    match = match_of()
    assert head == HEAD
    assert row == (
        match.number, "H2", at_midnight(match.starts_on), at_midnight(date(2026, 11, 30)), None, 90, None,
    )  # fmt: skip
    page["E2"] = 2.5
    saved = BytesIO()
    book.save(saved)
    assert bring(november, saved.getvalue())[0] == 302
    assert Invoice.objects.get().total_cents == 22500
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        everything = b"".join(packed.read(name) for name in packed.namelist()).decode()
    assert not [word for word in ("Sanne", "Kind", "Verhoeven", "jolanda") if word in everything]
