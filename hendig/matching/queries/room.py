"""Whom a professional helps, and how many places there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hendig.matching import rules
from hendig.matching.models import Match
from hendig.people.models import Professional


@dataclass(frozen=True, slots=True)
class Helped:
    """A child that somebody helps today, and whose plan it is."""

    family_id: UUID
    child: str


@dataclass(frozen=True, slots=True)
class Room:
    """With how many families somebody works, and how many more there is a place for."""

    families: int
    families_max: int
    left: int


def room_of(professional_id: UUID, *, on: date) -> Room:
    """With how many families the professional works on that day, and the places left. 2 queries."""
    families_max = Professional.objects.values_list("families_max", flat=True).get(pk=professional_id)
    families = Match.objects.families_of(professional_id, on)
    return Room(families, families_max, rules.room_left(families_max, families))


def helped_by(professional_id: UUID, *, on: date) -> tuple[Helped, ...]:
    """Whom the professional helps on that day. 1 query."""
    rows = (
        Match.objects.standing(on)
        .filter(professional_id=professional_id)
        .order_by("child__first_name", "family_id")
    )
    return tuple(Helped(*row) for row in rows.values_list("family_id", "child__first_name").distinct())
