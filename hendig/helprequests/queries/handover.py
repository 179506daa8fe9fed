"""Which questions of a coach can be handed over, and to whom; of a family that is closed, only how far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from hendig.families.models import Family
from hendig.helprequests import rules
from hendig.helprequests.models import Handover, HandoverStage, Stage
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.models import Membership

# Looks past the walls: only which questions there are and how far, for the coach and for who leads the work.
LOAD = "SELECT coach_id, request_id, family_id, asked_on, stage FROM hendig_load(%s)"


@dataclass(frozen=True, slots=True)
class Coach:
    """A coach, and how many questions can be handed over."""

    account_id: UUID
    name: str
    questions: int


@dataclass(frozen=True, slots=True)
class Question:
    """One of them; the name of the family only for its own coach."""

    request_id: UUID
    number: int
    name: str
    asked_on: date
    stage: Words


@dataclass(frozen=True, slots=True)
class CoachHandover:
    """All questions of one coach, and who could go along with them."""

    coach: Coach
    mine: bool
    cases: tuple[Question, ...]
    successors: tuple[Coach, ...]


@dataclass(frozen=True, slots=True)
class NextCoach:
    """Who becomes, or lately became, the coach of a question."""

    handover_id: UUID
    first_name: str
    from_at: datetime
    coming: bool
    why_not_another: Refusal | None


def coaches_with_questions(actor: Actor, *, at: datetime) -> tuple[Coach, ...]:
    """The actor alone; for who leads the work every coach who has questions, also one who left. 2 queries."""
    leads = actor.has(Role.POLICY)
    load: dict[UUID, int] = {}
    for coach_id, *_question in _load(None if leads else actor.account):
        load[coach_id] = load.get(coach_id, 0) + 1
    return tuple(one for one in _coaches(actor, load, at) if leads or one.account_id == actor.account_id)


def coach_handover(actor: Actor, coach_id: UUID, *, at: datetime) -> CoachHandover:
    """The page on which one hands over; `NotVisible` for a colleague. 3 queries."""
    if coach_id != actor.account_id and not actor.has(Role.POLICY):
        raise NotVisible
    rows = _load(coach_id)
    everybody = _coaches(actor, {coach_id: len(rows)}, at)
    coach = next((one for one in everybody if one.account_id == coach_id), None)
    if coach is None:
        raise NotVisible
    visible = Family.objects.visible_to(actor, at=at).filter(pk__in=[row[2] for row in rows])
    names = dict(visible.values_list("pk", "name"))
    return CoachHandover(
        coach=coach,
        mine=coach_id == actor.account_id,
        cases=tuple(
            Question(request_id, number, names.get(family_id, ""), asked_on, Stage(stage).label)
            for number, (_coach, request_id, family_id, asked_on, stage) in enumerate(rows, start=1)
        ),
        successors=tuple(one for one in everybody if one.account_id not in {coach_id, actor.account_id}),
    )


def due(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """What is to be taken over by now: municipality and handover. 1 query."""
    rows = Handover.objects.filter(stage=HandoverStage.PLANNED, from_at__lte=at)
    return tuple(rows.order_by("id").values_list("municipality_id", "id"))


# Of the next coach: who, from when, and whether the family said no.
NAMED = {"id": "id", "first_name": "coming__first_name", "stage": "stage", "from_at": "from_at"}


def named() -> Subquery:
    """The newest handover of a question that came to something, as JSON beside its row."""
    rows = Handover.objects.filter(request=OuterRef("pk")).exclude(stage=HandoverStage.LAPSED)
    return Subquery(rows.order_by("-id").values(fact=JSONObject(**NAMED))[:1])


def next_coach(fact: dict[str, str] | None, at: datetime) -> NextCoach | None:
    """Who comes, for as long as the family can say something about it."""
    if fact is None:
        return None
    from_at = datetime.fromisoformat(fact["from_at"])
    no = rules.why_not_decline(stage=fact["stage"], from_at=from_at, at=at)
    if at > from_at + rules.DECLINED_WITHIN:
        return None
    return NextCoach(UUID(fact["id"]), fact["first_name"], from_at, from_at > at, no)


def _load(coach_id: UUID | None) -> list[tuple[UUID, UUID, UUID, date, str]]:
    with connection.cursor() as cursor:
        cursor.execute(LOAD, [coach_id])
        return list(cursor.fetchall())


def _coaches(actor: Actor, load: dict[UUID, int], at: datetime) -> tuple[Coach, ...]:
    """Who coaches here now, and who has questions still."""
    now = Membership.objects.standing(local_day(at)).filter(role=Role.COACH)
    rows = Membership.objects.filter(municipality_id=actor.municipality_id, role=Role.COACH)
    rows = rows.filter(pk__in=now) | rows.filter(account__in=list(load))
    found = {row.account_id: row.account for row in rows.select_related("account")}
    everybody = (Coach(pk, account.name, load.get(pk, 0)) for pk, account in found.items())
    return tuple(sorted(everybody, key=lambda one: (one.name, str(one.account_id))))
