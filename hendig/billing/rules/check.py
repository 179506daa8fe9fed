"""The four facts of formal control: what is asked about a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.billing.models import InvoiceStage
from hendig.billing.rules.months import ALWAYS, Price, price_on
from hendig.kernel.money import line_amount
from hendig.kernel.periods import Period, local_day
from hendig.kernel.refusal import Refusal, Words

# Hours may be tapped late, and go on the next invoice; longer ago than this somebody says that it is right.
LATE = timedelta(days=365)
# Somebody may help so long on a day and in a month; more is asked about.
MOST_A_DAY, MOST_A_MONTH = timedelta(hours=14), timedelta(hours=250)


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
    FULL_DAY = "full_day"
    FULL_MONTH = "full_month"
    OTHER_AMOUNT = "other_amount"


FINDINGS: Mapping[Finding, tuple[Fact, Words]] = {
    Finding.OTHER_MUNICIPALITY: (
        Fact.MUNICIPALITY,
        _("Op een van deze dagen was volgens ons een andere gemeente verantwoordelijk. Klopt dat?"),
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
    Finding.FULL_DAY: (
        Fact.AMOUNT,
        _("Gaf één beroepskracht op één dag meer dan 14 uur hulp?"),
    ),
    Finding.FULL_MONTH: (
        Fact.AMOUNT,
        _("Gaf één beroepskracht in één maand meer dan 250 uur hulp?"),
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
    full_day: bool = False
    full_month: bool = False
    # Whether another line is about the same match and days.
    invoiced: bool = False
    # What of it was taken back apart: the whole was rounded once.
    apart_minutes: int = 0
    apart_cents: int = 0
    # Whether on one of the days another municipality was responsible for the child.
    elsewhere: bool = False


def findings(claim: Claim) -> tuple[Finding, ...]:
    """Every question about this line, in the order of the four facts; none means that it is right."""
    asked = {
        Finding.LONG_AGO: not all(plausible(claim.month).covers(day) for day in claim.days),
        Finding.NO_AGREEMENT: not all(any(p.covers(day) for p in claim.agreements) for day in claim.days),
        Finding.AT_THE_SAME_TIME: claim.overlaps,
        Finding.FULL_DAY: claim.full_day,
        Finding.FULL_MONTH: claim.full_month,
        Finding.OTHER_AMOUNT: claim.cents + claim.apart_cents
        != line_amount(claim.minutes + claim.apart_minutes, claim.cents_per_hour),
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
        Finding.OTHER_MUNICIPALITY: claim.family_municipality_id != claim.municipality_id or claim.elsewhere,
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
    is_open = all(
        price and price.leaves_code_open(day) for price, day in zip(on_each_day, claim.days, strict=True)
    )
    return {
        Finding.OTHER_CODE: (claim.match_code_id not in {None, code} and not is_open)
        or claim.code_municipality_id != claim.municipality_id,
        Finding.CODE_NOT_AGREED: not all(
            _covers(claim, price, day) for price, day in zip(on_each_day, claim.days, strict=True)
        ),
        Finding.OTHER_TARIFF: agreed != {claim.cents_per_hour},
    }


@dataclass(frozen=True, slots=True)
class ClaimOfMonth:
    """What a line without hours says: its days and amount, beside those of the agreement."""

    days: Period
    cents: int
    agreement: Period
    agreed: int


def findings_of_month(claim: ClaimOfMonth) -> tuple[Finding, ...]:
    """Every question about a line that names a month, or takes off what was advanced."""
    asked = {
        Finding.NO_AGREEMENT: not claim.agreement.covers(claim.days.first),
        Finding.OTHER_AMOUNT: claim.cents != claim.agreed,
    }
    return tuple(finding for finding, holds in asked.items() if holds)


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
    """An hour of a professional: which appointment, from when until when, and of which group if of one."""

    appointment_id: UUID
    starts_at: datetime
    ends_at: datetime
    group_id: UUID | None = None


def at_the_same_time(slots: Iterable[Slot]) -> frozenset[UUID]:
    """Of the hours of one professional, the appointments that another one overlaps.

    Those of one group are at one time on purpose, and overlap nothing by that.
    """
    found: set[UUID] = set()
    latest: Slot | None = None
    together: dict[UUID, set[UUID]] = defaultdict(set)
    for slot in sorted(slots, key=lambda one: (one.starts_at, one.ends_at)):
        if slot.group_id is not None:
            together[slot.group_id].add(slot.appointment_id)
        same_group = latest is not None and slot.group_id is not None and slot.group_id == latest.group_id
        if latest is not None and slot.starts_at < latest.ends_at and not same_group:
            found |= {latest.appointment_id, slot.appointment_id}
        if latest is None or slot.ends_at > latest.ends_at:
            latest = slot
    # What overlaps one of a group overlaps all of it.
    return frozenset(found.union(*(ones for ones in together.values() if ones & found)))


def too_much(slots: Iterable[Slot]) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Of the hours of one professional those of days, and of months, that hold more than somebody can give.

    A group is given once, however many families are there.
    """
    days: dict[date, dict[UUID, timedelta]] = defaultdict(dict)
    months: dict[date, dict[UUID, timedelta]] = defaultdict(dict)
    on: list[tuple[date, UUID]] = []
    for slot in slots:
        day, given = local_day(slot.starts_at), slot.group_id or slot.appointment_id
        days[day][given] = months[day.replace(day=1)][given] = slot.ends_at - slot.starts_at
        on.append((day, slot.appointment_id))
    full = {day for day, given in days.items() if sum(given.values(), timedelta()) > MOST_A_DAY}
    fuller = {month for month, given in months.items() if sum(given.values(), timedelta()) > MOST_A_MONTH}
    return (
        frozenset(key for day, key in on if day in full),
        frozenset(key for day, key in on if day.replace(day=1) in fuller),
    )


def is_open(codes: Sized, *, settled: bool) -> bool:
    """Whether a question stands open about a line with these findings; it may be `settled`."""
    return len(codes) > 0 and not settled


def why_not_credit(*, takes: bool, credited: bool, settled: bool) -> Refusal | None:
    """Why a line cannot be taken back: it was, or counted already with what was kept.

    `takes` when the line takes something off itself: a note, or what was advanced. `settled` when it is an
    advance that was taken off the hours of its year: taken back as well, it would come off twice.
    """
    if takes:
        return Refusal("line.takes", _("Deze regel haalt zelf iets af. Die neemt u niet terug."))
    if credited:
        return Refusal("line.credited", _("Deze regel is al teruggenomen."))
    if settled:
        return Refusal(
            "line.settled",
            _("Dit voorschot is al verrekend met de uren. Klopt de verrekening niet, bel dan de gemeente."),
        )
    return None


def _why_not_open(codes: Sized, *, settled: bool) -> Refusal | None:
    if is_open(codes, settled=settled):
        return None
    return Refusal("line.not_asked", _("Over deze regel staat geen vraag open."))


def why_no_answer(codes: Sized, *, settled: bool, words: str) -> Refusal | None:
    """Why nothing can be answered about a line."""
    if not words.strip():
        return Refusal("line.no_words", _("Schrijf uw antwoord."))
    return _why_not_open(codes, settled=settled)


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
    return _why_not_open(codes, settled=settled)


def facts_asked(codes: Iterable[str]) -> frozenset[Fact]:
    """The facts that these findings ask about."""
    return frozenset(FINDINGS[Finding(code)][0] for code in codes)


def why_not_check(stage: str) -> Refusal | None:
    """Why an invoice cannot be checked once more."""
    if stage in {InvoiceStage.SENT, InvoiceStage.ASKED}:
        return None
    return Refusal("invoice.not_asked", _("Over deze factuur staat geen vraag open."))
