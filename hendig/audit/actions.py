"""`change()`: the one way to write. `viewing()`: the one way to open a family's record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import connection, models, transaction
from procrastinate.contrib.django import app as jobs

from hendig.audit.models import Entry, Kind, _open
from hendig.audit.notices import code as declared
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible
from hendig.kernel.sealing import DataKey

CHANNEL = "hendig"

M = TypeVar("M", bound=models.Model)


class NothingRecorded(RuntimeError):
    """A change ended without saying what happened; it was rolled back (latch 2)."""


class NestedChange(RuntimeError):
    """Changes do not nest: what two actions share is a step that takes the open change."""


class PersonalFact(ValueError):
    """A fact for the log must be an identifier, a number, a date or a code: never free text."""


@dataclass(slots=True)
class Change:
    """An open change: locks rows, collects what was touched, and says what happened."""

    actor: Actor
    code: str
    at: datetime
    part: str = ""
    ground: str = ""
    entries: list[Entry] = field(default_factory=list)
    touched: list[list[str]] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)
    keys: dict[UUID, DataKey] = field(default_factory=dict)
    told: bool = False

    def touch(self, model: str, key: object, verb: str) -> None:
        self.touched.append([model, str(key), verb])

    def lock(self, rows: models.QuerySet[M], key: UUID) -> M:
        """The row, locked until the change ends. `NotVisible` when it is not among `rows`."""
        row = rows.select_for_update(of=("self",)).filter(pk=key).first()
        if row is None:
            raise NotVisible
        return row

    def record(
        self, subject: models.Model, *, family: UUID | None = None, also: str = "", **facts: object
    ) -> None:
        """Says what happened to `subject`; a family's row is entered under its family by itself.

        `also` names the code of a second thing that the same change brought about.
        """
        code = also or self.code
        self.told = bool(declared(code).tell) or self.told
        self.entries.append(
            Entry(
                municipality_id=self.actor.municipality_id,
                at=self.at,
                kind=Kind.CHANGE,
                code=code,
                account_id=self.actor.account_id,
                roles=_roles(self.actor),
                family_id=family or getattr(subject, "family_id", None),
                part=self.part,
                ground=self.ground,
                object_type=subject._meta.label,
                object_id=subject.pk,
                facts={name: _fact(value) for name, value in facts.items()},
            )
        )


@contextmanager
def change(actor: Actor, code: str, *, at: datetime) -> Iterator[Change]:
    """One transaction that writes rows and the lines of the log that say so, or neither.

    Within it rows may be written. At its end the entries are inserted, those who watch are notified
    (`NOTIFY`, delivered at commit; `act.topics` adds to what the entries say) and the job that tells people
    is enqueued: all in the same transaction.
    Raises `NothingRecorded` when nothing was recorded, `NestedChange` inside another change and `KeyError`
    for a code that no `notices.py` declares.
    """
    if _open.get() is not None:
        raise NestedChange(code)
    declared(code)
    act = Change(actor=actor, code=code, at=at)
    token = _open.set(act)
    try:
        with transaction.atomic():
            yield act
            if not act.entries:
                raise NothingRecorded(code)
            act.entries[0].touched = act.touched
            _write(act.entries)
            _notify(act)
            if act.told:
                _enqueue(act.entries)
    finally:
        _open.reset(token)


@dataclass(frozen=True, slots=True)
class Viewing:
    """Proof that a look at a family's record stands in the log; queries on a record ask for it."""

    actor: Actor
    family_id: UUID
    at: datetime
    part: str


@contextmanager
def viewing(
    actor: Actor, what: str, family_id: UUID, *, part: str, ground: str, at: datetime
) -> Iterator[Viewing]:
    """Opens a family's record for one look, after the look was entered in the log (latch 3).

    What cannot be logged is not shown: when the line cannot be written, the caller gets the error.
    """
    declared(what)
    with transaction.atomic():
        _write([_line(Kind.LOOK, actor, what, at, family_id=family_id, part=part, ground=ground)])
        yield Viewing(actor=actor, family_id=family_id, at=at, part=part)


def refused(actor: Actor, what: str, *, at: datetime, code: str, object_id: UUID | None = None) -> None:
    """Writes down that something was refused, apart from the transaction that was rolled back."""
    line = _line(Kind.REFUSAL, actor, what, at, object_id=object_id, facts={"refusal": code})
    with transaction.atomic():
        _write([line])


def _line(kind: Kind, actor: Actor, what: str, at: datetime, **more: Any) -> Entry:
    return Entry(
        municipality_id=actor.municipality_id,
        at=at,
        kind=kind,
        code=what,
        account_id=actor.account_id,
        roles=_roles(actor),
        **more,
    )


def _write(entries: list[Entry]) -> None:
    for entry in entries:
        entry.leaf = leaf_hash(entry)
    models.QuerySet[Entry](Entry).bulk_create(entries)


def leaf_hash(entry: Entry) -> bytes:
    """SHA-256 over every field of the entry in a fixed order: a changed line no longer fits its leaf."""
    fields = {f.attname: getattr(entry, f.attname) for f in Entry._meta.concrete_fields if f.name != "leaf"}
    fields["at"] = entry.at.timestamp()
    return hashlib.sha256(orjson.dumps(fields, default=str, option=orjson.OPT_SORT_KEYS)).digest()


def _notify(act: Change) -> None:
    """Tells every process that something changed: which things, never what about them."""
    topics = {f"family:{entry.family_id}" for entry in act.entries if entry.family_id} | act.topics
    topics |= {f"{entry.object_type.split('.')[-1].lower()}:{entry.object_id}" for entry in act.entries}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, " ".join(sorted(topics)[:100])])


def _enqueue(entries: list[Entry]) -> None:
    jobs.configure_task("people.tell").defer(entry_ids=[str(entry.pk) for entry in entries])


def _roles(actor: Actor) -> str:
    return ",".join(sorted(actor.roles))


def _fact(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_fact(item) for item in value]
    text = str(value)
    if len(text) > 64 or any(character.isspace() for character in text):
        raise PersonalFact(f"not a code, number or identifier: {len(text)} characters")
    return text
