"""A PDF is looked into and written anew: its pages, and nothing that runs, comes along or tells by whom."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from hendig.files.adapters.photos import MOST_PIXELS
from hendig.files.adapters.refused import Refused

# What can run, open something else, or carry a file along (ISO 32000-2, 12.6 and 7.11.4).
ACTIVE = frozenset(
    {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"}
    | {"/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/Sound"}
)
# What tells who made it, with what and when, or keeps what was there before (14.3.2, 14.5, 12.3.4).
TELLS = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
MOST_OBJECTS = 20_000
MOST_PAGES = 40
# What all streams may become when a reader unpacks them.
MOST_UNPACKED = 400_000_000
PIECE = 1 << 20
PACKED = frozenset({"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"})


def anew(content: bytes) -> bytes:
    """The same pages in a file of our own making. Nothing is drawn."""
    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise Refused("locked")
    pages = len(reader.pages)
    if pages == 0:
        raise Refused("broken")
    if pages > MOST_PAGES:
        raise Refused("long")
    _judge(reader.trailer)
    # Before it is copied: what nothing leads to any more is not copied.
    _forget(reader.trailer)
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _forget(trailer: DictionaryObject) -> None:
    for one in _everything(trailer):
        for name in TELLS:
            one.pop(name, None)
        if isinstance(one, StreamObject) and _filters(one) == ["/DCTDecode"]:
            one._data = without_notes(one._data)  # noqa: SLF001 - as it lies, it is not drawn again


def _judge(trailer: DictionaryObject) -> None:
    unpacked = 0
    for count, one in enumerate(_everything(trailer)):
        if count > MOST_OBJECTS:
            raise Refused("active")
        if not ACTIVE.isdisjoint({*one.keys(), _value(one, "/S"), _value(one, "/Type")}):
            raise Refused("active")
        if isinstance(one, StreamObject):
            unpacked += _unpacked(one)
        if unpacked > MOST_UNPACKED:
            raise Refused("bomb")


def _unpacked(stream: StreamObject) -> int:
    """What a reader gets when it unpacks this. A picture packs itself and is judged by its lines."""
    names = _filters(stream)
    if not PACKED.issuperset(names):
        if int(_value(stream, "/Width") or 0) * int(_value(stream, "/Height") or 0) > MOST_PIXELS:
            raise Refused("bomb")
        return 0
    if names == ["/FlateDecode"]:
        return _inflated(stream._data)  # noqa: SLF001 - as it lies: unpacked in pieces, of which none is kept
    return len(stream.get_data())


def _inflated(packed: bytes) -> int:
    """How long it becomes; no further than it takes to know that it is too long."""
    unpack, size = zlib.decompressobj(), 0
    try:
        while packed and not unpack.eof and size <= MOST_UNPACKED:
            size += len(unpack.decompress(packed, PIECE))
            packed = unpack.unconsumed_tail
    except zlib.error:
        return size  # a reader gets no further either
    return size


def _value(one: DictionaryObject, name: str) -> Any:
    """What stands there, also when it stands elsewhere and is only pointed at."""
    return one[name] if name in one else None  # noqa: SIM401 - `get` would give the pointer


def _filters(stream: StreamObject) -> list[str]:
    found = _value(stream, "/Filter")
    if found is None:
        return []
    return [str(name.get_object()) for name in found] if isinstance(found, ArrayObject) else [str(found)]


def _everything(first: DictionaryObject) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached, each indirect one once."""
    waiting: list[object] = [first]
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


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG as it was, without the parts in which a camera writes: APP1 to APP13, APP15 and comments.

    APP0 says how many dots to an inch and APP14 which colours: without them it would look another way.
    """
    if jpeg[:2] != b"\xff\xd8":
        return jpeg
    kept, at = bytearray(jpeg[:2]), 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, size = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA:
            break
        if not (0xE1 <= marker <= 0xED or marker in {0xEF, 0xFE}):
            kept += jpeg[at : at + 2 + size]
        at += 2 + size
    return bytes(kept + jpeg[at:])
