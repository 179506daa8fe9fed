"""What can be agreed with a partner, and from when until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from hendig.billing.models import LEAST_CENTS_PER_HOUR
from hendig.kernel.periods import Period
from hendig.kernel.refusal import Refusal


def why_not_dated(period: Period) -> Refusal | None:
    """A period ends on or after its first day."""
    if period.last is not None and period.last < period.first:
        return Refusal("agreement.ends_before_start", _("De laatste dag ligt voor de eerste dag."))
    return None


def why_no_tariff(
    cents_per_hour: int, period: Period, agreement: Period, others: Iterable[Period]
) -> Refusal | None:
    """Why this tariff cannot be agreed; `others` are the partner's tariffs on the same code."""
    if cents_per_hour < LEAST_CENTS_PER_HOUR:
        return Refusal("tariff.too_low", _("Een uur kost ten minste € 1."))
    if not agreement.covers(period.first) or (period.last is not None and not agreement.covers(period.last)):
        return Refusal("tariff.outside_agreement", _("Het tarief valt buiten de afspraak met deze partner."))
    if any(period.overlaps(other) for other in others):
        return Refusal("tariff.overlaps", _("Op een van deze dagen geldt al een tarief voor deze code."))
    return None


def why_not_end_tariff(tariff: Period, last: date, invoiced_until: date | None) -> Refusal | None:
    """Why this tariff cannot end on that day; what was invoiced at it keeps its ground."""
    if tariff.last is not None:
        return Refusal("tariff.has_ended", _("Dit tarief heeft al een laatste dag."))
    if invoiced_until is not None and last < invoiced_until:
        return Refusal("tariff.already_invoiced", _("Na die dag zijn al uren tegen dit tarief gefactureerd."))
    return why_not_dated(Period(tariff.first, last))
