"""Something that lies in every compartment, in every table that has a wall: found, not listed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import cached_property
from itertools import cycle, pairwise
from random import Random
from uuid import UUID, uuid5

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from hendig.operations.prove.facts import Record, Room
from hendig.operations.prove.oracle import World
from hendig.operations.prove.rows import LONG_AGO, Row

# What lies in a compartment and is made with the world itself.
MADE = ("families_tie", "families_familymember")
# Whose rows have a key of their own.
OWN_LOCK = ("families_logquestion", "rights_informationrequest", "shares_share")
ASKED = 0.6
# Of the talks, in which the professional is only asked once the family agreed.
BLIND = 0.2


def walled() -> list[type[models.Model]]:
    """Every model that has a wall, in the order of the house."""
    return [model for model in apps.get_models() if hasattr(model, "wall")]


def content() -> list[type[models.Model]]:
    """Those whose rows lie in a compartment."""
    return [
        model
        for model in walled()
        if any(field.column == "compartment_id" for field in model._meta.concrete_fields)
        and model._meta.db_table not in MADE
    ]


def rows_of(world: World) -> dict[str, list[Row]]:
    """One row in each compartment for each table, under the identifier of the compartment itself."""
    found = {**_work(world), **_names(world), **_invited(world)}
    asked = [Asked(world, record, room) for record in world.records for room in record.rooms]
    models = content()
    tables = {model._meta.db_table for model in models}
    for model in models:
        under = _under(model, tables)
        found[model._meta.db_table] = [
            {
                str(field.column): _value(field, one.record, one.room.id.hex)
                for field in model._meta.concrete_fields
            }
            | {"id": one.room.id, "compartment_id": one.room.id}
            | dict.fromkeys(under, one.room.id)
            | one.tables.get(model._meta.db_table, {})
            | one.about(model)
            for one in asked
        ]
    found["shares_shareanswer"] = [
        one
        for record in world.records
        for room in record.rooms
        for one in _said_to_share(world, record, room)
    ]
    # What somebody asks has a lock of its own, under no compartment of a record.
    keys = list(found["keys_compartmentkey"])
    for table in OWN_LOCK:
        found["keys_compartmentkey"] += [
            {**key, "id": question["compartment_id"], "compartment_id": question["compartment_id"]}
            for key, question in zip(keys, found[table], strict=True)
        ]
    return found


def _said_to_share(world: World, record: Record, room: Room) -> list[Row]:
    """What each of the family says to what is shared of it: mostly yes, on a day that matters or long ago."""
    chance = Random(room.id.int ^ 2)  # noqa: S311 - the same compartment, the same rows
    return [
        {
            "id": uuid5(room.id, str(person.id)), "municipality_id": record.town, "family_id": record.family,
            "compartment_id": room.id, "share_id": room.id, "member_id": person.id,
            "yes": chance.random() < (0.7 if person == record.child else 0.95),
            "said_at": chance.choice((LONG_AGO, *world.moments)),
        }
        for person in record.people
    ]  # fmt: skip


class Asked:
    """Who is asked, gives the help, asks or decides in this compartment: the same for all its rows.

    Mostly somebody of the municipality, now and then whoever works elsewhere; in every stage in turn.
    """

    def __init__(self, world: World, record: Record, room: Room) -> None:
        self.record, self.room = record, room
        self.chance = Random(room.id.int)  # noqa: S311 - the same compartment, the same rows
        near = [one.id for one in world.accounts.values() if one.town == record.town]
        self.worker = self.chance.choice(near if self.chance.random() < 0.9 else list(world.accounts))
        self.other = self.chance.choice(near)
        self.moment = self.chance.choice(world.moments)
        self.tent = self.chance.choice(("calling", "planned", "meeting", "closed", "cancelled"))
        self.seat = self.chance.choice(("asked", "free", "busy", "welcome", "refused"))
        self.open = self.chance.random() < ASKED
        self.free = self.chance.random() < ASKED
        self.whom = self.chance.choice(("child", "parent", "outside"))
        self.author = self.chance.choice((self.other, record.child and record.child.account)) or self.other
        self.blind = self.chance.random() < BLIND
        # By a chance of its own, so that nothing else moves.
        self.sharing = Random(room.id.int ^ 1)  # noqa: S311 - the same compartment, the same rows
        self.moments = world.moments
        # Ahead, or so long ago that a guest is gone, or was there a moment ago.
        tick = timedelta(microseconds=1)
        gone = Random(room.id.int ^ 3).choice(world.moments) - timedelta(days=14)  # noqa: S311 - as above
        self.begins = (self.moment + timedelta(days=1), gone, gone + tick, gone - tick)[room.id.int % 4]
        of_family = {person.account for person in record.people}
        outside = [
            one.id
            for one in world.accounts.values()
            if one.town == record.town
            and one.id not in of_family
            and any(job.role in {"helper", "professional"} for job in one.jobs)
        ]
        self.outside = outside if outside and self.sharing.random() < 0.9 else near

    @cached_property
    def tables(self) -> dict[str, Row]:
        """What each table says of it, beside what all of them say."""
        known = self.record.child or next(one for one in self.record.people if one.kind == "child")
        child = known.id
        return {
            "tents_tent": {"stage": self.tent, "closed_at": LONG_AGO, "starts_at": self.begins},
            "tents_seat": {"stage": self.seat, "professional_id": self.worker},
            "tents_gesture": {"account_id": self.other, "kind": "heard" if self.free else "away"},
            "matching_matchtalk": {
                "stage": "open" if self.open else "no_click",
                "professional_id": self.worker,
                "child_id": child,
                "blind": self.blind,
            },
            "matching_match": {"professional_id": self.worker},
            "plans_appointment": {"professional_id": self.worker},
            "helprequests_helprequest": self._question(),
            "rights_application": self._application(child),
            "families_logquestion": {
                "compartment_id": uuid5(self.room.id, "question"),
                "asked_by_id": self.other,
                "entry_id": self.room.id,
            },
            "rights_informationrequest": {
                "compartment_id": uuid5(self.room.id, "information"),
                "place_id": self.room.id,
                "asker_id": self.other,
            },
            "tents_preparednote": {"author_id": self.author},
            "tents_ownplanchoice": {"choice": "", "offered_by_id": self.other, "offered_at": LONG_AGO},
            "tents_page": self._agreed(),
            "tents_laterpage": self._agreed(),
            "shares_share": self._share(),
            "shares_sharedpiece": {
                "kind": self.sharing.choice(("page", "later_page", "goal")),
                "piece_id": self.room.id,
            },
            "safety_safetyhold": self._hold(),
            "safety_emergency": {"outcome": ""},
            "safety_informant": {"taken_back_why": ""},
            # Over long ago: those that stand are made with the world itself.
            "safety_secretaddress": {"until_at": LONG_AGO},
            # One that stands has a hash, and there is one in a record.
            "families_home": {"told_id": self.room.id},
            "families_citizennumber": {"removed_at": LONG_AGO},
            "rights_question": {"answer_by": LONG_AGO.date() + timedelta(days=14)},
            "rights_residence": {"answered_at": LONG_AGO, "ours": True},
        }

    def about(self, model: type[models.Model]) -> Row:
        """Whom it is about and who wrote it, where the table says so: now and then the child wrote it."""
        columns = {field.column for field in model._meta.concrete_fields}
        child = self.record.child
        another = next((one.id for one in self.record.people if child is None or one.id != child.id), None)
        if model._meta.db_table == "plans_goal":
            whose = {"child": child and child.id, "parent": another}
            return {"member_id": whose.get(self.whom), "author_id": self.author}
        if "outside" not in columns:
            return {}
        said: Row = {
            "about_id": another if self.whom == "parent" else None,
            "outside": self.whom == "outside",
        }
        return said | ({"author_id": self.author} if "author_id" in columns else {})

    def _agreed(self) -> Row:
        """Of some the family agreed to the page."""
        person = self.record.people[0].id
        agreed = {"stage": "agreed", "agreed_at": LONG_AGO, "agreed_by_id": person}
        return agreed if self.sharing.random() < 0.8 else {"stage": "draft"}

    def _share(self) -> Row:
        """With whoever works in the municipality; over on an edge, stopped on an edge, or neither."""
        edge = self.sharing.choice(self.moments)
        ended = self.sharing.random() < 0.15
        return {
            "compartment_id": uuid5(self.room.id, "share"),
            "place_id": self.room.id,
            "account_id": self.sharing.choice(self.outside),
            "proposed_at": LONG_AGO,
            "until_at": edge if self.sharing.random() < 0.15 else edge + timedelta(days=90),
            "ended_at": edge if ended else None,
            "ended_by_id": self.other if ended else None,
        }

    def _question(self) -> Row:
        """Nobody took it up yet; somebody did so just now; or it is long over."""
        if self.free:
            return {"stage": "new", "coach_id": None}
        just_now = self.moment - timedelta(minutes=self.room.id.int % 90)
        stage = "talk" if self.open else "done"
        return {"stage": stage, "stage_since": just_now, "coach_id": self.worker}

    def _application(self, child: UUID) -> Row:
        # Of one child there is one open application: that of the first compartment.
        first = self.room.id == self.record.rooms[0].id and self.record.child is not None
        closed = {"stage": "received", "closed_at": None} if first else {"closed_at": LONG_AGO}
        decider = None if self.free else self.worker
        return {"asker_id": self.other, "decider_id": decider, "child_id": child, **closed}

    def _hold(self) -> Row:
        """Over long ago, or it stands: then the family does not read who was there in an emergency."""
        return {"until_at": self.moment} if self.open else {}


_PROFESSIONAL: Row = {
    "title": "", "can_do": "", "families_max": 6,
}  # fmt: skip


def _work(world: World) -> dict[str, list[Row]]:
    """A professional, an expertise and a code of each municipality, which everything hangs on."""
    found: dict[str, list[Row]] = {
        "people_account": [],
        # Who has an account may have worked as a professional once; whether that is so now the job says.
        "people_professional": [
            {**_PROFESSIONAL, "id": one.id, "municipality_id": one.town, "account_id": one.id,
             "partner_id": one.town}
            for one in world.accounts.values()
        ],
    }  # fmt: skip
    for town in world.towns:
        stranger = {
            "id": town, "municipality_id": town, "email": f"{town}@peelrand.example", "first_name": "",
            "last_name": "", "phone": "", "language": "nl", "is_active": True,
        }  # fmt: skip
        base: Row = {"id": town, "municipality_id": town}
        for table, row in (
            ("people_account", stranger),
            ("people_professional", {**_PROFESSIONAL, **base, "account_id": town, "partner_id": town}),
            ("people_expertise", {**base, "slug": "angst", "name": "", "sentence": ""}),
            ("people_servicecode", {**base, "code": "H1", "name": "", "sentence": "", "ijw_category": "",
                                    "ijw_code": "", "unit": "01", "cbs_care_form": "", "iv3_field": ""}),
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


def _invited(world: World) -> dict[str, list[Row]]:
    """To each record one invitation and one GP who asks for it: of everybody in turn, mostly not involved."""
    people = cycle(world.accounts)
    return {
        "families_invitation": [
            {
                "id": record.id, "municipality_id": record.town, "family_id": record.family,
                "record_id": record.id, "invited_by_id": next(people), "account_id": next(people),
                "first_name": "", "code_hash": b"", "tries_left": 5, "invited_at": LONG_AGO,
                "expires_at": LONG_AGO, "opened_at": None, "accepted_at": None, "taken_back_at": None,
            }
            for record in world.records
        ],
        "families_gpask": [
            {
                "id": record.id, "municipality_id": record.town, "family_id": record.family,
                "record_id": record.id, "account_id": next(people), "said": record.id.bytes,
                "asked_at": LONG_AGO, "stage": "asked", "answered_by_id": None, "answered_at": None,
            }
            for record in world.records
        ],
    }  # fmt: skip


def _under(model: type[models.Model], tables: Collection[str]) -> list[str]:
    """The columns by which a row hangs under one of these tables: that lies in the same compartment."""
    return [
        str(field.column)
        for field in model._meta.concrete_fields
        if field.related_model is not None and _table(field) in tables and not field.null
    ]


def _table(field: models.Field) -> str:  # type: ignore[type-arg]
    related = field.related_model
    return related._meta.db_table if isinstance(related, type) else ""


def _value(field: models.Field, record: Record, name: str) -> object:  # type: ignore[type-arg]  # noqa: PLR0911
    """Something that this column may hold, and that opens nothing by itself."""
    known: Row = {
        "municipality_id": record.town,
        "family_id": record.family,
        "record_id": record.id,
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
    if isinstance(field, models.JSONField):
        return "[]"
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
        pages = {"tents_page", "tents_laterpage"}
        return list(field.flatchoices)[0 if field.model._meta.db_table in pages else -1][0]
    if isinstance(field, models.BinaryField) or field.db_type(connection) == "bytea":
        return b"sealed"
    return name[: field.max_length or 32]
