"""A parent without authority asks how it goes with the child; who helps answers, or says why not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change, speaking
from hendig.families.actions import shared, signed_in
from hendig.families.models import Compartment, CompartmentKind, LegalAuthority, Record, opened
from hendig.kernel.actor import Actor
from hendig.kernel.ids import new_id
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.keys.actions import new_keys
from hendig.people.rules import Permission, require_permission
from hendig.rights import rules
from hendig.rights.models import Answering, InformationRequest, InformationStage, Topic
from hendig.rights.queries.information import other_parent_may_see, said_apart
from hendig.rights.queries.who import own_member


def ask_information(
    *, actor: Actor, record_id: UUID, topic: str, words: str, at: datetime
) -> InformationRequest:
    """Who helps the child is asked; nothing of the record opens by that (BW 1:377c).

    Refused for whoever has authority (that parent sees the record), and while an earlier question waits.
    """
    require_permission(actor, Permission.ASK_INFORMATION)
    with change(actor, "information.asked", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        member = own_member(actor, record.family_id)
        own = Compartment.objects.filter(pk__in=opened("compartment_id", actor, at), record=record)
        mine = own.filter(kind=CompartmentKind.PARENT, person=member).exists()
        if member is None or record.child_id is None or not mine:
            raise NotVisible
        with speaking(Actor.system(actor.municipality_id), at):
            holds = LegalAuthority.objects.standing(local_day(at)).filter(holder=member)
            decides = holds.filter(child=record.child_id).exists()
        waiting = InformationRequest.objects.filter(
            record=record, asker_id=actor.account, stage=InformationStage.ASKED
        )
        require(rules.why_no_information(member.kind, decides=decides, waiting=waiting.exists()))
        # Who helps answers where they see what is shared; who asks sees nothing there.
        with speaking(Actor.system(actor.municipality_id), at):
            place, lock = shared(record), new_id()
        new_keys(act, {lock: record.family_id})
        asked = InformationRequest(
            compartment_id=lock,
            family_id=record.family_id,
            record=record,
            place=place,
            asker_id=signed_in(actor),
            member=member,
            topic=topic,
            words=words,
            asked_at=at,
        )
        asked.save()
        act.record(asked, within=place.pk, topic=topic)
    return asked


def release(
    *, actor: Actor, information_id: UUID, topic: str, answer: str, at: datetime
) -> InformationRequest:
    """This text, and nothing else, is what the parent reads; the log says of what kind it was.

    Refused with an address in it, with words that a child or a parent told apart, while no parent with
    authority may see the record, and to whoever is kept out.
    """
    require_permission(actor, Permission.ANSWER_INFORMATION)
    with change(actor, TOLD[Topic(topic)], at=at) as act:
        asked = _locked(act, information_id)
        require(
            rules.why_not_released(
                asked.stage,
                answer,
                parent_sees=other_parent_may_see(asked, at=at),
                apart=said_apart(actor, asked.record_id, at=at),
            )
        )
        _answer(act, asked, InformationStage.RELEASED, answer)
    return asked


def refuse(*, actor: Actor, information_id: UUID, why: str, at: datetime) -> InformationRequest:
    """It is not in the interest of the child; the parent reads why (BW 1:377c lid 1).

    Refused for a reason with an address, a worry about safety, or what somebody told apart in it.
    """
    require_permission(actor, Permission.ANSWER_INFORMATION)
    with change(actor, "information.refused", at=at) as act:
        asked = _locked(act, information_id)
        apart = said_apart(actor, asked.record_id, at=at)
        require(rules.why_not_told_no(asked.stage, why, apart=apart))
        _answer(act, asked, InformationStage.REFUSED, why)
    return asked


def refuse_plainly(*, actor: Actor, information_id: UUID, at: datetime) -> InformationRequest:
    """Nothing is told and no reason is given: the parent reads the same words whatever the reason is.

    So nobody has to think of one where the true one (a worry about safety, a secret address) tells too much.
    """
    require_permission(actor, Permission.ANSWER_INFORMATION)
    with change(actor, "information.refused", at=at) as act:
        asked = _locked(act, information_id)
        require(rules.why_not_told_nothing(asked.stage))
        _answer(act, asked, InformationStage.REFUSED, "")
    return asked


def answer(
    *, actor: Actor, information_id: UUID, tells: str, topic: str, words: str, at: datetime
) -> InformationRequest:
    """Tells it, says why not, or says no more than no, by what was chosen."""
    if tells == Answering.TELLS:
        return release(actor=actor, information_id=information_id, topic=topic, answer=words, at=at)
    if tells == Answering.SAYS_WHY:
        return refuse(actor=actor, information_id=information_id, why=words, at=at)
    return refuse_plainly(actor=actor, information_id=information_id, at=at)


# The family reads in its log what kind of thing was told, by the code alone.
TOLD = {
    Topic.HELP: "information.told_help",
    Topic.HEALTH: "information.told_health",
    Topic.SCHOOL: "information.told_school",
}


def _locked(act: Change, information_id: UUID) -> InformationRequest:
    rows = InformationRequest.objects.to_answer(act.actor, at=act.at)
    return act.lock(rows, information_id)


def _answer(act: Change, asked: InformationRequest, to: InformationStage, words: str) -> None:
    asked.stage, asked.answer = to, words
    asked.answered_by_id, asked.answered_at = act.actor.account, act.at
    asked.save()
    act.topics.add(f"account:{asked.asker_id}")
    act.record(asked, within=asked.place_id, asked_by=asked.asker_id)
