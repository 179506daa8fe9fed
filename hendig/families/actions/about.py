"""Whom something that is written is about: the step that every action with such a row takes."""

from __future__ import annotations

from uuid import UUID

from hendig.audit.actions import Change
from hendig.families.models import CHILD, FamilyMember, MemberKind, Record, Whom
from hendig.kernel.refusal import NotVisible


def about_whom(act: Change, record: Record, whom: Whom) -> Whom:
    """The same as it is kept: who is the child of the record is nobody else.

    `NotVisible` for who is not of this family as far as the actor may know; a confidant is outside it.
    """
    if whom.member_id is None:
        return whom
    return CHILD if whom.member_id == record.child_id else Whom(_relative(act, record, whom.member_id))


def _relative(act: Change, record: Record, member_id: UUID) -> UUID:
    family = FamilyMember.objects.visible_to(act.actor, at=act.at).filter(family_id=record.family_id)
    if not family.exclude(kind=MemberKind.CONFIDANT).filter(pk=member_id).exists():
        raise NotVisible
    return member_id
