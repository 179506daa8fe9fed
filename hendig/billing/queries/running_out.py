"""Which hours are to go on an invoice soon, before somebody asks why they are so late: sums, of nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from hendig.audit.actions import reading
from hendig.billing import rules
from hendig.billing.models import Agreement, InvoicedAppointment, Variant
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.people.models import Partner
from hendig.plans.models import Appointment, AppointmentQuerySet, AppointmentStage


@dataclass(frozen=True, slots=True)
class RunningOut:
    """Of a partner and a month: the minutes that were kept and are on no invoice, and how many appointments
    nobody said anything of. They go along with the invoice of `last` without a question.
    """

    partner_id: UUID
    partner: str
    month: date
    minutes: int
    untold: int
    last: date


def on_no_invoice(municipality_id: UUID, *, at: datetime) -> AppointmentQuerySet:
    """What was kept or is past, of the days that run out, on no invoice: not what is paid by advances."""
    day = OuterRef("starts_at__date")
    advanced = Agreement.objects.filter(
        Q(until_on=None) | Q(until_on__gte=day),
        Q(settled_until=None) | Q(settled_until__lt=day),
        partner=OuterRef("partner_id"),
        variant=Variant.TASK,
        from_on__lte=day,
    )
    rows = Appointment.objects.filter(
        ~Exists(InvoicedAppointment.objects.filter(appointment=OuterRef("pk"))),
        ~Exists(advanced),
        partner_id__in=Partner.objects.filter(municipality_id=municipality_id).values("pk"),
        municipality_id=municipality_id,
        stage__in=[AppointmentStage.KEPT, AppointmentStage.PLANNED],
    )
    return rows.during(rules.running_out(local_day(at)))


def running_out(actor: Actor, *, at: datetime) -> Sequence[RunningOut]:
    """By partner and month, the oldest first, for who agrees with partners. 1 query."""
    name = Partner.objects.filter(pk=OuterRef("partner_id")).values("name")
    found = (
        on_no_invoice(actor.municipality_id, at=at)
        .annotate(month=TruncMonth("starts_at", tzinfo=AMSTERDAM), partner=Subquery(name))
        .order_by("month", "partner", "partner_id")
        .values_list("partner_id", "partner", "month")
        .annotate(
            minutes=Coalesce(Sum("minutes", filter=Q(stage=AppointmentStage.KEPT)), 0),
            untold=Count("pk", filter=Q(stage=AppointmentStage.PLANNED)),
        )
    )
    with reading(actor, at):
        return [
            RunningOut(partner_id, partner, first.date(), minutes, untold, rules.last_invoice(first.date()))
            for partner_id, partner, first, minutes, untold in found
        ]
