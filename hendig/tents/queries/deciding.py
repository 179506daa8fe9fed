"""Who of the family says yes at a table, for all of it."""

from __future__ import annotations

from datetime import datetime

from hendig.families.models import FamilyMember
from hendig.families.queries import decider_ids
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor


def decider(actor: Actor, request: HelpRequest, *, at: datetime) -> FamilyMember | None:
    """The actor as the person of the family who decides for the child; without a child, who asked.

    None for who is of the family and does not decide: who raises is not by that alone who decides. 3 queries.
    """
    member = FamilyMember.objects.filter(family_id=request.family_id, account=actor.account_id).first()
    who = decider_ids(request.child_id, at=at) if request.child_id else {request.asked_by_id}
    return member if member is not None and member.pk in who else None
