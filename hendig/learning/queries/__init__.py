"""Waiting, flow, outcomes and costs: always beside each other, without names and without small numbers.

Counted is what was known when the last month ended, so every day of a month shows the same; and people are
counted by ten. Two looks then never differ by one family, whatever happened between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import orjson
from django.db.models import Count, Min, Model, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import reading
from hendig.billing.models import Invoice
from hendig.helprequests.models import HelpRequest, Stage, StageMove
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import Words
from hendig.learning.queries.shown import NONE, Bars, Cell, Middle, Sums, bars, middle_of, sums
from hendig.people.rules import Permission, require_permission
from hendig.plans.models import Appointment, AppointmentStage, Ending, Onward, Outcome, Reason
from hendig.tents.models import Gesture, GestureKind

MONTHS = 6
YEAR = 12
BURDEN = Path(__file__).parent.parent / "burden.json"
# One child, one product, six months in the ordinary chain: counted in the iJw 3.2 message definitions.
ORDINARY_MESSAGES = 20
ORDINARY_VALUES = 347

WAITED: tuple[tuple[int, Words], ...] = (
    (3, _("binnen 3 dagen")),
    (7, _("4 tot 7 dagen")),
    (14, _("1 tot 2 weken")),
    (28, _("2 tot 4 weken")),
    (100_000, _("langer dan 4 weken")),
)
GRADES: tuple[tuple[range, Words], ...] = (
    (range(1, 6), _("1 tot en met 5")),
    (range(6, 8), _("6 of 7")),
    (range(8, 9), _("8")),
    (range(9, 11), _("9 of 10")),
)
HEARD: tuple[tuple[bool, Words], ...] = ((True, _("ja")), (False, _("niet helemaal")))

# The steps of the story as the file of the burden meter names them.
STEPS: dict[str, Words] = {
    "Vraag": _("Vraag"),
    "Eerste gesprek": _("Eerste gesprek"),
    "Open Tent": _("Open Tent"),
    "Tent bij elkaar": _("Tent bij elkaar"),
    "Tent": _("Tent"),
    "Match": _("Match"),
    "Hulp": _("Hulp"),
    "Factuur en betaling": _("Factuur en betaling"),
    "Gezag nakijken": _("Gezag nakijken"),
    "Bestand voor de bank": _("Bestand voor de bank"),
    "Antwoord van de bank": _("Antwoord van de bank"),
    "Afronden": _("Afronden"),
}

# Who they are in the story: the file names parts, the page never a person.
PARTS: dict[str, Words] = {
    "parent": _("ouder die vraagt"),
    "other parent": _("andere ouder"),
    "youth": _("jongere"),
    "coach": _("gezinscoach"),
    "neighbour": _("buurtgenoot"),
    "professional": _("beroepskracht"),
    "other professional": _("tweede beroepskracht"),
    "office": _("kantoor van de partner"),
    "finance": _("financiën"),
}

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Days from the question to the first kept appointment."""

    days: Middle | None
    spread: Bars


def waiting(actor: Actor, *, until: date) -> Waiting:
    """How long families waited whose help began in the year before `until`. 1 query."""
    firsts = (
        Appointment.objects.filter(
            municipality_id=actor.municipality_id, stage=AppointmentStage.KEPT, settled_at__lt=_since(until)
        )
        .order_by()
        .values_list("match__request_id", "match__request__asked_at", "family_id")
        .annotate(first=Min("starts_at"))
        .filter(first__gte=_since(months_before(until, YEAR)[0]), first__lt=_since(until))
    )
    days: list[int] = []
    buckets: list[list[UUID]] = [[] for _one in WAITED]
    for _request, asked_at, family_id, first in firsts:
        waited = max(0, (local_day(first) - local_day(asked_at)).days)
        days.append(waited)
        buckets[next(at for at, (most, _label) in enumerate(WAITED) if waited <= most)].append(family_id)
    spread = bars(
        [(label, _cell(families)) for (_most, label), families in zip(WAITED, buckets, strict=True)]
    )
    return Waiting(middle_of(days, {family_id for families in buckets for family_id in families}), spread)


@dataclass(frozen=True, slots=True)
class Column:
    """A month in the picture of the flow: what came in and what was done, with heights out of 100."""

    month: date
    came: int | None
    went: int | None
    came_height: int
    went_height: int
    x: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Where questions stood, and what came and went: by month, and in the half year together."""

    now: Bars
    months: tuple[Column, ...]
    came: int | None
    went: int | None

    @property
    def by_month(self) -> bool:
        """Whether any month may be read by itself."""
        return any(one.came or one.went for one in self.months)


def flow(actor: Actor, *, until: date) -> Flow:
    """How many questions stood in each stage then, and how many came and went in each month. 5 queries."""
    end = _since(until)
    rows = HelpRequest.objects.filter(municipality_id=actor.municipality_id, asked_at__lt=end).order_by()
    last = StageMove.objects.filter(request=OuterRef("pk"), at__lt=end).order_by("-at", "-id")
    counted = {
        stage: Cell(number, families)
        for stage, number, families in rows.annotate(stood=Subquery(last.values("stage")[:1]))
        .values_list("stood")
        .annotate(number=Count("pk"), families=Count("family_id", distinct=True))
    }
    now = bars([(stage.label, counted.get(stage, NONE)) for stage in Stage if stage is not Stage.DONE])
    months = months_before(until, MONTHS)
    asked = rows.filter(asked_at__gte=_since(months[0]))
    done = _in_period(Ending.objects.all(), actor, months[0], until)
    columns = _columns(months, _by_month(asked, "asked_at", "family_id"), _by_month(done, "at", "family_id"))
    return Flow(now, columns, _together(asked), _together(done))


def _together(rows: QuerySet[M]) -> int | None:
    """How many in all, when that is about enough families."""
    cell = rows.aggregate(number=Count("pk"), families=Count("family_id", distinct=True))
    return Cell(cell["number"], cell["families"]).told


def _in_period(rows: QuerySet[M], actor: Actor, since: date, until: date) -> QuerySet[M]:
    """What was written in that period, of the actor's municipality."""
    return rows.filter(
        municipality_id=actor.municipality_id, at__gte=_since(since), at__lt=_since(until)
    ).order_by()


def _by_month(rows: QuerySet[M], moment: str, family: str) -> dict[date, Cell]:
    found = (
        rows.annotate(month=TruncMonth(moment, tzinfo=AMSTERDAM))
        .values_list("month")
        .annotate(number=Count("pk"), families=Count(family, distinct=True))
    )
    return {month.date(): Cell(number, families) for month, number, families in found}


def _columns(
    months: Sequence[date], came: Mapping[date, Cell], went: Mapping[date, Cell]
) -> tuple[Column, ...]:
    ins = bars([(str(month), came.get(month, NONE)) for month in months]).bars
    outs = bars([(str(month), went.get(month, NONE)) for month in months]).bars
    most = max([*(bar.most for bar in ins), *(bar.most for bar in outs), 1])
    return tuple(
        Column(
            month=month,
            came=into.value,
            went=out.value,
            came_height=round(100 * (into.value or 0) / most),
            went_height=round(100 * (out.value or 0) / most),
            x=20 + 60 * at,
        )
        for at, (month, into, out) in enumerate(zip(months, ins, outs, strict=True))
    )


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What the families said at the end, and why help ended: the national outcome set.

    And whether who sat at a tent felt heard: how often, and of that not a word.
    """

    grade: Middle | None
    useful: Bars
    onward: Bars
    reasons: Bars
    heard: Bars


def outcomes(actor: Actor, *, until: date) -> Outcomes:
    """The answers to the two questions and the reasons of ending in the year before `until`. 4 queries."""
    since = months_before(until, YEAR)[0]
    answers = _in_period(Outcome.objects.all(), actor, since, until)
    endings = _in_period(Ending.objects.all(), actor, since, until)
    said = _in_period(Gesture.objects.filter(kind=GestureKind.HEARD), actor, since, until)
    given = list(answers.values_list("useful", "family_id"))
    useful = [
        (label, _cell([family_id for grade, family_id in given if grade in some])) for some, label in GRADES
    ]
    return Outcomes(
        grade=middle_of([grade for grade, _family in given], {family_id for _grade, family_id in given}),
        useful=bars(useful, answers=True),
        onward=bars(_by_choice(answers, "onward", Onward.choices), answers=True),
        reasons=bars(_by_choice(endings, "reason", Reason.choices), answers=True),
        heard=bars(_by_choice(said, "yes", HEARD), answers=True),
    )


def _cell(families: Sequence[UUID]) -> Cell:
    return Cell(len(families), len(set(families)))


def _by_choice(
    rows: QuerySet[M], name: str, choices: Iterable[tuple[str | bool, Words]]
) -> list[tuple[Words, Cell]]:
    found = rows.values_list(name).annotate(number=Count("pk"), families=Count("family_id", distinct=True))
    counted = {value: Cell(number, families) for value, number, families in found}
    return [(label, counted.get(value, NONE)) for value, label in choices]


@dataclass(frozen=True, slots=True)
class CostOfMonth:
    """What the invoices that came in one month come to on each code, in cents."""

    month: date
    bars: Sums


@dataclass(frozen=True, slots=True)
class Costs:
    codes: tuple[str, ...]
    months: tuple[CostOfMonth, ...]

    @property
    def latest(self) -> CostOfMonth | None:
        return self.months[-1] if self.months else None


def costs(actor: Actor, *, until: date) -> Costs:
    """What help cost on each code, by the month in which the invoice came. 1 query.

    By the month of the help one late invoice would add its family to a sum that was read before.
    """
    found = (
        Invoice.objects.filter(
            municipality_id=actor.municipality_id,
            sent_at__gte=_since(months_before(until, MONTHS)[0]),
            sent_at__lt=_since(until),
            lines__isnull=False,
        )
        .order_by()
        .annotate(came=TruncMonth("sent_at", tzinfo=AMSTERDAM))
        .values_list("came", "lines__service_code__code", "lines__service_code__name")
        .annotate(cents=Sum("lines__cents"), families=Count("lines__match__family_id", distinct=True))
    )
    cells: dict[date, dict[str, Cell]] = {}
    names: set[str] = set()
    for came, code, name, cents, families in found:
        # What is paid by the month, for no family in particular.
        label = f"{code} {name}" if code else gettext("Voorschotten en vaste bedragen")
        names.add(label)
        cells.setdefault(came.date(), {})[label] = Cell(cents, families)
    codes = tuple(sorted(names))
    return Costs(
        codes,
        tuple(
            CostOfMonth(month, sums([(code, cells[month].get(code, NONE)) for code in codes]))
            for month in sorted(cells)
        ),
    )


@dataclass(frozen=True, slots=True)
class BurdenOfStep:
    """What one step of the story asks of one person."""

    step: str
    person: str
    interactions: int
    fields: int
    screens: int
    seconds: int
    # Whether it comes beside the way from question to paid: counted too, and apart.
    beside: bool = False

    @property
    def words(self) -> Words:
        """The step in the reader's language."""
        return STEPS.get(self.step, self.step)

    @property
    def who(self) -> Words:
        """Whom it asks this of, in the reader's language."""
        return PARTS.get(self.person, self.person)


@dataclass(frozen=True, slots=True)
class Burden:
    """What Hendig asks from question to paid, beside the ordinary chain; the browser tests measure it."""

    every_step: tuple[BurdenOfStep, ...]

    ordinary_messages = ORDINARY_MESSAGES
    ordinary_values = ORDINARY_VALUES

    @property
    def steps(self) -> tuple[BurdenOfStep, ...]:
        return tuple(step for step in self.every_step if not step.beside)

    @property
    def beside(self) -> Burden:
        """What it asks besides: looking up who decides, the bank, and the end of the help."""
        return Burden(tuple(replace(step, beside=False) for step in self.every_step if step.beside))

    @property
    def interactions(self) -> int:
        return sum(step.interactions for step in self.steps)

    @property
    def fields(self) -> int:
        return sum(step.fields for step in self.steps)

    @property
    def seconds(self) -> int:
        return sum(step.seconds for step in self.steps)


def burden(file: Path = BURDEN) -> Burden | None:
    """The measured burden of each step; None when it was not measured yet. No query."""
    if not file.exists():
        return None
    return Burden(tuple(BurdenOfStep(**step) for step in orjson.loads(file.read_bytes())))


@dataclass(frozen=True, slots=True)
class Figures:
    """The four that are only shown together, as known before the day `until`; and what it asks of people."""

    until: date
    waiting: Waiting
    flow: Flow
    outcomes: Outcomes
    costs: Costs
    burden: Burden | None


def figures(actor: Actor, *, at: datetime) -> Figures:
    """Everything of the page at once, of the actor's municipality. 11 queries at any size.

    The walls are told that it is to learn: over all families, and of no family a word.
    """
    require_permission(actor, Permission.SEE_FIGURES)
    until = local_day(at).replace(day=1)
    with reading(actor, at, purpose="learn"):
        return Figures(
            until,
            waiting(actor, until=until),
            flow(actor, until=until),
            outcomes(actor, until=until),
            costs(actor, until=until),
            burden(),
        )


def _since(day: date) -> datetime:
    return datetime.combine(day, time.min, AMSTERDAM)


def months_before(until: date, many: int) -> list[date]:
    """The first days of the months that ended before `until`, a first day itself, oldest first."""
    found = [until]
    while len(found) <= many:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[:0:-1]
