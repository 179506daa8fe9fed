"""One person who stands in two families: found, linked, and shown to whoever may see both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Viewing
from hendig.families import rules
from hendig.families.models import FamilyMember, SamePerson
from hendig.families.queries.found import Double, Newcomer, full_name, likely_doubles
from hendig.kernel.refusal import NotVisible, Refusal


@dataclass(frozen=True, slots=True)
class Linked:
    """The same person in another family, since when, and why the coach thinks so; or why it stays so."""

    link_id: UUID
    why_not_part: Refusal | None
    family_id: UUID
    name: str
    family: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Same:
    """Somebody, who it is that is linked already, and who may be the same."""

    member_id: UUID
    name: str
    born_on: date | None
    linked: tuple[Linked, ...]
    likely: tuple[Double, ...]


def same_person(look: Viewing, member_id: UUID) -> Same:
    """One person of the family with the same person elsewhere, as far as the actor may see it. 3 queries."""
    fields = ("first_name", "last_name", "born_on", "family__name", "account__email")
    row = FamilyMember.objects.filter(family_id=look.family_id, pk=member_id).values_list(*fields).first()
    if row is None:
        raise NotVisible
    first, last, born_on, of_family, email = row
    linked = _linked(look, member_id)
    newcomer = Newcomer(first, last or of_family, born_on, email or "")
    known = {member_id, *(key for key, _link in linked)}
    likely = likely_doubles(look.actor, newcomer, at=look.at, besides=frozenset(known))
    return Same(member_id, full_name(first, last), born_on, tuple(one for _key, one in linked), likely)


def _linked(look: Viewing, member_id: UUID) -> list[tuple[UUID, Linked]]:
    rows = SamePerson.objects.visible_to(look.actor, at=look.at).standing()
    rows = rows.filter(Q(one_id=member_id) | Q(other_id=member_id)).select_related(
        "one__family", "other__family"
    )
    found = []
    for row in rows.order_by("id"):
        them = row.other if row.one_id == member_id else row.one
        name = full_name(them.first_name, them.last_name)
        why_not = rules.why_not_parted(row.one, row.other)
        link = Linked(row.pk, why_not, them.family_id, name, them.family.name, row.linked_at, row.reason)
        found.append((them.pk, link))
    return found
