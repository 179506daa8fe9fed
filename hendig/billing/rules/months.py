"""What a kept appointment costs by what was agreed, and what stands on a month's invoice."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.billing.models import Agreement, Tariff, Variant
from hendig.kernel.money import half_up, line_amount
from hendig.kernel.periods import AMSTERDAM, Period, local_day, month_of
from hendig.kernel.refusal import Refusal
from hendig.plans.models import Appointment, AppointmentStage

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """An appointment as far as an invoice needs it: under which match and code, when, how long.

    `missed` when it did not go ahead, and only counts where that was agreed; `in_group` when other families
    were there as well.
    """

    appointment_id: UUID
    match_id: UUID
    service_code_id: UUID
    on: date
    minutes: int
    missed: bool = False
    in_group: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What counts besides the minutes that were kept; nothing unless it was agreed."""

    travel_minutes: int = 0
    indirect_percent: int = 0
    missed_percent: int = 0
    group_percent: int = 100

    def counted(self, kept: Kept) -> int:
        """The minutes that are paid for one appointment."""
        return self.minutes(kept.minutes, missed=kept.missed, in_group=kept.in_group)

    def minutes(self, minutes: int, *, missed: bool = False, in_group: bool = False) -> int:
        """The minutes that are paid for an appointment of so many; a half is rounded up, once.

        Nobody travels less for what does not go ahead, and nobody writes a report of it: its share of the
        minutes is all there is.
        """
        share = self.group_percent if in_group else 100
        if missed:
            return half_up(Decimal(minutes * self.missed_percent * share) / 10_000)
        whole = 100 * (minutes + self.travel_minutes) + minutes * self.indirect_percent
        return half_up(Decimal(whole * share) / 10_000)


NOTHING_MORE = Terms()
ALWAYS = Period(date.min)


@dataclass(frozen=True, slots=True)
class Price:
    """What an hour on a code costs in a period, and the days and terms of the agreement that says so."""

    service_code_id: UUID
    period: Period
    cents_per_hour: int
    agreed: Period = ALWAYS
    terms: Terms = NOTHING_MORE
    agreement_id: UUID | None = None
    variant: str = Variant.EFFORT
    settled_until: date | None = None
    # The days until which the code was called, or booked, otherwise.
    called_until: tuple[date, ...] = ()

    def naming(self, day: date) -> int:
        """For the how manieth time the code had another name or field on that day."""
        return sum(until < day for until in self.called_until)

    def is_advanced(self, day: date) -> bool:
        """Whether an hour of that day is paid by advances that are to be settled, and not by itself."""
        settled = self.settled_until is not None and day <= self.settled_until
        return self.variant == Variant.TASK and self.agreed.covers(day) and not settled

    def leaves_code_open(self, day: date) -> bool:
        """Whether the partner chooses each time among the codes agreed, whichever the match began on.

        A generic assignment names no product (iJw, OP302): any that was contracted may be declared under it.
        """
        return self.variant == Variant.GENERIC and self.agreed.covers(day)


Takes = Callable[[Price, date], bool]


def by_itself(price: Price, day: date) -> bool:
    """An hour that goes on the invoice of a month."""
    return not price.is_advanced(day)


def all_of_it(_price: Price, _day: date) -> bool:
    """Any hour, however it is paid."""
    return True


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
        missed=appointment.stage == AppointmentStage.MISSED,
        in_group=appointment.group_id is not None,
    )


def terms_of(agreement: Agreement) -> Terms:
    return Terms(
        agreement.travel_minutes,
        agreement.indirect_percent,
        agreement.missed_percent,
        agreement.group_percent,
    )


def price_of(tariff: Tariff) -> Price:
    """The tariff with what its agreement counts, which must have been read with it (`agreed`)."""
    agreement = tariff.agreement
    return Price(
        tariff.service_code_id,
        tariff.period,
        tariff.cents_per_hour,
        agreement.period,
        terms_of(agreement),
        agreement.pk,
        agreement.variant,
        agreement.settled_until,
        tuple(tariff.called_until),  # type: ignore[attr-defined]  # annotated by `agreed`
    )


def month_ends(month: date) -> datetime:
    """The moment at which the calendar month of `month` is over in the Netherlands."""
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    return datetime.combine(last + timedelta(days=1), time.min, AMSTERDAM)


def price_on(prices: Iterable[Price], service_code_id: UUID, day: date) -> Price | None:
    """What was agreed for the code on that day; None when nothing was.

    A tariff whose agreement is over still prices an hour, so that it is sent and asked about rather than
    forgotten; one of an agreement that stands goes before it.
    """
    found = [one for one in prices if one.service_code_id == service_code_id and one.period.covers(day)]
    return next((one for one in found if one.agreed.covers(day)), found[0] if found else None)


def drafts(kept: Iterable[Kept], prices: Collection[Price], takes: Takes = by_itself) -> tuple[Draft, ...]:
    """The lines for these appointments: one per match, code and tariff, rounded once. Unpriced ones wait.

    A code that was called otherwise on some of the days has a line for each: help is booked as on its day.
    Of hours that are paid another way `takes` says which are wanted.
    """
    groups: dict[tuple[UUID, UUID, int, int], list[tuple[Kept, int]]] = defaultdict(list)
    for one in kept:
        price = price_on(prices, one.service_code_id, one.on)
        counted = price.terms.counted(one) if price else 0
        if price and counted and takes(price, one.on):
            key = (one.match_id, one.service_code_id, price.cents_per_hour, price.naming(one.on))
            groups[key].append((one, counted))
    return tuple(_draft(*key[:3], ones) for key, ones in groups.items())


def _draft(
    match_id: UUID, service_code_id: UUID, cents_per_hour: int, ones: Collection[tuple[Kept, int]]
) -> Draft:
    minutes = sum(counted for _one, counted in ones)
    return Draft(
        match_id=match_id,
        service_code_id=service_code_id,
        minutes=minutes,
        cents_per_hour=cents_per_hour,
        cents=line_amount(minutes, cents_per_hour),
        first_on=min(one.on for one, _counted in ones),
        last_on=max(one.on for one, _counted in ones),
        appointments=tuple(one.appointment_id for one, _counted in ones),
    )


def counted(one: Kept, prices: Iterable[Price]) -> int:
    """The minutes that are paid for one appointment, by what was agreed on its day."""
    price = price_on(prices, one.service_code_id, one.on)
    return (price.terms if price else NOTHING_MORE).counted(one)


def unpriced(kept: Iterable[Kept], prices: Collection[Price]) -> tuple[Kept, ...]:
    """What was kept on a day for which nothing was agreed on its code: it waits for a tariff."""
    return tuple(
        one for one in kept if not one.missed and price_on(prices, one.service_code_id, one.on) is None
    )


def advanced(kept: Iterable[Kept], prices: Collection[Price]) -> int:
    """How many minutes of these are paid by advances, and wait until those are settled."""
    found = ((one, price_on(prices, one.service_code_id, one.on)) for one in kept if not one.missed)
    return sum(one.minutes for one, price in found if price and price.is_advanced(one.on))


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
