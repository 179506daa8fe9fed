"""What a family asked of its record, and no coach is there to answer; and who is reminded of the days."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change, speaking
from hendig.audit.models import Entry
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission
from hendig.rights import rules
from hendig.rights.actions.own import reply_to, settle
from hendig.rights.models import Destruction, DestructionStage, OwnStage, OwnWords
from hendig.rights.queries.waiting import GRANTED, ToRemind
from hendig.rights.queries.who import with_a_coach


def answer_destruction_without_coach(
    *,
    actor: Actor,
    destruction_id: UUID,
    stage: str,
    at: datetime,
    keep: Collection[str] = (),
    reply: str = "",
) -> Destruction:
    """The privacy officer answers where no coach goes along any more: all of it goes, or nothing, and why.

    Refused for a part: which pieces there are, only who opens the record can tell. What the officer may not
    see is looked up and written by Hendig.
    """
    require_permission(actor, Permission.ANSWER_WITHOUT_COACH)
    with (
        change(actor, "destruction.answered", at=at) as act,
        speaking(Actor.system(actor.municipality_id), at),
    ):
        rows = Destruction.objects.filter(municipality_id=actor.municipality_id)
        asked = act.lock(rows.exclude(compartment__in=with_a_coach(at=at)), destruction_id)
        to = DestructionStage(stage)
        require(rules.why_destruction_not_answered(asked.stage, to, keep, reply))
        if to is DestructionStage.PARTLY:
            require(rules.why_no_part((), ()))
        return settle(act, asked, to, keep=keep, reply=reply)


def answer_correction_without_coach(
    *, actor: Actor, own_id: UUID, corrected: bool, at: datetime, reply: str = ""
) -> OwnWords:
    """The privacy officer answers a correction where no coach goes along any more. Refused without a reason
    for a no.
    """
    require_permission(actor, Permission.ANSWER_WITHOUT_COACH)
    with change(actor, "own.answered", at=at) as act, speaking(Actor.system(actor.municipality_id), at):
        rows = OwnWords.objects.filter(municipality_id=actor.municipality_id)
        own = act.lock(rows.exclude(compartment__in=with_a_coach(at=at)), own_id)
        return reply_to(act, own, corrected=corrected, reply=reply)


def remind_of_request(*, one: ToRemind, at: datetime) -> None:
    """Who answers, or carries out, is reminded of this day. Once: who comes second finds the line."""
    with suppress(NotVisible), change(Actor.system(one.municipality_id), one.code, at=at) as act:
        if one.code.startswith("own."):
            own = act.lock(OwnWords.objects.filter(stage=OwnStage.ASKED), one.asked_id)
            _once(one)
            act.record(own, **own.whom.said_of(own.pk))
            return
        stages = [DestructionStage.ASKED] if "answer" in one.code else GRANTED
        gone = one.code.startswith("destruction.backup")
        rows = Destruction.objects.filter(stage__in=stages, done_at__isnull=not gone)
        row = act.lock(rows, one.asked_id)
        _once(one)
        act.record(row)


def _once(one: ToRemind) -> None:
    if Entry.objects.filter(object_id=one.asked_id, code=one.code).exists():
        raise NotVisible
