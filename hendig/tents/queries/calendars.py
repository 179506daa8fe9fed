"""Whose calendar a tent stands in as who goes along with the family, and in whose it should."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from hendig.audit.models import Entry
from hendig.families.models import Involvement, Part
from hendig.families.queries import account_ids
from hendig.people.models import Notice
from hendig.tents.models import Seat, SeatStage, Tent, TentStage

# By these it came to whoever comes; by the other two to who began to go along since, and from who stopped.
PLANNED_BY = ("tent.guest_welcomed", "tent.moved", "tent.meeting_reminded")
INTO, OUT_OF = "tent.into_calendar", "tent.out_of_calendar"


def families_that_meet(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Which families have a tent ahead: municipality and family. 1 query."""
    rows = tents_to_come(at).order_by("family_id")
    return tuple(rows.values_list("municipality_id", "family_id").distinct())


def tents_to_come(at: datetime) -> QuerySet[Tent]:
    """Those that are called or planned, and did not begin yet. No query."""
    return Tent.objects.filter(stage__in=[TentStage.CALLING, TentStage.PLANNED], starts_at__gt=at)


def changes_of_coach(tent: Tent, *, at: datetime) -> tuple[list[UUID], list[UUID]]:
    """Who goes along with the family and does not have it yet, and who has it and stopped.

    Whoever stands in goes along for as long as that lasts: a tent after it is not theirs. Of a tent of which
    no calendar heard yet, nobody. 4 queries, and one for each who ever went along.
    """
    lines = _lines(tent)
    if not lines:
        return [], []
    here = Involvement.objects.filter(record=tent.compartment.record_id)
    coaches = here.filter(part=Part.COACH).values("account")
    ever = here.filter(Q(part=Part.COACH) | Q(part=Part.DEPUTY, behind__in=coaches))
    then = set(ever.standing(tent.starts_at).values_list("account_id", flat=True))
    now = then & set(account_ids(tent.family_id, Part.COACH, at=at))
    guests = Seat.objects.filter(tent=tent, stage=SeatStage.WELCOME).values("professional__account")
    known = ever.exclude(account__in=guests).order_by("account_id").values_list("account_id", flat=True)
    has_it = {one: _has_it(one, lines) for one in known.distinct()}
    coming = [one for one, has in has_it.items() if one in now and not has]
    return coming, [one for one, has in has_it.items() if has and one not in now]


def _lines(tent: Tent) -> list[Entry]:
    """What calendars heard of this tent, the newest last."""
    rows = Entry.objects.filter(municipality_id=tent.municipality_id, family_id=tent.family_id)
    return list(rows.filter(object_id=tent.pk, code__in=[*PLANNED_BY, INTO, OUT_OF]).order_by("id"))


def _has_it(account_id: UUID, lines: Iterable[Entry]) -> bool:
    mine = [line for line in lines if line.facts.get("account") == str(account_id)]
    if mine:
        return mine[-1].code == INTO
    if any(line.account_id == account_id for line in lines):
        return True
    return Notice.objects.filter(account=account_id, entry_id__in=[line.pk for line in lines]).exists()
