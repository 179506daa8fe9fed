"""The four facts of formal control: what is asked about a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.billing.models import MOVES, InvoiceStage
from hendig.billing.rules.months import ALWAYS, Price, price_on
from hendig.kernel.money import line_amount
from hendig.kernel.periods import Period
from hendig.kernel.refusal import Refusal, Words

# Hours may be tapped late, and go on the next invoice; longer ago than this somebody says that it is right.
LATE = timedelta(days=365)


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
    NO_MATCH = "no_match"
    NO_CODE = "no_code"
    OTHER_CODE = "other_code"
    OUTSIDE_MATCH = "outside_match"
    LONG_AGO = "long_ago"
    OTHER_PARTNER = "other_partner"
    NO_AGREEMENT = "no_agreement"
    CODE_NOT_AGREED = "code_not_agreed"
    OTHER_TARIFF = "other_tariff"
    OTHER_HOURS = "other_hours"
    INVOICED_BEFORE = "invoiced_before"
    AT_THE_SAME_TIME = "at_the_same_time"
    OTHER_AMOUNT = "other_amount"


FINDINGS: Mapping[Finding, tuple[Fact, Words]] = {
    Finding.OTHER_MUNICIPALITY: (
        Fact.MUNICIPALITY,
        _("Is een andere gemeente verantwoordelijk voor deze hulp?"),
    ),
    Finding.NO_MATCH: (Fact.SERVICE, _("Wij kennen dit matchnummer niet. Wat is het goede nummer?")),
    Finding.NO_CODE: (Fact.SERVICE, _("Wij kennen deze code niet. Welke code is het?")),
    Finding.OTHER_CODE: (Fact.SERVICE, _("De match staat op een andere code. Welke klopt?")),
    Finding.OUTSIDE_MATCH: (Fact.SERVICE, _("Op een van deze dagen gold de match niet. Klopt de dag?")),
    Finding.LONG_AGO: (
        Fact.SERVICE,
        _("Een van deze dagen ligt buiten de maand van de factuur en het jaar ervoor. Klopt de dag?"),
    ),
    Finding.OTHER_PARTNER: (Fact.ENTITLED, _("De match is met een andere partner. Wie gaf de hulp?")),
    Finding.NO_AGREEMENT: (Fact.ENTITLED, _("Op een van deze dagen gold er geen afspraak. Loopt die door?")),
    Finding.CODE_NOT_AGREED: (
        Fact.ENTITLED,
        _("Op een van deze dagen stond deze code niet in de afspraak. Hoort die erbij?"),
    ),
    Finding.OTHER_TARIFF: (Fact.AMOUNT, _("Op een van deze dagen gold een ander tarief. Welk tarief klopt?")),
    Finding.OTHER_HOURS: (
        Fact.AMOUNT,
        _("De uren zijn anders dan de afspraken die geweest zijn. Hoe komt dat?"),
    ),
    Finding.INVOICED_BEFORE: (
        Fact.AMOUNT,
        _("Voor deze match en deze dagen staat al iets op een factuur. Is dit dubbel?"),
    ),
    Finding.AT_THE_SAME_TIME: (
        Fact.AMOUNT,
        _("Op hetzelfde moment had deze beroepskracht nog een afspraak. Welke van de twee was er?"),
    ),
    Finding.OTHER_AMOUNT: (Fact.AMOUNT, _("Uren keer tarief geeft een ander bedrag. Hoe komt dat?")),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a line says, beside everything that is known about it; the match or the code may not be known."""

    municipality_id: UUID
    partner_id: UUID
    service_code_id: UUID | None
    minutes: int
    cents_per_hour: int
    cents: int
    days: tuple[date, ...]
    kept_minutes: int
    family_municipality_id: UUID | None
    match_partner_id: UUID | None
    match_code_id: UUID | None
    match_period: Period
    code_municipality_id: UUID | None
    agreements: tuple[Period, ...]
    prices: tuple[Price, ...]
    # Of the agreements those without tariffs of their own: what was agreed before goes on under them.
    bare: tuple[Period, ...] = ()
    month: Period = ALWAYS
    overlaps: bool = False
    # Whether another line is about the same match and days.
    invoiced: bool = False


def findings(claim: Claim) -> tuple[Finding, ...]:
    """Every question about this line, in the order of the four facts; none means that it is right."""
    asked = {
        Finding.LONG_AGO: not all(plausible(claim.month).covers(day) for day in claim.days),
        Finding.NO_AGREEMENT: not all(any(p.covers(day) for p in claim.agreements) for day in claim.days),
        Finding.AT_THE_SAME_TIME: claim.overlaps,
        Finding.OTHER_AMOUNT: claim.cents != line_amount(claim.minutes, claim.cents_per_hour),
        **_of_match(claim),
        **_of_code(claim),
    }
    return tuple(finding for finding in Finding if asked.get(finding))


def _of_match(claim: Claim) -> dict[Finding, bool]:
    """What is asked about the match; of one that nobody knows only which it is."""
    if claim.match_code_id is None:
        return {Finding.NO_MATCH: True}
    twice = claim.invoiced and claim.minutes > claim.kept_minutes
    return {
        Finding.OTHER_MUNICIPALITY: claim.family_municipality_id != claim.municipality_id,
        Finding.OUTSIDE_MATCH: not all(claim.match_period.covers(day) for day in claim.days),
        Finding.OTHER_PARTNER: claim.match_partner_id != claim.partner_id,
        Finding.OTHER_HOURS: claim.minutes != claim.kept_minutes and not twice,
        Finding.INVOICED_BEFORE: twice,
    }


def _of_code(claim: Claim) -> dict[Finding, bool]:
    """What is asked about the code and its tariff; of a code that nobody knows only which it is."""
    code = claim.service_code_id
    if code is None:
        return {Finding.NO_CODE: True}
    on_each_day = [price_on(claim.prices, code, day) for day in claim.days]
    agreed = {price and price.cents_per_hour for price in on_each_day}
    return {
        Finding.OTHER_CODE: claim.match_code_id not in {None, code}
        or claim.code_municipality_id != claim.municipality_id,
        Finding.CODE_NOT_AGREED: not all(
            _covers(claim, price, day) for price, day in zip(on_each_day, claim.days, strict=True)
        ),
        Finding.OTHER_TARIFF: agreed != {claim.cents_per_hour},
    }


def _covers(claim: Claim, price: Price | None, day: date) -> bool:
    """Whether the code lies in what was agreed for the day; where nothing was, that is asked already."""
    if price is None or not any(one.covers(day) for one in claim.agreements):
        return True
    return price.agreed.covers(day) or any(one.covers(day) for one in claim.bare)


def plausible(month: Period) -> Period:
    """The days that may stand on the invoice of a month: late hours of the year before it among them."""
    first = month.first if month.first == date.min else month.first - LATE
    return Period(first, month.last)


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour of a professional: which appointment, and from when until when."""

    appointment_id: UUID
    starts_at: datetime
    ends_at: datetime


def at_the_same_time(slots: Iterable[Slot]) -> frozenset[UUID]:
    """Of the hours of one professional, the appointments that another one overlaps."""
    found: set[UUID] = set()
    latest: Slot | None = None
    for slot in sorted(slots, key=lambda one: (one.starts_at, one.ends_at)):
        if latest is not None and slot.starts_at < latest.ends_at:
            found |= {latest.appointment_id, slot.appointment_id}
        if latest is None or slot.ends_at > latest.ends_at:
            latest = slot
    return frozenset(found)


def is_open(codes: Sized, *, settled: bool) -> bool:
    """Whether a question stands open about a line with these findings; it may be `settled`."""
    return len(codes) > 0 and not settled


def why_not_credit(codes: Sized, *, settled: bool) -> Refusal | None:
    """Why a line cannot be taken back: only one that is asked about and not paid can."""
    if not is_open(codes, settled=settled):
        return Refusal("line.not_asked", _("Over deze regel staat geen vraag open."))
    return None


def why_no_answer(codes: Sized, *, settled: bool, words: str) -> Refusal | None:
    """Why nothing can be answered about a line."""
    if not words.strip():
        return Refusal("line.no_words", _("Schrijf uw antwoord."))
    return why_not_credit(codes, settled=settled)


def why_not_accept(codes: Sized, *, settled: bool, own: bool, known: bool = True) -> Refusal | None:
    """Why somebody cannot accept a line as it stands; `own` when they sent the invoice.

    `known` when the line leads to a match and a code: without those there is no ground to pay it on.
    """
    if own:
        return Refusal("line.own_invoice", _("U verstuurde deze factuur zelf. Een collega beslist erover."))
    if not known:
        return Refusal(
            "line.unknown",
            _("Zonder match en code kan niemand dit goedkeuren. De partner crediteert de regel."),
        )
    return why_not_credit(codes, settled=settled)


def facts_asked(codes: Iterable[str]) -> frozenset[Fact]:
    """The facts that these findings ask about."""
    return frozenset(FINDINGS[Finding(code)][0] for code in codes)


def why_not_check(stage: str) -> Refusal | None:
    """Why an invoice cannot be checked once more."""
    if InvoiceStage.RIGHT in MOVES[InvoiceStage(stage)]:
        return None
    return Refusal("invoice.not_asked", _("Over deze factuur staat geen vraag open."))
