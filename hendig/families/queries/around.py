"""Who stands around a family, as it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, FamilyMember, MemberKind, Tie


@dataclass(frozen=True, slots=True)
class Around:
    """Somebody in the own circle, in the shape that the ecogram draws."""

    tie_id: UUID
    name: str
    role: str
    distance: int
    gives: str
    tie: str
    # Drawn for one parent alone, and who was named there.
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """The ecogram: who stands in the middle, and who around."""

    centre: tuple[str, ...]
    around: tuple[Around, ...]


def circle(look: Viewing) -> Circle:
    """Who stands around the family, nearest first. 2 queries."""
    ties = Tie.objects.present().within(look)
    around = ties.values_list("id", "name", "relation", "distance", "gives", "bond", "compartment__kind")
    middle = FamilyMember.objects.within(look).exclude(kind=MemberKind.CONFIDANT)
    return Circle(
        centre=tuple(middle.values_list("first_name", flat=True)),
        around=tuple(Around(*row[:-1], apart=row[-1] == CompartmentKind.PARENT) for row in around),
    )
