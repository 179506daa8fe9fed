"""The families to which somebody belongs, and whether anything of what is shared is open to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from hendig.families.models import Compartment, CompartmentKind, Family, FamilyMember, Part, opened
from hendig.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class OwnFamily:
    """A family to which somebody belongs, and how far its page is open to them.

    `kind` is what they are there. Who sees nothing of what is shared reads no name either.
    """

    family_id: UUID
    name: str
    kind: str
    sees: bool


def belongs_to(actor: Actor, *, at: datetime) -> tuple[OwnFamily, ...]:
    """The families to which the actor belongs: the door to their pages, no look at a record. 1 query."""
    shared = Compartment.objects.filter(
        family=OuterRef("pk"), kind=CompartmentKind.SHARED, pk__in=opened("compartment_id", actor, at)
    )
    me = FamilyMember.objects.filter(family=OuterRef("pk"), account_id=actor.account)
    rows = (
        Family.objects.visible_to(actor, at=at)
        .filter(involvements__account_id=actor.account, involvements__part__in=[Part.FAMILY, Part.CONFIDANT])
        .annotate(sees=Exists(shared), kind=Subquery(me.values("kind")[:1]))
        .order_by("-pk")
        .distinct()
    )
    found = rows.values_list("pk", "name", "kind", "sees")
    return tuple(OwnFamily(pk, name if sees else "", kind or "", sees) for pk, name, kind, sees in found)
