"""Waiting, flow, outcomes and costs: always beside each other, without names and without small numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil, floor
from pathlib import Path
from statistics import quantiles
from typing import TypeVar
from uuid import UUID

import orjson
from django.db.models import Count, Min, Model, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import reading
from hendig.billing.models import Invoice
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel import small
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import Words
from hendig.people.rules import Permission, require_permission
from hendig.plans.models import Appointment, AppointmentStage, Ending, Onward, Outcome, Reason
from hendig.tents.models import Gesture, GestureKind

YEAR = timedelta(days=365)
MONTHS = 6
BURDEN = Path(__file__).parent / "burden.json"
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
class Bar:
    """One figure in a picture; `value` is None when it stands for too few families."""

    label: Words
    value: int | None
    most: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Figures that belong together, and their total where that gives nothing away."""

    bars: tuple[Bar, ...]
    total: int | None

    @property
    def any_hidden(self) -> bool:
        return any(bar.value is None for bar in self.bars)

    @property
    def open(self) -> tuple[Bar, ...]:
        """The figures that may be read one by one; none of them when all that counts is hidden."""
        shown = tuple(bar for bar in self.bars if bar.value is not None)
        return shown if not self.any_hidden or any(bar.value for bar in shown) else ()

    @property
    def rest(self) -> int | None:
        """What is hidden, taken together: no more than the total and the open figures tell already."""
        if self.total is None or not self.any_hidden:
            return None
        return self.total - sum(bar.value or 0 for bar in self.bars)

    @property
    def most(self) -> int:
        """The largest figure in the picture, with the rest as one figure."""
        return max([*(bar.value or 0 for bar in self.bars), self.rest or 0, 1])


@dataclass(frozen=True, slots=True)
class Cell:
    """How much was counted, and over how many different families."""

    value: int
    families: int


NONE = Cell(0, 0)


def bars(
    cells: Sequence[tuple[Words, Cell]], hide: Callable[[Sequence[int]], small.Shown] = small.hide_small
) -> Bars:
    """The cells as bars; what is too small, or would be told by the rest, is hidden."""
    shown = hide([cell.families for _label, cell in cells])
    open_cells = [cell.value for at, (_label, cell) in enumerate(cells) if at not in shown.hidden]
    most = max(open_cells, default=0)
    return Bars(
        bars=tuple(
            Bar(label, None if at in shown.hidden else cell.value, most)
            for at, (label, cell) in enumerate(cells)
        ),
        total=sum(cell.value for _label, cell in cells) if shown.total else None,
    )


@dataclass(frozen=True, slots=True)
class Middle:
    """Of many figures the middle one, and between which two the middle half lies."""

    middle: int
    low: int
    high: int


def middle_of(values: Sequence[int], families: Collection[UUID]) -> Middle | None:
    """None where the figures are of too few families to say it."""
    if not small.enough(len(families)) or len(values) < 2:
        return None
    quarter, half, three = quantiles(values, n=4, method="inclusive")
    return Middle(round(half), floor(quarter), ceil(three))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Days from the question to the first kept appointment."""

    days: Middle | None
    spread: Bars


def waiting(actor: Actor, *, on: date) -> Waiting:
    """How long families waited whose help began in the past year. 1 query."""
    firsts = (
        Appointment.objects.filter(municipality_id=actor.municipality_id, stage=AppointmentStage.KEPT)
        .order_by()
        .values_list("match__request_id", "match__request__asked_at", "family_id")
        .annotate(first=Min("starts_at"))
        .filter(first__gte=_since(on - YEAR))
    )
    days, cells = [], []
    families: dict[int, set[UUID]] = {}
    for _request, asked_at, family_id, first in firsts:
        waited = max(0, (local_day(first) - local_day(asked_at)).days)
        days.append(waited)
        bucket = next(at for at, (most, _label) in enumerate(WAITED) if waited <= most)
        families.setdefault(bucket, set()).add(family_id)
        cells.append(bucket)
    spread = bars(
        [
            (label, Cell(cells.count(at), len(families.get(at, ()))))
            for at, (_most, label) in enumerate(WAITED)
        ]
    )
    return Waiting(middle_of(days, set().union(*families.values())), spread)


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
    """Where questions are now, and what came and went: by month, and in the half year together."""

    now: Bars
    months: tuple[Column, ...]
    came: int | None
    went: int | None

    @property
    def by_month(self) -> bool:
        """Whether any month may be read by itself."""
        return any(one.came or one.went for one in self.months)


def flow(actor: Actor, *, on: date) -> Flow:
    """How many questions stand in each stage now, and how many came and went in each month. 5 queries."""
    rows = HelpRequest.objects.filter(municipality_id=actor.municipality_id).order_by()
    counted = {
        stage: Cell(number, families)
        for stage, number, families in rows.exclude(stage=Stage.DONE)
        .values_list("stage")
        .annotate(number=Count("pk"), families=Count("family_id", distinct=True))
    }
    now = bars([(stage.label, counted.get(stage, NONE)) for stage in Stage if stage is not Stage.DONE])
    months = _months(on)
    asked = rows.filter(asked_at__gte=_since(months[0]))
    done = Ending.objects.filter(municipality_id=actor.municipality_id, at__gte=_since(months[0])).order_by()
    columns = _columns(months, _by_month(asked, "asked_at", "family_id"), _by_month(done, "at", "family_id"))
    return Flow(now, columns, _together(asked), _together(done))


def _together(rows: QuerySet[M]) -> int | None:
    """How many in all, when that is about enough families."""
    cell = rows.aggregate(number=Count("pk"), families=Count("family_id", distinct=True))
    return cell["number"] if small.enough(cell["families"]) else None


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


def outcomes(actor: Actor, *, on: date) -> Outcomes:
    """The answers to the two questions and the reasons of ending in the past year. 4 queries."""
    answers = Outcome.objects.filter(
        municipality_id=actor.municipality_id, at__gte=_since(on - YEAR)
    ).order_by()
    endings = Ending.objects.filter(
        municipality_id=actor.municipality_id, at__gte=_since(on - YEAR)
    ).order_by()
    said = Gesture.objects.filter(
        municipality_id=actor.municipality_id, kind=GestureKind.HEARD, at__gte=_since(on - YEAR)
    ).order_by()
    given = list(answers.values_list("useful", "family_id"))
    useful = _answers(
        (label, _cell([family_id for grade, family_id in given if grade in some])) for some, label in GRADES
    )
    onward = _answers(_by_choice(answers, "onward", Onward.choices))
    # Both count the same answers: a total that one of them hides may not be read off the other.
    told = useful.total is not None and onward.total is not None
    return Outcomes(
        grade=middle_of([grade for grade, _family in given], {family_id for _grade, family_id in given}),
        useful=useful if told else Bars(useful.bars, None),
        onward=onward if told else Bars(onward.bars, None),
        reasons=_answers(_by_choice(endings, "reason", Reason.choices)),
        heard=_answers(_by_choice(said, "yes", HEARD)),
    )


def _answers(cells: Iterable[tuple[Words, Cell]]) -> Bars:
    return bars(list(cells), small.hide_answers)


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
    """What the invoices of one month come to on each code, in cents."""

    month: date
    bars: Bars


@dataclass(frozen=True, slots=True)
class Costs:
    codes: tuple[str, ...]
    months: tuple[CostOfMonth, ...]

    @property
    def latest(self) -> CostOfMonth | None:
        return self.months[-1] if self.months else None


def costs(actor: Actor, *, on: date) -> Costs:
    """What help cost on each code in each month that was invoiced. 1 query."""
    months = _months(on)
    found = (
        Invoice.objects.filter(
            municipality_id=actor.municipality_id, month__gte=months[0], lines__isnull=False
        )
        .order_by()
        .values_list("month", "lines__service_code__code", "lines__service_code__name")
        .annotate(cents=Sum("lines__cents"), families=Count("lines__match__family_id", distinct=True))
    )
    cells: dict[date, dict[str, Cell]] = {}
    names: set[str] = set()
    for month, code, name, cents, families in found:
        # What is paid by the month, for no family in particular.
        label = f"{code} {name}" if code else gettext("Voorschotten en vaste bedragen")
        names.add(label)
        cells.setdefault(month.replace(day=1), {})[label] = Cell(cents, families)
    codes = tuple(sorted(names))
    return Costs(
        codes,
        tuple(
            CostOfMonth(month, bars([(code, cells[month].get(code, NONE)) for code in codes]))
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
    """The four that are only shown together, and what it asks of people."""

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
    on = local_day(at)
    with reading(actor, at, purpose="learn"):
        return Figures(
            waiting(actor, on=on), flow(actor, on=on), outcomes(actor, on=on), costs(actor, on=on), burden()
        )


def _since(day: date) -> datetime:
    return datetime.combine(day, time.min, AMSTERDAM)


def _months(on: date) -> list[date]:
    """The first days of this month and the ones before it, oldest first."""
    first = on.replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found[::-1]
