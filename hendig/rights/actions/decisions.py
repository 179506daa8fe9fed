"""A decision on paper: asked, taken up, asked about, extended, decided, and reminded of in time."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from hendig.audit.actions import Change, change, reading, speaking
from hendig.families.actions import lock_family, record_of, shared
from hendig.families.models import FamilyMember
from hendig.families.queries import deciders
from hendig.files.rules import Brought
from hendig.kernel import terms
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.kernel.walls import DECIDE
from hendig.keys.actions import hold_key
from hendig.people.actions import write_letter
from hendig.people.adapters.paper import pdf
from hendig.people.models import Municipality
from hendig.people.rules import Permission, require_permission
from hendig.rights import rules
from hendig.rights.models import Application, Decision, PaperStage, Question, Reminded
from hendig.rights.queries.letters import LETTER, Letter, decision_letter
from hendig.rights.queries.who import is_involved, may_ask, own_member

REMINDERS = {
    Reminded.SOON: "paper.due_soon",
    Reminded.TODAY: "paper.due_today",
    Reminded.OVERDUE: "paper.overdue",
}


def apply(
    *,
    actor: Actor,
    family_id: UUID,
    child_id: UUID,
    at: datetime,
    words: str = "",
    wants_pgb: bool = False,
    pgb_why: str = "",
    pgb_who: str = "",
) -> Application:
    """The application counts from this moment, whatever it says; a mail confirms it (Awb art. 4:3a).

    Refused for whoever does not decide for the child, and while another one is open for it.
    """
    require_permission(actor, Permission.ASK_ON_PAPER)
    with change(actor, "paper.applied", at=at) as act:
        member = own_member(actor, family_id)
        if member is not None and not is_involved(actor, family_id, at=at):
            # Who decides for no child of this family sees none either: Hendig looks, and says why not.
            with speaking(Actor.system(actor.municipality_id), at):
                who = deciders(_child(family_id, child_id).pk, at=at)
            require(rules.why_no_application(who, child_id, member.pk, open_already=False))
        family = lock_family(act, family_id)
        child = _child(family.pk, child_id)
        require(
            rules.why_no_application(
                deciders(child.pk, at=at),
                child.pk,
                member.pk if member else None,
                open_already=Application.objects.filter(child=child, closed_at=None).exists(),
            )
        )
        assert member is not None
        assert member.account_id is not None
        today = local_day(at)
        where = shared(record_of(act, child))
        # Also a parent whose view of the record rests may ask.
        hold_key(act, where.pk)
        application = Application.objects.create(
            family=family,
            compartment=where,
            child=child,
            child_name=_full(child),
            asked_by=member,
            asker_id=member.account_id,
            asker_name=_full(member),
            words=words,
            wants_pgb=wants_pgb,
            pgb_why=pgb_why if wants_pgb else "",
            pgb_who=pgb_who if wants_pgb else "",
            received_at=at,
            due_on=terms.due_on(today, on=today),
        )
        _confirm(act, application, member)
        act.topics.add("board")
        act.record(application, child=child.pk, pgb=wants_pgb)
    return application


def withdraw(*, actor: Actor, application_id: UUID, at: datetime) -> Application:
    """The family no longer asks it. Refused once it was decided."""
    require_permission(actor, Permission.ASK_ON_PAPER)
    with change(actor, "paper.withdrawn", at=at) as act:
        application = act.lock(Application.objects.visible_to, application_id)
        require(rules.why_not_withdrawn(application.stage, may_ask=may_ask(actor, application, at=at)))
        _close(application, PaperStage.WITHDRAWN, at)
        act.record(application)
    return application


def take_up(*, actor: Actor, application_id: UUID, at: datetime) -> Application:
    """This coach decides on it, for the municipality. Refused for the family's own coach, and when taken."""
    require_permission(actor, Permission.DECIDE_ON_PAPER)
    with change(actor, "paper.taken_up", at=at) as act:
        application = act.lock(Application.objects.visible_to, application_id)
        require(
            rules.why_not_take_up(
                involved=is_involved(actor, application.family_id, at=at),
                decider=application.decider_id,
                me=actor.account_id,
            )
        )
        application.decider_id = actor.account_id
        application.save()
        act.topics.add("board")
        act.record(application)
    return application


def give_back(*, actor: Actor, application_id: UUID, at: datetime) -> Application:
    """This coach decides on it no more: it waits for a colleague again, and the clock goes on.

    Refused for whoever does not decide on it, and once it is closed.
    """
    require_permission(actor, Permission.DECIDE_ON_PAPER)
    with change(actor, "paper.given_back", at=at) as act:
        application = act.lock(Application.objects.visible_to, application_id)
        require(
            rules.why_not_handle(
                application.stage, PaperStage.WITHDRAWN, decider=application.decider_id, me=actor.account_id
            )
        )
        _wait_for_another(act, application)
    return application


def free(*, municipality_id: UUID, application_id: UUID, at: datetime) -> None:
    """Who decided left or goes along with the family by now: it waits for a colleague. Only a worker does it.

    Nothing happens when another one decides by now, or it is closed.
    """
    with (
        suppress(NotVisible),
        change(Actor.system(municipality_id), "paper.given_back", at=at) as act,
    ):
        _wait_for_another(act, act.lock(Application.objects.left_alone(at=at), application_id))


def _wait_for_another(act: Change, application: Application) -> None:
    """A step: nobody decides on the (locked) application; those who could are told."""
    application.decider = None
    application.save()
    act.topics.add("board")
    act.record(application)


def ask_more(*, actor: Actor, application_id: UUID, words: str, answer_by: date, at: datetime) -> Question:
    """The family is asked what is missing, and the clock stands still from tomorrow (Awb art. 4:5, 4:15).

    Refused after the term, and for a day that gives no time or more than four weeks.
    """
    require_permission(actor, Permission.DECIDE_ON_PAPER)
    with change(actor, "paper.asked_more", at=at) as act, speaking(actor, at, purpose=DECIDE):
        application = _lock_mine(act, actor, application_id, PaperStage.INCOMPLETE)
        today = local_day(at)
        require(rules.why_no_question(answer_by, on=today, overdue=today > application.due_on))
        question = Question.objects.create(
            family_id=application.family_id,
            application=application,
            words=words,
            asked_on=today,
            answer_by=answer_by,
        )
        application.stage = PaperStage.INCOMPLETE
        application.save()
        act.record(question, application=application.pk)
    return question


def answer_question(*, actor: Actor, application_id: UUID, words: str, at: datetime) -> Question:
    """The family answered; the clock goes on, later by the days that it stood still."""
    require_permission(actor, Permission.ASK_ON_PAPER)
    with change(actor, "paper.answered", at=at) as act, speaking(actor, at, purpose=DECIDE):
        application = act.lock(Application.objects.visible_to, application_id)
        require(rules.why_no_answer(application.stage, may_ask=may_ask(actor, application, at=at)))
        question = application.questions.select_for_update().get(answered_on=None, lapsed=False)
        question.answer, question.answered_on = words, local_day(at)
        question.save()
        _go_on(application, local_day(at))
        act.record(question, application=application.pk)
    return question


def extend(*, actor: Actor, application_id: UUID, weeks: int, reason: str, at: datetime) -> Application:
    """The decision takes so many weeks more, once and with a reason: a letter says so (Awb art. 4:14 lid 3).

    Refused for a second time, and after the term.
    """
    require_permission(actor, Permission.DECIDE_ON_PAPER)
    with change(actor, "paper.extended", at=at) as act, speaking(actor, at, purpose=DECIDE):
        application = _lock_mine(act, actor, application_id)
        today = local_day(at)
        require(
            rules.why_no_extension(
                weeks, extended=application.extended_at is not None, due_on=application.due_on, on=today
            )
        )
        application.extension_weeks, application.extension_reason = weeks, reason
        application.extended_at = at
        _reckon(application, today)
        application.save()
        act.record(application, weeks=weeks)
    return application


def tell_too_late(*, actor: Actor, application_id: UUID, at: datetime) -> Application:
    """The family tells the municipality that it is too late (ingebrekestelling, Awb art. 4:17 lid 3).

    Two weeks later the municipality owes money for each day. Refused while it is still in time.
    """
    require_permission(actor, Permission.ASK_ON_PAPER)
    with change(actor, "paper.in_default", at=at) as act:
        application = act.lock(Application.objects.visible_to, application_id)
        require(rules.why_not_withdrawn(application.stage, may_ask=may_ask(actor, application, at=at)))
        require(
            rules.why_no_default(
                application.stage,
                due_on=application.due_on,
                on=local_day(at),
                given=application.in_default_at is not None,
            )
        )
        application.in_default_at = at
        application.save()
        act.record(application)
    return application


def decide(
    *,
    actor: Actor,
    application_id: UUID,
    verdict: str,
    at: datetime,
    what: str = "",
    reasons: str = "",
    pgb: bool | None = None,
    letter: Brought | None = None,
) -> Decision:
    """The municipality decided: the letter is there, made here or brought, and the family is told.

    Refused without reasons, and without an answer on the pgb that was asked.
    """
    require_permission(actor, Permission.DECIDE_ON_PAPER)
    with change(actor, "paper.decided", at=at) as act, speaking(actor, at, purpose=DECIDE):
        application = _lock_mine(act, actor, application_id, PaperStage.DECIDED)
        asked_pgb = application.wants_pgb
        uploaded = letter is not None
        require(rules.why_no_verdict(verdict, what, reasons, uploaded=uploaded, wants_pgb=asked_pgb, pgb=pgb))
        assert actor.account_id is not None
        decision = Decision(
            family_id=application.family_id,
            application=application,
            account_id=actor.account_id,
            verdict=verdict,
            pgb=pgb if asked_pgb else None,
            what=what,
            reasons=reasons,
            objection_by=terms.after_weeks(local_day(at), rules.OBJECTION_WEEKS),
            uploaded=uploaded,
            at=at,
        )
        decision.paper = letter.content if letter is not None else _written(application, decision)
        decision.save()
        _close(application, PaperStage.DECIDED, at)
        act.topics.add("board")
        act.record(decision, application=application.pk, verdict=verdict, pgb=decision.pgb)
    return decision


def remind(*, actor: Actor, application_id: UUID, at: datetime) -> None:
    """A question that was not answered in time lapses; the municipality is reminded of the day, once a level.

    Only the worker does this. Nothing is done twice: the level that was told stands with the application.
    """
    require_permission(actor, Permission.DECIDE_ON_PAPER)
    with suppress(NotVisible):  # nothing lapsed, or another worker was first
        _lapse(actor, application_id, at)
    today = local_day(at)
    with reading(actor, at):
        level = rules.reminder(Application.objects.get(pk=application_id).due_on, today)
    if level == Reminded.NOT:
        return
    rows = Application.objects.visible_to(actor, at=at).filter(
        stage=PaperStage.RECEIVED, reminded__lt=level, due_on__lte=today + rules.DECISION_SOON
    )
    with suppress(NotVisible), change(actor, REMINDERS[level], at=at) as act:
        application = act.lock(rows, application_id)
        application.reminded = level
        application.save()
        act.record(application, days=(application.due_on - today).days)


def _lapse(actor: Actor, application_id: UUID, at: datetime) -> None:
    """The day for an answer is over: the clock goes on without it (Awb art. 4:15 lid 1)."""
    today = local_day(at)
    rows = Application.objects.visible_to(actor, at=at).filter(stage=PaperStage.INCOMPLETE)
    late = Question.objects.filter(answered_on=None, lapsed=False, answer_by__lt=today)
    with change(actor, "paper.question_lapsed", at=at) as act:
        application = act.lock(rows.filter(questions__in=late), application_id)
        question = late.get(application=application)
        question.lapsed = True
        question.save()
        _go_on(application, today)
        act.record(question, application=application.pk)


def _lock_mine(act: Change, actor: Actor, application_id: UUID, to: PaperStage | None = None) -> Application:
    """The application on which this coach decides, locked. Refused for others, and when it is closed."""
    application = act.lock(Application.objects.visible_to, application_id)
    me = actor.account_id
    involved = is_involved(actor, application.family_id, at=act.at)
    require(rules.why_not_take_up(involved=involved, decider=None, me=me))
    to = to or PaperStage.WITHDRAWN  # what may still be withdrawn is still open
    require(rules.why_not_handle(application.stage, to, decider=application.decider_id, me=me))
    return application


def _full(member: FamilyMember) -> str:
    return f"{member.first_name} {member.last_name}".strip()


def _child(family_id: UUID, child_id: UUID) -> FamilyMember:
    child = FamilyMember.objects.filter(family_id=family_id, pk=child_id, born_on__isnull=False).first()
    if child is None:
        raise NotVisible
    return child


def _close(application: Application, stage: PaperStage, at: datetime) -> None:
    application.stage, application.closed_at = stage, at
    application.save()


def _go_on(application: Application, today: date) -> None:
    """A step: the clock runs again, and its last day moved on by what stood still."""
    application.stage = PaperStage.RECEIVED
    _reckon(application, today)
    application.save()


def _reckon(application: Application, today: date) -> None:
    """Sets the last day anew; what was told of an earlier last day is told again of this one."""
    due_on = terms.due_on(
        local_day(application.received_at),
        extra_weeks=application.extension_weeks,
        pauses=[
            terms.Pause(one.asked_on, one.answer_by, one.answered_on) for one in application.questions.all()
        ],
        on=today,
    )
    if due_on > application.due_on:
        application.due_on = due_on
        application.reminded = min(application.reminded, rules.reminder(due_on, today))


def _confirm(act: Change, application: Application, member: FamilyMember) -> None:
    """The mail that confirms the day, without a word of what was asked."""
    if member.account is None:
        return
    with translation.override(member.account.language):
        write_letter(
            act,
            to=member.account.email,
            key=f"applied:{application.pk}",
            subject=_("Wij hebben ontvangen wat u stuurde"),
            body=_(
                "Dag %(name)s,\n\nWij hebben ontvangen wat u stuurde.\n"
                "Op uw eigen pagina leest u hoe het verdergaat.\n\nHendig"
            )
            % {"name": member.first_name},
        )


def _written(application: Application, decision: Decision) -> bytes:
    """The letter, in Dutch: the language of government (Awb art. 2:6)."""
    town = Municipality.objects.get(pk=application.municipality_id)
    with translation.override("nl"):
        return pdf(LETTER, decision_letter(Letter.of(application, town), application, decision))
