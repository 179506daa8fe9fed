"""A drawing made together, as the people of the tests do it: all by the real actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hendig.tents import actions
from hendig.tents.models import Influence, Phase, Piece, PieceKind, Place, Sign, Tent, View
from tests.support.matching import Household, household
from tests.support.tents import answer, born_for, call_tent, go_to, meeting, welcome, write
from tests.support.world import World

AT_SCHOOL = born_for(8)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A tent with six factors, of which two are strengths, and how they hang together."""

    tent: Tent
    tired: Piece
    rows: Piece
    gaming: Piece
    absent: Piece
    swims: Piece
    granny: Piece


def understanding(world: World, house: Household | None = None) -> Tent:
    """A meeting that is at understanding."""
    return go_to(world, meeting(world, house), Phase.UNDERSTAND)


def elsewhere(world: World) -> Tent:
    """A meeting of another family of Ellen, where they are arriving."""
    house = household(world, parent="Fatima", other="Ali", child="Sami", born_on=AT_SCHOOL)
    tent = call_tent(world, house.request)
    answer(world, tent, "anouk", "youssef")
    welcome(world, tent, "anouk", who="fatima")
    world.later(days=3)
    return actions.begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)


def put(world: World, tent: Tent, text: str, who: str, place: Place, **given: object) -> Piece:
    """Something new in the drawing, a minute after what was there."""
    world.at += timedelta(minutes=1)
    return write(world, tent, text, who, kind=given.pop("kind", PieceKind.FACTOR), place=place.value, **given)  # type: ignore[arg-type]


def join(world: World, cause: Piece, effect: Piece, sign: Sign, who: str, **given: object) -> Influence:
    world.at += timedelta(minutes=1)
    return actions.link(
        actor=world.actor(who),
        tent_id=cause.tent_id,
        cause_id=cause.pk,
        effect_id=effect.pk,
        sign=sign,
        at=world.at,
        **given,  # type: ignore[arg-type]
    )


def think(world: World, piece: Piece, view: View, who: str, text: str = "", **given: object) -> None:
    world.at += timedelta(minutes=1)
    actions.remark(
        actor=world.actor(who),
        piece_id=piece.pk,
        view=view,
        text=text,
        at=world.at,
        **given,  # type: ignore[arg-type]
    )


def think_of(world: World, line: Influence, view: View, who: str, text: str = "", **given: object) -> None:
    """What somebody thinks of how the one works on the other."""
    think(world, line.cause, view, who, text, effect_id=line.effect_id, **given)


def drawn(world: World, house: Household | None = None) -> Drawn:
    """Noor sleeps badly: what plays a part, what helps, where they differ and what comes first."""
    tent = understanding(world, house)
    tired = put(world, tent, "Noor slaapt slecht en is overdag moe.", "noor", Place.CHILD)
    rows = put(world, tent, "Er is vaak ruzie over het huis.", "sanne", Place.PARENTS)
    gaming = put(world, tent, "Noor gamet ’s nachts om niet te piekeren.", "mark", Place.CHILD)
    absent = put(world, tent, "Noor mist veel lessen; niemand weet precies waarom.", "anouk", Place.SCHOOL)
    swims = put(
        world, tent, "Noor zwemt elke zaterdag met Lot.", "noor", Place.AROUND, kind=PieceKind.GOES_WELL
    )
    granny = put(world, tent, "Bij oma is het rustig.", "sanne", Place.FAMILY, kind=PieceKind.GOES_WELL)
    join(world, rows, tired, Sign.WORSE, "noor")
    join(world, gaming, tired, Sign.KEEPS, "youssef", both_ways=True)
    join(world, tired, absent, Sign.WORSE, "anouk")
    join(world, absent, rows, Sign.WORSE, "sanne")
    join(world, swims, gaming, Sign.SOFTENS, "noor")
    join(world, granny, rows, Sign.PROTECTS, "mark")
    think(world, rows, View.AGREE, "mark")
    think(world, gaming, View.DIFFER, "noor", "Gamen is juist mijn rust.")
    think(world, rows, View.FIRST, "noor", "dan slaap ik vanzelf beter")
    return Drawn(tent, tired, rows, gaming, absent, swims, granny)
