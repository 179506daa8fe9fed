"""Who decides for a youth of 16 or 17, in a real browser: accessible by day and by night, and it fits."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.families.test_capacity import first, prepared, second
from tests.support.fixtures import Fits
from tests.support.world import build_world


def test_the_pages_of_who_decides_are_accessible(fits: Fits) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = prepared(world)
    row = first(world, house)
    for who, paths in {
        "anouk": [f"persoon/{house.child.pk}/zelf-beslissen/"],
        "youssef": [f"persoon/{house.child.pk}/zelf-beslissen/", f"zelf-beslissen/{row.pk}/oordeel/"],
        "bo": [f"zelf-beslissen/{row.pk}/bezwaar/", f"persoon/{house.child.pk}/zelf-beslissen/"],
        "sanne": [f"persoon/{house.child.pk}/zelf-beslissen/"],
    }.items():
        if who == "bo":
            second(world, row)
        fits(world.account(who).pk, [f"/gezin/{path}" for path in paths])
