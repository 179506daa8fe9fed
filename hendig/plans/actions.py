"""What changes a plan: goals, scores, who does what, appointments and how they were, the end and a return."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families.actions import about_whom
from hendig.families.models import CHILD, FamilyMember, Involvement, MemberKind, Part, Record, Whom
from hendig.families.rules.about import why_not_say_whom
from hendig.helprequests import actions as helprequests
from hendig.helprequests.models import HelpRequest, Stage, WaitingOn
from hendig.kernel.actor import Actor
from hendig.kernel.ids import new_id
from hendig.kernel.periods import Period, local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.matching import actions as matching
from hendig.matching.models import Match
from hendig.people.models import Professional
from hendig.people.rules import Permission, require_permission
from hendig.plans import rules
from hendig.plans.models import Appointment, AppointmentStage, Ending, Goal, Outcome, Score, Task


def set_goal(
    *, actor: Actor, request_id: UUID, words: str, at: datetime, member_id: UUID | None = None
) -> Goal:
    """The plan of the question has a goal in the family's words, maybe of one person of the family.

    Refused: the question is done. `NotVisible` for who is not of this family.
    """
    require_permission(actor, Permission.PLAN_HELP)
    with change(actor, "goal.set", at=at) as act:
        request = helprequests.lock_request(act, request_id)
        require(rules.why_no_plan(request.stage))
        whom = about_whom(act, request.compartment.record, Whom(member_id))
        goal = Goal.objects.create(
            family_id=request.family_id,
            request=request,
            member_id=member_id,
            author_id=actor.account_id,
            words=words,
            set_at=at,
        )
        act.record(goal, request=request.pk, **whom.said_of(goal.pk))
    return goal


def score_goal(*, actor: Actor, goal_id: UUID, value: int, at: datetime) -> Score:
    """A member of the family said how near the goal is; a second tap on the same day replaces the first.

    Refused: not of the family, or the goal was reached.
    """
    require_permission(actor, Permission.SAY_HOW_IT_WAS)
    with change(actor, "goal.scored", at=at) as act:
        goal = act.lock(Goal.objects.visible_to, goal_id)
        require(
            rules.why_no_score(
                of_family=_own_member(actor, goal.family_id) is not None, reached=goal.reached_at is not None
            )
        )
        account_id = _signed_in(actor)
        last = Score.objects.filter(goal=goal, account_id=account_id).order_by("at").last()
        if last is not None and local_day(last.at) == local_day(at):
            last.value, last.at = value, at
            last.save()
        else:
            last = Score.objects.create(
                family_id=goal.family_id, goal=goal, account_id=account_id, value=value, at=at
            )
        act.record(last, goal=goal.pk, **goal.whom.said_of(goal.pk))
    return last


def reach_goal(*, actor: Actor, goal_id: UUID, reached: bool, at: datetime) -> Goal:
    """The goal is reached, or open again. Refused: it already was."""
    require_permission(actor, Permission.PLAN_HELP)
    with change(actor, "goal.reached", at=at) as act:
        goal = act.lock(Goal.objects.visible_to, goal_id)
        require(rules.why_no_turn(now=goal.reached_at is not None, wanted=reached))
        goal.reached_at = at if reached else None
        goal.save()
        act.record(goal, reached=reached, **goal.whom.said_of(goal.pk))
    return goal


def set_task(
    *,
    actor: Actor,
    request_id: UUID,
    what: str,
    who: str,
    at: datetime,
    account_id: UUID | None = None,
    by: date | None = None,
    about: Whom = CHILD,
) -> Task:
    """The plan of the question says who does what by when; with an account that person is told.

    Mostly it is about the child, and what the child does itself always is; what who fosters does is about
    that one.

    Refused: the question is done.
    """
    require_permission(actor, Permission.PLAN_HELP)
    with change(actor, "task.set", at=at) as act:
        request = helprequests.lock_request(act, request_id)
        require(rules.why_no_plan(request.stage))
        if account_id is not None and not _involved(request.family_id, account_id, at):
            raise NotVisible
        record = request.compartment.record
        about = _not_of_who_does_it(record, account_id, about_whom(act, record, about))
        task = Task.objects.create(
            family_id=request.family_id,
            request=request,
            what=what,
            who=who,
            account_id=account_id,
            author_id=actor.account_id,
            about_id=about.member_id,
            outside=about.outside,
            by=by,
            set_at=at,
        )
        if account_id is not None:
            act.topics.add(f"account:{account_id}")
        act.record(task, request=request.pk, account=account_id, **about.said_of(task.pk))
    return task


def say_whom(*, actor: Actor, task_id: UUID, about: Whom, at: datetime) -> Task:
    """The task is about somebody else than was said. Refused for who did not set it and is no coach."""
    require_permission(actor, Permission.PLAN_HELP)
    with change(actor, "task.about", at=at) as act:
        task = act.lock(Task.objects.visible_to, task_id)
        record = task.compartment.record
        coaches = Involvement.objects.standing(at).filter(
            record=record, account_id=actor.account, part=Part.COACH
        )
        part = Part.COACH if coaches.exists() else ""
        require(why_not_say_whom(wrote=task.author_id == actor.account_id, part=part))
        about = _not_of_who_does_it(record, task.account_id, about_whom(act, record, about))
        task.about_id, task.outside = about.member_id, about.outside
        task.save()
        act.record(task, **about.said_of(task.pk))
    return task


def _not_of_who_does_it(record: Record, account_id: UUID | None, about: Whom) -> Whom:
    """What the child of the record, or who fosters it, does itself is kept from that one by nobody."""
    if about == CHILD or account_id is None:
        return about
    child = record.child
    if child is not None and child.account_id == account_id:
        return CHILD
    near = FamilyMember.objects.filter(family=record.family_id, account=account_id)
    fosters = near.filter(kind=MemberKind.FOSTER_PARENT).values_list("pk", flat=True).first()
    return Whom(fosters) if fosters else about


def finish_task(*, actor: Actor, task_id: UUID, at: datetime) -> Task:
    """The task is done. Refused: it already was."""
    return _turn_task(actor, task_id, done=True, at=at)


def reopen_task(*, actor: Actor, task_id: UUID, at: datetime) -> Task:
    """The task is open again. Refused: it already was."""
    return _turn_task(actor, task_id, done=False, at=at)


def _turn_task(actor: Actor, task_id: UUID, *, done: bool, at: datetime) -> Task:
    require_permission(actor, Permission.PLAN_HELP)
    with change(actor, "task.finished" if done else "task.reopened", at=at) as act:
        task = act.lock(Task.objects.visible_to, task_id)
        require(rules.why_no_turn(now=task.done_at is not None, wanted=done))
        task.done_at = at if done else None
        task.save()
        act.record(task, **task.whom.said_of(task.pk))
    return task


def plan_appointment(
    *,
    actor: Actor,
    match_id: UUID,
    starts_at: datetime,
    at: datetime,
    minutes: int = 60,
    place: str = "",
    repeat_weeks: int = 0,
    in_group: bool = False,
) -> Appointment:
    """The appointment stands, and with `repeat_weeks` every week for that many weeks; the first is returned.

    In a group other families may be there at the same time, each by an appointment of its own.
    Refused: outside the match, too long ago or too far ahead, while the professional has another one that is
    not the same group, or for a group that somebody else than the professional makes.
    """
    require_permission(actor, Permission.PLAN_HELP)
    with change(actor, "appointment.planned", at=at) as act:
        # The case, then the professional: two plans for the same hour are made one after the other.
        request, match = _locked_case(act, actor, match_id, at)
        professional = act.lock(Professional.objects.visible_to, match.professional_id)

        require(rules.why_no_plan(request.stage) or rules.why_too_many_weeks(repeat_weeks))
        require(rules.why_no_group(in_group=in_group, own=actor.professional_id == match.professional_id))
        wanted = [rules.Slot(start, minutes) for start in rules.series(starts_at, repeat_weeks)]
        standing = Period(match.starts_on, match.ends_on)
        groups = _groups(match, wanted) if in_group else {}
        taken = [slot for slot in _taken(match, wanted) if slot not in groups]
        require(rules.why_no_appointment(standing, wanted, taken=taken, at=at))

        planned = [
            Appointment.objects.create(
                family_id=match.family_id,
                match=match,
                professional_id=match.professional_id,
                partner_id=match.partner_id,
                starts_at=slot.starts_at,
                minutes=minutes,
                place=place,
                group_id=groups.get(slot, new_id()) if in_group else None,
            )
            for slot in wanted
        ]
        act.topics.add(f"account:{professional.account_id}")
        act.record(planned[0], match=match.pk, times=len(planned))
    return planned[0]


def _locked_case(act: Change, actor: Actor, match_id: UUID, at: datetime) -> tuple[HelpRequest, Match]:
    visible = Match.objects.visible_to(actor, at=at).filter(pk=match_id)
    request_id = visible.values_list("request_id", flat=True).first()
    if request_id is None:
        raise NotVisible
    request = helprequests.lock_request(act, request_id)
    return request, visible.get()


def _taken(match: Match, wanted: list[rules.Slot]) -> list[rules.Slot]:
    """What the professional already has on the days of `wanted` and the days beside them."""
    first, last = local_day(wanted[0].starts_at), local_day(wanted[-1].ends_at)
    rows = Appointment.objects.filter(
        municipality_id=match.municipality_id,
        professional_id=match.professional_id,
        stage__in=[AppointmentStage.PLANNED, AppointmentStage.KEPT],
    ).during(rules.with_neighbours(Period(first, last)))
    return [rules.Slot(starts_at, minutes) for starts_at, minutes in rows.values_list("starts_at", "minutes")]


def _groups(match: Match, wanted: list[rules.Slot]) -> dict[rules.Slot, UUID]:
    """The groups of the professional that this family is to join, and is not in yet."""
    rows = Appointment.objects.filter(
        municipality_id=match.municipality_id,
        professional_id=match.professional_id,
        stage__in=[AppointmentStage.PLANNED, AppointmentStage.KEPT],
        starts_at__in=[slot.starts_at for slot in wanted],
    )
    theirs = set(rows.filter(match=match).values_list("starts_at", flat=True))
    found = rows.exclude(group_id=None).values_list("starts_at", "minutes", "group_id")
    return {
        rules.Slot(starts_at, minutes): group_id
        for starts_at, minutes, group_id in found
        if group_id is not None and starts_at not in theirs
    }


def keep_appointment(*, actor: Actor, appointment_id: UUID, at: datetime) -> Appointment:
    """ "Geweest": the appointment took place, and that is the whole hour registration.

    Refused: not the own appointment, not begun yet, or something was said of it already.
    """
    return _settle(actor, "appointment.kept", appointment_id, AppointmentStage.KEPT, at)


def miss_appointment(*, actor: Actor, appointment_id: UUID, at: datetime) -> Appointment:
    """ "Niet doorgegaan": no hours come from it. Refused as `keep_appointment`."""
    return _settle(actor, "appointment.missed", appointment_id, AppointmentStage.MISSED, at)


def _settle(actor: Actor, code: str, appointment_id: UUID, to: AppointmentStage, at: datetime) -> Appointment:
    require_permission(actor, Permission.CONFIRM_HOURS)
    with change(actor, code, at=at) as act:
        appointment = act.lock(Appointment.objects.visible_to, appointment_id)
        require(
            rules.why_not_settled(
                appointment.stage, to, own=_own(actor, appointment), starts_at=appointment.starts_at, at=at
            )
        )
        appointment.stage, appointment.settled_at = to, at
        appointment.save()
        act.topics.add(_day_of(appointment))
        act.record(appointment, minutes=appointment.minutes)
    return appointment


def unkeep_appointment(*, actor: Actor, appointment_id: UUID, at: datetime) -> Appointment:
    """What was tapped is taken back: the appointment is planned again.

    Refused: not the own appointment, nothing was tapped, or it stands on an invoice.
    """
    require_permission(actor, Permission.CONFIRM_HOURS)
    with change(actor, "appointment.unkept", at=at) as act:
        appointment = act.lock(Appointment.objects.visible_to, appointment_id)
        require(
            rules.why_not_undone(
                appointment.stage,
                own=_own(actor, appointment),
                invoiced=Appointment.objects.filter(pk=appointment.pk).invoiced().exists(),
            )
        )
        appointment.stage, appointment.settled_at = AppointmentStage.PLANNED, None
        appointment.save()
        act.record(appointment)
    return appointment


def cancel_appointment(*, actor: Actor, appointment_id: UUID, at: datetime) -> Appointment:
    """The appointment is called off and the others are told. Refused: it has begun, or was settled."""
    require_permission(actor, Permission.PLAN_HELP)
    with change(actor, "appointment.cancelled", at=at) as act:
        appointment = act.lock(Appointment.objects.visible_to, appointment_id)
        require(rules.why_not_cancelled(appointment.stage, starts_at=appointment.starts_at, at=at))
        appointment.stage, appointment.settled_at = AppointmentStage.CANCELLED, at
        appointment.save()
        act.topics.add(_day_of(appointment))
        act.record(appointment)
    return appointment


def say_how_it_was(*, actor: Actor, appointment_id: UUID, felt: int, at: datetime) -> Appointment:
    """Somebody of the family said how the appointment was, from 1 (not good) to 5 (very good).

    Refused: not of the family, the appointment has not been, it was said on an earlier day, or too long ago.
    """
    require_permission(actor, Permission.SAY_HOW_IT_WAS)
    with change(actor, "appointment.felt", at=at) as act:
        appointment = act.lock(Appointment.objects.visible_to, appointment_id)
        require(
            rules.why_not_felt(
                appointment.stage,
                of_family=_own_member(actor, appointment.family_id) is not None,
                slot=rules.Slot(appointment.starts_at, appointment.minutes),
                felt_at=appointment.felt_at,
                at=at,
            )
        )
        appointment.felt, appointment.felt_at = felt, at
        appointment.save()
        act.record(appointment)
    return appointment


def end_request(
    *,
    actor: Actor,
    request_id: UUID,
    reason: str,
    at: datetime,
    looking_back: str = "",
    if_it_returns: str = "",
) -> Ending:
    """The question is done: its matches end today, what was still planned is called off, the family is asked.

    Refused: already done, or nobody took it up yet.
    """
    require_permission(actor, Permission.END_HELP)
    with change(actor, "request.ended", at=at) as act:
        request = helprequests.lock_request(act, request_id)
        require(rules.why_not_ended(request.stage))
        today = local_day(at)
        Appointment.objects.filter(
            match__request=request, stage=AppointmentStage.PLANNED, starts_at__gt=at
        ).update(stage=AppointmentStage.CANCELLED, settled_at=at)
        ending = Ending.objects.create(
            family_id=request.family_id,
            request=request,
            reason=reason,
            looking_back=looking_back,
            if_it_returns=if_it_returns,
            ended_on=today,
            at=at,
        )
        helprequests.move(act, request, Stage.DONE, waiting_on=WaitingOn.NOBODY)
        act.record(ending, request=request.pk, reason=reason)
        matching.end_matches_of(act, request, ends_on=today)
    return ending


def reopen_request(*, actor: Actor, request_id: UUID, at: datetime) -> HelpRequest:
    """It came back: the question is open again and its coach is told. Refused: it was not done."""
    require_permission(actor, Permission.END_HELP)
    with change(actor, "request.reopened", at=at) as act:
        request = helprequests.lock_request(act, request_id)
        require(rules.why_not_reopened(request.stage))
        helprequests.move(act, request, Stage.TALK, waiting_on=WaitingOn.COACH)
        act.record(request)
    return request


def answer_outcome(*, actor: Actor, request_id: UUID, useful: int, onward: str, at: datetime) -> Outcome:
    """Somebody of the family answered the two questions about this ending, once.

    Refused: not of the family, the help has not ended, or this person answered already.
    """
    require_permission(actor, Permission.ANSWER_TWO_QUESTIONS)
    with change(actor, "outcome.answered", at=at) as act:
        request = helprequests.lock_request(act, request_id)
        member = _own_member(actor, request.family_id)
        ending = Ending.objects.filter(request=request).last() if request.stage == Stage.DONE else None
        answered = (
            Outcome.objects.filter(ending=ending, member=member).exists() if ending and member else False
        )
        require(rules.why_no_outcome(ended=ending is not None, asked=member is not None, answered=answered))
        assert ending is not None
        assert member is not None
        outcome = Outcome.objects.create(
            family_id=request.family_id, ending=ending, member=member, useful=useful, onward=onward, at=at
        )
        act.record(outcome, request=request.pk)
    return outcome


def _own(actor: Actor, appointment: Appointment) -> bool:
    return actor.professional_id is not None and actor.professional_id == appointment.professional_id


def _day_of(appointment: Appointment) -> str:
    """What the own day of who helps listens to."""
    return f"account:{appointment.match.professional.account_id}"


def _own_member(actor: Actor, family_id: UUID) -> FamilyMember | None:
    """The actor as a member of this family; somebody who is trusted by it is not one."""
    members = FamilyMember.objects.filter(family_id=family_id, account_id=_signed_in(actor))
    return members.exclude(kind=MemberKind.CONFIDANT).first()


def _signed_in(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotVisible
    return actor.account_id


def _involved(family_id: UUID, account_id: UUID, at: datetime) -> bool:
    return Involvement.objects.standing(at).filter(family_id=family_id, account_id=account_id).exists()
