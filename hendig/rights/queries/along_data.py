"""A copy of a record as data, and the schema by which a machine reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from hendig.families.queries.ever import Been, Relative
from hendig.families.queries.looked import Looked
from hendig.people.adapters.paper import Sheet
from hendig.rights.adapters import archive
from hendig.rights.queries.along_paper import left_out
from hendig.rights.queries.gathered import Whole, above, column_of, value_of
from hendig.rights.queries.kind import Field, Kind
from hendig.rights.queries.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A letter that goes along as a file, and of which row it is: to be made, or as it was sent."""

    row_id: UUID
    path: str
    sheet: Sheet | None = None
    paper: bytes = b""


def as_data(found: Whole, letters: Sequence[Enclosed]) -> dict[str, object]:
    """The same as the document, fact by fact."""
    kept = {row.pk for rows in found.rows.values() for row in rows}
    files: dict[UUID, list[str]] = defaultdict(list)
    for one in letters:
        files[one.row_id].append(one.path)
    return {
        "made_at": found.look.at,
        "municipality": found.town.name,
        "about": found.about,
        "made_for": found.made_for,
        "left_out": left_out(),
        "persons": [_person_data(one) for one in found.persons],
        **{
            kind.name: [_row_data(kind, row, kept, files[row.pk]) for row in found.rows[kind.name]]
            for kind in KINDS
        },
        "involved": [_been_data(one) for one in found.been],
        "looked": [_look_data(one) for one in found.looked],
    }


def _row_data(kind: Kind, row: Any, kept: set[UUID], files: list[str]) -> dict[str, object]:
    under = above(kind, row)
    return {
        "id": row.pk,
        "belongs_to": under if under in kept else None,
        **{one.name: value_of(row, one) for one in kind.fields},
        "files": files,
    }


def _person_data(one: Relative) -> dict[str, object]:
    return {
        "first_name": one.first_name,
        "last_name": one.last_name,
        "born_on": one.born_on,
        "kind": str(one.kind),
        "decides": [
            {"source": str(by.source), "from_on": by.from_on, "until_on": by.until_on} for by in one.decides
        ],
    }


def _been_data(one: Been) -> dict[str, object]:
    return {
        "name": one.name,
        "function": str(one.function),
        "organisation": one.organisation,
        "why": str(one.why),
        "from_at": one.from_at,
        "until_at": one.until_at,
    }


def _look_data(one: Looked) -> dict[str, object]:
    return {
        "at": one.at,
        "who": str(one.first_name),
        "function": str(one.function),
        "organisation": one.organisation,
        "what": str(one.words),
        "look": one.look,
        "why": str(one.ground),
        "piece": str(one.piece),
    }


def schema() -> bytes:
    """What `gegevens.json` looks like, in Dutch words (JSON Schema 2020-12). No queries."""
    text, many, thing = archive.text, archive.a_list, archive.an_object
    moment, day = text(format="date-time"), text(format="date")
    maybe_day = text(null=True, format="date")
    decides = thing({"source": text(), "from_on": day, "until_on": maybe_day})
    person = {"first_name": text(), "last_name": text(), "born_on": maybe_day, "kind": text()}
    been = {"name": text(), "function": text(), "organisation": text(), "why": text()}
    looked = {"at": moment, "who": text(), "function": text(), "organisation": text(), "what": text()}
    with override("nl"):
        properties = {
            "made_at": moment,
            "municipality": text(),
            "about": text(),
            "made_for": text(),
            "left_out": text(),
            "persons": many(thing({**person, "decides": many(decides, _("Wie beslist"))}), _("Wie wij zijn")),
            **{kind.name: many(thing(_kind_type(kind)), str(kind.title)) for kind in KINDS},
            "involved": many(
                thing({**been, "from_at": moment, "until_at": text(null=True, format="date-time")}),
                _("Wie erbij was"),
            ),
            "looked": many(
                thing({**looked, "look": {"type": "boolean"}, "why": text(), "piece": text()}),
                _("Wie er keek"),
            ),
        }
        return archive.schema(_("Kopie van het dossier"), properties)


def _kind_type(kind: Kind) -> dict[str, archive.Type]:
    return {
        "id": archive.text(format="uuid"),
        "belongs_to": archive.text(null=True, format="uuid"),
        **{one.name: {**_type(kind, one), "description": str(one.label)} for one in kind.fields},
        "files": {"type": "array", "items": archive.text()},
    }


def _type(kind: Kind, one: Field) -> archive.Type:
    found, null = column_of(kind, one)
    null = null or (found is not None and found.null)
    if isinstance(found, models.DateTimeField):
        return archive.text(null=null, format="date-time")
    if isinstance(found, models.DateField):
        return archive.text(null=null, format="date")
    if isinstance(found, models.JSONField | ArrayField):
        return {"type": "array", "items": archive.text()}
    for column, name in ((models.BooleanField, "boolean"), (models.IntegerField, "integer")):
        if isinstance(found, column):
            return {"type": [name, "null"] if null else name}
    return archive.text(null=null)
