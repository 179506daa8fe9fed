"""The pages of a GP in a real browser: accessible by day and by night, and they fit."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.families.test_gp import join, may_share, record_of, share, write
from tests.families.test_gp_asks import ask
from tests.support.fixtures import Fits
from tests.support.matching import household
from tests.support.registrations import physician
from tests.support.world import build_world


def test_the_pages_of_a_gp_are_accessible(fits: Fits) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = household(world)
    join(world, house)
    note = write(world, house)
    write(world, house, words="Dit blijft bij mij.")
    may_share(world, house)
    share(world, note)
    for name in ("anouk", "youssef"):
        physician(world, name)
    ask(world, house, "youssef")
    of_gp = f"/gezin/dossier/{record_of(house)}/huisarts/"
    of_family = f"/gezin/{house.family_id}/"
    for who, paths in {
        "anouk": [of_gp, "/huisarts/vragen/", "/vandaag/"],
        "ellen": [of_gp],
        "noor": [of_gp, f"{of_family}huisarts-uitnodigen/", f"{of_family}wie-mag-wat/"],
    }.items():
        fits(world.account(who).pk, paths)
