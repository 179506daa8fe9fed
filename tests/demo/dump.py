"""Everything in the database, with identifiers replaced by what they point at: table and place in order.

As a program it builds Peelrand in the database of the environment and prints the dump.
"""

from __future__ import annotations

import importlib
import re
import sys
from datetime import date, datetime
from typing import Any
from uuid import UUID

import django
from django.apps import apps
from django.db import models, transaction

SEED, TODAY = 1, date(2026, 11, 22)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CODE = re.compile(r"\bcode is \d{6}\b")


def dump() -> list[str]:
    """One line per row, in the order in which rows were written."""
    kinds = [model for model in apps.get_models() if model.__module__.startswith("hendig.")]
    places: dict[str, str] = {}
    for kind in kinds:
        keys = kind._default_manager.order_by("pk").values_list("pk", flat=True)
        places |= {str(key): f"{kind._meta.label}#{place}" for place, key in enumerate(keys)}
    return [
        f"{kind._meta.label} {_line(row, places)}"
        for kind in kinds
        for row in kind._default_manager.order_by("pk")
    ]


def _line(row: models.Model, places: dict[str, str]) -> str:
    fields = [field for field in row._meta.concrete_fields if not isinstance(field, models.BinaryField)]
    return " | ".join(f"{field.attname}={_value(getattr(row, field.attname), places)}" for field in fields)


def _value(value: Any, places: dict[str, str]) -> str:
    if isinstance(value, UUID):
        return places.get(str(value), "an identifier of nothing")
    text = value.isoformat() if isinstance(value, date | datetime) else " ".join(str(value).splitlines())
    return _CODE.sub("code is ******", _UUID.sub(lambda found: places.get(found[0], "?"), text))


def main() -> None:
    django.setup()
    # By name: it is imported only after the settings know the database.
    demo = importlib.import_module("hendig.demo")
    with transaction.atomic():
        demo.build(seed=SEED, today=TODAY, progress=lambda _words: None)
        sys.stdout.write("\n".join(dump()))


if __name__ == "__main__":
    main()
