"""A spreadsheet as Excel and LibreOffice save it (XLSX): its rows as texts, and the form to fill in.

Runs in the process in which files of others are judged (`ubl/engine.py`), and knows no Django. Nothing is
worked out, fetched or run: of a formula what the program that saved it found, of the rest what stands there.
"""

from __future__ import annotations

import base64
import json
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

MOST_BYTES = 5 * 1024 * 1024
MOST_PARTS = 200
MOST_UNPACKED = 40 * 1024 * 1024
# A row more than may come, so that too many are seen; more columns than the form has are not ours.
MOST_ROWS, MOST_COLUMNS = 2_001, 40
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
WIDTHS = (18, 8, 13, 13, 9, 9, 11)


class Unread(StrEnum):
    """Why a spreadsheet is not read."""

    BROKEN = "HENDIG-XLSX-BROKEN"
    TOO_MUCH = "HENDIG-XLSX-TOO-MUCH"
    LOCKED = "HENDIG-XLSX-LOCKED"
    MACROS = "HENDIG-XLSX-MACROS"
    LINKS = "HENDIG-XLSX-LINKS"
    STRICT = "HENDIG-XLSX-STRICT"


class Refused(Exception):
    def __init__(self, why: Unread) -> None:
        super().__init__(why.value)
        self.why = why


# A text; None for a formula of which nobody saved what comes out of it.
Cell = str | None


def answer(data: bytes) -> dict[str, object]:
    """The rows of the first sheet, or why not."""
    try:
        _look_into(data)
        return {"rows": read(data)}
    except Refused as no:
        return {"refused": no.why.value}
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 - whatever a hostile file does to the library, it is not read
        return {"refused": Unread.BROKEN.value}


def form(data: bytes) -> dict[str, object]:
    """The form to fill in, of the rows in this JSON."""
    rows = json.loads(data)
    return {"made": base64.b64encode(written(rows["head"], rows["rows"])).decode()}


def _look_into(data: bytes) -> None:
    """Before a part is read: so many, so large, and none that runs, leads elsewhere or declares an entity."""
    if len(data) > MOST_BYTES:
        raise Refused(Unread.TOO_MUCH)
    with zipfile.ZipFile(BytesIO(data)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Refused(Unread.TOO_MUCH)
        if any(part.flag_bits & 1 for part in parts):
            raise Refused(Unread.LOCKED)
        names = [part.filename.casefold() for part in parts]
        if any("vbaproject" in name or "macrosheet" in name or "activex" in name for name in names):
            raise Refused(Unread.MACROS)
        if any(name.startswith("xl/externallinks/") for name in names):
            raise Refused(Unread.LINKS)
        for part in parts:
            if part.filename.casefold().endswith((".xml", ".rels")):
                _look_at(packed.read(part))


def _look_at(text: bytes) -> None:
    """A part is UTF-8 and declares nothing: in another encoding a declaration could hide."""
    if b"\0" in text[:200] or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Refused(Unread.BROKEN)
    # The library sees no cell in a file that was saved by the strict form of the standard.
    if STRICT in text[:2_000]:
        raise Refused(Unread.STRICT)


def read(data: bytes) -> list[list[Cell]]:
    """Twice: what stands in the cells, and which of them are a formula without an outcome."""
    with warnings.catch_warnings():
        # What the library misses in a file (a style, a chart) is nothing that we read.
        warnings.simplefilter("ignore")
        both = zip(_rows(data, outcomes=True), _rows(data, outcomes=False), strict=True)
        rows = [[_text(cell, asked) for cell, asked in zip(row, beside, strict=True)] for row, beside in both]
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    return rows


def _rows(data: bytes, *, outcomes: bool) -> Iterator[tuple[Any, ...]]:
    book = load_workbook(BytesIO(data), read_only=True, data_only=outcomes, keep_links=False)
    sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
    yield from sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)


def _text(cell: Any, asked: Any) -> Cell:
    """As the same cell stands in a CSV; a percentage keeps its sign, so that nobody takes it for a number."""
    value = cell.value
    if value is None:
        # A formula of which a text came out has an outcome, also when that is no text at all.
        return None if asked.data_type == "f" and cell.data_type != "str" else ""
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    if isinstance(value, int | float):
        shown = f"{value * 100 if '%' in (cell.number_format or '') else value:.4f}".rstrip("0").rstrip(".")
        return f"{shown}%" if "%" in (cell.number_format or "") else shown
    return _moment(value)


def _moment(value: object) -> str:
    """A day as 2026-11-03; a time, and what is counted in hours and minutes, as 2:30."""
    if isinstance(value, datetime) and value.time() == time():
        return f"{value.date()}"
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    return str(value)


def written(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of one sheet; a day is a day in it, and a price a number."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "uren"
    sheet.append(list(head))
    for cell, width in zip(sheet[1], WIDTHS, strict=False):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for number, code, first, last, cents in rows:
        days = [date.fromisoformat(day) for day in (first, last)]
        sheet.append([number, code, *days, None, None if cents is None else cents / 100])
        sheet.cell(sheet.max_row, 6).number_format = "0.00"
        for place in (3, 4):
            sheet.cell(sheet.max_row, place).number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "A2"
    made = BytesIO()
    book.save(made)
    return made.getvalue()
