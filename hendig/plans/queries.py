"""What pages show of a plan, of appointments and of a professional's day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from icalendar import Calendar, Event

from hendig.audit.actions import Viewing
from hendig.families.models import FamilyMember, Involvement, MemberKind, Part, Tie
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Actor
from hendig.kernel.periods import Period, local_day
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.matching.models import Match
from hendig.plans import rules
from hendig.plans.models import Appointment, AppointmentStage, Ending, Goal, Outcome, Score, Task

STILL_TO_CONFIRM = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Point:
    """One score: when and how high, and where it stands in the picture."""

    at: datetime
    value: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """The scores of one person through time."""

    name: str
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)


@dataclass(frozen=True, slots=True)
class GoalView:
    id: UUID
    words: str
    whose: str
    reached_at: datetime | None
    lines: tuple[Line, ...]
    mine_today: int | None
    why_no_score: Refusal | None


@dataclass(frozen=True, slots=True)
class TaskView:
    id: UUID
    what: str
    who: str
    by: date | None
    done: bool
    late: bool


@dataclass(frozen=True, slots=True)
class EndingView:
    ended_on: date
    looking_back: str
    if_it_returns: str
    to_answer: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question of the family as its plan sees it; `ending` when it is done."""

    id: UUID
    words: str
    result: str
    coach: str
    why_not_ended: Refusal | None
    ending: EndingView | None


@dataclass(frozen=True, slots=True)
class HelpView:
    """Help that a match authorises today."""

    match_id: UUID
    professional: str
    title: str
    child: str


@dataclass(frozen=True, slots=True)
class Plan:
    family_id: UUID
    of_family: bool
    questions: tuple[QuestionView, ...]
    goals: tuple[GoalView, ...]
    tasks: tuple[TaskView, ...]
    help: tuple[HelpView, ...]

    @property
    def open_questions(self) -> tuple[QuestionView, ...]:
        return tuple(question for question in self.questions if question.ending is None)

    @property
    def done_questions(self) -> tuple[QuestionView, ...]:
        return tuple(question for question in self.questions if question.ending is not None)

    @property
    def first_goal(self) -> str:
        """What a first goal may say: the result that was hoped for. Empty when there are goals already."""
        return "" if self.goals else next((one.result for one in self.open_questions if one.result), "")


def plan(look: Viewing) -> Plan:
    """The whole plan of a family. 8 queries at any size."""
    return Plan(
        family_id=look.family_id,
        of_family=_member_of(look) is not None,
        questions=_questions(look),
        goals=_goals(look),
        tasks=_tasks(look),
        help=_help(look),
    )


def _member_of(look: Viewing) -> UUID | None:
    members = FamilyMember.objects.filter(family_id=look.family_id, account_id=look.actor.account_id)
    return members.exclude(kind=MemberKind.CONFIDANT).values_list("pk", flat=True).first()


def _questions(look: Viewing) -> tuple[QuestionView, ...]:
    rows = HelpRequest.objects.filter(family_id=look.family_id).order_by("id").select_related("coach")
    endings = {ending.request_id: ending for ending in Ending.objects.filter(family_id=look.family_id)}
    answered = set(
        Outcome.objects.filter(
            family_id=look.family_id, member__account_id=look.actor.account_id, member__account__isnull=False
        ).values_list("ending_id", flat=True)
    )
    return tuple(
        QuestionView(
            id=row.pk,
            words=row.words,
            result=row.result,
            coach=row.coach.first_name if row.coach else "",
            why_not_ended=rules.why_not_ended(row.stage),
            ending=_ending(endings.get(row.pk), answered, look) if row.stage == Stage.DONE else None,
        )
        for row in rows
    )


def _ending(ending: Ending | None, answered: Collection[UUID], look: Viewing) -> EndingView | None:
    if ending is None:
        return None
    return EndingView(
        ended_on=ending.ended_on,
        looking_back=ending.looking_back,
        if_it_returns=ending.if_it_returns,
        to_answer=look.part == Part.FAMILY and ending.pk not in answered,
    )


def _goals(look: Viewing) -> tuple[GoalView, ...]:
    of_family = look.part == Part.FAMILY
    rows = Goal.objects.filter(family_id=look.family_id).select_related("member")
    scores: dict[UUID, list[tuple[UUID, str, datetime, int]]] = {}
    for goal_id, *score in Score.objects.filter(family_id=look.family_id).values_list(
        "goal_id", "account_id", "account__first_name", "at", "value"
    ):
        scores.setdefault(goal_id, []).append((score[0], score[1], score[2], score[3]))
    return tuple(
        GoalView(
            id=goal.pk,
            words=goal.words,
            whose=goal.member.first_name if goal.member else "",
            reached_at=goal.reached_at,
            lines=lines_of((name, at, value) for _id, name, at, value in scores.get(goal.pk, [])),
            mine_today=_mine_today(scores.get(goal.pk, []), look),
            why_no_score=rules.why_no_score(of_family=of_family, reached=goal.reached_at is not None),
        )
        for goal in rows
    )


def _mine_today(scores: list[tuple[UUID, str, datetime, int]], look: Viewing) -> int | None:
    today = local_day(look.at)
    mine = [
        value for who, _name, at, value in scores if who == look.actor.account_id and local_day(at) == today
    ]
    return mine[-1] if mine else None


def lines_of(scores: Iterable[tuple[str, datetime, int]]) -> tuple[Line, ...]:
    """A line for each person, drawn in a field of 320 by 120: left is first, high is near."""
    rows = list(scores)
    if not rows:
        return ()
    first, last = min(at for _name, at, _value in rows), max(at for _name, at, _value in rows)
    span = (last - first).total_seconds() or 1.0
    lines: dict[str, list[Point]] = {}
    for name, at, value in rows:
        x = 20 + round(280 * (at - first).total_seconds() / span)
        lines.setdefault(name, []).append(Point(at=at, value=value, x=x, y=112 - 10 * value))
    return tuple(
        Line(name=name, points=tuple(sorted(points, key=lambda point: point.at)))
        for name, points in lines.items()
    )


def _tasks(look: Viewing) -> tuple[TaskView, ...]:
    today = local_day(look.at)
    rows = Task.objects.filter(family_id=look.family_id).order_by(
        F("done_at").asc(nulls_first=True), "by", "id"
    )
    return tuple(
        TaskView(
            id=task.pk,
            what=task.what,
            who=task.who,
            by=task.by,
            done=task.done_at is not None,
            late=task.done_at is None and task.by is not None and task.by < today,
        )
        for task in rows
    )


def _help(look: Viewing) -> tuple[HelpView, ...]:
    rows = Match.objects.filter(family_id=look.family_id).standing(local_day(look.at)).order_by("id")
    return tuple(
        HelpView(match_id, professional, title, child)
        for match_id, professional, title, child in rows.values_list(
            "pk", "professional__account__first_name", "professional__title", "child__first_name"
        )
    )


@dataclass(frozen=True, slots=True)
class AppointmentView:
    id: UUID
    family_id: UUID
    starts_at: datetime
    minutes: int
    place: str
    professional: str
    child: str
    felt: int | None
    why_not_cancelled: Refusal | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def next_appointments(look: Viewing) -> tuple[AppointmentView, ...]:
    """What is planned from today on, ten at most. 1 query."""
    rows = Appointment.objects.filter(family_id=look.family_id, stage=AppointmentStage.PLANNED)
    return _shown(rows.during(Period(local_day(look.at))).order_by("starts_at")[:10], look)


def appointments_to_rate(look: Viewing) -> tuple[AppointmentView, ...]:
    """What was, and the family has not said yet how it was (or said it today), three at most.

    1 query; none for whoever is not of the family.
    """
    if look.part != Part.FAMILY:
        return ()
    rows = Appointment.objects.filter(family_id=look.family_id)
    fresh = rows.to_rate(at=look.at, since=look.at - rules.RATED_AFTERWARDS)
    return _shown(fresh.order_by("-starts_at")[:3], look)


def _shown(rows: QuerySet[Appointment], look: Viewing) -> tuple[AppointmentView, ...]:
    named = rows.select_related("match__professional__account", "match__child")
    return tuple(
        AppointmentView(
            id=row.pk,
            family_id=row.family_id,
            starts_at=row.starts_at,
            minutes=row.minutes,
            place=row.place,
            professional=row.match.professional.account.first_name,
            child=row.match.child.first_name,
            felt=row.felt,
            why_not_cancelled=rules.why_not_cancelled(row.stage, starts_at=row.starts_at, at=look.at),
        )
        for row in named
    )


@dataclass(frozen=True, slots=True)
class DayRow:
    """One own appointment of a professional, with what can be done about it."""

    id: UUID
    family_id: UUID
    starts_at: datetime
    minutes: int
    child: str
    place: str
    stage: str
    label: str
    why_not_kept: Refusal | None
    why_not_undone: Refusal | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def open(self) -> bool:
        return self.stage == AppointmentStage.PLANNED


@dataclass(frozen=True, slots=True)
class Promise:
    """Something this person took on in a plan."""

    id: UUID
    family_id: UUID
    what: str
    family: str
    by: date | None


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    today: tuple[DayRow, ...]
    earlier: tuple[DayRow, ...]
    promises: tuple[Promise, ...]

    @property
    def minutes_kept(self) -> int:
        return sum(row.minutes for row in self.today if row.stage == AppointmentStage.KEPT)


def day(actor: Actor, on: date, *, at: datetime) -> Day:
    """A professional's own appointments of one day, those before that still wait for a tap, and promises.

    2 queries at any size. It shows the own work list only, so it is no look at a record.
    """
    earlier, today = [], []
    for row in _own_rows(actor, on):
        (today if local_day(row.starts_at) == on else earlier).append(_day_row(row, at))
    return Day(on=on, today=tuple(today), earlier=tuple(earlier), promises=promises(actor, at=at))


def _own_rows(actor: Actor, on: date) -> Iterable[Appointment]:
    period = Period(on - STILL_TO_CONFIRM, on)
    this_day = Appointment.objects.own(actor).during(Period(on, on)).exclude(stage=AppointmentStage.CANCELLED)
    waiting = Appointment.objects.own(actor).during(period).filter(stage=AppointmentStage.PLANNED)
    return (
        (this_day | waiting)
        .annotate(
            child=F("match__child__first_name"),
            on_invoice=ExpressionWrapper(Q(invoiced__isnull=False), output_field=BooleanField()),
        )
        .only("pk", "family_id", "starts_at", "minutes", "place", "stage")
        .order_by("starts_at")
    )


def _day_row(row: Appointment, at: datetime) -> DayRow:
    return DayRow(
        id=row.pk,
        family_id=row.family_id,
        starts_at=row.starts_at,
        minutes=row.minutes,
        child=row.child,  # type: ignore[attr-defined]
        place=row.place,
        stage=row.stage,
        label=row.get_stage_display(),
        why_not_kept=rules.why_not_settled(
            row.stage, AppointmentStage.KEPT, own=True, starts_at=row.starts_at, at=at
        ),
        why_not_undone=rules.why_not_undone(row.stage, own=True, invoiced=row.on_invoice),  # type: ignore[attr-defined]
    )


def promises(actor: Actor, *, at: datetime) -> tuple[Promise, ...]:
    """What the actor took on in plans and is not done, soonest first, twenty at most. 1 query."""
    rows = Task.objects.visible_to(actor, at=at).filter(account_id=actor.account_id, done_at=None)
    return tuple(
        Promise(*row)
        for row in rows.order_by(F("by").asc(nulls_last=True), "id").values_list(
            "pk", "family_id", "what", "family__name", "by"
        )[:20]
    )


@dataclass(frozen=True, slots=True)
class KeptHours:
    """A kept appointment as billing needs it: no person, no place."""

    appointment_id: UUID
    match_id: UUID
    service_code_id: UUID
    minutes: int
    day: date


def kept_in_month(partner_ids: Collection[UUID], month: date) -> tuple[KeptHours, ...]:
    """What the partners' professionals kept in the month of that day, oldest first. 1 query."""
    rows = Appointment.objects.kept_in(partner_ids, month).order_by("starts_at", "pk")
    return tuple(
        KeptHours(pk, match_id, service_code_id, minutes, local_day(starts_at))
        for pk, match_id, service_code_id, minutes, starts_at in rows.values_list(
            "pk", "match_id", "match__service_code_id", "minutes", "starts_at"
        )
    )


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who may take something on: by account when there is one, else by name alone."""

    key: str
    name: str
    account_id: UUID | None


def helpers(look: Viewing) -> tuple[Helper, ...]:
    """Who may take something on: the family, who works with it, the own circle. 3 queries."""
    members = FamilyMember.objects.filter(family_id=look.family_id).values_list(
        "pk", "first_name", "account_id"
    )
    workers = (
        Involvement.objects.standing(look.at)
        .filter(family_id=look.family_id, part__in=[Part.COACH, Part.PROFESSIONAL])
        .order_by("account__first_name")
        .values_list("account_id", "account__first_name", "account_id")
        .distinct()
    )
    ties = [(pk, name, None) for pk, name in _ties(look)]
    return tuple(Helper(str(key), name, account_id) for key, name, account_id in (*members, *workers, *ties))


def _ties(look: Viewing) -> Iterable[tuple[UUID, str]]:
    return Tie.objects.filter(family_id=look.family_id, removed_at=None).values_list("pk", "name")


def members(look: Viewing) -> tuple[tuple[str, str], ...]:
    """The persons of the family of whom a goal can be: id and first name. 1 query."""
    rows = FamilyMember.objects.filter(family_id=look.family_id).exclude(kind=MemberKind.CONFIDANT)
    return tuple((str(pk), name) for pk, name in rows.values_list("pk", "first_name"))


@dataclass(frozen=True, slots=True)
class HelpToPlan:
    """The match under which an appointment is made, and what the form proposes."""

    match_id: UUID
    professional: str
    child: str
    starts_at: datetime
    place: str


def help_to_plan(look: Viewing, match_id: UUID) -> HelpToPlan:
    """What the form of an appointment shows: the next working day at three, the place of last time. 2 queries."""
    row = (
        Match.objects.filter(family_id=look.family_id, pk=match_id)
        .values_list("professional__account__first_name", "child__first_name")
        .first()
    )
    if row is None:
        raise NotVisible
    professional, child = row
    last = (
        Appointment.objects.filter(match_id=match_id)
        .order_by("starts_at")
        .values_list("place", flat=True)
        .last()
    )
    return HelpToPlan(match_id, professional, child, rules.next_weekday_at_three(look.at), last or "")


def calendar(look: Viewing, appointment_id: UUID, *, summary: str, url: str) -> bytes:
    """An iCalendar file with the moment of an appointment and the way to the plan; nothing of the case. 1 query."""
    row = Appointment.objects.filter(family_id=look.family_id, pk=appointment_id).first()
    if row is None:
        raise NotVisible
    event = Event()
    event.add("uid", f"{row.pk}@hendig")
    event.add("dtstamp", look.at.astimezone(UTC))
    event.add("dtstart", row.starts_at.astimezone(UTC))
    event.add("dtend", (row.starts_at + timedelta(minutes=row.minutes)).astimezone(UTC))
    event.add("summary", summary)
    event.add("url", url)
    event.add("status", "CANCELLED" if row.stage == AppointmentStage.CANCELLED else "CONFIRMED")
    file = Calendar()
    file.add("prodid", "-//Hendig//NL")
    file.add("version", "2.0")
    file.add_component(event)
    return file.to_ical()


def question(look: Viewing, request_id: UUID) -> QuestionView:
    """One question of the family, as its plan sees it. 3 queries."""
    found = next((one for one in _questions(look) if one.id == request_id), None)
    if found is None:
        raise NotVisible
    return found
