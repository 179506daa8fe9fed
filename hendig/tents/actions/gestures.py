"""What each says with one tap: whether it is understood so, and afterwards whether they felt heard."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import change
from hendig.families.models import FamilyMember
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import account_of, grasp_of, lock_tent
from hendig.tents.actions.there import came
from hendig.tents.models import Gesture, GestureKind, Tent
from hendig.tents.rules import guide


def say_understood(
    *, actor: Actor, tent_id: UUID, yes: bool, at: datetime, words: str = "", member_id: UUID | None = None
) -> Gesture:
    """Somebody of the family finds that it is understood so, or says what is missing.

    What is said aloud, who leads or the coach may write down for somebody. Refused outside the talk, before
    anything was named, for who is not of the family, and for a "not yet" without words.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.understood", at=at) as act:
        tent, part = lock_tent(act, tent_id)
        family = FamilyMember.objects.at_table(tent.compartment_id).filter(family_id=tent.family_id)
        me = family.filter(account_id=account_of(actor)).first()
        member = me if member_id is None else family.filter(pk=member_id).first()
        own = member is not None and member == me
        if own:
            came(act, tent)
        require(
            guide.why_not_say_understood(
                tent,
                member=member,
                notes=guide.may_note(tent, part=part, account=actor.account_id, own=own),
                factors=grasp_of(tent).factors,
                yes=yes,
                words=words,
            )
        )
        gesture = _said(tent, GestureKind.UNDERSTOOD, member, None)
        gesture.author_id, gesture.at, gesture.yes, gesture.words = account_of(actor), at, yes, words.strip()
        gesture.save()
        act.record(tent, yes=yes, member=gesture.member_id)
    return gesture


def say_heard(
    *, actor: Actor, tent_id: UUID, yes: bool, at: datetime, words: str = "", member_id: UUID | None = None
) -> Gesture:
    """Whether somebody who was there felt heard, with perhaps one line; said again it reads as said last.

    What somebody of the family says aloud, a child or who has no account, who led or the coach may write
    down. Refused before the talk is over, and over what somebody said with a tap of their own.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.heard", at=at) as act:
        tent, part = lock_tent(act, tent_id)
        me = account_of(actor)
        member = _member(tent, member_id) if member_id is not None else None
        who = me if member is None else member.account_id
        own = who == me
        gesture = _said(tent, GestureKind.HEARD, member, who)
        require(
            guide.why_not_say_heard(
                tent,
                notes=guide.may_note_heard(tent, part=part, account=me, own=own),
                said=not own and who is not None and gesture.author_id == who,
                away=tent.gestures.away().of_person(account_id=who, member_id=member_id).exists(),
            )
        )
        gesture.author_id, gesture.at, gesture.yes, gesture.words = me, at, yes, words.strip()
        gesture.save()
        facts: dict[str, Any] = {} if own else {"member": member_id}
        act.record(tent, **facts)
    return gesture


def _member(tent: Tent, member_id: UUID) -> FamilyMember:
    member = (
        FamilyMember.objects.at_table(tent.compartment_id)
        .filter(family_id=tent.family_id, pk=member_id)
        .first()
    )
    if member is None:
        raise NotVisible
    return member


def _said(tent: Tent, kind: GestureKind, member: FamilyMember | None, account_id: UUID | None) -> Gesture:
    """What this person said before, to be said anew; else the first time.

    Also what was written down for somebody of the family who has an account since.
    """
    theirs = Q(account_id=account_id) | Q(member__account_id=account_id) if account_id else Q(member=member)
    found = tent.gestures.filter(theirs, kind=kind).first()
    return found or Gesture(
        family_id=tent.family_id,
        tent=tent,
        kind=kind,
        member=None if account_id else member,
        account_id=account_id,
    )
