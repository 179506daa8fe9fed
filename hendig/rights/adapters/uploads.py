"""What is in a PDF that somebody uploads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject

# What can run, open something else, or carry a file along (ISO 32000-2, 12.6 and 7.11.4).
ACTIVE = frozenset(
    {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA", "/SubmitForm"}
)
MOST_OBJECTS = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a PDF, as far as it matters before it is kept."""

    opens: bool
    locked: bool = False
    pages: int = 0
    active: bool = False


def look_into(paper: bytes) -> Found:
    """Opens the PDF without drawing anything. One that cannot be read whole does not open."""
    # Sixteen megabytes in every process, for the few who upload.
    from pypdf import PdfReader  # noqa: PLC0415
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(BytesIO(paper), strict=False)
        if reader.is_encrypted:
            return Found(opens=False, locked=True)
        return Found(opens=True, pages=len(reader.pages), active=_is_active(reader))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        return Found(opens=False)


def _is_active(reader: PdfReader) -> bool:
    for count, found in enumerate(_everything(reader.trailer)):
        if count > MOST_OBJECTS:
            return True
        if not ACTIVE.isdisjoint(found.keys()) or found.get("/S") in ACTIVE or found.get("/Type") in ACTIVE:
            return True
    return False


def _everything(trailer: DictionaryObject) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached, each indirect one once. Streams are not unpacked."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject  # noqa: PLC0415

    waiting: list[object] = [trailer]
    seen: set[tuple[int, int]] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, ArrayObject):
            waiting.extend(one)
