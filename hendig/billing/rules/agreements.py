"""What can be agreed with a partner, and from when until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.billing.models import LEAST_CENTS_PER_HOUR, MOST_PERCENT, MOST_TRAVEL
from hendig.billing.rules.months import Terms
from hendig.kernel.periods import Period
from hendig.kernel.refusal import Refusal

DAY = timedelta(days=1)


def _in_words(day: date) -> str:
    return date_format(day, "j F Y")


# A day in the language of who reads it.
words_of = lazy(_in_words, str)


class Stands(StrEnum):
    """Where a day lies beside a period."""

    NOW = "now"
    LATER = "later"
    OVER = "over"


def stands(period: Period, on: date) -> Stands:
    if period.covers(on):
        return Stands.NOW
    return Stands.LATER if on < period.first else Stands.OVER


def why_not_dated(period: Period) -> Refusal | None:
    """A period ends on or after its first day."""
    if period.last is not None and period.last < period.first:
        return Refusal("agreement.ends_before_start", _("De laatste dag ligt voor de eerste dag."))
    return None


def why_no_terms(terms: Terms) -> Refusal | None:
    """Why this cannot count for an appointment: more than that is another tariff."""
    if terms.travel_minutes > MOST_TRAVEL:
        return Refusal(
            "agreement.too_much_travel",
            format_lazy(_("Reken voor reizen hoogstens {most} minuten per afspraak."), most=MOST_TRAVEL),
        )
    if max(terms.indirect_percent, terms.missed_percent) > MOST_PERCENT:
        return Refusal("agreement.too_much", _("Een deel is hoogstens 100 procent."))
    if not 1 <= terms.group_percent <= MOST_PERCENT:
        return Refusal("agreement.group", _("In een groep telt een gezin voor 1 tot en met 100 procent."))
    return None


def within(tariff: Period, agreement: Period) -> Period | None:
    """The days on which a tariff holds by an agreement that stands; None when there are none."""
    first = max(tariff.first, agreement.first)
    ends = [last for last in (tariff.last, agreement.last) if last is not None]
    last = min(ends, default=None)
    return Period(first, last) if last is None or first <= last else None


def why_no_tariff(
    cents_per_hour: int,
    period: Period,
    agreement: Period,
    others: Iterable[Period],
    *,
    own: Collection[Period] = (),
) -> Refusal | None:
    """Why this tariff cannot be agreed.

    `others` are the days on which a tariff of the partner holds for the same code, under whichever agreement;
    `own` the tariffs of this agreement for it, which follow each other without a day between.
    """
    if cents_per_hour < LEAST_CENTS_PER_HOUR:
        return Refusal("tariff.too_low", _("Een uur kost ten minste € 1."))
    if not agreement.covers(period.first) or (period.last is not None and not agreement.covers(period.last)):
        return Refusal("tariff.outside_agreement", _("Het tarief valt buiten de afspraak met deze partner."))
    if any(period.overlaps(other) for other in others):
        return Refusal("tariff.overlaps", _("Op een van deze dagen geldt al een tarief voor deze code."))
    return _why_gap(period, own)


def _why_gap(period: Period, own: Collection[Period]) -> Refusal | None:
    before = max((one.last for one in own if one.last and one.last < period.first), default=None)
    if before is not None and before < period.first - DAY:
        return Refusal(
            "tariff.gap",
            format_lazy(
                _("Het vorige tarief eindigt op {last}. Laat dit tarief de dag daarna beginnen."),
                last=words_of(before),
            ),
        )
    after = min((one.first for one in own if period.last and one.first > period.last), default=None)
    if after is not None and period.last is not None and period.last < after - DAY:
        return Refusal(
            "tariff.gap",
            format_lazy(
                _("Het volgende tarief begint op {first}. Laat dit tarief de dag daarvoor eindigen."),
                first=words_of(after),
            ),
        )
    return None


def why_not_end_tariff(tariff: Period, last: date, invoiced_until: date | None) -> Refusal | None:
    """Why this tariff cannot end on that day; what was invoiced at it keeps its ground."""
    if tariff.last is not None:
        return Refusal("tariff.has_ended", _("Dit tarief heeft al een laatste dag."))
    if invoiced_until is not None and last < invoiced_until:
        return Refusal("tariff.already_invoiced", _("Na die dag zijn al uren tegen dit tarief gefactureerd."))
    return why_not_dated(Period(tariff.first, last))


def why_not_end_agreement(agreement: Period, last: date, invoiced_until: date | None) -> Refusal | None:
    """Why this agreement cannot end on that day: it may end earlier than was agreed, never later."""
    if agreement.last is not None and last >= agreement.last:
        return Refusal(
            "agreement.has_ended",
            format_lazy(
                _("Deze afspraak eindigt al op {last}. Maak voor daarna een nieuwe afspraak."),
                last=words_of(agreement.last),
            ),
        )
    if invoiced_until is not None and last < invoiced_until:
        return Refusal(
            "agreement.already_invoiced",
            format_lazy(
                _("Er zijn al uren gefactureerd tot en met {last}. Kies die dag of een latere."),
                last=words_of(invoiced_until),
            ),
        )
    return why_not_dated(Period(agreement.first, last))
