"""What is taken of a file that was judged, to book it: read where it was judged, and plain values on the way.

Whoever books gets no XML of somebody else, and no more work or memory than the limits there allow. It knows
no Django.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from lxml import etree

from hendig.billing.adapters.ubl import kept
from hendig.billing.adapters.ubl.document import Document, Head
from hendig.billing.adapters.ubl.read import Hole, Unreadable, document, head


@dataclass(frozen=True, slots=True)
class Taken:
    """The document, or why it cannot be read; its head in either case, what of the file is kept, and its free
    texts.

    Without `kept` the file is kept as it came.
    """

    document: Document | None = None
    head: Head | None = None
    hole: Hole | None = None
    where: str = ""
    told: tuple[str, ...] = ()
    kept: bytes | None = None


def taken(root: etree._Element, data: bytes) -> dict[str, object]:
    """What is taken of the file, which came through the gate; its root is not to be used afterwards."""
    top = _plain(head(root))
    try:
        read = document(root)
    except Unreadable as hole:
        return {"head": top, "hole": hole.code.value, "where": hole.where}
    told = list(kept.told(root))
    keeps = kept.kept(root, data)
    return {
        "head": top,
        "document": _plain(read),
        "told": told,
        "kept": None if keeps == data else base64.b64encode(keeps).decode(),
    }


def understood(answer: Mapping[str, Any]) -> Taken:
    """The same, from plain values again. ValueError or another of its kind for anything that is not it."""
    top = _as(Head, answer["head"])
    if "hole" in answer:
        return Taken(head=top, hole=Hole(answer["hole"]), where=str(answer["where"]))
    return Taken(
        head=top,
        document=_as(Document, answer["document"]),
        told=tuple(map(str, answer["told"])),
        kept=None if answer["kept"] is None else base64.b64decode(answer["kept"]),
    )


def _plain(value: object) -> object:
    if is_dataclass(value):
        return [_plain(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal | date) else value


def _as(kind: Any, value: Any) -> Any:
    """The value as one of this kind: a class of the document, a tuple of one, or what may be missing."""
    if get_origin(kind) is UnionType:
        kind, nothing = get_args(kind)
        assert nothing is NoneType
        return None if value is None else _as(kind, value)
    if get_origin(kind) is tuple:
        return tuple(_as(get_args(kind)[0], one) for one in value)
    if is_dataclass(kind):
        assert isinstance(kind, type)
        return kind(*(_as(one, told) for one, told in zip(_kinds(kind), value, strict=True)))
    if kind in {Decimal, date}:
        return Decimal(value) if kind is Decimal else date.fromisoformat(value)
    if type(value) is not kind:
        raise ValueError("not of its kind")
    return value


@cache
def _kinds(kind: type) -> tuple[Any, ...]:
    """The kinds of the fields of a class of the document, in their order."""
    hints = get_type_hints(kind)
    return tuple(hints[one.name] for one in fields(kind))
