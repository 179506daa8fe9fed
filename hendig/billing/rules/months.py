"""What a kept appointment costs by what was agreed, and what stands on a month's invoice."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.billing.models import Tariff
from hendig.kernel.money import line_amount
from hendig.kernel.periods import AMSTERDAM, Period, local_day, month_of
from hendig.kernel.refusal import Refusal
from hendig.plans.models import Appointment

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept appointment as far as an invoice needs it: under which match and code, when, how long."""

    appointment_id: UUID
    match_id: UUID
    service_code_id: UUID
    on: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Price:
    """What an hour on a code costs in a period, as agreed with one partner."""

    service_code_id: UUID
    period: Period
    cents_per_hour: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One line of an invoice that is not sent yet."""

    match_id: UUID
    service_code_id: UUID
    minutes: int
    cents_per_hour: int
    cents: int
    first_on: date
    last_on: date
    appointments: tuple[UUID, ...]


def kept_of(appointment: Appointment) -> Kept:
    """The appointment as an invoice needs it; its match must have been read with it."""
    return Kept(
        appointment_id=appointment.pk,
        match_id=appointment.match_id,
        service_code_id=appointment.match.service_code_id,
        on=local_day(appointment.starts_at),
        minutes=appointment.minutes,
    )


def price_of(tariff: Tariff) -> Price:
    return Price(tariff.service_code_id, tariff.period, tariff.cents_per_hour)


def month_ends(month: date) -> datetime:
    """The moment at which the calendar month of `month` is over in the Netherlands."""
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    return datetime.combine(last + timedelta(days=1), time.min, AMSTERDAM)


def price_on(prices: Iterable[Price], service_code_id: UUID, day: date) -> int | None:
    """Cents per hour agreed for the code on that day; None when nothing was agreed."""
    for price in prices:
        if price.service_code_id == service_code_id and price.period.covers(day):
            return price.cents_per_hour
    return None


def drafts(kept: Iterable[Kept], prices: Collection[Price]) -> tuple[Draft, ...]:
    """The lines for these appointments: one per match, code and tariff, rounded once. Unpriced ones wait."""
    groups: dict[tuple[UUID, UUID, int], list[Kept]] = defaultdict(list)
    for one in kept:
        cents_per_hour = price_on(prices, one.service_code_id, one.on)
        if cents_per_hour is not None:
            groups[one.match_id, one.service_code_id, cents_per_hour].append(one)
    return tuple(_draft(*key, ones) for key, ones in groups.items())


def _draft(match_id: UUID, service_code_id: UUID, cents_per_hour: int, ones: list[Kept]) -> Draft:
    minutes = sum(one.minutes for one in ones)
    return Draft(
        match_id=match_id,
        service_code_id=service_code_id,
        minutes=minutes,
        cents_per_hour=cents_per_hour,
        cents=line_amount(minutes, cents_per_hour),
        first_on=min(one.on for one in ones),
        last_on=max(one.on for one in ones),
        appointments=tuple(one.appointment_id for one in ones),
    )


def may_send_from(month: date) -> date:
    """A month may be sent from its own last day: who wants it done before the weekend need not wait."""
    return month_of(month).last or month


def latest_month(today: date) -> date:
    """The youngest month that may be sent on this day: what an office comes for."""
    this = today.replace(day=1)
    return this if today >= may_send_from(today) else (this - timedelta(days=1)).replace(day=1)


def why_not_send(month: date, today: date, *, already: bool, lines: int, unpriced: int) -> Refusal | None:
    """Why this month cannot be invoiced now."""
    if already:
        return Refusal("invoice.already_sent", _("De factuur van deze maand is al verstuurd."))
    if today < may_send_from(month):
        return Refusal(
            "invoice.month_not_over", _("U kunt deze maand versturen vanaf de laatste dag van de maand.")
        )
    if lines:
        return None
    if unpriced:
        return Refusal(
            "invoice.no_tariff",
            _("Voor deze uren is nog geen tarief afgesproken. Vraag het aan de gemeente."),
        )
    return Refusal("invoice.nothing", _("Er zijn geen uren om te factureren in deze maand."))


def invoice_number(kvk: str, year: int, before: int) -> str:
    """The next number in the partner's own series of the year, without gaps."""
    return f"{invoice_series(kvk, year)}{before + 1:04d}"


def invoice_series(kvk: str, year: int) -> str:
    return f"{kvk}-{year}-"
