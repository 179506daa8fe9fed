"""The register of breaches and what somebody outside told, in a real browser: accessible, and it fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hendig.keys.actions import backups
from hendig.rights import actions as rights
from hendig.safety import actions
from hendig.safety.models import ErasureWhy
from hendig.safety.rules import Told
from tests.support.families import talked
from tests.support.fixtures import Fits
from tests.support.matching import household, record_of
from tests.support.safety import worried
from tests.support.world import world_from


def test_the_pages_are_accessible(fits: Fits) -> None:
    world = world_from(datetime.now(UTC) - timedelta(minutes=5))
    concern = worried(world, talked(world))
    found = world.at - timedelta(hours=80)
    told = Told(found_at=found, from_at=found, until_at=found, what="Een brief ging naar een ander adres.")
    breach = actions.write_breach(actor=world.actor("karin"), told=told, at=world.at).pk
    register = "verantwoorden/datalek/"
    for who, paths in {
        "karin": [f"{register}{one}" for one in ("", "nieuw/", f"{breach}/", f"{breach}/aanvullen/")],
        "ellen": [f"veiligheid/{concern.pk}/", f"veiligheid/{concern.pk}/verteld/"],
        "henk": ["betalen/open/"],
    }.items():
        fits(world.account(who).pk, [f"/{path}" for path in paths])


def test_what_was_destroyed_and_in_which_backups_is_accessible(fits: Fits) -> None:
    world = world_from(datetime.now(UTC) - timedelta(days=40))
    house = household(world)
    file = backups.Copied("a" * 64, "b" * 32, 1000, "kluis", world.at, world.at.date() + timedelta(days=30))
    backups.register_backup(actor=world.system, file=file, at=world.at)
    world.later(days=1)
    actor, asked = world.actor("ellen"), {"family_id": house.family_id, "child_id": house.child.pk}
    question = rights.ask_destruction(actor=world.actor("noor"), at=world.at, **asked)
    rights.answer_destruction(actor=actor, destruction_id=question.pk, stage="granted", at=world.at)
    row = actions.ask_erasure(
        actor=world.actor("karin"), record_id=record_of(house, "Noor"), why=ErasureWhy.ASKED, at=world.at
    )
    actions.agree_erasure(actor=actor, erasure_id=row.pk, at=world.at)
    fits(world.account("karin").pk, ["/verantwoorden/bewaren/", f"/vernietigen/{row.pk}/"])
