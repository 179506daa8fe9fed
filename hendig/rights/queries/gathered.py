"""All of one record that one reader may take along, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from hendig.audit.actions import Viewing, reading
from hendig.families.models import AboutSomebody, CompartmentKind
from hendig.families.queries.ever import Been, Relative, ever_involved, relatives
from hendig.families.queries.looked import Looked, every_line
from hendig.kernel.walls import DECIDE
from hendig.people.models import Municipality
from hendig.rights.queries.kind import Field, Kind
from hendig.rights.queries.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Whole:
    """All that goes along: rows by kind, the persons, who was involved, who looked."""

    look: Viewing
    town: Municipality
    child: Relative | None
    me: Relative | None
    persons: tuple[Relative, ...]
    been: tuple[Been, ...]
    looked: tuple[Looked, ...]
    rows: Mapping[str, tuple[Any, ...]]

    @property
    def about(self) -> str:
        return self.child.first_name if self.child else ""

    @property
    def made_for(self) -> str:
        return self.me.first_name if self.me else ""


def gather(look: Viewing, record_id: UUID, child_id: UUID | None) -> Whole:
    """Everything in one go. 38 queries at any size."""
    persons = relatives(look, child_id)
    child = next((one for one in persons if one.member_id == child_id), None)
    me = next((one for one in persons if one.me), None)
    # Who has nothing left but what is about that parent takes that along, and nothing about the others.
    all_of_it = CompartmentKind.SHARED in look.open
    known = frozenset(one.member_id for one in persons)
    return Whole(
        look=look,
        town=Municipality.objects.get(pk=look.actor.municipality_id),
        child=child if all_of_it else None,
        me=me,
        persons=persons if all_of_it else (),
        been=ever_involved(look, known) if all_of_it else (),
        looked=every_line(look) if all_of_it else (),
        rows=_rows(look, record_id, {child_id, me.member_id if me else None, None}),
    )


def _rows(look: Viewing, record_id: UUID, own: set[UUID | None]) -> Mapping[str, tuple[Any, ...]]:
    """The rows that are about one of these persons; what hangs under another row stays behind with it.

    Who asked a decision has its words also while the view of the record rests: their key says what for.
    """
    found: dict[str, tuple[Any, ...]] = {}
    left: set[UUID] = set()
    with reading(look.actor, look.at, purpose=DECIDE):
        for kind in KINDS:
            rows = list(kind.rows(look, record_id))
            left |= {row.pk for row in rows if _is_of_another(kind, row, own) or _rests_on(kind, row) & left}
            found[kind.name] = tuple(row for row in rows if row.pk not in left)
    return found


def _is_of_another(kind: Kind, row: Any, own: set[UUID | None]) -> bool:
    if isinstance(row, AboutSomebody):
        return not row.is_about(own)
    return whose(kind, row) not in own


def whose(kind: Kind, row: Any) -> UUID | None:
    """The person whom the row is about, where it says so."""
    found: UUID | None = getattr(row, f"{kind.about}_id") if kind.about else None
    return found


def _rests_on(kind: Kind, row: Any) -> set[UUID]:
    """The rows without which this one stays behind."""
    beside: UUID | None = getattr(row, f"{kind.beside}_id") if kind.beside else None
    return {one for one in (above(kind, row), beside) if one is not None}


def above(kind: Kind, row: Any) -> UUID | None:
    """The row that this one hangs under."""
    found: UUID | None = getattr(row, f"{kind.under}_id") if kind.under else None
    return found


def column_of(kind: Kind, one: Field) -> tuple[models.Field[Any, Any] | None, bool]:
    """The column in which the fact stands, and whether there may be no row to find it on."""
    model, null = kind.model, bool(one.unless)
    for step in one.way[:-1]:
        above = model._meta.get_field(step)
        assert isinstance(above, models.ForeignKey)
        model, null = above.related_model, null or above.null
    names = {column.name: column for column in model._meta.concrete_fields}
    return names.get(one.way[-1]), null


def value_of(row: Any, one: Field) -> Any:
    """The fact as it stands; None where there is no row on the way to it, or another fact says it already."""
    found = None if one.unless and getattr(row, f"{one.unless}_id") else row
    for step in one.way:
        if found is None:
            return None
        found = getattr(found, step)
    return found
