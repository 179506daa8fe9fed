"""Spreadsheets as programs save them, and as nobody should: parts of a workbook in a zip."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

HEAD = ("matchnummer", "code", "van", "tot en met", "uren", "tarief", "bedrag")
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    "<Override PartName='/xl/workbook.xml' ContentType='application/vnd.openxmlformats-officedocument."
    "spreadsheetml.sheet.main+xml'/>"
    "<Override PartName='/xl/worksheets/sheet1.xml' ContentType='application/vnd.openxmlformats-"
    "officedocument.spreadsheetml.worksheet+xml'/>"
    "<Override PartName='/xl/styles.xml' ContentType='application/vnd.openxmlformats-officedocument."
    "spreadsheetml.styles+xml'/></Types>"
)
ROOT = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{RELATIONS}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    f'<workbook {MAIN} xmlns:r="{RELATIONS}"><sheets><sheet name="Blad1" sheetId="1" r:id="a"/></sheets>'
    "</workbook>"
)
OF_BOOK = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{RELATIONS}/worksheet"'
    f' Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    "</Relationships>"
)
# How a cell is shown: as it is, a day, a percentage, hours and minutes, more than a day of them, euros.
GENERAL, DAY, PERCENT, CLOCK, LONG_CLOCK, EUROS = range(6)
STYLES = (
    f"<styleSheet {MAIN}><numFmts count='2'><numFmt numFmtId='164' formatCode='[h]:mm'/>"
    "<numFmt numFmtId='165' formatCode='&quot;€&quot;\\ #,##0.00'/></numFmts>"
    "<fonts count='1'><font/></fonts>"
    "<fills count='1'><fill><patternFill patternType='none'/></fill></fills>"
    "<borders count='1'><border/></borders>"
    "<cellStyleXfs count='1'><xf/></cellStyleXfs><cellXfs count='6'>"
    + "".join(f"<xf numFmtId='{number}' applyNumberFormat='1'/>" for number in (0, 14, 9, 20, 164, 165))
    + "</cellXfs></styleSheet>"
)

# A cell: a text, a number, or a number or formula as it is written (`raw`).
Cell = str | float | None


def raw(inside: str, style: int = GENERAL, kind: str = "n") -> str:
    """What stands between the tags of a cell, as a program writes it."""
    return f"\0{style}|{kind}|{inside}"


def sheet(rows: Sequence[Sequence[Cell]], *, more: str = "") -> str:
    made = "".join(
        f'<row r="{place}">{"".join(_cell(cell, column, place) for column, cell in enumerate(row))}</row>'
        for place, row in enumerate(rows, start=1)
        if row
    )
    return f"<worksheet {MAIN}><sheetData>{made}</sheetData>{more}</worksheet>"


def _cell(cell: Cell, column: int, row: int) -> str:
    where = f"{chr(65 + column)}{row}"
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith("\0"):
        style, kind, inside = cell[1:].split("|", 2)
        return f'<c r="{where}" s="{style}" t="{kind}">{inside}</c>'
    if isinstance(cell, str):
        return f'<c r="{where}" t="inlineStr"><is><t>{cell}</t></is></c>'
    return f'<c r="{where}"><v>{cell}</v></c>'


def workbook(
    rows: Sequence[Sequence[Cell]], *, more: str = "", parts: Mapping[str, str | bytes] | None = None
) -> bytes:
    """A workbook of one sheet, with other `parts` beside it or in the place of ours."""
    all_parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": OF_BOOK,
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": sheet(rows, more=more),
        **(parts or {}),
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in all_parts.items():
            packed.writestr(name, content)
    return made.getvalue()
