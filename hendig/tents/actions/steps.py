"""What the actions of a tent share: lock the case first, know the part, and keep the question in step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from hendig.audit.actions import Change
from hendig.families.actions import end_involvement
from hendig.families.models import CHILD, FamilyMember, Involvement, Part
from hendig.families.queries import PARTS
from hendig.helprequests.actions import move
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible
from hendig.tents import rules
from hendig.tents.models import Guide, Influence, Piece, Seat, SeatStage, Talk, Tent, TentStage, who_came
from hendig.tents.rules import guide, names

R = TypeVar("R", bound=Model)


def account_of(actor: Actor) -> UUID:
    """The account that acts; at a table nobody is anonymous."""
    if actor.account_id is None:
        raise NotVisible
    return actor.account_id


def part_of(act: Change, family_id: UUID) -> str:
    """The part in which the actor is involved, closest to the family first; empty for who is not."""
    held = set(
        Involvement.objects.standing(act.at)
        .filter(
            municipality_id=act.actor.municipality_id, account_id=account_of(act.actor), family_id=family_id
        )
        .values_list("part", flat=True)
    )
    return next((part.value for part in PARTS if part in held), "")


def lock_tent(act: Change, tent_id: UUID) -> tuple[Tent, str]:
    """The tent, locked, and the actor's part. `NotVisible` for who does not sit at it."""
    tent = act.lock(Tent.objects.visible_to, tent_id)
    return tent, part_of(act, tent.family_id)


def lock_case(act: Change, tent_id: UUID) -> tuple[HelpRequest, Tent, str]:
    """The question and then its tent, both locked, and the actor's part."""
    seen = (
        Tent.objects.visible_to(act.actor, at=act.at).filter(pk=tent_id).values_list("request_id", flat=True)
    )
    request = _lock_question(act, seen.first())
    tent, part = lock_tent(act, tent_id)
    return request, tent, part


def lock_seat(act: Change, seat_id: UUID) -> tuple[HelpRequest, Tent, Seat, str]:
    """The question, the tent and the seat, locked in that order. A professional sees the own seat only."""
    seen = Seat.objects.visible_to(act.actor, at=act.at).filter(pk=seat_id)
    request = _lock_question(act, seen.values_list("tent__request_id", flat=True).first())
    tent = request.tents.select_for_update().get(seats=seat_id)
    seat = act.lock(Seat.objects.visible_to, seat_id)
    return request, tent, seat, part_of(act, tent.family_id)


def lock_piece(act: Change, piece_id: UUID) -> tuple[Tent, Piece, str]:
    """The tent and what lies on its table, locked, and the actor's part."""
    return lock_with_tent(
        act, Piece.objects.visible_to(act.actor, at=act.at).filter(removed_at=None), piece_id
    )


def lock_with_tent(act: Change, rows: QuerySet[R], key: UUID) -> tuple[Tent, R, str]:
    """The tent and then something of it, both locked, and the actor's part."""
    tent_id = rows.filter(pk=key).values_list("tent_id", flat=True).first()
    if tent_id is None:
        raise NotVisible
    tent, part = lock_tent(act, tent_id)
    return tent, act.lock(rows, key), part


def piece_on(act: Change, tent: Tent, piece_id: UUID) -> Piece:
    """Something that lies on this table, as far as the actor sees it."""
    seen = Piece.objects.visible_to(act.actor, at=act.at)
    piece = seen.filter(tent=tent, pk=piece_id, removed_at=None).first()
    if piece is None:
        raise NotVisible
    return piece


def join(
    act: Change, tent: Tent, cause: Piece, effect: Piece, sign: str, *, said_by: Voice | None
) -> Influence:
    """From now on the one works on the other; with nobody it was said with its cause, in one breath."""
    return Influence.objects.create(
        family_id=tent.family_id,
        tent=tent,
        cause=cause,
        effect=effect,
        sign=sign,
        author_id=account_of(act.actor),
        **(said_by.kept if said_by else {}),
        at=act.at,
    )


def facts_of(cause: Piece, effect: Piece) -> dict[str, Any]:
    """What a line of the log says of whom the two are about: of the end that is about another, if one is."""
    said = cause if cause.whom != CHILD else effect
    return said.whom.said_of(said.pk)


def lines_at(piece: Piece) -> QuerySet[Influence]:
    """What runs to or from it now."""
    return Influence.objects.filter(Q(cause=piece) | Q(effect=piece), removed_at=None).order_by("id")


def take_away(act: Change, piece: Piece, *, by: UUID | None = None) -> None:
    """It is off the table, and so is what runs to or from it: both come back together."""
    for line in lines_at(piece).select_for_update():
        line.removed_at, line.removed_by_id = act.at, by
        line.save()
    piece.removed_at, piece.removed_by_id = act.at, by
    piece.save()


def guest_accounts(tent: Tent, among: QuerySet[Any] | None = None) -> list[UUID]:
    """The accounts of those the family made welcome, in the order in which they were asked."""
    welcome = tent.seats.filter(stage=SeatStage.WELCOME).order_by("id")
    if among is not None:
        welcome = welcome.filter(professional__account__in=among)
    return list(welcome.values_list("professional__account_id", flat=True))


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose voice it is: what they are called at this table, and who that is."""

    name: str
    person_id: UUID

    @property
    def kept(self) -> dict[str, Any]:
        """As it is kept with what was said."""
        return {"voice": self.name, "speaker_id": self.person_id}


def voice(tent: Tent, person_id: UUID) -> Voice:
    """Somebody at this table: of the family (also without an account), coach or guest."""
    family = list(FamilyMember.objects.at_table(tent.compartment_id).filter(family_id=tent.family_id))
    member = next((one for one in family if person_id in {one.account_id, one.pk}), None)
    key = member.pk if member else person_id
    known = names_at(tent, family)
    if key not in known and key == tent.called_by_id:
        known = {key: tent.called_by.first_name}
    if key not in known:
        raise NotVisible
    return Voice(known[key], key)


def names_at(tent: Tent, family: Iterable[FamilyMember] | None = None) -> dict[UUID, str]:
    """What each at this table is called: by the member of the family, else by the account."""
    if family is None:
        family = FamilyMember.objects.at_table(tent.compartment_id).filter(family_id=tent.family_id)
    seats = tent.seats.filter(stage=SeatStage.WELCOME).select_related("professional__account")
    guests = (names.of_account(one.professional.account, one.professional.title) for one in seats)
    return names.names_at(tent, family, guests)


def tell_apart(tent: Tent) -> None:
    """Who came to share a name with another is called so in all that they said here before, too."""
    known = names_at(tent)
    for rows in (tent.pieces, tent.influences, tent.remarks):
        for said in rows.order_by("id").select_for_update():
            name = names.name_now(said, known)
            if name != said.voice:
                said.voice = name
                said.save()


def settle(act: Change, request: HelpRequest, tent: Tent) -> None:
    """The tent is planned while somebody is welcome, and the question waits on whoever is to act now."""
    seats = list(tent.seats.values_list("stage", flat=True))
    if tent.stage in {TentStage.CALLING, TentStage.PLANNED}:
        tent.stage = TentStage.PLANNED if SeatStage.WELCOME in seats else TentStage.CALLING
    tent.save()
    if request.stage == Stage.TENT:
        move(act, request, Stage.TENT, waiting_on=rules.waits_on(tent, seats))


def leave(act: Change, tent: Tent, seat: Seat) -> None:
    """Whoever sat here is no guest of the family any more, unless another tent of theirs makes them one."""
    account_id = seat.professional.account_id
    until = stays_as_guest(tent, account_id, besides=seat.pk)
    still = until if until is not None and until > act.at else None
    end_involvement(
        act, record_id=tent.compartment.record_id, account_id=account_id, part=Part.GUEST, until=still
    )
    if tent.chair_id == account_id:
        tent.chair = None
    act.topics.add(f"account:{account_id}")


def give_up(act: Change, tent: Tent, seat: Seat) -> None:
    """The same of one seat of a tent that goes on: out of their calendar, with an edition that is newer."""
    leave(act, tent, seat)
    tent.edition += 1


def stays_as_guest(tent: Tent, account_id: UUID, *, besides: UUID | None = None) -> datetime | None:
    """Until when somebody is a guest of the family, by every seat where they are welcome, or all but one."""
    seats = who_came(
        Seat.objects.filter(
            compartment=tent.compartment_id, professional__account=account_id, stage=SeatStage.WELCOME
        )
    ).select_related("tent")
    return max((stays_until(seat.tent) for seat in seats if seat.pk != besides), default=None)


def talk_of(tent: Tent, at: datetime) -> Talk:
    """How far the talk of this tent is: it begins with the guide of this moment, and keeps that."""
    talk = Talk.objects.filter(tent=tent).first()
    if talk is None:
        own = Guide.objects.filter(municipality_id=tent.municipality_id).first()
        talk = Talk(family_id=tent.family_id, tent=tent, guide=own, began_at=at, phase_at=at)
    return talk


def grasp_of(tent: Tent) -> guide.Grasp:
    """How far it is understood together at this table."""
    return guide.grasp(tent.pieces.filter(removed_at=None), tent.gestures.all())


def stays_until(tent: Tent) -> datetime:
    """Until when a guest of this tent is involved."""
    return tent.starts_at + rules.GUEST_STAYS


def _lock_question(act: Change, request_id: UUID | None) -> HelpRequest:
    # Proven visible through the tent or the seat: the asked professional does not see the question itself.
    if request_id is None:
        raise NotVisible
    return act.lock(HelpRequest.objects.filter(municipality_id=act.actor.municipality_id), request_id)
