"""Something that lies in every compartment, in every table that has a wall: found, not listed."""

from __future__ import annotations

from itertools import pairwise

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from hendig.operations.prove.oracle import Record, World
from hendig.operations.prove.rows import LONG_AGO, Row

# What decides is made with the world itself; rows of safety and rights hang together too closely.
DECIDES = ("families_", "safety_", "rights_")


def walled() -> list[type[models.Model]]:
    """Every model that has a wall, in the order of the house."""
    return [model for model in apps.get_models() if hasattr(model, "wall")]


def content() -> list[type[models.Model]]:
    """Those whose rows lie in a compartment."""
    return [
        model
        for model in walled()
        if any(field.column == "compartment_id" for field in model._meta.concrete_fields)
        and not model._meta.db_table.startswith(DECIDES)
    ]


def rows_of(world: World) -> dict[str, list[Row]]:
    """One row in each compartment for each table, under the identifier of the compartment itself."""
    found = {**_work(world), **_names(world)}
    for model in content():
        found[model._meta.db_table] = [
            {str(field.column): _value(field, record, room.id.hex) for field in model._meta.concrete_fields}
            | {"id": room.id, "compartment_id": room.id}
            | _under(model, room.id)
            for record in world.records
            for room in record.rooms
        ]
    return found


def _work(world: World) -> dict[str, list[Row]]:
    """A professional, an expertise and a code of each municipality, which everything hangs on."""
    found: dict[str, list[Row]] = {}
    for town in world.towns:
        stranger = {
            "id": town, "municipality_id": town, "email": f"{town}@peelrand.example", "first_name": "",
            "last_name": "", "phone": "", "language": "nl", "is_active": True,
        }  # fmt: skip
        base: Row = {"id": town, "municipality_id": town}
        for table, row in (
            ("people_account", stranger),
            ("people_professional", {**base, "account_id": town, "partner_id": town, "title": "",
                                     "can_do": "", "registration": "", "registration_until": None,
                                     "families_max": 6}),
            ("people_expertise", {**base, "slug": "angst", "name": "", "sentence": ""}),
            ("people_servicecode", {**base, "code": "H1", "name": "", "sentence": "", "ijw_category": "",
                                    "cbs_care_form": "", "iv3_field": ""}),
        ):  # fmt: skip
            found.setdefault(table, []).append(row)
    return found


def _names(world: World) -> dict[str, list[Row]]:
    """A word by which each person is found, and pairs of one person in two families."""
    families = list({record.family: record for record in world.records}.values())
    words: list[Row] = [
        {
            "id": person.id, "municipality_id": record.town, "family_id": record.family,
            "member_id": person.id, "own": True, "word": "noor", "sound": "nor", "head": "", "tail": "",
        }
        for record in families
        for person in record.people
    ]  # fmt: skip
    pairs: list[Row] = [
        {
            "id": one.id, "municipality_id": first.town, "one_id": min(one.id, other.id),
            "other_id": max(one.id, other.id), "reason": "", "linked_at": LONG_AGO, "ended_at": None,
        }
        for first, then in pairwise([*families, *families[:1]])
        for one, other in zip(first.people, then.people, strict=False)
    ]  # fmt: skip
    return {"families_namepart": words, "families_sameperson": pairs}


def _under(model: type[models.Model], room: object) -> Row:
    """What a row hangs under lies in the same compartment."""
    own = {other._meta.db_table for other in content()}
    return {
        str(field.column): room
        for field in model._meta.concrete_fields
        if field.related_model is not None and _table(field) in own and not field.null
    }


def _table(field: models.Field) -> str:  # type: ignore[type-arg]
    related = field.related_model
    return related._meta.db_table if isinstance(related, type) else ""


def _value(field: models.Field, record: Record, name: str) -> object:  # type: ignore[type-arg]  # noqa: PLR0911
    """Something that this column may hold, and that opens nothing by itself."""
    known: Row = {
        "municipality_id": record.town,
        "family_id": record.family,
        "partner_id": record.town,
        "coach_id": record.town,
        "wrapped": b"sealed",
        "root_id": record.town,
    }
    if field.column in known:
        return known[field.column]
    if field.null:
        return None
    if field.is_relation or isinstance(field, models.UUIDField):
        person = record.people[0].id
        return person if _table(field) == "families_familymember" else record.town
    if isinstance(field, ArrayField):
        return "{}"
    if isinstance(field, models.DateTimeField):
        return LONG_AGO
    if isinstance(field, models.DateField):
        return LONG_AGO.date()
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.IntegerField):
        return field.default if field.has_default() else 1
    return _text(field, name)


def _text(field: models.Field, name: str) -> object:  # type: ignore[type-arg]
    if field.choices:
        # The last of the stages, in which nobody is asked for anything; an agreed page would say by whom.
        return list(field.flatchoices)[0 if field.model._meta.db_table == "tents_page" else -1][0]
    if isinstance(field, models.BinaryField) or field.db_type(connection) == "bytea":
        return b"sealed"
    return name[: field.max_length or 32]
