"""The leaf of a line of the log: the hash of the line as PostgreSQL writes it down by itself.

So the proof of the whole log needs no reading and writing of values: what `COPY` gives is what was hashed.
The line is every field but the leaf, in the order of the model, in the text format of `COPY`. What is NULL at
its end is left out: a field that is added later at the end of the model, as NULL, leaves older leaves as they
are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models

from hendig.audit.models import Entry
from hendig.audit.rules import merkle

NULL = r"\N"
ESCAPED = str.maketrans(
    {"\\": r"\\", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r"}
)
NEEDS_ESCAPE = re.compile(r"[\\\b\t\n\v\f\r]")
# What the session must be set to for PostgreSQL to write a line as we do.
SESSION = "SET timezone TO 'UTC'; SET datestyle TO 'ISO, YMD'; SET bytea_output TO 'hex'"
# The same until the end of the transaction.
FOR_NOW = SESSION.replace("SET ", "SET LOCAL ")

_json = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "), allow_nan=False).encode


def leaf_hash(entry: Entry) -> bytes:
    """The leaf over every other field of the entry: a changed line no longer fits it."""
    return merkle.leaf(line(entry).encode())


def line(entry: Entry) -> str:
    """The entry as `COPY` writes it, without what is NULL at its end."""
    texts = []
    for name, written in _writers():
        value = getattr(entry, name)
        texts.append(NULL if value is None else written(value))
    while texts[-1] is NULL:
        texts.pop()
    return "\t".join(texts)


@cache
def columns() -> tuple[str, ...]:
    """The columns of the line, in their order."""
    return tuple(str(field.column) for field in _fields())


@cache
def _writers() -> tuple[tuple[str, Callable[[Any], str]], ...]:
    return tuple((field.attname, WRITERS[field.get_internal_type()]) for field in _fields())


def _fields() -> list[models.Field[Any, Any]]:
    return [field for field in Entry._meta.concrete_fields if field.name != "leaf"]


def _text(value: object) -> str:
    text = str(value)
    return text.translate(ESCAPED) if NEEDS_ESCAPE.search(text) else text


def _uuid(value: object) -> str:
    return str(value if isinstance(value, UUID) else UUID(str(value)))


def _moment(value: datetime) -> str:
    """2026-11-02 09:00:00.12+00: in UTC, without zeros at the end of a second."""
    text = value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if value.microsecond:
        text += f".{value.microsecond:06d}".rstrip("0")
    return f"{text}+00"


def _jsonb(value: object) -> str:
    """As jsonb keeps it: keys by length and then by their bytes."""
    return _text(_json(_ordered(value)))


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (len(name.encode()), name.encode()))
        return {name: _ordered(value[name]) for name in names}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if value is None or isinstance(value, str | int):
        return value
    # A number with a fraction is written in more than one way, so it does not stand in the log.
    raise TypeError(f"the log has no way to write a {type(value).__name__}")


WRITERS: dict[str, Callable[[Any], str]] = {
    "UUIDField": _uuid,
    "CharField": _text,
    "TextField": _text,
    "DateTimeField": _moment,
    "DateField": lambda value: value.isoformat(),
    "JSONField": _jsonb,
    "BooleanField": lambda value: "t" if value else "f",
    "IntegerField": lambda value: str(int(value)),
    "BigIntegerField": lambda value: str(int(value)),
    "SmallIntegerField": lambda value: str(int(value)),
    "PositiveSmallIntegerField": lambda value: str(int(value)),
    "PositiveIntegerField": lambda value: str(int(value)),
}
