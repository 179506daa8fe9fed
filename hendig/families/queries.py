"""What pages show of a family: its persons, its circle, who is involved, and who looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Viewing, viewing
from hendig.families import rules
from hendig.families.models import (
    FamilyMember,
    Involvement,
    LegalAuthority,
    Part,
)
from hendig.kernel import consent
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible

# Whoever is involved in two parts looks in the first of these: closest to the family first.
PARTS = (Part.FAMILY, Part.CONFIDANT, Part.COACH, Part.PROFESSIONAL, Part.GUEST, Part.REFERRER)


@contextmanager
def opening(actor: Actor, what: str, family_id: UUID, *, at: datetime) -> Iterator[Viewing]:
    """One look at a family's record, entered in the log with the part and ground on which it was opened.

    Raises `NotVisible` for whoever is not involved. 2 queries: the involvement and the line of the log.
    """
    rows = Involvement.objects.standing(at).filter(
        municipality_id=actor.municipality_id, account_id=actor.account_id, family_id=family_id
    )
    held = dict(rows.values_list("part", "ground"))
    part = next((part for part in PARTS if part in held), None)
    if part is None or actor.account_id is None:
        raise NotVisible
    with viewing(actor, what, family_id, part=part, ground=held[part], at=at) as look:
        yield look


def account_ids(family_id: UUID | None, part: Part, *, at: datetime) -> tuple[UUID, ...]:
    """The accounts involved with the family in this part at this moment. 1 query."""
    rows = Involvement.objects.standing(at).filter(family_id=family_id, part=part)
    return tuple(rows.order_by("id").values_list("account_id", flat=True))


def deciders(child_id: UUID, on: date) -> consent.Deciders:
    """Who must say yes for this child on the day `on`, as ids of members of the family. 2 queries.

    Without authority that stands, a child under 16 has no parents here and nothing can be agreed.
    """
    child = FamilyMember.objects.filter(pk=child_id).only("born_on").first()
    if child is None:
        raise NotVisible
    holders = LegalAuthority.objects.standing(on).filter(child_id=child_id).values_list("holder_id", flat=True)
    return rules.deciders(child, holders, on)


def decider_ids(child_id: UUID, on: date) -> frozenset[UUID]:
    """The members of the family (the youth included) whose yes is needed on the day `on`. 2 queries."""
    return deciders(child_id, on).must_answer(child_id)
