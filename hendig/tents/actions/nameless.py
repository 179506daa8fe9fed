"""Telling the question without a name: written down, allowed by the family, answered, and forgotten."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families.models import Block
from hendig.families.queries.own import whose_own
from hendig.helprequests.actions import lock_request
from hendig.kernel.actor import Actor
from hendig.kernel.ids import new_id
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.opentent.models import names_of_family
from hendig.people.models import Expertise, Municipality
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import account_of, part_of
from hendig.tents.models import Hearer, NamelessQuestion, Told, able
from hendig.tents.queries.deciding import decider
from hendig.tents.rules import nameless as rules

AT_ONCE = 200


def write_nameless(
    *, actor: Actor, request_id: UUID, expertise_id: UUID, text: str, at: datetime
) -> NamelessQuestion:
    """It is written down as it may be told to people of an expertise, and waits for the family's yes.

    Refused where the text leads to the family, after the meeting, and while another one waits for the same.
    """
    require_permission(actor, Permission.TELL_WITHOUT_NAME)
    with change(actor, "nameless.written", at=at) as act:
        request = lock_request(act, request_id)
        require(rules.why_not_tell(part=part_of(act, request.family_id), stage=request.stage))
        mine = NamelessQuestion.objects.filter(request=request, expertise=expertise_id)
        waiting = mine.filter(told_at=None, withdrawn_at=None).exists()
        require(
            rules.why_no_text(text, waiting=waiting)
            or rules.why_it_tells_who(text, names_of_family(request.family_id))
        )
        if not Expertise.objects.filter(municipality_id=actor.municipality_id, pk=expertise_id).exists():
            raise NotVisible
        question = NamelessQuestion.objects.create(
            family_id=request.family_id,
            request=request,
            expertise_id=expertise_id,
            text=text.strip(),
            written_by_id=account_of(actor),
            written_at=at,
        )
        act.record(question)
    return question


def allow_nameless(*, actor: Actor, question_id: UUID, at: datetime) -> NamelessQuestion:
    """Somebody of the family read it and said that it may be told: from now on those people hear it.

    Refused for whoever does not decide in the family, when the text leads to the family by now, and where
    nobody has the expertise. Nobody of the own family hears it.
    """
    require_permission(actor, Permission.ALLOW_WITHOUT_NAME)
    with change(actor, "nameless.told", at=at) as act:
        question, part = _lock(act, question_id)
        told, withdrawn = question.told_at is not None, question.withdrawn_at is not None
        member = decider(actor, question.request, at=at)
        decides = member is not None
        require(rules.why_not_allow(part=part, decides=decides, told=told, withdrawn=withdrawn))
        require(rules.why_it_tells_who(question.text, names_of_family(question.family_id)))
        hearers = _hearers(act, question)
        require(rules.why_nobody_hears(len(hearers)))
        question.allowed_by, question.told_at, question.told_id = member, at, new_id()
        Told.objects.create(
            id=question.told_id,
            expertise_id=question.expertise_id,
            text=str(question.text),
            told_at=at,
            until_at=at + rules.ANSWERED_WITHIN,
        )
        question.save()
        Hearer.objects.bulk_create(
            Hearer(told_id=question.told_id, professional_id=professional_id) for professional_id in hearers
        )
        act.topics |= {f"account:{account_id}" for account_id in hearers.values()}
        act.record(question, hearers=len(hearers))
    return question


def withdraw_nameless(*, actor: Actor, question_id: UUID, at: datetime) -> NamelessQuestion:
    """It is not told, or not any more: nobody else reads it from now on. What was answered stays."""
    require_permission(actor, Permission.TELL_WITHOUT_NAME)
    with change(actor, "nameless.withdrawn", at=at) as act:
        question, part = _lock(act, question_id)
        require(rules.why_not_withdraw(part=part, withdrawn=question.withdrawn_at is not None))
        question.withdrawn_at = at
        question.save()
        if question.told_id is not None:
            told = Told.objects.select_for_update().get(pk=question.told_id)
            told.closed_at = at
            told.save()
        act.record(question)
    return question


def answer_nameless(*, actor: Actor, hearer_id: UUID, words: str, can_come: bool, at: datetime) -> Hearer:
    """Who heard the question says what they think, and whether they could come; and may say it anew.

    Refused when it is not open any more.
    """
    require_permission(actor, Permission.ANSWER_TENT)
    with change(actor, "nameless.answered", at=at) as act:
        hearer = act.lock(Hearer.objects.told_to(actor), hearer_id)
        told = hearer.told
        closed = told.closed_at is not None
        require(rules.why_no_answer(words, until_at=told.until_at, closed=closed, at=at))
        hearer.words, hearer.can_come, hearer.answered_at = words.strip(), can_come, at
        hearer.save()
        act.record(hearer, can=can_come)
    return hearer


def forget_told(*, municipality_id: UUID, at: datetime) -> int:
    """What was told longer ago than its term is gone, with the answers; tells how many there were."""
    gone = 0
    old = Told.objects.filter(municipality_id=municipality_id, told_at__lt=at - rules.STAYS).order_by("pk")
    while keys := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        with change(Actor.system(municipality_id), "nameless.forgotten", at=at) as act:
            NamelessQuestion.objects.filter(told__in=keys).update(told=None)
            Hearer.objects.filter(told__in=keys).delete()
            Told.objects.filter(pk__in=keys).delete()
            act.record(Municipality(pk=municipality_id), rows=len(keys))
        gone += len(keys)
    return gone


def _lock(act: Change, question_id: UUID) -> tuple[NamelessQuestion, str]:
    question = act.lock(NamelessQuestion.objects.visible_to, question_id)
    return question, part_of(act, question.family_id)


def _hearers(act: Change, question: NamelessQuestion) -> dict[UUID, UUID]:
    """Who has the expertise and works here: professional → account.

    Nobody of the own family, and nobody whom the family keeps out.
    """
    kept_out = Block.objects.filter(family_id=question.family_id).standing(act.at).values_list("account_id")
    shut = whose_own(question.family_id) | {account_id for (account_id,) in kept_out}
    rows = able(act.actor, on=local_day(act.at), expertise_ids=[question.expertise_id])
    rows = rows.exclude(professional__account__in=shut)
    return dict(rows.values_list("professional_id", "professional__account_id"))
