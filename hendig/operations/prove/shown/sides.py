"""What is of one of two parents who live apart: whom that parent lives with, and what is told apart."""

from __future__ import annotations

from datetime import timedelta

from hendig.circle import actions as circle
from hendig.families import actions as families
from hendig.families.actions import notes
from hendig.families.models import Bond, WhyKept
from hendig.operations.prove.shown import homes
from hendig.operations.prove.shown.canaries import Room
from hendig.operations.prove.shown.town import Home, Scene, decides_over, knows, looked_up, remembers
from hendig.rights import actions as rights


def of_one_parent(scene: Scene, home: Home, child: str, parent: str) -> None:
    """A new partner whom the coach wrote down, somebody drawn, words that are said apart, and a note."""
    scene.day(-1)
    coach, room, whose = scene.who(home.coach), Room(child, "parent", parent), home.members[parent]
    families.add_parent(
        actor=coach,
        family_id=home.family,
        first_name=scene.word("new partner of a parent", home.coach, room=room),
        side_of=whose,
        at=scene.at,
    )
    circle.draw(
        actor=scene.who(parent),
        family_id=home.family,
        name=scene.word("who is drawn for one parent", parent, room=room),
        relation=scene.word("what who is drawn for one parent is", parent, room=room),
        distance=1,
        bond=Bond.WARM,
        gives="",
        side_of=whose,
        at=scene.at,
    )
    rights.write_own_words(
        actor=scene.who(parent),
        family_id=home.family,
        kind="addition",
        topic="plan",
        words=scene.word("what a parent says apart", parent, room=room),
        apart=True,
        at=scene.at,
    )
    scene.things[f"note about {parent}"] = notes.write_note(
        actor=coach,
        record_id=scene.records[child],
        person_id=whose,
        words=scene.word("what a coach writes down of one parent", home.coach, room=room),
        reason=WhyKept(words=scene.word("why that is kept", home.coach, room=room)),
        at=scene.at,
    ).pk


def partner_of_one(scene: Scene, home: Home, child: str, parent: str, *, half: str, partner: str) -> None:
    """A half-sister of that home, and a partner who decides for her with that parent, and signs in.

    What is of her lies in her own record; who the partner is, in what is of the parent.
    """
    scene.day(-1)
    coach, side, whose = scene.who(home.coach), Room(child, "parent", parent), home.members[parent]
    born_on = scene.town.today - timedelta(days=500)
    sister = families.add_child(
        actor=coach,
        family_id=home.family,
        first_name=scene.word("name of a half-sister", home.coach, room=Room(half)),
        born_on=scene.birds.day("birth date of a half-sister", born_on, of="", room=Room(half)),
        side_of=whose,
        at=scene.at,
    )
    home.members[half] = sister.pk
    remembers(scene, half, sister.pk)
    decides_over(scene, home, half, parent)
    mail = scene.word("mail address", partner, of=partner)
    came = families.add_parent(
        actor=coach,
        family_id=home.family,
        first_name=scene.word("name of a partner who signs in", home.coach, room=side, of=partner),
        last_name=scene.word("surname of a partner who signs in", home.coach, room=side, of=partner),
        email=f"{mail.lower()}@example.nl",
        children=[sister.pk],
        side_of=whose,
        at=scene.at,
    )
    home.members[partner] = came.pk
    knows(scene, partner, came.pk)
    looked_up(scene, home)
    rights.write_own_words(
        actor=scene.who(partner),
        family_id=home.family,
        record_id=scene.records[half],
        kind="addition",
        topic="plan",
        words=scene.word("what a partner says of the half-sister", partner, room=Room(half)),
        at=scene.at,
    )
    homes.lives(scene, home, half, partner)
