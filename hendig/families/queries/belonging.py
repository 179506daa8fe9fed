"""The families to which somebody belongs, and whether anything of what is shared is open to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from hendig.families.models import (
    CARRIES_OUT,
    Compartment,
    CompartmentKind,
    Family,
    FamilyMember,
    Involvement,
    Part,
    opened,
)
from hendig.families.queries import PART_WORDS
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Words


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
        family=OuterRef("family_id"), kind=CompartmentKind.SHARED, pk__in=opened("compartment_id", actor, at)
    )
    me = FamilyMember.objects.filter(family=OuterRef("family_id"), account_id=actor.account)
    # A family that is not open has no name here; what is open of it may be no more than the own part.
    name = Family.objects.filter(pk=OuterRef("family_id")).values("name")[:1]
    rows = Involvement.objects.filter(
        municipality_id=actor.municipality_id,
        account_id=actor.account,
        part__in=[Part.FAMILY, Part.CONFIDANT],
        record__in=opened("record_id", actor, at),
    ).annotate(sees=Exists(shared), kind=Subquery(me.values("kind")[:1]), called=Subquery(name))
    found = rows.order_by("-family_id").values_list("family_id", "called", "kind", "sees").distinct()
    return tuple(
        OwnFamily(pk, (called or "") if sees else "", kind or "", sees) for pk, called, kind, sees in found
    )


@dataclass(frozen=True, slots=True)
class Carried:
    """A child over whom the reader carries out a measure: the door to its page."""

    family_id: UUID
    child: str
    function: Words


def carried_out(actor: Actor, *, at: datetime) -> tuple[Carried, ...]:
    """Over whom the actor carries out a measure, by first name: no look at a record. 1 query.

    Nobody chose them in a match, so no match leads there.
    """
    rows = Involvement.objects.standing(at).filter(
        municipality_id=actor.municipality_id,
        account_id=actor.account,
        part__in=CARRIES_OUT,
        record__in=opened("record_id", actor, at, parts=CARRIES_OUT),
    )
    found = rows.order_by("record__child__first_name", "family_id", "part")
    lines = found.values_list("family_id", "record__child__first_name", "part").distinct()
    return tuple(Carried(pk, name, PART_WORDS[Part(part)]) for pk, name, part in lines)
