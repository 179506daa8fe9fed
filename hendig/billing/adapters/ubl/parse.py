"""The gate for a file that somebody sent: what passes is UBL of a sane size, without DOCTYPE or entities.

It knows no Django: it also runs in the process that judges files.
"""

from __future__ import annotations

import codecs
import re
from enum import StrEnum

from lxml import etree

from hendig.billing.adapters.ubl.names import CREDIT_ROOT, INVOICE_ROOT

MOST_BYTES = 5 * 1024 * 1024
CPU_SECONDS = 1.8
MOST_ELEMENTS = 100_000
MOST_DEPTH = 30
ENCODINGS = frozenset({"utf-8", "utf-16", "iso8859-1", "iso8859-15", "cp1252", "ascii"})
# The longer marks first: the mark of UTF-16 begins that of UTF-32.
MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    ("<?".encode("utf-16-le"), "utf-16-le"),
    ("<?".encode("utf-16-be"), "utf-16-be"),
)
DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
FIRST_TAG = re.compile(r"<([A-Za-z_][\w.-]*)")


class Gate(StrEnum):
    """Why a file does not come in at all."""

    EMPTY = "HENDIG-EMPTY"
    TOO_BIG = "HENDIG-TOO-BIG"
    NOT_XML = "HENDIG-NOT-XML"
    ENCODING = "HENDIG-ENCODING"
    BROKEN = "HENDIG-BROKEN"
    DOCTYPE = "HENDIG-DOCTYPE"
    TOO_MUCH = "HENDIG-TOO-MUCH"
    TOO_DEEP = "HENDIG-TOO-DEEP"
    NO_INVOICE = "HENDIG-NO-INVOICE"
    # Only the process that judges files finds these.
    UNPROCESSABLE = "HENDIG-UNPROCESSABLE"
    TOO_LONG = "HENDIG-TOO-LONG"


class Refused(Exception):
    """The file does not come in; says why, and at which line where that is known. Never what stands there."""

    def __init__(self, code: Gate, line: int = 0) -> None:
        super().__init__(code.value)
        self.code = code
        self.line = line


def root_of(data: bytes) -> etree._Element:
    """The root of an invoice or credit note; `Refused` for anything else."""
    text = text_of(data)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        # An honest page of the web says so itself; everything else with a DOCTYPE asks for what we never do.
        raise Refused(Gate.NOT_XML if _is_page(text) else Gate.DOCTYPE)
    # Each element has a bracket, most have two, and an attribute has its sign: more than that is never built.
    if max(text.count("<"), text.count("=")) > 2 * MOST_ELEMENTS:
        raise Refused(Gate.TOO_MUCH)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as wrong:
        raise Refused(Gate.NOT_XML if _is_page(text) else Gate.BROKEN, wrong.lineno or 0) from None
    if root.xpath("/*" + "/*" * MOST_DEPTH):
        raise Refused(Gate.TOO_DEEP)
    if root.tag not in {INVOICE_ROOT, CREDIT_ROOT}:
        raise Refused(Gate.NO_INVOICE)
    return root


def text_of(data: bytes) -> str:
    """The file as text, by its mark or what it declares, else as UTF-8."""
    if len(data) > MOST_BYTES:
        raise Refused(Gate.TOO_BIG)
    if not data.strip(b"\0\t\n\r "):
        raise Refused(Gate.EMPTY)
    name = _encoding(data)
    try:
        # The kept text begins with its declaration, which the parser is told not to believe.
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError):
        looks = data[:200].lstrip()[:1] == b"<"
        raise Refused(Gate.ENCODING if looks else Gate.NOT_XML) from None
    text = text.removeprefix("\ufeff").lstrip()
    if not text.startswith("<"):
        raise Refused(Gate.NOT_XML)
    if "\0" in text:
        raise Refused(Gate.ENCODING)
    return text


def _encoding(data: bytes) -> str:
    for mark, name in MARKS:
        if data.startswith(mark):
            if not name:
                raise Refused(Gate.ENCODING)
            return name
    found = DECLARED.match(data[:400])
    if not found:
        return "utf-8"
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        raise Refused(Gate.ENCODING) from None
    if name not in ENCODINGS:
        raise Refused(Gate.ENCODING)
    # Declared as UTF-16 and yet readable byte by byte: it is not.
    return "utf-8" if name == "utf-16" else name


def _is_page(text: str) -> bool:
    found = FIRST_TAG.search(text[:2000])
    return found is not None and found[1].lower() == "html"
