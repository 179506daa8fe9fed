"""Who the actor is to a family: one of it, somebody who decides for its child, or involved in any part."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from hendig.families.models import Block, Compartment, Family, FamilyMember, Involvement, Part
from hendig.families.queries import deciders
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.people.models import Membership
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


def with_a_coach(*, at: datetime) -> QuerySet[Compartment]:
    """The compartments of records that have a coach who works here and is not kept out; a query to ask by."""
    works = Membership.objects.standing(local_day(at)).filter(account=OuterRef("account"), role=Role.COACH)
    shut = Block.objects.standing(at).filter(record=OuterRef("record"), account=OuterRef("account"), kinds=[])
    coaches = Involvement.objects.standing(at).filter(
        Exists(works), ~Exists(shut), part=Part.COACH, account__is_active=True
    )
    return Compartment.objects.filter(record__in=coaches.values("record"))
