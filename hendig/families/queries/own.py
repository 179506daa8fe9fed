"""Which families are somebody's own, and whose own a family is: asked as Hendig itself, or by who sees it."""

from __future__ import annotations

from uuid import UUID

from hendig.families.models import Block, FamilyMember, SamePerson


def own_families(account_id: UUID) -> tuple[UUID, ...]:
    """The families of which somebody is, or that they said to know from home. 2 to 4 queries.

    Also where a coach found them to be the same person.
    """
    said = Block.objects.said_own().filter(account_id=account_id)
    found = set(said.values_list("family_id", flat=True))
    mine = dict(FamilyMember.objects.filter(account_id=account_id).values_list("pk", "family_id"))
    if not mine:
        return tuple(sorted(found))
    links = SamePerson.objects.standing()
    found |= {
        *mine.values(),
        *links.filter(one__in=mine).values_list("other__family_id", flat=True),
        *links.filter(other__in=mine).values_list("one__family_id", flat=True),
    }
    return tuple(sorted(found))


def whose_own(family_id: UUID) -> frozenset[UUID]:
    """The accounts of who is of this family, or said to know it from home. 1 query."""
    members = FamilyMember.objects.filter(family_id=family_id, account__isnull=False)
    said = Block.objects.said_own().filter(family_id=family_id)
    both = members.order_by().values_list("account_id").union(said.values_list("account_id"))
    return frozenset(account_id for (account_id,) in both)
