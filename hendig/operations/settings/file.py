"""The file with the settings of a municipality: which tables and keys it has, and what is wrong with one."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils import translation

from hendig.billing import rules
from hendig.operations.failure import Failure
from hendig.people.models import (
    Expertise,
    KnowledgeCard,
    Municipality,
    Partner,
    Principle,
    ServiceCode,
    Unit,
)
from hendig.people.rules.accent import why_no_accent

# One table of the file as it is meant: what is said, by its key.
Row = dict[str, Any]
Kind = type[Municipality | Principle | ServiceCode | Expertise | KnowledgeCard | Partner]


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of table: of which rows, by which key one is found again, and which may be left out."""

    kind: Kind
    by: str
    must: tuple[str, ...]
    may: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return (*((self.by,) if self.by else ()), *self.must, *self.may)


ITSELF = "municipality"
TABLES: Mapping[str, Table] = {
    ITSELF: Table(
        Municipality,
        by="",
        must=(),
        may=(
            "kvk",
            "oin",
            "iban",
            "bic",
            "phone",
            "post",
            "counsellor",
            "counsellor_phone",
            "counsellor_email",
            "accent",
        ),
    ),
    "principle": Table(Principle, by="title", must=("sentence",)),
    "code": Table(
        ServiceCode,
        by="code",
        must=("name", "sentence"),
        may=("unit", "ijw_category", "ijw_code", "cbs_care_form", "iv3_field"),
    ),
    "expertise": Table(Expertise, by="slug", must=("name", "sentence"), may=("registered",)),
    "card": Table(KnowledgeCard, by="title", must=("words",)),
    "partner": Table(
        Partner,
        by="kvk",
        must=("name", "email"),
        may=("iban", "agb", "vat", "street", "postcode", "town"),
    ),
}
YES_OR_NO = frozenset({"registered"})


def _like(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.ASCII).fullmatch


# What a text under this key must look like, beside what its column asks.
SHAPES: Mapping[str, tuple[Callable[[str], object], str]] = {
    "accent": (
        lambda colour: not why_no_accent(colour),
        "# and six digits or small letters to f, and so dark that white can be read on it",
    ),
    "kvk": (_like(r"\d{8}"), "eight digits"),
    "agb": (_like(r"\d{8}"), "eight digits"),
    "oin": (_like(r"\d{20}"), "twenty digits"),
    "iban": (rules.is_iban, "an IBAN, and its digits do not fit together"),
    "bic": (_like(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?"), "eight or eleven capitals and digits"),
    "post": (rules.address_in, "as on an envelope: Postbus 99, 5999 ZZ Peelrand"),
    "vat": (rules.VAT_NUMBER.fullmatch, "NL, nine digits, a B and two digits"),
    "postcode": (_like(r"\d{4} ?[A-Z]{2}"), "four digits and two capitals"),
    "unit": (Unit.values.__contains__, f"one of {', '.join(Unit.values)}"),
    "ijw_category": (rules.IJW_CATEGORIES.__contains__, f"one of {', '.join(rules.IJW_CATEGORIES)}"),
    "ijw_code": (rules.IJW_CODE.fullmatch, "one to five letters or digits"),
    "cbs_care_form": (rules.CBS_CARE_FORMS.__contains__, f"one of {', '.join(rules.CBS_CARE_FORMS)}"),
    "iv3_field": (rules.IV3_FIELDS.__contains__, f"one of {', '.join(rules.IV3_FIELDS)}"),
}


def read(path: Path) -> dict[str, list[Row]]:
    """What the file asks for, by the name of the table; `Failure` with the place of what is wrong."""
    try:
        said = tomllib.loads(path.read_bytes().decode())
    except (FileNotFoundError, IsADirectoryError):
        raise Failure(f"There is no file {path}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Failure(f"{path} is not TOML: {problem}.") from None
    for name in said:
        if name not in TABLES:
            raise Failure(f"There is no setting {name}; there are {', '.join(TABLES)}.")
    with translation.override("en"):
        return {name: _table(name, table, said.get(name)) for name, table in TABLES.items()}


def _table(name: str, table: Table, said: object) -> list[Row]:
    if said is None:
        return []
    if name == ITSELF:
        if not isinstance(said, dict):
            raise Failure(f"{name} is a table: [{name}].")
        return [_row(name, table, said)]
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise Failure(f"{name} is a list of tables: each begins with [[{name}]].")
    rows: list[Row] = []
    places: dict[object, int] = {}
    for number, one in enumerate(said, start=1):
        row = _row(f"{name} {number}", table, one)
        first = places.setdefault(row[table.by], number)
        if first != number:
            raise Failure(f"{name} {number}: the {table.by} {row[table.by]} is that of {name} {first} too.")
        rows.append(row)
    return rows


def _row(place: str, table: Table, said: Mapping[str, object]) -> Row:
    for key in said:
        if key not in table.keys:
            raise Failure(f"{place}: there is no {key} here; there are {', '.join(table.keys)}.")
    for key in table.keys:
        if key not in said and key not in table.may:
            raise Failure(f"{place}: the {key} is missing.")
    return {key: _value(f"{place}: the {key}", table.kind, key, value) for key, value in said.items()}


def _value(place: str, kind: Kind, key: str, value: object) -> object:
    if key in YES_OR_NO:
        if not isinstance(value, bool):
            raise Failure(f"{place} must be true or false.")
        return value
    if not isinstance(value, str):
        raise Failure(f"{place} must be a text, between quotes.")
    text = rules.written(value) if key == "iban" else value.strip()
    if any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in text):
        raise Failure(f"{place} holds a sign that nobody can read.")
    right, words = SHAPES.get(key, (None, ""))
    if text and right is not None and not right(text):
        raise Failure(f"{place} must be {words}.")
    field = kind._meta.get_field(key)
    assert isinstance(field, Field)
    try:
        field.clean(text, None)
    except ValidationError as problem:
        raise Failure(f"{place} is not right: {' '.join(problem.messages)}") from None
    return text
