"""Being asked in another municipality, in a real browser: accessible and it fits, at both ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.support.elsewhere import beekdal, offered, taken
from tests.support.fixtures import Fits
from tests.support.world import world_from


def test_the_pages_are_accessible(fits: Fits) -> None:
    world = world_from(datetime.now(UTC) - timedelta(hours=5))
    town = beekdal(world)
    one = taken(world, town)
    world.add_professional("mila", "anker", "angst", "opvoeden")
    offered(world, town, "mila")
    way = f"mijn-kaart/elders/{one.pk}/"
    for reader, who, paths in (
        (world, "anouk", ["mijn-kaart/elders/", way, "mijn-kaart/"]),
        (world, "mila", ["mijn-kaart/elders/"]),
        (world, "youssef", ["mijn-kaart/elders/"]),
        (town, "anouk", ["mijn-kaart/elders/"]),
        (town, "bas", ["wie-werkt-hier/van-elders/", "wie-werkt-hier/"]),
        (town, "femke", ["wie-kan-wat/"]),
    ):
        fits(reader.account(who).pk, [f"/{path}" for path in paths])
