"""Somebody came into the family while a talk goes on: who shares a name with them is told apart."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change, reading
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible
from hendig.tents.actions.steps import tell_apart
from hendig.tents.models import Tent, TentQuerySet, TentStage


def tell_tables_apart(*, municipality_id: UUID, family_id: UUID, at: datetime) -> int:
    """Where a talk of the family goes on the names are right on every device; tells how many tables that are.

    Also of what was said before: who leaves later, or reads it years later, knows who said it.
    """
    system = Actor.system(municipality_id)
    going_on = Tent.objects.filter(
        municipality_id=municipality_id, family_id=family_id, stage=TentStage.MEETING
    )
    with reading(system, at):
        found = list(going_on.order_by("id").values_list("pk", flat=True))
    return sum(_tell_table_apart(system, going_on.filter(pk=pk), pk, at) for pk in found)


def _tell_table_apart(system: Actor, rows: TentQuerySet, tent_id: UUID, at: datetime) -> bool:
    try:
        with change(system, "tent.told_apart", at=at) as act:
            tent = act.lock(rows, tent_id)
            tell_apart(tent)
            act.record(tent)
    except NotVisible:
        # The talk was rounded off meanwhile: its page says who was there.
        return False
    return True
