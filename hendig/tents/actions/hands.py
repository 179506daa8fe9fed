"""Whose turn it is to speak: who wants to say something, and who leads gives the floor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import account_of, lock_tent, lock_with_tent, talk_of
from hendig.tents.actions.there import came
from hendig.tents.models import Gesture, GestureKind, Talk, Tent
from hendig.tents.rules import guide

# What shows a hand and a turn, on the screen of a tent.
TURNS = "turns"


def raise_hand(*, actor: Actor, tent_id: UUID, at: datetime) -> Gesture:
    """Somebody at the table wants to say something, and all see it. Refused outside the talk, and twice."""
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.hand_raised", at=at) as act:
        act.piece = TURNS
        tent, _part = lock_tent(act, tent_id)
        came(act, tent)
        me = account_of(actor)
        up = tent.gestures.filter(kind=GestureKind.HAND, account_id=me).exists()
        require(guide.why_no_hand(tent, up=up))
        hand = Gesture.objects.create(
            family_id=tent.family_id, tent=tent, kind=GestureKind.HAND, account_id=me, author_id=me, at=at
        )
        act.record(tent)
    return hand


def lower_hand(*, actor: Actor, hand_id: UUID, at: datetime) -> Tent:
    """The hand is down. Refused for who neither raised it nor leads."""
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.hand_lowered", at=at) as act:
        act.piece = TURNS
        tent, hand, part = _lock_hand(act, hand_id)
        require(guide.why_not_lower(tent, hand, part=part, account=actor.account_id))
        hand.delete()
        act.record(tent)
    return tent


def give_turn(*, actor: Actor, hand_id: UUID, at: datetime) -> Tent:
    """Who raised this hand has the floor; who had it so before is done. Refused for who does not lead."""
    require_permission(actor, Permission.LEAD_TENT)
    with change(actor, "tent.turn_given", at=at) as act:
        act.piece = TURNS
        tent, hand, part = _lock_hand(act, hand_id)
        require(guide.why_no_turn(tent, part=part, account=actor.account_id, turn=0))
        _done(tent)
        hand.turn_at = at
        hand.save()
        act.record(tent, account=hand.account_id)
    return tent


def next_turn(*, actor: Actor, tent_id: UUID, turn: int, at: datetime) -> Talk:
    """The round is here now; past its end everybody had a turn. Refused for who does not lead."""
    require_permission(actor, Permission.LEAD_TENT)
    with change(actor, "tent.turn_given", at=at) as act:
        act.piece = TURNS
        tent, part = lock_tent(act, tent_id)
        require(guide.why_no_turn(tent, part=part, account=actor.account_id, turn=turn))
        _done(tent)
        talk = talk_of(tent, at)
        talk.turn = turn
        talk.save()
        act.record(tent, turn=turn)
    return talk


# --- steps ---


def begin_round(tent: Tent, at: datetime) -> None:
    """The talk is in another phase: whoever begins the round has the floor, and it counts from now."""
    _done(tent)
    talk = talk_of(tent, at)
    talk.phase_at, talk.turn = at, 0
    talk.save()


def lower_all(tent: Tent) -> None:
    """Nobody waits for the floor any more."""
    tent.gestures.filter(kind=GestureKind.HAND).delete()


def _done(tent: Tent) -> None:
    """Whose hand was heard puts it down."""
    tent.gestures.filter(kind=GestureKind.HAND, turn_at__isnull=False).delete()


def _lock_hand(act: Change, hand_id: UUID) -> tuple[Tent, Gesture, str]:
    """The tent and a hand that is up, locked, and the actor's part."""
    up = Gesture.objects.visible_to(act.actor, at=act.at).filter(kind=GestureKind.HAND)
    return lock_with_tent(act, up, hand_id)
