"""Where persons of the town live: in a shelter, apart from each other, or where who helps may come."""

from __future__ import annotations

from hendig.families.actions import homes
from hendig.families.rules.homes import Address
from hendig.kernel.periods import local_day
from hendig.operations.prove.shown.canaries import Canary, Room
from hendig.operations.prove.shown.town import Home, Scene


def lives(
    scene: Scene, home: Home, child: str, who: str, *, by: str = "", also: tuple[str, ...] = ()
) -> None:
    """An address that this person wrote down, or the coach (`by`); it stands with other children `also`."""
    writes, room = by or who, Room(child, "address", who, also)

    def word(what: str) -> str:
        return scene.word(what, writes, room=room)

    homes.note_home(
        actor=scene.who(writes),
        person_id=home.members[who],
        address=Address(
            street=word("street where somebody lives"),
            number="7",
            addition=word("house number where somebody lives"),
            postcode=_postcode(scene, writes, room),
            place=word("place where somebody lives"),
            way_in=word("how to get in where somebody lives"),
            days=word("who is when where somebody lives"),
        ),
        from_on=local_day(scene.at),
        at=scene.at,
    )


def lets_know(scene: Scene, home: Home, who: str, comes: str) -> None:
    """This person tells one who helps where to come."""
    homes.let_know(
        actor=scene.who(who), person_id=home.members[who], account_id=scene.account(comes), at=scene.at
    )


def _postcode(scene: Scene, writes: str, room: Room) -> str:
    """One that nobody has: with two letters that stand in no identifier."""
    code = f"{1000 + len(scene.birds.all) * 37 % 9000} QX"
    forms = (code.lower(), code.lower().replace(" ", ""))
    return scene.birds.keep(Canary(code, "postcode where somebody lives", writes, room, forms=forms)).word
