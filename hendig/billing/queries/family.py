"""What a family sees of the hours and the cost of its own help."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from hendig.audit.actions import Viewing
from hendig.billing import rules
from hendig.billing.models import InvoiceLine, Tariff
from hendig.plans.models import Appointment, AppointmentStage


@dataclass(frozen=True, slots=True)
class OwnHelp:
    """What a family had and what the municipality pays for it; `unpriced` minutes have no tariff yet."""

    minutes: int
    cents: int
    unpriced: int


def own_help(look: Viewing) -> OwnHelp:
    """Hours and cost of the family's own kept appointments, on an invoice or not yet. 3 queries."""
    kept = list(
        Appointment.objects.within(look)
        .filter(stage=AppointmentStage.KEPT)
        .select_related("match", "invoiced")
        .order_by("starts_at", "id")
    )
    lines = InvoiceLine.objects.filter(match__family=look.family_id)
    cents = lines.aggregate(cents=Sum("cents"))["cents"] or 0
    prices: dict[UUID, list[rules.Price]] = defaultdict(list)
    partners = {one.partner_id for one in kept}
    for tariff in Tariff.objects.filter(agreement__partner__in=partners).select_related("agreement"):
        prices[tariff.agreement.partner_id].append(rules.price_of(tariff))
    to_come: dict[UUID, list[rules.Kept]] = defaultdict(list)
    for one in kept:
        if getattr(one, "invoiced", None) is None:
            to_come[one.partner_id].append(rules.kept_of(one))
    drafts = [draft for partner, ones in to_come.items() for draft in rules.drafts(ones, prices[partner])]
    open_minutes = sum(one.minutes for ones in to_come.values() for one in ones)
    return OwnHelp(
        minutes=sum(one.minutes for one in kept),
        cents=cents + sum(draft.cents for draft in drafts),
        unpriced=open_minutes - sum(draft.minutes for draft in drafts),
    )
