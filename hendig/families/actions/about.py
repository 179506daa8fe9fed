"""Whom something that is written is about: the step that every action with such a row takes."""

from __future__ import annotations

from uuid import UUID

from hendig.audit.actions import Change
from hendig.families.models import CHILD, FamilyMember, MemberKind, Record, Whom
from hendig.families.rules.about import why_not_about
from hendig.kernel.refusal import NotVisible, require


def about_whom(act: Change, record: Record, whom: Whom, *, within: UUID | None = None) -> Whom:
    """The same as it is kept: who is the child of the record is nobody else.

    `NotVisible` for who is not of this family as far as the actor may know; a confidant is outside it.
    Refused for who belongs to one side alone, but in what is kept `within` that side.
    """
    if whom.member_id is None:
        return whom
    known = _relative(act, record, whom.member_id, within)
    return CHILD if whom.member_id == record.child_id else Whom(known)


def _relative(act: Change, record: Record, member_id: UUID, within: UUID | None) -> UUID:
    family = FamilyMember.objects.visible_to(act.actor, at=act.at).filter(family_id=record.family_id)
    person = family.exclude(kind=MemberKind.CONFIDANT).filter(pk=member_id).first()
    if person is None:
        raise NotVisible
    apart = person.compartment_id not in {None, within} and person.pk != record.child_id
    require(why_not_about(on_a_side=apart))
    return member_id
