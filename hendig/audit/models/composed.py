"""A statement that is composed once: making its words anew each time takes longer than answering it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Generic, Never, TypeVar
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import Expression

from hendig.kernel.actor import Actor

Row = TypeVar("Row")
Value = UUID | datetime | str | None
ACCOUNT, PROFESSIONAL, AT = "actor.account_id", "actor.professional_id", "at"


class Given(Expression):
    """Stands in a statement for a value that is known when it is asked.

    It decides nothing while the statement is composed: whoever compares it with a value, or counts with it,
    gets a `TypeError`, for what comes of that would be kept for everybody.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, *_compiler: Any, **_more: Any) -> Any:
        return "%s", [self]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Expression):
            return isinstance(other, Given) and other.name == self.name
        # Django asks of each lookup whether it looks for nothing: that is something else to Oracle.
        if other == "":
            return False
        raise TypeError(f"{self.name} is given later: nothing is decided by it")

    def __hash__(self) -> int:
        return hash((Given, self.name))

    def _combine(self, *_other: object) -> Never:
        raise TypeError(f"{self.name} is given later: nothing is counted with it")


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
        compiler: Any = rows.query.get_compiler(using=rows.db)
        words, values = compiler.as_sql()
        # That of whoever came first is not kept from them.
        compiler.connection = None
        return cls(rows.db, compiler, known._iterable_class, words, tuple(values))  # noqa: SLF001

    def ask(self, told: Mapping[str, object]) -> list[Any]:
        """The rows for these values, by the connection of whoever asks. 1 query."""
        values = tuple(told[one.name] if isinstance(one, Given) else one for one in self.values)
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.database]
        compiler.as_sql = lambda *_limits, **_more: (self.words, values)
        query = SimpleNamespace(get_compiler=lambda *_by, **_using: compiler)
        return list(self.becomes(SimpleNamespace(db=self.database, query=query, _known_related_objects={})))


class Composed(Generic[Row]):
    """Rows of a queryset that is composed once for all who are alike, and asked for each by their own values.

    Alike are actors with the same roles in the same municipality; what tells them apart is a value (account,
    professional). An office is none: whoever asks has no office here, and sees nothing of one.
    """

    def __init__(self, compose: Callable[..., QuerySet[Any, Row]]) -> None:
        self.compose = compose
        self._kept: dict[Hashable, Kept] = {}

    def __call__(self, actor: Actor, at: datetime, **values: Value) -> list[Row]:
        """The rows. 1 query. A value that is None makes another statement than one that is there."""
        told: dict[str, Value] = {
            ACCOUNT: actor.account_id,
            PROFESSIONAL: actor.professional_id,
            AT: at,
            **values,
        }
        there = frozenset(name for name, value in told.items() if value is not None)
        alike = replace(actor, account_id=None, professional_id=None, offices=frozenset(), connection_id=None)
        kept = self._kept.get((alike, there))
        if kept is None:
            kept = self._kept[alike, there] = self._composed(alike, {name: name in there for name in told})
        return kept.ask(told)

    def _composed(self, alike: Actor, there: Mapping[str, bool]) -> Kept:
        stand: dict[str, Any] = {name: Given(name) if is_there else None for name, is_there in there.items()}
        actor = replace(alike, account_id=stand.pop(ACCOUNT), professional_id=stand.pop(PROFESSIONAL))
        return Kept.of(self.compose(actor, stand.pop(AT), **stand))
