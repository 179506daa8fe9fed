"""Who the actor is to a family: one of it, somebody who decides for its child, or involved in any part."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.families.models import Family, FamilyMember
from hendig.families.queries import deciders
from hendig.kernel.actor import Actor
from hendig.rights.models import Application


def own_member(actor: Actor, family_id: UUID) -> FamilyMember | None:
    """Who the actor is in this family. 1 query."""
    return FamilyMember.objects.filter(family_id=family_id, account_id=actor.account).first()


def may_ask(actor: Actor, application: Application, *, at: datetime) -> bool:
    """Whether the actor decides today for the child of the application. 3 queries."""
    member = own_member(actor, application.family_id)
    who = deciders(application.child_id, at=at)
    return member is not None and member.pk in who.may_answer(application.child_id)


def is_involved(actor: Actor, family_id: UUID, *, at: datetime) -> bool:
    """Whether the actor goes along with this family in any part. 1 query."""
    return Family.objects.visible_to(actor, at=at).filter(pk=family_id).exists()
