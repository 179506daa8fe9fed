"""Dataclasses as the API writes them, and as JSON Schema describes them: one of them cannot differ.

Names become camelCase, a day and a moment are written by ISO 8601, a sentence in the language of who asks.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from hendig.kernel.refusal import Words

Schema = dict[str, Any]
# A datetime is a date as well: it comes first.
PLAIN: tuple[tuple[type, Schema], ...] = (
    (bool, {"type": "boolean"}),
    (int, {"type": "integer"}),
    (datetime, {"type": "string", "format": "date-time"}),
    (date, {"type": "string", "format": "date"}),
    (UUID, {"type": "string", "format": "uuid"}),
    (str, {"type": "string"}),
)


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def plain(value: object) -> Any:
    """The value as JSON knows it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {camel(one.name): plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return _one(value)


def _one(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def reference(kind: type) -> Schema:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def schemas(kinds: Iterator[type]) -> Mapping[str, Schema]:
    """These dataclasses and all that they are made of, each under its own name."""
    made: dict[str, Schema] = {}
    for kind in kinds:
        _described(kind, made)
    return dict(sorted(made.items()))


def _described(kind: type, made: MutableMapping[str, Schema]) -> None:
    if kind.__name__ in made:
        return
    made[kind.__name__] = {}
    hints = typing.get_type_hints(kind, include_extras=True)
    properties = {camel(one.name): _schema(hints[one.name], made) for one in fields(kind)}
    made[kind.__name__] = {"type": "object", "properties": properties, "required": list(properties)}


def _schema(hint: Any, made: MutableMapping[str, Schema]) -> Schema:
    """`Annotated[…, "words"]` says in words what it is."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return {**_schema(parts[0], made), "description": parts[1]}
    if origin in {types.UnionType, typing.Union}:
        return {"anyOf": [_schema(one, made) for one in parts]}
    if origin is tuple:
        return {"type": "array", "items": _schema(parts[0], made)}
    if is_dataclass(hint):
        assert isinstance(hint, type)
        _described(hint, made)
        return reference(hint)
    return _simple(hint)


def _simple(kind: Any) -> Schema:
    if kind is types.NoneType:
        return {"type": "null"}
    if kind is Words:
        return {"type": "string"}
    if issubclass(kind, Enum):
        return {"type": "string", "enum": [one.value for one in kind]}
    return dict(next(schema for known, schema in PLAIN if issubclass(kind, known)))
