"""What is paid each month without hours, and when advances are settled with what was kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.billing.models import BY_MONTH, LEAST_CENTS_PER_HOUR, Variant
from hendig.billing.rules.agreements import words_of
from hendig.kernel.periods import Period
from hendig.kernel.refusal import Refusal

# Hours are tapped late: so long after a year or an agreement ended its advances wait to be settled.
SETTLED_AFTER = timedelta(days=21)
MOST_CENTS_A_MONTH = 2_000_000_000


def why_no_monthly_amount(
    variant: str, cents: int, from_on: date, agreement: Period, others: Collection[Period], made: date | None
) -> Refusal | None:
    """Why this cannot be paid each month from that day on; `made` is the last month that was paid."""
    if variant not in BY_MONTH:
        return Refusal("amount.by_the_hour", _("Deze afspraak wordt per uur betaald. Zet er een tarief bij."))
    if not LEAST_CENTS_PER_HOUR <= cents <= MOST_CENTS_A_MONTH:
        return Refusal(
            "amount.out_of_reach", _("Een maand kost ten minste € 1 en hoogstens 20 miljoen euro.")
        )
    return _why_not_from(from_on, agreement, others, made)


def _why_not_from(
    from_on: date, agreement: Period, others: Collection[Period], made: date | None
) -> Refusal | None:
    if from_on.day != 1:
        return Refusal("amount.not_first", _("Een bedrag per maand begint op de eerste dag van een maand."))
    if not agreement.covers(from_on):
        return Refusal("amount.outside_agreement", _("Het bedrag valt buiten de afspraak met deze partner."))
    if made is not None and from_on <= made:
        return Refusal(
            "amount.already_made",
            format_lazy(
                _("Tot en met de maand van {day} is al een bedrag gefactureerd. Kies een latere maand."),
                day=words_of(made),
            ),
        )
    if any(one.first >= from_on or (one.last is not None and one.covers(from_on)) for one in others):
        return Refusal("amount.overlaps", _("Vanaf die maand geldt al een bedrag."))
    return None


def why_no_tariff_here(variant: str) -> Refusal | None:
    """Why an agreement has no tariffs: it is for no family in particular."""
    if variant == Variant.FIXED:
        return Refusal(
            "tariff.fixed", _("Deze afspraak heeft een vast bedrag per maand. Er horen geen tarieven bij.")
        )
    return None


def months_due(
    amounts: Iterable[Period], agreement: Period, made: Collection[date], today: date
) -> tuple[date, ...]:
    """The months for which nothing was made yet: those that began, while agreement and amount stood."""
    found = set()
    for amount in amounts:
        month = amount.first
        while month <= today and amount.covers(month):
            if agreement.covers(month):
                found.add(month)
            month = (month + timedelta(days=31)).replace(day=1)
    return tuple(sorted(found - set(made)))


def settles_until(agreement: Period, first: date, today: date) -> date | None:
    """Until which day the advances can be settled now: the first year's end, or the last day of it all.

    `first` is the first day that was not settled. None while hours of those days may still be tapped.
    """
    last = date(first.year, 12, 31)
    if agreement.last is not None:
        last = min(last, agreement.last)
    return last if first <= last and today >= last + SETTLED_AFTER else None
