"""The drawing of who is around, with what was tapped and what can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Viewing
from hendig.circle.rules import began_as, why_not_own
from hendig.families.models import Compartment, CompartmentKind, Record, Tie, opened
from hendig.families.queries import (
    Around,
    Circle,
    circle,
    family_name,
    opening,
    opening_persons,
    records_to_choose,
)
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Words
from hendig.people.rules import Permission, may


@dataclass(frozen=True, slots=True)
class Tapped:
    """What was tapped, as it stands in the address: a ring, somebody, or the step that was just made."""

    distance: int | None = None
    tie_id: UUID | None = None
    step_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The step that was just made, to be undone."""

    tie_id: UUID
    name: str
    removed: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A circle as a page shows it; `own` is a youth's own one, of which `shown` stand at the family's."""

    family_id: UUID
    family: str
    is_family: bool
    own: bool
    circle: Circle
    chosen: Around | None
    distance: int | None
    step: Step | None
    records: tuple[tuple[UUID, Words], ...]
    shown: int
    may_draw_own: bool
    # Whoever meets with the family reads who is around it; the family and its coach draw.
    draws: bool
    # On whose side alone somebody can be drawn.
    sides: tuple[tuple[str, Words], ...]

    def as_typed(self) -> dict[str, object]:
        """As the form begins: what stands of who was tapped, else how near."""
        one = self.chosen
        if one is None:
            return {"distance": self.distance} if self.distance else {}
        return {
            "name": one.name,
            "relation": one.role,
            "distance": one.distance,
            "bond": one.tie,
            "gives": one.gives,
        }


@contextmanager
def opening_circle(actor: Actor, family_id: UUID, *, own: bool, at: datetime) -> Iterator[Viewing]:
    """A look at the circle of the family, or at the own one of the youth who asks. 2 queries."""
    alone = (CompartmentKind.CHILD,)
    with (
        opening(actor, "circle.own_seen", family_id, at=at, kinds=alone)
        if own
        else opening_persons(actor, "family.circle_seen", family_id, at=at)
    ) as look:
        yield look


def drawing(look: Viewing, tapped: Tapped, *, own: bool) -> Drawing:
    """The drawing. `NotVisible` for an own one that is not the reader's. At most 8 queries."""
    mine = _own_child(look)
    if own and not mine:
        raise NotVisible
    drawn = circle(look)
    family, draws = family_name(look), may(look.actor, Permission.KEEP_OWN_CIRCLE)
    rows = Tie.objects.within(look)
    # What a youth took back is no step that anybody undoes.
    step = rows.filter(pk=tapped.step_id or UUID(int=0), taken_back=False).first()
    return Drawing(
        family_id=look.family_id,
        family=family.name,
        is_family=family.own,
        own=own,
        circle=Circle((mine,), drawn.around) if own else drawn,
        chosen=next((one for one in drawn.around if one.tie_id == tapped.tie_id), None),
        distance=tapped.distance,
        step=_step(step) if step else None,
        records=() if own else tuple(records_to_choose(look)),
        shown=_shown(look) if own else 0,
        may_draw_own=bool(mine),
        draws=draws,
        sides=() if own or not draws else _sides(look),
    )


def _sides(look: Viewing) -> tuple[tuple[str, Words], ...]:
    """On whose side alone the reader can draw somebody. 1 query."""
    parts = Compartment.objects.filter(
        family=look.family_id,
        kind=CompartmentKind.PARENT,
        pk__in=opened("compartment_id", look.actor, look.at),
    )
    people = parts.order_by("person_id").values_list("person_id", "person__account_id", "person__first_name")
    mine = _("Alleen ik, en wie leest wat alleen van mij is")
    return tuple(
        (str(pk), mine if account == look.actor.account_id else format_lazy(_("Alleen {name}"), name=name))
        for pk, account, name in people.distinct()
    )


def _shown(look: Viewing) -> int:
    """How many of the own circle stand in that of the family, also as others changed them since. 1 query."""
    found = Tie.objects.filter(compartment__record__in=look.records).order_by()
    rows = list(found.values_list("pk", "was", "removed_at", "shown"))
    was = {pk: before for pk, before, _removed_at, _shown in rows}
    standing = {began_as(pk, was) for pk, _was, removed_at, _shown in rows if removed_at is None}
    return sum(began_as(one, was) in standing for *_row, one in rows if one)


def _step(row: Tie) -> Step:
    removed = row.removed_at is not None
    return Step(row.pk, row.name, removed=removed, changed=row.was_id is not None and not removed)


def _own_child(look: Viewing) -> str:
    """The first name of the reader, where the reader is the youth of one of these records. 1 query."""
    rows = Record.objects.filter(pk__in=look.records, child__account=look.actor.account)
    record = rows.select_related("child").first()
    if record is None or record.child is None:
        return ""
    too_young = why_not_own(record.child.born_on, local_day(look.at))
    return "" if too_young else record.child.first_name
