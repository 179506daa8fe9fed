"""A way in that was given to the wrong person is taken back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families import rules
from hendig.families.actions.persons import tell_of
from hendig.families.models import OWN_PARTS, Consent, FamilyMember, Involvement
from hendig.families.queries.ways_in import looks_of
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission


def take_way_in_back(*, actor: Actor, member_id: UUID, at: datetime) -> FamilyMember:
    """Whoever signs in with the invited address is not this person: nothing of the family is there for them.

    What was said with that account, a yes or a no, does not hold any more. The person stays of the family
    and can be invited at another address. Refused for who came by itself: nobody invited that one.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.way_in_taken_back", at=at) as act:
        rows = FamilyMember.objects.visible_to(actor, at=at)
        member = act.lock(rows, member_id)
        require(rules.why_no_way_in_taken_back(member))
        looked = looks_of(member).exists()
        act.topics.add(f"account:{member.account_id}")
        tell_of(act, member, account=member.account_id, looked=looked)
        member.account, member.invited_at = None, None
        member.save()
        nothing_holds(act, member)
    return member


def nothing_holds(act: Change, member: FamilyMember) -> None:
    """A step: the person is not involved with a record any more, and what was said as this person is over.

    Who works and is named for what is this person's own stays involved.
    """
    own = Involvement.objects.coming_too(act.at).filter(member=member, part__in=OWN_PARTS)
    for row in own.select_for_update(of=("self",)):
        row.until_at = max(act.at, row.from_at)
        row.save()
    said = Consent.objects.standing(act.at).filter(giver=member)
    for answer in said.select_for_update(of=("self",)):
        answer.until_at = act.at
        answer.save()
