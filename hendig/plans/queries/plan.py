"""What pages show of a plan: questions, goals and their scores, who does what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from hendig.audit.actions import Viewing
from hendig.families.models import FamilyMember, Involvement, Part, Tie, told_to
from hendig.families.queries import asks_where
from hendig.families.queries.about import SaidOf, said_of
from hendig.families.rules.about import why_not_say_whom
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.matching.models import Match
from hendig.plans import rules
from hendig.plans.models import Ending, Goal, Outcome, Score, Task


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
    # Whom it is about, when that is not the child.
    about: Words
    may_say_whom: bool


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
    # Whether the reader comes to where the persons live.
    homes: bool

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
    """The whole plan of a family. 7 queries at any size."""
    return Plan(
        family_id=look.family_id,
        of_family=look.part == Part.FAMILY,
        questions=_questions(look),
        goals=_goals(look),
        tasks=_tasks(look),
        help=help_of(look),
        homes=asks_where(look),
    )


def _questions(look: Viewing) -> tuple[QuestionView, ...]:
    rows = HelpRequest.objects.within(look).order_by("id").select_related("coach")
    endings = {ending.request_id: ending for ending in Ending.objects.within(look)}
    outcomes = Outcome.objects.within(look).values_list("ending_id", "member__account_id")
    answered = {ending_id for ending_id, account_id in outcomes if account_id == look.actor.account_id}
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
    rows = Goal.objects.within(look).told(look.actor, look.at).select_related("member")
    scores: dict[UUID, list[tuple[UUID, str, datetime, int]]] = {}
    for goal_id, account_id, name, at, value in Score.objects.within(look).values_list(
        "goal_id", "account_id", "account__first_name", "at", "value"
    ):
        scores.setdefault(goal_id, []).append((account_id, name, at, value))
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
    rows = Task.objects.within(look).filter(told_to(look.actor, look.at)).select_related("about")
    rows = rows.order_by(F("done_at").asc(nulls_first=True), "by", "id")
    return tuple(
        TaskView(
            id=task.pk,
            what=task.what,
            who=task.who,
            by=task.by,
            done=task.done_at is not None,
            late=task.done_at is None and task.by is not None and task.by < today,
            about=task.about_words,
            may_say_whom=why_not_say_whom(wrote=task.author_id == look.actor.account_id, part=look.part)
            is None,
        )
        for task in rows
    )


def family_of_task(actor: Actor, task_id: UUID, *, at: datetime) -> UUID:
    """Whose plan it is in. `NotVisible` for who does not read it. 1 query."""
    rows = Task.objects.visible_to(actor, at=at).filter(pk=task_id)
    family_id = rows.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    return family_id


def task_about(look: Viewing, task_id: UUID) -> SaidOf:
    """A task and whom it is about. `NotVisible` for who does not read it. 2 queries."""
    rows = Task.objects.within(look).filter(told_to(look.actor, look.at), pk=task_id)
    task = rows.select_related("compartment__record").first()
    if task is None:
        raise NotVisible
    return said_of(look, task, task.what, wrote=task.author_id == look.actor.account_id)


def help_of(look: Viewing) -> tuple[HelpView, ...]:
    """The help that matches authorise today: what an appointment can be made for. 1 query."""
    standing = Match.objects.within(look).standing(local_day(look.at))
    rows = standing.exclude(request__stage=Stage.DONE).order_by("id")
    return tuple(
        HelpView(match_id, professional, title, child)
        for match_id, professional, title, child in rows.values_list(
            "pk", "professional__account__first_name", "professional__title", "child__first_name"
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
    # Nobody whom not all who read the plan may know of.
    to_all = FamilyMember.objects.within(look).filter(compartment=None)
    members = to_all.values_list("pk", "first_name", "account_id")
    workers = (
        Involvement.objects.standing(look.at)
        .filter(record__in=look.records, part__in=[Part.COACH, Part.PROFESSIONAL])
        .order_by("account__first_name")
        .values_list("account_id", "account__first_name", "account_id")
        .distinct()
    )
    ties = [(pk, name, None) for pk, name in _ties(look)]
    return tuple(Helper(str(key), name, account_id) for key, name, account_id in (*members, *workers, *ties))


def _ties(look: Viewing) -> Iterable[tuple[UUID, str]]:
    return Tie.objects.within(look).filter(removed_at=None).values_list("pk", "name")


def question(look: Viewing, request_id: UUID) -> QuestionView:
    """One question of the family, as its plan sees it. 3 queries."""
    found = next((one for one in _questions(look) if one.id == request_id), None)
    if found is None:
        raise NotVisible
    return found
