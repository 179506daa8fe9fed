"""What an hour costs on a day, what stands on an invoice, the four facts of its check, when it is paid."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from schwifty import IBAN

from hendig.billing.models import LEAST_CENTS_PER_HOUR, MOVES, InvoiceStage, Tariff
from hendig.kernel.money import line_amount
from hendig.kernel.periods import AMSTERDAM, Period, local_day, month_of
from hendig.kernel.refusal import Refusal, Words
from hendig.plans.models import Appointment

VAT_EXEMPT = _("Vrijgesteld van btw: jeugdhulp (artikel 11 Wet op de omzetbelasting 1968).")
PAID_WITHIN_DAYS = 30
VAT_NUMBER = re.compile(r"NL\d{9}B\d{2}", re.ASCII)
ENVELOPE = re.compile(r"(\S[^,]*), *(\d{4} ?[A-Z]{2}) +(\S.*)", re.ASCII)
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


@dataclass(frozen=True, slots=True)
class Address:
    """Where an organisation gets its post."""

    street: str
    postcode: str
    town: str

    def is_whole(self) -> bool:
        return bool(self.street.strip() and self.postcode.strip() and self.town.strip())


def address_in(text: str) -> Address | None:
    """The address in a line as it stands on an envelope; None when it is not one."""
    found = ENVELOPE.fullmatch(text.strip())
    return Address(found[1], found[2], found[3]) if found else None


def why_no_einvoice(*, vat: str, seller: Address, buyer: Address | None, buyer_number: str) -> Refusal | None:
    """Why an invoice cannot be an electronic one: the official rules ask more than paper does."""
    if not VAT_NUMBER.fullmatch(vat):
        return Refusal(
            "einvoice.no_vat",
            _("Voor een e-factuur is het btw-nummer van de partner nodig. Geef het door aan de gemeente."),
        )
    if not seller.is_whole():
        return Refusal(
            "einvoice.no_address",
            _("Voor een e-factuur is het adres van de partner nodig. Geef het door aan de gemeente."),
        )
    if buyer is None or not buyer_number:
        return Refusal(
            "einvoice.no_municipality",
            _("Een e-factuur kan nog niet: de gemeente vulde haar postadres of nummer nog niet in."),
        )
    return None


def batch_number(year: int, before: int) -> str:
    """The next number in the municipality's own series of payment files, without gaps."""
    return f"{batch_series(year)}{before + 1:04d}"


def batch_series(year: int) -> str:
    return f"B{year}-"


class Fact(StrEnum):
    """The four facts of formal control (Regeling Jeugdwet art. 1)."""

    MUNICIPALITY = "municipality"
    SERVICE = "service"
    ENTITLED = "entitled"
    AMOUNT = "amount"


FACTS: Mapping[Fact, Words] = {
    Fact.MUNICIPALITY: _("Deze gemeente is verantwoordelijk"),
    Fact.SERVICE: _("De hulp hoort bij een match en een code"),
    Fact.ENTITLED: _("Er geldt een afspraak met deze partner"),
    Fact.AMOUNT: _("Uren en tarief zijn zoals afgesproken"),
}


class Finding(StrEnum):
    """What the check asks about; a finding is a question, never a rejection."""

    OTHER_MUNICIPALITY = "other_municipality"
    OTHER_CODE = "other_code"
    OUTSIDE_MATCH = "outside_match"
    OTHER_PARTNER = "other_partner"
    NO_AGREEMENT = "no_agreement"
    OTHER_TARIFF = "other_tariff"
    OTHER_HOURS = "other_hours"
    OTHER_AMOUNT = "other_amount"


FINDINGS: Mapping[Finding, tuple[Fact, Words]] = {
    Finding.OTHER_MUNICIPALITY: (
        Fact.MUNICIPALITY,
        _("Is een andere gemeente verantwoordelijk voor deze hulp?"),
    ),
    Finding.OTHER_CODE: (Fact.SERVICE, _("De match staat op een andere code. Welke klopt?")),
    Finding.OUTSIDE_MATCH: (Fact.SERVICE, _("Op een van deze dagen gold de match niet. Klopt de dag?")),
    Finding.OTHER_PARTNER: (Fact.ENTITLED, _("De match is met een andere partner. Wie gaf de hulp?")),
    Finding.NO_AGREEMENT: (Fact.ENTITLED, _("Op een van deze dagen gold er geen afspraak. Loopt die door?")),
    Finding.OTHER_TARIFF: (Fact.AMOUNT, _("Op een van deze dagen gold een ander tarief. Welk tarief klopt?")),
    Finding.OTHER_HOURS: (
        Fact.AMOUNT,
        _("De uren zijn anders dan de afspraken die geweest zijn. Hoe komt dat?"),
    ),
    Finding.OTHER_AMOUNT: (Fact.AMOUNT, _("Uren keer tarief geeft een ander bedrag. Hoe komt dat?")),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a line says, beside everything that is known about it."""

    municipality_id: UUID
    partner_id: UUID
    service_code_id: UUID
    minutes: int
    cents_per_hour: int
    cents: int
    days: tuple[date, ...]
    kept_minutes: int
    family_municipality_id: UUID
    match_partner_id: UUID
    match_code_id: UUID
    match_period: Period
    code_municipality_id: UUID
    agreements: tuple[Period, ...]
    prices: tuple[Price, ...]


def findings(claim: Claim) -> tuple[Finding, ...]:
    """Every question about this line, in the order of the four facts; none means that it is right."""
    agreed = {price_on(claim.prices, claim.service_code_id, day) for day in claim.days}
    asked = {
        Finding.OTHER_MUNICIPALITY: claim.family_municipality_id != claim.municipality_id,
        Finding.OTHER_CODE: claim.service_code_id != claim.match_code_id
        or claim.code_municipality_id != claim.municipality_id,
        Finding.OUTSIDE_MATCH: not all(claim.match_period.covers(day) for day in claim.days),
        Finding.OTHER_PARTNER: claim.match_partner_id != claim.partner_id,
        Finding.NO_AGREEMENT: not all(any(p.covers(day) for p in claim.agreements) for day in claim.days),
        Finding.OTHER_TARIFF: agreed != {claim.cents_per_hour},
        Finding.OTHER_HOURS: claim.minutes != claim.kept_minutes,
        Finding.OTHER_AMOUNT: claim.cents != line_amount(claim.minutes, claim.cents_per_hour),
    }
    return tuple(finding for finding, holds in asked.items() if holds)


def facts_asked(codes: Iterable[str]) -> frozenset[Fact]:
    """The facts that these findings ask about."""
    return frozenset(FINDINGS[Finding(code)][0] for code in codes)


def why_not_check(stage: str) -> Refusal | None:
    """Why an invoice cannot be checked once more."""
    if InvoiceStage.RIGHT in MOVES[InvoiceStage(stage)]:
        return None
    return Refusal("invoice.not_asked", _("Over deze factuur staat geen vraag open."))


@dataclass(frozen=True, slots=True)
class Payee:
    """Who gets money: a partner and its account."""

    name: str
    iban: str


def why_not_pay(debtor: Payee, payees: Collection[Payee]) -> Refusal | None:
    """Why nothing can be paid now; an account number that cannot exist stops the whole file."""
    if not payees:
        return Refusal("payment.nothing", _("Er staat niets klaar om te betalen."))
    if not IBAN(debtor.iban, allow_invalid=True).is_valid:
        return Refusal(
            "payment.no_account", _("De gemeente heeft nog geen geldig rekeningnummer. Vul dat eerst in.")
        )
    if any(not IBAN(payee.iban, allow_invalid=True).is_valid for payee in payees):
        return Refusal(
            "payment.bad_iban", _("Een rekeningnummer van een partner klopt niet. Er is niets betaald.")
        )
    return None


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


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    skipped, leap = divmod(century, 4)
    moon = (19 * golden + century - skipped - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * leap + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_banking_day(day: date) -> bool:
    """Whether euros move between banks: the settlement system closes on weekends and six days a year.

    These days, and not the public holidays of a country, decide when a transfer is carried out.
    """
    sunday = easter(day.year)
    moving = {sunday - timedelta(days=2), sunday + timedelta(days=1)}
    return (
        day.weekday() < 5
        and day not in moving
        and (day.month, day.day) not in {(1, 1), (5, 1), (12, 25), (12, 26)}
    )


def next_banking_day(day: date) -> date:
    """The first banking day after `day`."""
    following = day + timedelta(days=1)
    while not is_banking_day(following):
        following += timedelta(days=1)
    return following
