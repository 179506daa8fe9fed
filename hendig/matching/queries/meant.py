"""Whom a direction of the table leads to: the people of a match talk that comes out of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.kernel.actor import Actor
from hendig.matching import rules
from hendig.matching.queries import Candidate, Preparation
from hendig.people.models import Professional
from hendig.tents.models import Seat, SeatStage, who_came
from hendig.tents.queries.directions import Wish


@dataclass(frozen=True, slots=True)
class Meant:
    """Who was meant at the table and can be asked, who was meant and cannot now, and who else there is."""

    can: tuple[Candidate, ...]
    cannot: tuple[Candidate, ...]
    others: tuple[Candidate, ...]


def meant_by(actor: Actor, wish: Wish | None, *, at: datetime) -> frozenset[UUID]:
    """Whom a direction names, else the only one who was at that table; none whom the family said no to.

    3 queries, and none without a direction.
    """
    if wish is None:
        return frozenset()
    seats = Seat.objects.visible_to(actor, at=at).filter(tent=wish.tent_id)
    there = who_came(seats.filter(stage=SeatStage.WELCOME)).values_list("professional_id", flat=True)
    refused = seats.filter(stage=SeatStage.REFUSED).values_list("professional_id", flat=True)
    working = Professional.objects.visible_to(actor, at=at).filter(account__is_active=True)
    names = {
        key: (first, last)
        for key, first, last in working.values_list("pk", "account__first_name", "account__last_name")
    }
    return rules.meant_by(wish.who, names, there=set(there)) - set(refused)


def meant_first(page: Preparation, ids: Collection[UUID]) -> Meant:
    """The people of the page, with who was meant apart. No query."""
    return Meant(
        can=tuple(one for one in page.free if one.helper.id in ids),
        cannot=tuple(one for one in page.candidates if one.helper.id in ids and one.why_not),
        others=tuple(one for one in page.free if one.helper.id not in ids),
    )
