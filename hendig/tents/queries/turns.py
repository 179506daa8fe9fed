"""Whose turn it is at the table, who wants to say something, and how long the talk goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.tents.models import Gesture, GestureKind, Talk, Tent, TentStage
from hendig.tents.rules import guide

# A talk that nobody rounded off last night does not go on: nobody needs to hear for how long.
STANDS_OPEN = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class AtTable:
    """Somebody at the table: `id` is the account, or the member of the family who has none."""

    id: UUID
    first_name: str
    role: str
    leads: bool = False
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand that is up, or that was given the floor."""

    id: UUID
    person: AtTable
    mine: bool
    has_floor: bool
    may_lower: bool


@dataclass(frozen=True, slots=True)
class Turns:
    """Who has the floor and who comes next; `after` is the place in the round that follows."""

    now: AtTable | None
    # Who has the floor because of a hand comes between two of the round.
    by_hand: bool
    next: AtTable | None
    after: int
    hands: tuple[Hand, ...]
    my_hand: Hand | None
    here: guide.Lasted | None
    today: guide.Lasted | None

    @property
    def is_round_done(self) -> bool:
        return self.now is None


def turns_of(
    look: Viewing, tent: Tent, table: Sequence[AtTable], gestures: Sequence[Gesture], *, leads: bool
) -> Turns:
    """Of rows that were read; who is at the table no more has no hand and no turn. No query."""
    talk: Talk | None = getattr(tent, "talk", None)
    on = talk is not None and tent.stage == TentStage.MEETING and look.at - talk.began_at < STANDS_OPEN
    hands = _hands(look, table, gestures, leads=leads)
    floor = next((hand for hand in hands if hand.has_floor), None)
    order = guide.round_of(
        [one for one in table if one.member_id], [one for one in table if not one.member_id]
    )
    turn = min(talk.turn, len(order)) if talk else 0
    here = order[turn : turn + 1]
    following = order[turn + 1 : turn + 2]
    return Turns(
        now=floor.person if floor else next(iter(here), None),
        by_hand=floor is not None,
        next=next(iter(following), None),
        after=turn + 1 if here else 0,
        hands=tuple(hand for hand in hands if not hand.has_floor),
        my_hand=next((hand for hand in hands if hand.mine), None),
        here=guide.lasted(talk.phase_at, look.at) if on and talk else None,
        today=guide.lasted(talk.began_at, look.at) if on and talk else None,
    )


def _hands(
    look: Viewing, table: Sequence[AtTable], gestures: Sequence[Gesture], *, leads: bool
) -> list[Hand]:
    known = {one.id: one for one in table}
    me = look.actor.account_id
    return [
        Hand(
            id=gesture.pk,
            person=known[gesture.person_id],
            mine=gesture.account_id == me,
            has_floor=gesture.turn_at is not None,
            may_lower=leads or gesture.account_id == me,
        )
        for gesture in gestures
        if gesture.kind == GestureKind.HAND and gesture.person_id in known
    ]
