"""Whose turn it is at the table, who wants to say something, and how long the talk goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import FamilyMember, MemberKind
from hendig.tents.models import Gesture, GestureKind, SeatStage, Talk, Tent, TentStage
from hendig.tents.queries.gestures import away_of
from hendig.tents.queries.lists import Guest
from hendig.tents.rules import guide, names

# A talk that nobody rounded off last night does not go on: nobody needs to hear for how long.
STANDS_OPEN = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class AtTable:
    """Somebody at the table: `id` is the account, or the member of the family who has none.

    The first name says more where two share it.
    """

    id: UUID
    first_name: str
    role: str
    # Where the photo is of a guest who has one.
    photo: str = ""
    leads: bool = False
    member_id: UUID | None = None
    # Who did not come, as somebody said; and whether it is who reads this.
    away: bool = False
    mine: bool = False


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


def at_the_table(
    tent: Tent,
    members: Sequence[FamilyMember],
    guests: Sequence[Guest],
    gestures: Sequence[Gesture] = (),
    *,
    account: UUID | None = None,
) -> tuple[AtTable, ...]:
    """Who sits there: the child, who raises it, whom the family trusts, the coach and the guests."""
    coach = names.coach_at(tent)
    welcome = [one for one in guests if one.stage == SeatStage.WELCOME]
    known = names.names_at(
        tent,
        members,
        (names.Person(one.account_id, one.first_name, one.last_name, one.title) for one in welcome),
    )
    away = away_of(gestures)
    child_id = tent.compartment.record.child_id

    def sits(person: UUID, role: str, photo: str = "", member_id: UUID | None = None) -> AtTable:
        leads, gone = tent.chair_id == person, bool({person, member_id} & away)
        name = known[member_id or person]
        # What the name says already is not said once more beside it.
        role = "" if name.endswith(f"({role})") else role
        return AtTable(person, name, role, photo, leads, member_id, away=gone, mine=person == account)

    family = sorted(members, key=lambda one: (one.pk != child_id, one.kind == MemberKind.CONFIDANT))
    return (
        *(sits(one.account_id or one.pk, str(one.get_kind_display()), member_id=one.pk) for one in family),
        sits(coach.pk, str(names.COACH)),
        *(sits(one.account_id, one.title, one.photo) for one in welcome),
    )


def names_of(table: Sequence[AtTable]) -> dict[UUID, str]:
    """What each is called here, by each identifier that they are known by. No query."""
    return {key: one.first_name for one in table for key in (one.id, one.member_id) if key}


def turns_of(
    look: Viewing, tent: Tent, table: Sequence[AtTable], gestures: Sequence[Gesture], *, leads: bool
) -> Turns:
    """Of rows that were read; who is not at the table has no hand and no turn. No query."""
    table = [one for one in table if not one.away]
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
