"""A professional's day, what was promised, and the hours that come from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from hendig.audit.models.composed import Composed
from hendig.kernel.actor import Actor
from hendig.kernel.periods import begins, is_over, local_day
from hendig.kernel.refusal import Refusal
from hendig.plans import rules
from hendig.plans.models import Appointment, AppointmentStage, Task

# As long as an hour can go on an invoice without a question; what is older is found on its own day.
STILL_TO_CONFIRM = timedelta(days=396)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One own appointment of a professional, with what can be done about it."""

    id: UUID
    family_id: UUID
    starts_at: datetime
    minutes: int
    child: str
    place: str
    stage: str
    label: str
    why_not_kept: Refusal | None
    why_not_undone: Refusal | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def open(self) -> bool:
        return self.stage == AppointmentStage.PLANNED


@dataclass(frozen=True, slots=True)
class Promise:
    """Something this person took on in a plan."""

    id: UUID
    family_id: UUID
    what: str
    family: str
    by: date | None


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    today: tuple[DayRow, ...]
    earlier: tuple[DayRow, ...]
    promises: tuple[Promise, ...]

    @property
    def minutes_kept(self) -> int:
        return sum(row.minutes for row in self.today if row.stage == AppointmentStage.KEPT)


def day(actor: Actor, on: date, *, at: datetime) -> Day:
    """A professional's own appointments of one day, those before that still wait for a tap, and promises.

    2 queries at any size. It shows the own work list only, so it is no look at a record.
    """
    earlier: list[DayRow] = []
    today: list[DayRow] = []
    shown = _own_rows(actor, at, since=begins(on - STILL_TO_CONFIRM), began=begins(on), ended=is_over(on))
    for row in shown:
        (today if local_day(row.starts_at) == on else earlier).append(_day_row(row, at))
    return Day(on=on, today=tuple(today), earlier=tuple(earlier), promises=promises(actor, at=at))


@Composed
def _own_rows(
    actor: Actor, _at: datetime, since: datetime, began: datetime, ended: datetime
) -> QuerySet[Appointment]:
    this_day = Q(starts_at__gte=began) & ~Q(stage=AppointmentStage.CANCELLED)
    waiting = Q(starts_at__gte=since, stage=AppointmentStage.PLANNED)
    return (
        Appointment.objects.own(actor)
        .filter(this_day | waiting, starts_at__lt=ended)
        .annotate(
            child=F("match__child__first_name"),
            on_invoice=ExpressionWrapper(Q(invoiced__isnull=False), output_field=BooleanField()),
        )
        .only("pk", "family_id", "starts_at", "minutes", "place", "stage")
        .order_by("starts_at")
    )


def _day_row(row: Appointment, at: datetime) -> DayRow:
    return DayRow(
        id=row.pk,
        family_id=row.family_id,
        starts_at=row.starts_at,
        minutes=row.minutes,
        child=row.child,  # type: ignore[attr-defined]
        place=row.place,
        stage=row.stage,
        label=row.get_stage_display(),
        why_not_kept=rules.why_not_settled(
            row.stage, AppointmentStage.KEPT, own=True, starts_at=row.starts_at, at=at
        ),
        why_not_undone=rules.why_not_undone(row.stage, own=True, invoiced=row.on_invoice),  # type: ignore[attr-defined]
    )


def promises(actor: Actor, *, at: datetime) -> tuple[Promise, ...]:
    """What the actor took on in plans and is not done, soonest first, twenty at most. 1 query."""
    if actor.account_id is None:
        return ()
    return tuple(Promise(*row) for row in _taken_on(actor, at))


@Composed
def _taken_on(actor: Actor, at: datetime) -> QuerySet[Task, tuple[Any, ...]]:
    rows = Task.objects.visible_to(actor, at=at).filter(account_id=actor.account, done_at=None)
    soonest = rows.order_by(F("by").asc(nulls_last=True), "id")
    return soonest.values_list("pk", "family_id", "what", "family__name", "by")[:20]


@dataclass(frozen=True, slots=True)
class KeptHours:
    """A kept appointment as billing needs it: no person, no place."""

    appointment_id: UUID
    match_id: UUID
    service_code_id: UUID
    minutes: int
    day: date


def kept_in_month(partner_ids: Collection[UUID], month: date) -> tuple[KeptHours, ...]:
    """What the partners' professionals kept in the month of that day, oldest first. 1 query."""
    rows = Appointment.objects.kept_in(partner_ids, month).order_by("starts_at", "pk")
    return tuple(
        KeptHours(pk, match_id, service_code_id, minutes, local_day(starts_at))
        for pk, match_id, service_code_id, minutes, starts_at in rows.values_list(
            "pk", "match_id", "match__service_code_id", "minutes", "starts_at"
        )
    )
