"""How often a record was opened in an emergency, and somebody was refused: numbers by month, of nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from hendig.audit.actions import reading
from hendig.audit.models import Entry, Kind
from hendig.audit.rules.chain import earliest_id
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.safety.models import Emergency, Outcome

MONTHS = 12
# Refused because it is not theirs to see or to do; the rest is refused by a rule of the work itself.
NOT_THEIRS = ("not_visible", "forbidden")


@dataclass(frozen=True, slots=True)
class MonthOfAccess:
    month: date
    emergencies: int
    wrong: int
    waiting: int
    # What somebody asked for that was not theirs, and what a rule stopped.
    not_theirs: int
    stopped: int


def access_by_month(actor: Actor, *, at: datetime) -> tuple[MonthOfAccess, ...]:
    """This month, and those of the last twelve in which there was anything, newest first. 4 queries.

    Who audits opens no emergency: Hendig counts them, and says how many.
    """
    months = [local_day(at).replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    since = datetime(months[-1].year, months[-1].month, 1, tzinfo=AMSTERDAM)
    here = {"municipality_id": actor.municipality_id}
    with reading(Actor.system(actor.municipality_id), at):
        opened = _by_month(
            Emergency.objects.filter(**here, from_at__gte=since),
            "from_at",
            all=Count("pk"),
            wrong=Count("pk", filter=Q(outcome=Outcome.WRONG)),
            waiting=Count("pk", filter=Q(reviewed_at=None)),
        )
    refused = _by_month(
        Entry.objects.filter(**here, kind=Kind.REFUSAL, id__gte=earliest_id(since), account_id__isnull=False),
        "at",
        not_theirs=Count("pk", filter=Q(facts__refusal__in=NOT_THEIRS)),
        stopped=Count("pk", filter=~Q(facts__refusal__in=NOT_THEIRS)),
    )
    return tuple(
        MonthOfAccess(month, *opened.get(month, (0, 0, 0)), *refused.get(month, (0, 0)))
        for month in months
        if month == months[0] or month in opened or month in refused
    )


def _by_month(rows: QuerySet[Any], moment: str, **counts: Count) -> dict[date, tuple[int, ...]]:
    """These counts for each month in which there is anything. 1 query."""
    month = TruncMonth(moment, tzinfo=AMSTERDAM)
    found = rows.order_by().values(on=month).annotate(**counts).values_list("on", *counts)
    return {local_day(on): tuple(numbers) for on, *numbers in found}
