"""What pages show of appointments, and what a calendar may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from hendig.audit.actions import Viewing
from hendig.audit.models.composed import ComposedWithin
from hendig.families.models import Part
from hendig.kernel.meetings import Meeting
from hendig.kernel.periods import day_began
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.matching.models import Match
from hendig.people.adapters.agenda import to_keep
from hendig.plans import rules
from hendig.plans.models import DURATION, Appointment, AppointmentQuerySet, AppointmentStage

SOON = 3


@dataclass(frozen=True, slots=True)
class AppointmentView:
    id: UUID
    family_id: UUID
    starts_at: datetime
    minutes: int
    place: str
    professional: str
    child: str
    felt: int | None
    why_not_cancelled: Refusal | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def soon_and_later(
    ahead: tuple[AppointmentView, ...],
) -> tuple[tuple[AppointmentView, ...], tuple[AppointmentView, ...]]:
    """The first few, which a page shows, and the rest, which it folds."""
    return ahead[:SOON], ahead[SOON:]


def next_appointments(look: Viewing) -> tuple[AppointmentView, ...]:
    """What is planned and not over yet, ten at most. 1 query."""
    return _shown(_ahead(look), look)


def appointments_to_rate(look: Viewing) -> tuple[AppointmentView, ...]:
    """What was, and the family has not said yet how it was (or said it today: those last), three at most.

    1 query; none for whoever is not of the family.
    """
    if look.part != Part.FAMILY:
        return ()
    return _shown(_to_rate(look), look)


@ComposedWithin
def _ahead(look: Viewing) -> QuerySet[Appointment]:
    rows = _named(look).filter(stage=AppointmentStage.PLANNED, starts_at__gte=day_began(look.at))
    return rows.filter(starts_at__gt=look.at - DURATION).order_by("starts_at")[:10]


@ComposedWithin
def _to_rate(look: Viewing) -> QuerySet[Appointment]:
    fresh = _named(look).to_rate(at=look.at, since=look.at - rules.RATED_AFTERWARDS)
    return fresh.order_by(F("felt").asc(nulls_first=True), "-starts_at")[:3]


def _named(look: Viewing) -> AppointmentQuerySet:
    return Appointment.objects.within(look).select_related("match__professional__account", "match__child")


def _shown(rows: list[Appointment], look: Viewing) -> tuple[AppointmentView, ...]:
    return tuple(
        AppointmentView(
            id=row.pk,
            family_id=row.family_id,
            starts_at=row.starts_at,
            minutes=row.minutes,
            place=row.place,
            professional=row.match.professional.account.first_name,
            child=row.match.child.first_name,
            felt=row.felt,
            why_not_cancelled=rules.why_not_cancelled(row.stage, starts_at=row.starts_at, at=look.at),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class HelpToPlan:
    """The match under which an appointment is made, and what the form proposes."""

    match_id: UUID
    professional: str
    child: str
    starts_at: datetime
    place: str


def help_to_plan(look: Viewing, match_id: UUID) -> HelpToPlan:
    """What a new appointment proposes: the next working day at three, where it was last time. 2 queries."""
    row = (
        Match.objects.within(look)
        .filter(pk=match_id)
        .values_list("professional__account__first_name", "child__first_name")
        .first()
    )
    if row is None:
        raise NotVisible
    professional, child = row
    last = (
        Appointment.objects.filter(match_id=match_id)
        .order_by("starts_at")
        .values_list("place", flat=True)
        .last()
    )
    return HelpToPlan(match_id, professional, child, rules.next_weekday_at_three(look.at), last or "")


def calendar(look: Viewing, appointment_id: UUID, *, summary: str, url: str) -> bytes:
    """An iCalendar file: the moment and the way to the plan, nothing of the case. 1 query."""
    row = Appointment.objects.within(look).filter(pk=appointment_id).first()
    if row is None:
        raise NotVisible
    meeting = Meeting(
        id=row.pk,
        starts_at=row.starts_at,
        ends_at=row.starts_at + timedelta(minutes=row.minutes),
        summary=summary,
        url=url,
        cancelled=row.stage == AppointmentStage.CANCELLED,
    )
    return to_keep(meeting, at=look.at)
