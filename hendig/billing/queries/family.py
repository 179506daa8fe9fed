"""What a family sees of the hours and the cost of its own help."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from hendig.audit.actions import Viewing
from hendig.billing import rules
from hendig.billing.models import InvoiceLine, Tariff
from hendig.families.models import OWN_PARTS
from hendig.matching.models import Match
from hendig.plans.models import Appointment, AppointmentStage


@dataclass(frozen=True, slots=True)
class OwnHelp:
    """What a family had and what the municipality pays for it; `unpriced` minutes have no tariff yet.

    `beside` when more counts than those minutes, as was agreed: travel or indirect time. `missed` when what
    did not go ahead counts.
    """

    minutes: int
    cents: int
    unpriced: int
    own: bool
    beside: bool = False
    missed: bool = False


def own_help(look: Viewing) -> OwnHelp:
    """Hours that the family had, and what they cost, on an invoice or not yet. 3 queries."""
    settled = list(
        Appointment.objects.within(look)
        .filter(stage__in=[AppointmentStage.KEPT, AppointmentStage.MISSED])
        .select_related("match", "invoiced")
        .order_by("starts_at", "id")
    )
    lines = InvoiceLine.objects.filter(match__in=Match.objects.within(look))
    cents = lines.aggregate(cents=Sum("cents"))["cents"] or 0
    prices: dict[UUID, list[rules.Price]] = defaultdict(list)
    partners = {one.partner_id for one in settled}
    for tariff in Tariff.objects.agreed().filter(agreement__partner__in=partners):
        prices[tariff.agreement.partner_id].append(rules.price_of(tariff))
    to_come: dict[UUID, list[rules.Kept]] = defaultdict(list)
    for one in settled:
        if getattr(one, "invoiced", None) is None:
            to_come[one.partner_id].append(rules.kept_of(one))
    drafts = [
        draft
        for partner, ones in to_come.items()
        # Also what is paid by advances: it costs the municipality as much.
        for draft in rules.drafts(ones, prices[partner], rules.all_of_it)
    ]
    waits = [one for partner, ones in to_come.items() for one in rules.unpriced(ones, prices[partner])]
    counts = [(one, rules.counted(rules.kept_of(one), prices[one.partner_id])) for one in settled]
    return OwnHelp(
        minutes=sum(one.minutes for one in settled if one.stage == AppointmentStage.KEPT),
        cents=cents + sum(draft.cents for draft in drafts),
        unpriced=sum(one.minutes for one in waits),
        own=look.part in OWN_PARTS,
        beside=any(paid > one.minutes for one, paid in counts),
        missed=any(paid and one.stage == AppointmentStage.MISSED for one, paid in counts),
    )
