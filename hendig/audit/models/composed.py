"""A statement that is composed once: making its words anew each time takes longer than answering it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import DateTimeField, Model, QuerySet
from django.db.models.expressions import Combinable, Expression

from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM

Row = TypeVar("Row")
One = TypeVar("One", bound=Model)
Value = UUID | datetime | date | str | Sequence[UUID] | None
MUNICIPALITY, ACCOUNT, PROFESSIONAL = "actor.municipality_id", "actor.account_id", "actor.professional_id"
AT = "at"
FAMILY, COMPARTMENTS, RECORDS = "look.family_id", "look.compartments", "look.records"


class Given(Expression):
    """Stands in a statement for a value that is known when it is asked.

    It decides nothing while the statement is composed: whoever compares it with a value, or counts with it,
    gets a `TypeError`, for what comes of that would be kept for everybody.
    """

    def __init__(self, name: str, *steps: Callable[[Any], Any]) -> None:
        super().__init__()
        self.name, self.steps = name, steps

    def among(self, told: Mapping[str, Any]) -> Any:
        """The value, among those that are told now, after the steps that it goes through."""
        value = told[self.name]
        for step in self.steps:
            value = step(value)
        return value

    def as_sql(self, *_compiler: Any, **_more: Any) -> Any:
        return "%s", [self]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Expression):
            return isinstance(other, Given) and (other.name, other.steps) == (self.name, self.steps)
        # Django asks of each lookup whether it looks for nothing: that is something else to Oracle.
        if other == "":
            return False
        raise TypeError(f"{self.name} is given later: nothing is decided by it")

    def __hash__(self) -> int:
        return hash((Given, self.name, self.steps))

    def _combine(self, _other: object, _connector: str = "", _mirrored: object = False) -> Any:
        raise TypeError(f"{self.name} is given later: nothing is counted with it")


class Moment(Given):
    """A moment that is given later: its day, and what is so long before or after it, are counted then.

    With what a row holds it is counted by PostgreSQL, as of any moment.
    """

    tzinfo = AMSTERDAM

    def astimezone(self, zone: ZoneInfo) -> Moment:
        return self._then(lambda at: at.astimezone(zone))

    def replace(self, **to: Any) -> Moment:
        return self._then(lambda at: at.replace(**to))

    def date(self) -> Given:
        return Given(self.name, *self.steps, datetime.date)

    def _combine(self, other: object, connector: str = "", mirrored: object = False) -> Any:
        if connector == self.ADD and isinstance(other, timedelta) and not mirrored:
            return self._then(lambda at: at + other)
        if connector == self.SUB and isinstance(other, timedelta) and not mirrored:
            return self._then(lambda at: at - other)
        if isinstance(other, Combinable):
            return Combinable._combine(self, other, connector, mirrored)  # type: ignore[attr-defined]  # noqa: SLF001
        return super()._combine(other, connector, mirrored)

    def _resolve_output_field(self) -> DateTimeField[Any, Any]:
        return DateTimeField()

    def _then(self, step: Callable[[datetime], datetime]) -> Moment:
        return Moment(self.name, *self.steps, step)


@dataclass(frozen=True, slots=True)
class Kept:
    """What Django made of a queryset: the words, their values in order, and how rows become objects."""

    database: str
    compiler: Any
    becomes: Any
    words: str
    values: tuple[object, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Kept:
        """Of a queryset that knows of no object beforehand, as one that is reached from an object does."""
        known: Any = rows
        if known._known_related_objects:  # noqa: SLF001 - what it would put into each of its rows
            raise TypeError("the rows of one object are composed by its identifier")
        if known._prefetch_related_lookups:  # noqa: SLF001 - these are statements of their own
            raise TypeError("what is fetched after the rows is not composed with them")
        compiler: Any = rows.query.get_compiler(using=rows.db)
        try:
            words, values = compiler.as_sql()
        except EmptyResultSet:
            words, values = "", ()
        # That of whoever came first is not kept from them.
        compiler.connection = None
        return cls(rows.db, compiler, known._iterable_class, words, tuple(values))  # noqa: SLF001

    def ask(self, told: Mapping[str, object]) -> list[Any]:
        """The rows for these values, by the connection of whoever asks.

        1 query; none where it is known beforehand that there are no rows for whoever is like this.
        """
        if not self.words:
            return []
        values = tuple(one.among(told) if isinstance(one, Given) else one for one in self.values)
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.database]
        compiler.as_sql = lambda *_limits, **_more: (self.words, values)
        query = SimpleNamespace(get_compiler=lambda *_by, **_using: compiler)
        return list(self.becomes(SimpleNamespace(db=self.database, query=query, _known_related_objects={})))


class Composed(Generic[Row]):
    """Rows of a queryset that is composed once for all who are alike, and asked for each by their own values.

    Alike are actors with the same roles; what tells them apart is a value (municipality, account,
    professional). An office is none, nor is the system that somebody comes by: for them it is composed anew.
    """

    def __init__(self, compose: Callable[..., QuerySet[Any, Row]]) -> None:
        self.compose = compose
        self._kept: dict[Hashable, Kept] = {}

    def __call__(self, actor: Actor, at: datetime, **values: Value) -> list[Row]:
        """The rows. 1 query. A value that is None makes another statement than one that is there."""
        if _alone(actor):
            return list(self.compose(actor, at, **values))
        told = {**_told(actor, at), **values}
        alike = _alike(actor, told)
        kept = self._kept.get(alike)
        if kept is None:
            stand = {name: None if value is None else Given(name) for name, value in values.items()}
            kept = self._kept[alike] = Kept.of(self.compose(_stand_in(actor), Moment(AT), **stand))
        return kept.ask(told)


class Looking(Protocol):
    """What a query asks of a look (`audit.actions.Viewing`): who looks in which part, and what it opened."""

    @property
    def actor(self) -> Actor: ...

    @property
    def family_id(self) -> UUID: ...

    @property
    def at(self) -> datetime: ...

    @property
    def part(self) -> str: ...

    @property
    def compartments(self) -> frozenset[UUID]: ...

    @property
    def records(self) -> frozenset[UUID]: ...


@dataclass(frozen=True, slots=True)
class AnyLook:
    """Stands in for the look of whoever looks in this part."""

    actor: Actor
    part: str
    family_id: Any
    at: Any
    compartments: Any
    records: Any

    @classmethod
    def like(cls, look: Looking) -> AnyLook:
        given = (Given(FAMILY), Moment(AT), Given(COMPARTMENTS), Given(RECORDS))
        return cls(_stand_in(look.actor), look.part, *given)


class ComposedWithin(Generic[Row]):
    """The same for a look: composed once for all who are alike and look in the same part."""

    def __init__(self, compose: Callable[..., QuerySet[Any, Row]]) -> None:
        self.compose = compose
        self._kept: dict[Hashable, Kept] = {}

    def __call__(self, look: Looking) -> list[Row]:
        """The rows. 1 query."""
        if _alone(look.actor):
            return list(self.compose(look))
        told = {
            **_told(look.actor, look.at),
            FAMILY: look.family_id,
            COMPARTMENTS: list(look.compartments),
            RECORDS: list(look.records),
        }
        alike = (look.part, _alike(look.actor, told))
        kept = self._kept.get(alike)
        if kept is None:
            kept = self._kept[alike] = Kept.of(self.compose(AnyLook.like(look)))
        return kept.ask(told)


def _alone(actor: Actor) -> bool:
    """Whether nobody is like this actor."""
    return bool(actor.offices or actor.connection_id)


def _told(actor: Actor, at: datetime) -> dict[str, object]:
    """What tells those apart who are alike."""
    return {
        MUNICIPALITY: actor.municipality_id,
        ACCOUNT: actor.account_id,
        PROFESSIONAL: actor.professional_id,
        AT: at,
    }


def _alike(actor: Actor, told: Mapping[str, object]) -> Hashable:
    """What all have in common who are answered by one statement."""
    return actor.roles, actor.only, frozenset(name for name, value in told.items() if value is not None)


def _stand_in(actor: Actor) -> Actor:
    """Whoever is like this actor."""
    stand: dict[str, Any] = {
        "municipality_id": Given(MUNICIPALITY),
        "account_id": None if actor.account_id is None else Given(ACCOUNT),
        "professional_id": None if actor.professional_id is None else Given(PROFESSIONAL),
    }
    return Actor(roles=actor.roles, only=actor.only, **stand)


# Which rows of a model an actor may see at a moment, as `visible_to` of its manager.
Filter = Callable[..., QuerySet[One]]


def locked(rows: QuerySet[One], key: UUID) -> QuerySet[One]:
    """The row with this key among `rows`, locked until the transaction ends."""
    return rows.select_for_update(of=("self",)).filter(pk=key).order_by()


@cache
def composed_lock(rows: Filter[One]) -> Composed[One]:
    """The same for what a filter shows to who acts."""
    return Composed(lambda actor, at, key: locked(rows(actor, at=at), key))
