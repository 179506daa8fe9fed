"""`change()`: the one way to write. `viewing()`: the one way to open a family's record.

Both say in their transaction who asks (`speaking`), so that the policies of the database judge the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models, transaction
from procrastinate.contrib.django import app as jobs

from hendig.audit.actions.counting import counted as counted
from hendig.audit.actions.proving import prove_log as prove_log
from hendig.audit.actions.sealing import NoSealKey as NoSealKey
from hendig.audit.actions.sealing import seal_log as seal_log
from hendig.audit.models import MOST_VALUES, Entry, Kind, _open
from hendig.audit.models.composed import Filter, composed_lock, locked
from hendig.audit.notices import code as declared
from hendig.audit.rules import chain
from hendig.audit.rules.leaf import leaf_hash
from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import NotVisible
from hendig.kernel.sealing import DataKey

CHANNEL = "hendig"

# Who is refused so often within this time is looked at by the privacy officer.
OFTEN, OFTEN_WITHIN = 5, timedelta(minutes=10)

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
    purpose: str = ""
    # Nobody who watches the family's page notices that something was written.
    quiet: bool = False
    entries: list[Entry] = field(default_factory=list)
    touched: list[list[str]] = field(default_factory=list)
    topics: set[str] = field(default_factory=set)
    piece: str = ""  # of a page that alone shows it, where that is known: nobody fetches the rest
    begun: list[UUID] = field(default_factory=list)
    keys: dict[UUID, DataKey] = field(default_factory=dict)
    told: bool = False
    # In which family who acts does so by somebody else: who that is.
    behind: dict[UUID, UUID] = field(default_factory=dict)

    def touch(self, model: str, key: object, verb: str) -> None:
        self.touched.append([model, str(key), verb])

    def become(self, actor: Actor) -> None:
        """From here on it is this person who acts, in the log and for the walls."""
        self.actor = actor
        _tell_database(told(actor, self.at, begun=self.begun))

    def begin(self, family: UUID) -> None:
        """A family begins in this change: nobody is involved yet, and its first rows may be written."""
        self.begun.append(family)
        _tell_database(told(self.actor, self.at, begun=self.begun))

    def lock(self, rows: models.QuerySet[M] | Filter[M], key: UUID) -> M:
        """The row, locked until the change ends. `NotVisible` when it is not among `rows`.

        Those that a filter shows to who acts (`Tent.objects.visible_to`) are asked for by a statement that is
        composed once.
        """
        if isinstance(rows, models.QuerySet):
            found = list(locked(rows, key))
        else:
            found = composed_lock(rows)(self.actor, self.at, key=key)
        if not found:
            raise NotVisible
        return found[0]

    def record(
        self,
        subject: models.Model,
        *,
        family: UUID | None = None,
        within: UUID | None = None,
        also: str = "",
        town: UUID | None = None,
        **facts: object,
    ) -> None:
        """Says what happened to `subject`; a family's row is entered under its family by itself.

        `within` is the compartment that it is about, where the row does not lie in one itself. `also` names
        the code of a second thing that the same change brought about, and `town` in whose log it
        stands, where that is not the one of who acts.
        """
        code = also or self.code
        self.told = bool(declared(code).tell) or self.told
        self.entries.append(
            Entry(
                municipality_id=town or self.actor.municipality_id,
                at=self.at,
                kind=Kind.CHANGE,
                code=code,
                account_id=self.actor.account_id,
                roles=_roles(self.actor),
                family_id=family or getattr(subject, "family_id", None),
                record_id=getattr(subject, "record_id", None),
                compartment_id=within or getattr(subject, "compartment_id", None),
                part=self.part,
                ground=self.ground,
                purpose=self.purpose,
                object_type=subject._meta.label,
                object_id=subject.pk,
                facts=_facts(self.actor, facts),
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
        with transaction.atomic(), speaking(actor, at):
            yield act
            if not act.entries:
                raise NothingRecorded(code)
            act.entries[0].touched = act.touched
            _name_behind(act)
            _write(act.entries)
            _notify(act)
            if act.told:
                _enqueue(act.entries)
    finally:
        _open.reset(token)


# Who stands in for somebody, or learns beside somebody, and is in this family in no other way.
BEHIND = "SELECT family_id, behind_id FROM hendig_behind(%s, %s, %s)"
BY_ANOTHER = frozenset({Role.COACH, Role.PROFESSIONAL, Role.TRAINEE})


def _name_behind(act: Change) -> None:
    """What somebody does as a deputy or a trainee carries both names. 1 query, for who can be one."""
    families = {entry.family_id for entry in act.entries if entry.family_id} - act.behind.keys()
    if families and not BY_ANOTHER.isdisjoint(act.actor.roles):
        with connection.cursor() as cursor:
            cursor.execute(BEHIND, [act.actor.account, act.at, sorted(families)])
            act.behind.update(cursor.fetchall())
    for entry in act.entries:
        if entry.family_id is not None:
            entry.behind_id = act.behind.get(entry.family_id)


# What the database was told of who asks, in the transaction that is open in this context.
_told: ContextVar[str | None] = ContextVar("told", default=None)


def told(actor: Actor, at: datetime, *, purpose: str = "", begun: Iterable[UUID] = ()) -> str:
    """Who asks, when, and for what, as the policies of the database read it (`operations/walls.sql`)."""
    who = "system" if actor.has(Role.SYSTEM) else actor.account_id or ""
    offices = ",".join(sorted(map(str, actor.offices)))
    return f"{who}|{at.isoformat()}|{_roles(actor)}|{offices}|{purpose}|{','.join(map(str, begun))}"


@contextmanager
def speaking(actor: Actor, at: datetime, *, purpose: str = "") -> Iterator[None]:
    """Inside the block, and inside an open transaction, the walls judge for this actor at this moment."""
    before, now = _told.get(), told(actor, at, purpose=purpose)
    if before == now:
        yield
        return
    token = _told.set(now)
    try:
        _tell_database(now)
        yield
    finally:
        _told.reset(token)
    # After an error the transaction, or its savepoint, is rolled back, and what was told with it.
    _tell_database(before)


@contextmanager
def reading(actor: Actor, at: datetime, *, purpose: str = "") -> Iterator[None]:
    """Like `speaking`, in the transaction that is open or else in one of its own."""
    own = nullcontext() if connection.in_atomic_block else transaction.atomic()
    with own, speaking(actor, at, purpose=purpose):
        yield


def heard(words: str) -> Token[str | None]:
    """The transaction was told these words already, by the statement that asked who it is."""
    return _told.set(words)


def forget(token: Token[str | None]) -> None:
    """The transaction in which something was told is over."""
    _told.reset(token)


def _tell_database(words: str | None) -> None:
    with connection.cursor() as cursor:
        if words is None:
            cursor.execute("SET LOCAL hendig.context TO DEFAULT")
        else:
            cursor.execute("SELECT set_config('hendig.context', %s, true)", [words])


def settle_walls() -> None:
    """What moved so far is told to nobody any more; whoever kept an answer asks anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hendig_settle()")


@dataclass(frozen=True, slots=True)
class Place:
    """A compartment that is open to who looks, and the rule that says so."""

    compartment_id: UUID | None
    record_id: UUID | None
    rule: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """By whom somebody is here who is not here by themself."""

    account_id: UUID
    first_name: str


@dataclass(frozen=True, slots=True)
class Viewing:
    """Proof that a look at a family's record stands in the log; queries on a record ask for it."""

    actor: Actor
    family_id: UUID
    at: datetime
    part: str
    ground: str = ""
    places: tuple[Place, ...] = ()
    # When the involvement ends by which the reader is here; None when it has no end.
    until_at: datetime | None = None
    # The kinds of compartment that are open to the reader here, looked at or not.
    open: frozenset[str] = frozenset()
    # Whom the reader stands in for, or under whom the reader works.
    behind: Behind | None = None

    @property
    def compartments(self) -> frozenset[UUID]:
        """What was opened for this look; nothing else may be shown by it."""
        return frozenset(place.compartment_id for place in self.places if place.compartment_id)

    @property
    def records(self) -> frozenset[UUID]:
        return frozenset(place.record_id for place in self.places if place.record_id)


# What was looked at last in this request: its page says why its reader is here, whichever page it is.
_looked: ContextVar[Viewing | None] = ContextVar("looked", default=None)


def last_look() -> Viewing | None:
    """The look from which the page is made that is being written; None when it shows no record."""
    return _looked.get()


def nothing_seen() -> None:
    """A request begins: what was looked at before is somebody else's."""
    _looked.set(None)


@contextmanager
def viewing(
    actor: Actor,
    what: str,
    family_id: UUID,
    *,
    part: str,
    ground: str,
    at: datetime,
    places: Sequence[Place],
    until_at: datetime | None = None,
    open_kinds: frozenset[str] = frozenset(),
    behind: Behind | None = None,
    facts: Mapping[str, object] | None = None,
) -> Iterator[Viewing]:
    """Opens compartments of a family's records for one look, after the look was entered (latch 3).

    A row that is not there any more while somebody looks is `NotVisible`: who was let in a moment ago may be
    shut out by now, and then the walls show nothing.

    One line for each compartment, so that each reader of the log sees the lines of what that reader sees. The
    `facts` say more of what was looked at, as those of a change do. What cannot be logged is not shown: when
    a line cannot be written, the caller gets the error.
    """
    declared(what)
    with reading(actor, at):
        _write(
            [
                _line(
                    Kind.LOOK,
                    actor,
                    what,
                    at,
                    family_id=family_id,
                    record_id=place.record_id,
                    compartment_id=place.compartment_id,
                    purpose=place.purpose,
                    rule=place.rule,
                    part=part,
                    ground=ground,
                    behind_id=behind.account_id if behind else None,
                    facts=facts or {},
                )
                for place in places
            ]
        )
        look = Viewing(actor, family_id, at, part, ground, tuple(places), until_at, open_kinds, behind)
        _looked.set(look)
        try:
            yield look
        except ObjectDoesNotExist as gone:
            raise NotVisible from gone


def seen_along(
    actor: Actor, what: str, places: Iterable[tuple[UUID, Place]], *, at: datetime, **by: str
) -> None:
    """Enters that something of these records was seen with what somebody looked at, as hours with a payment.

    To each record its own line, with the family that it is of; nothing is opened by it. `by` says on what
    `ground`, and in what `part` where somebody has one. 1 query. What cannot be logged is not shown: when a
    line cannot be written, the caller gets the error.
    """
    declared(what)
    _write(
        [
            _line(
                Kind.LOOK,
                actor,
                what,
                at,
                family_id=family_id,
                record_id=place.record_id,
                compartment_id=place.compartment_id,
                facts={},
                **by,
            )
            for family_id, place in places
        ]
    )


def refused(actor: Actor, what: str, *, at: datetime, code: str, object_id: UUID | None = None) -> None:
    """Writes down that something was refused, apart from the transaction that was rolled back.

    With `object_id` (what somebody who works here asked for) a worker looks whether it is of the own family.
    """
    line = _line(Kind.REFUSAL, actor, what, at, object_id=object_id, facts={"refusal": code})
    with transaction.atomic():
        _write([line])
        if actor.account_id is not None and _refused_since(actor, at - OFTEN_WITHIN) >= OFTEN:
            jobs.configure_task("safety.alarm").defer(
                municipality_id=str(actor.municipality_id), account_id=str(actor.account_id)
            )
        if actor.account_id is not None and object_id is not None:
            jobs.configure_task("safety.own_family").defer(entry_id=str(line.pk))


def _refused_since(actor: Actor, since: datetime) -> int:
    mine = Entry.objects.filter(municipality_id=actor.municipality_id, account_id=actor.account_id)
    return mine.filter(kind=Kind.REFUSAL, id__gte=chain.earliest_id(since), at__gt=since).count()


def _line(
    kind: Kind, actor: Actor, what: str, at: datetime, *, facts: Mapping[str, object], **more: Any
) -> Entry:
    return Entry(
        municipality_id=actor.municipality_id,
        at=at,
        kind=kind,
        code=what,
        account_id=actor.account_id,
        roles=_roles(actor),
        facts=_facts(actor, facts),
        **more,
    )


def _write(entries: list[Entry]) -> None:
    for entry in entries:
        entry.leaf = leaf_hash(entry)
    most = MOST_VALUES // len(Entry._meta.concrete_fields)
    models.QuerySet[Entry](Entry).bulk_create(entries, batch_size=most)


# A change is on disk before anybody hears of it, also where the request counted something fleeting first.
NOTIFY = """
    SELECT pg_notify(%s, words), set_config('synchronous_commit', NULL, true) FROM unnest(%s::text[]) AS words
"""
# What is told at once has fewer than 8,000 bytes.
TOLD_AT_ONCE = 100


def _notify(act: Change) -> None:
    """Tells every process that something changed: which things, never what about them."""
    watched = () if act.quiet else act.entries
    topics = {f"family:{entry.family_id}" for entry in watched if entry.family_id} | act.topics
    topics |= {f"{entry.object_type.split('.')[-1].lower()}:{entry.object_id}" for entry in act.entries}
    piece = [f"#{act.piece}"] if act.piece else []
    names = sorted(topics)
    words = [
        " ".join([*piece, *names[place : place + TOLD_AT_ONCE]])
        for place in range(0, max(len(names), 1), TOLD_AT_ONCE)
    ]
    with connection.cursor() as cursor:
        cursor.execute(NOTIFY, [CHANNEL, words])


def _enqueue(entries: list[Entry]) -> None:
    jobs.configure_task("people.tell").defer(entry_ids=[str(entry.pk) for entry in entries])


def _roles(actor: Actor) -> str:
    return ",".join(sorted(actor.roles))


def _facts(actor: Actor, facts: Mapping[str, object]) -> dict[str, object]:
    """The facts as they stand in the log. What a system did for somebody names the system as well."""
    by_system = {"connection": actor.connection_id} if actor.connection_id else {}
    return {name: _fact(value) for name, value in {**facts, **by_system}.items()}


def _fact(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_fact(item) for item in value]
    text = str(value)
    if len(text) > 64 or any(character.isspace() for character in text):
        raise PersonalFact(f"not a code, number or identifier: {len(text)} characters")
    return text
