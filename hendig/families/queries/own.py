"""Which families are somebody's own, and whose own a family is: asked as Hendig itself, or by who sees it."""

from __future__ import annotations

from uuid import UUID

from hendig.families.models import FamilyMember, SamePerson


def own_families(account_id: UUID) -> tuple[UUID, ...]:
    """The families of which somebody is, also where a coach found them to be the same person.

    1 query for who is of none, else 3.
    """
    mine = dict(FamilyMember.objects.filter(account_id=account_id).values_list("pk", "family_id"))
    if not mine:
        return ()
    links = SamePerson.objects.standing()
    found = {
        *mine.values(),
        *links.filter(one__in=mine).values_list("other__family_id", flat=True),
        *links.filter(other__in=mine).values_list("one__family_id", flat=True),
    }
    return tuple(sorted(found))


def whose_own(family_id: UUID) -> frozenset[UUID]:
    """The accounts of who is of this family. 1 query."""
    members = FamilyMember.objects.filter(family_id=family_id, account__isnull=False)
    return frozenset(members.values_list("account_id", flat=True))
