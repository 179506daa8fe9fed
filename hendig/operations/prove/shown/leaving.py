"""A family whose coach left the employer, and what it asks of its record since then."""

from __future__ import annotations

from datetime import timedelta

from hendig.kernel.actor import Role
from hendig.operations.prove.shown.canaries import Room
from hendig.operations.prove.shown.town import BEGAN, Home, Scene
from hendig.people import actions as people
from hendig.rights import actions as rights


def begins(scene: Scene, name: str) -> None:
    """A coach, who works here since the town began."""
    scene.town.accounts[name] = people.add_worker(
        actor=scene.town.system,
        email=f"{name}@peelrand.example.nl",
        first_name=name.capitalize(),
        last_name="Aerts",
        role=Role.COACH,
        on=scene.town.today - timedelta(days=BEGAN),
        at=scene.at,
    ).pk


def leaves(scene: Scene, home: Home) -> None:
    """From this moment on nobody goes along with the family."""
    scene.day(-20)
    people.end_employment(actor=scene.town.system, account_id=scene.account(home.coach), at=scene.at)
    home.coach = ""


def asks(scene: Scene, home: Home, who: str, child: str) -> None:
    """Something is not right, and everything must go: both wait for the privacy officer."""
    scene.day(-2)
    rights.write_own_words(
        actor=scene.who(who),
        family_id=home.family,
        record_id=scene.records[child],
        kind="correction",
        topic="plan",
        words=scene.word("what is not right, where nobody coaches", who, room=Room(child)),
        at=scene.at,
    )
    rights.ask_destruction(
        actor=scene.who(who), family_id=home.family, child_id=home.members[child], at=scene.at
    )
