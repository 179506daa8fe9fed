"""What is of one parent alone, in a real browser: accessible and it fits, at both ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hendig.families.actions import add_parent
from hendig.rights.actions import write_own_words
from tests.support.fixtures import Fits
from tests.support.matching import household
from tests.support.world import world_from


def test_the_pages_are_accessible(fits: Fits) -> None:
    world = world_from(datetime.now(UTC) - timedelta(hours=5))
    house = household(world)
    family, sanne, mark = house.family_id, house.member("Sanne").pk, house.member("Mark").pk
    pjotr = add_parent(
        actor=world.actor("ellen"), family_id=family, first_name="Pjotr", side_of=sanne, at=world.at
    )
    write_own_words(
        actor=world.actor("sanne"),
        family_id=family,
        kind="addition",
        topic="plan",
        words="Zeg dit niet tegen Mark.",
        apart=True,
        at=world.at,
    )
    people = f"gezin/{family}/wie-hoort-erbij/"
    hers = [f"van-ons/{family}/schrijven/", f"van-ons/{family}/", f"gezin/persoon/{sanne}/apart/"]
    for who, paths in (
        ("sanne", [*hers, f"gezin/{family}/kring/", f"gezin/{family}/"]),
        ("ellen", [f"gezin/persoon/{sanne}/apart/", f"gezin/persoon/{mark}/apart/"]),
        ("ellen", [f"gezin/persoon/{pjotr.pk}/kant/", people, f"{people}volwassene/", f"{people}kind/"]),
    ):
        fits(world.account(who).pk, [f"/{path}" for path in paths])
