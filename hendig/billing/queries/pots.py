"""How the pots of a year run: what is spent and bound, what the year comes to, and of no few families."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from hendig.audit.actions import reading
from hendig.billing import rules
from hendig.billing.models import Pot, PotAmount, Tariff
from hendig.billing.queries.pots_drawn import Drawing, draw
from hendig.billing.rules.pots import PARTS, Part, Sums
from hendig.kernel import small
from hendig.kernel.actor import Actor
from hendig.kernel.money import line_amount
from hendig.kernel.periods import Period, local_day
from hendig.kernel.refusal import NotVisible, Words
from hendig.people.rules import Permission, may, require_permission
from hendig.plans.models import AppointmentStage

# A line counts in the year of its last day, an appointment in that of its own: as days are counted here.
LINES = """
    SELECT p.pot_id, l.batch_id IS NOT NULL, sum(l.cents), array_agg(DISTINCT m.family_id)
    FROM billing_invoiceline l
        JOIN matching_match m ON m.id = l.match_id
        LEFT JOIN hendig_in_pots(%(year)s) p ON p.match_id = m.id
    WHERE l.municipality_id = %(town)s AND l.last_on BETWEEN %(first)s AND %(last)s AND l.credits_id IS NULL
        AND NOT EXISTS (SELECT FROM billing_invoiceline c WHERE c.credits_id = l.id)
    GROUP BY 1, 2
"""
# What is on no invoice in the year, and whatever was kept in the weeks from which is looked ahead. What is
# planned counts while its match runs.
APPOINTMENTS = """
    SELECT p.pot_id, a.partner_id, m.service_code_id, d.day, a.minutes, a.stage,
        a.group_id IS NOT NULL, i.id IS NOT NULL, count(*), array_agg(DISTINCT a.family_id)
    FROM plans_appointment a
        CROSS JOIN LATERAL (SELECT (a.starts_at AT TIME ZONE 'Europe/Amsterdam')::date AS day) d
        JOIN matching_match m ON m.id = a.match_id
        LEFT JOIN billing_invoicedappointment i ON i.appointment_id = a.id
        LEFT JOIN hendig_in_pots(%(year)s) p ON p.match_id = m.id
    WHERE a.municipality_id = %(town)s AND a.stage <> 'cancelled'
        AND (a.stage <> 'planned' OR m.ends_on IS NULL OR m.ends_on >= d.day)
        AND (d.day BETWEEN %(first)s AND %(last)s AND i.id IS NULL
            OR d.day BETWEEN %(back)s AND %(until)s AND a.stage <> 'planned')
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of what is used; `cents` is None when it stands for too few families."""

    part: Part
    words: Words
    cents: int | None


@dataclass(frozen=True, slots=True)
class Used:
    """What is spent and bound, in hundreds of euros. Without `cents` it is about too few families."""

    cents: int | None
    parts: tuple[PartRow, ...]
    rest: int
    expected: rules.Expected | None
    unpriced: int

    @property
    def any_hidden(self) -> bool:
        return any(one.cents is None for one in self.parts)


@dataclass(frozen=True, slots=True)
class Amount:
    """What is set aside from a day on, and by whom."""

    cents: int
    from_on: date
    set_by: str
    set_on: date


@dataclass(frozen=True, slots=True)
class PotRow:
    """A pot: for whom it is, what is in it, and how it runs."""

    id: UUID
    name: str
    neighbourhood: str
    youngest: int
    oldest: int
    year: int
    amounts: tuple[Amount, ...]
    cents: int
    used: Used
    drawing: Drawing | None

    @property
    def spare(self) -> int | None:
        """What is left of it after what is spent and bound; below nothing when it is more than used up."""
        return None if self.used.cents is None else self.cents - self.used.cents

    @property
    def is_empty(self) -> bool:
        return self.spare is not None and self.spare <= 0

    @property
    def runs_over(self) -> bool:
        """Whether the middle of what is expected is more than there is in it."""
        ahead = self.used.expected
        return not self.is_empty and ahead is not None and ahead.middle > self.cents


@dataclass(frozen=True, slots=True)
class Pots:
    """All pots of a year, what falls under none of them, and all of it together."""

    year: int
    years: tuple[int, ...]
    pots: tuple[PotRow, ...]
    outside: Used
    cents: int
    total: int | None
    may_keep: bool
    weeks_needed: int = rules.LEAST_WEEKS


def pots(actor: Actor, year: int | None, *, at: datetime) -> Pots:
    """The pots of a year, by default this one. 5 queries at any size.

    The walls are told that it is to learn: over groups of families, and of no family a word.
    """
    require_permission(actor, Permission.SEE_POTS)
    today = local_day(at)
    years = (today.year - 1, today.year, today.year + 1)
    year = year if year in years else today.year
    here = Pot.objects.standing(actor).filter(year=year)
    rows = list(here)
    amounts: dict[UUID, list[Amount]] = defaultdict(list)
    for one in PotAmount.objects.filter(pot__in=here.order_by()).select_related("set_by"):
        amounts[one.pot_id].append(
            Amount(one.cents, one.from_on, one.set_by.first_name, local_day(one.set_at))
        )
    sums = _sums(actor, year, today, at)
    keys: list[UUID | None] = [row.pk for row in rows] + [None]
    shown = small.hide_small([sums[key].everyone for key in keys])
    used = {
        key: _used(sums[key], year, today, told=place not in shown.hidden) for place, key in enumerate(keys)
    }
    return Pots(
        year=year,
        years=years,
        pots=tuple(_row(row, amounts[row.pk], used[row.pk], today) for row in rows),
        outside=used[None],
        cents=sum(_holds(amounts[row.pk], today) for row in rows),
        total=rules.in_hundreds(sum(sums[key].total for key in keys)) if shown.total else None,
        may_keep=may(actor, Permission.KEEP_POTS),
    )


def pot(actor: Actor, pot_id: UUID, *, at: datetime) -> PotRow:
    """One pot, beside the others of its year; `NotVisible` for one of another municipality. 6 queries."""
    row = Pot.objects.standing(actor).filter(pk=pot_id).first()
    if row is None:
        raise NotVisible
    return next(one for one in pots(actor, row.year, at=at).pots if one.id == pot_id)


def _holds(amounts: Sequence[Amount], today: date) -> int:
    """What is in the pot today; before its year begins what it begins with."""
    begun = [one.cents for one in amounts if one.from_on <= today]
    return begun[-1] if begun else amounts[0].cents


def _row(row: Pot, amounts: Sequence[Amount], used: Used, today: date) -> PotRow:
    holds = _holds(amounts, today)
    return PotRow(
        id=row.pk,
        name=row.name,
        neighbourhood=row.neighbourhood,
        youngest=row.youngest,
        oldest=row.oldest,
        year=row.year,
        amounts=tuple(amounts),
        cents=holds,
        used=used,
        drawing=None
        if used.cents is None
        else draw(holds, [(one.part, one.cents) for one in used.parts], used.rest, used.cents, used.expected),
    )


def _used(sums: Sums, year: int, today: date, *, told: bool) -> Used:
    """What of it may be told, each part and all of it together."""
    # Who knows one part of a few families by a total would know that part: all of them, or none.
    cells = small.hide_small([len(sums.families[part]) for part in Part])
    told = told and cells.total
    hidden = cells.hidden if told else frozenset(range(len(Part)))
    parts = tuple(
        PartRow(part, PARTS[part], None if place in hidden else rules.in_hundreds(sums.cents[part]))
        for place, part in enumerate(Part)
    )
    return Used(
        cents=rules.in_hundreds(sums.total) if told else None,
        parts=parts,
        rest=rules.in_hundreds(
            sum(sums.cents[part] for place, part in enumerate(Part) if told and place in hidden)
        ),
        expected=_expected(sums, year, today) if told and sums.total else None,
        unpriced=sums.unpriced if told else 0,
    )


def _expected(sums: Sums, year: int, today: date) -> rules.Expected | None:
    if year != today.year:
        return None
    found = rules.expected(
        rules.by_week(sums.by_day, today),
        spent=sums.spent,
        bound=sums.cents[Part.BOUND],
        days_left=(date(year, 12, 31) - today).days,
    )
    if found is None:
        return None
    low, middle, high = map(rules.in_hundreds, (found.low, found.middle, found.high))
    return rules.Expected(low, middle, high, found.weeks)


def _sums(actor: Actor, year: int, today: date, at: datetime) -> Mapping[UUID | None, Sums]:
    """What falls under each pot of the year, and under none (None). 3 queries."""
    back = rules.looked_back(today)
    period = Period(date(year, 1, 1), date(year, 12, 31))
    values: dict[str, UUID | int | date | None] = {
        "town": actor.municipality_id,
        "year": year,
        "first": period.first,
        "last": period.last,
        "back": back.first,
        "until": back.last,
    }
    sums: dict[UUID | None, Sums] = defaultdict(Sums)
    prices: dict[UUID, list[rules.Price]] = defaultdict(list)
    here = Tariff.objects.agreed().filter(municipality_id=actor.municipality_id)
    for tariff in here:
        prices[tariff.agreement.partner_id].append(rules.price_of(tariff))
    with reading(actor, at, purpose="learn"), connection.cursor() as cursor:
        cursor.execute(LINES, values)
        for pot_id, paid, cents, families in cursor.fetchall():
            sums[pot_id].add(Part.PAID if paid else Part.INVOICED, int(cents), families)
        cursor.execute(APPOINTMENTS, values)
        for some in (Some(*row) for row in cursor.fetchall()):
            _count(sums[some.pot_id], some, prices[some.partner_id], period)
    return sums


@dataclass(frozen=True, slots=True)
class Some:
    """Appointments that are alike: as many of the same length, on a day, with a partner and on a code."""

    pot_id: UUID | None
    partner_id: UUID
    service_code_id: UUID
    on: date
    minutes: int
    stage: str
    in_group: bool
    invoiced: bool
    times: int
    families: list[UUID]


def _count(sums: Sums, some: Some, prices: Sequence[rules.Price], year: Period) -> None:
    price = rules.price_on(prices, some.service_code_id, some.on)
    missed = some.stage == AppointmentStage.MISSED
    if price is None:
        if not missed and not some.invoiced and year.covers(some.on):
            sums.unpriced += some.times * some.minutes
        return
    minutes = price.terms.minutes(some.minutes, missed=missed, in_group=some.in_group)
    cents = line_amount(some.times * minutes, price.cents_per_hour)
    planned = some.stage == AppointmentStage.PLANNED
    if not some.invoiced and year.covers(some.on):
        sums.add(Part.BOUND if planned else Part.KEPT, cents, some.families)
    if not planned:
        sums.by_day.append((some.on, cents))
