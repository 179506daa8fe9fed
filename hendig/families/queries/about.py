"""Whom something that is written is about: as who may say so chooses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import AboutSomebody, Whom
from hendig.families.queries import members
from hendig.families.rules.about import why_not_say_whom
from hendig.kernel.refusal import Refusal, Words

# The identifier and the first name of a person of the family.
Named = tuple[str, Words]


@dataclass(frozen=True, slots=True)
class SaidOf:
    """Something that was written, whom it is about, and who else that can be."""

    words: str
    whom: Whom
    child: Named | None
    people: tuple[Named, ...]
    why_not: Refusal | None


def said_of(look: Viewing, row: AboutSomebody, words: str, *, wrote: bool) -> SaidOf:
    """What of the row is about somebody; it was read with its compartment and record. 1 query."""
    people = members(look)
    return SaidOf(
        words=words,
        whom=row.whom,
        child=the_child(people, row.compartment.record.child_id),
        people=people,
        why_not=why_not_say_whom(wrote=wrote, part=look.part),
    )


def the_child(people: Iterable[Named], child_id: UUID | None) -> Named | None:
    """The child of the record, among the people of the family; nobody while it is not known which."""
    return next((one for one in people if one[0] == str(child_id)), None)
