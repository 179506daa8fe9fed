"""Another goes along with a family: their calendar gets what is planned, and that of who stopped loses it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change, reading
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible
from hendig.tents.queries.calendars import INTO, OUT_OF, changes_of_coach, tents_to_come


def tell_calendars(*, municipality_id: UUID, family_id: UUID, at: datetime) -> int:
    """Each tent ahead stands in the calendars of who goes along with the family now; tells how many changed.

    Doing it again changes nothing. What it tells a calendar is newer than all that it heard before.
    """
    system = Actor.system(municipality_id)
    with reading(system, at):
        rows = tents_to_come(at).filter(municipality_id=municipality_id, family_id=family_id)
        tents = list(rows.select_related("compartment").order_by("id"))
        found = [tent.pk for tent in tents if any(changes_of_coach(tent, at=at))]
    return sum(_tell_of(system, tent_id, at) for tent_id in found)


def _tell_of(system: Actor, tent_id: UUID, at: datetime) -> bool:
    try:
        with change(system, INTO, at=at) as act:
            tent = act.lock(tents_to_come(at).select_related("compartment"), tent_id)
            coming, leaving = _still(changes_of_coach(tent, at=at))
            tent.edition += 1
            tent.save()
            for code, accounts in ((INTO, coming), (OUT_OF, leaving)):
                for account_id in accounts:
                    act.record(tent, also=code, account=account_id)
    except NotVisible:
        # Another worker told them meanwhile, or it began or does not take place.
        return False
    return True


def _still(found: tuple[list[UUID], list[UUID]]) -> tuple[list[UUID], list[UUID]]:
    if not any(found):
        raise NotVisible
    return found
