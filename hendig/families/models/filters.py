"""The first wall: which rows of a family, and of a record, somebody sees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Lookup, Q
from django.db.models.expressions import RawSQL

from hendig.audit.models import RecordedQuerySet
from hendig.audit.models.composed import Looking
from hendig.kernel.actor import Actor, Role

Row = TypeVar("Row", bound=models.Model)


@models.ForeignKey.register_lookup
@models.UUIDField.register_lookup
class OneOf(Lookup):
    """Whether it is one of these identifiers: the words are the same, however many there are."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if self.rhs_is_direct_value():
            self.rhs = list(self.rhs)
        one, its = self.process_lhs(compiler, connection)
        these, theirs = self.process_rhs(compiler, connection)
        return f"{one} = ANY ({these})", (*its, *theirs)


def opened(what: str, actor: Actor, at: datetime, *, parts: Iterable[str] = ()) -> RawSQL:
    """The compartments or families that the rules of the gate open for the actor at that moment.

    The first wall: `hendig_open` is the rule table of `families/rules/gate.py` as one function of PostgreSQL.
    With `parts` only what is open in one of these.
    """
    values = [actor.account_id, at]
    if parts:
        words = f"SELECT {what} FROM hendig_open(%s, %s) WHERE part = ANY (%s)"  # noqa: S608 - our own words
        return RawSQL(words, [*values, list(parts)])  # noqa: S611
    return RawSQL(f"SELECT unnest({OPENED[what]}(%s, %s))", values)  # noqa: S611


def shut_to(actor: Actor, at: datetime) -> RawSQL:
    """The compartments from which the actor is kept out at that moment, on whatever way."""
    return RawSQL("SELECT unnest(hendig_shut(%s, %s))", [actor.account_id, at])


def limited(actor: Actor, at: datetime, sort: str) -> RawSQL:
    """Where the family leaves this sort of pieces out for the actor, who is there by its yes alone."""
    return RawSQL("SELECT unnest(hendig_limited(%s, %s, %s))", [actor.account_id, at, sort])


def lies_open(model: type[models.Model], actor: Actor, at: datetime) -> Q:
    """A row of this kind lies in an open compartment, and is of no sort that is left out there."""
    found, sort = Q(compartment__in=opened("compartment_id", actor, at)), getattr(model, "sort", "")
    return found & ~Q(compartment__in=limited(actor, at, sort)) if sort else found


def learning(actor: Actor, at: datetime) -> RawSQL:
    """The compartments that are open to the actor only because they learn beside somebody."""
    return RawSQL("SELECT unnest(hendig_learning(%s, %s))", [actor.account_id, at])


# The same answer, asked once where the transaction was told the same (`operations/walls.sql`).
OPENED = {
    "compartment_id": "hendig_opened",
    "record_id": "hendig_opened_records",
    "family_id": "hendig_opened_families",
}


class OfFamilyQuerySet(RecordedQuerySet[Row]):
    """Rows about a family as a whole: seen by whoever has a record of that family open."""

    def visible_to(self, actor: Actor, *, at: datetime) -> OfFamilyQuerySet[Row]:
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.has(Role.SYSTEM) else rows.filter(family__in=opened("family_id", actor, at))

    def of(self, family: models.Model) -> OfFamilyQuerySet[Row]:
        return self.filter(family=family)


class OfRecordQuerySet(RecordedQuerySet[Row]):
    """Rows of a record: seen exactly when the compartment in which they lie is open."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        return rows.filter(lies_open(self.model, actor, at))

    def within(self, look: Looking) -> Self:
        """What this look may show: of the compartments that were opened for it no sort that is left out."""
        rows, sort = self.filter(compartment__one_of=look.compartments), getattr(self.model, "sort", "")
        return rows.exclude(compartment__in=limited(look.actor, look.at, sort)) if sort else rows
