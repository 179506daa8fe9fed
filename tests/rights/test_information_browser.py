"""A parent without authority asks, in a real browser: accessible by day and by night, and it fits."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.rights.test_information import asked, prepared
from tests.support.fixtures import Fits
from tests.support.world import build_world


def test_the_pages_of_such_a_question_are_accessible(fits: Fits) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = prepared(world)
    for who, paths in {
        "mark": [f"van-ons/{house.family_id}/vragen-over-uw-kind/", f"van-ons/{house.family_id}/"],
        "anouk": [f"informatie/{house.family_id}/", "informatie/vraag/{one}/"],
    }.items():
        one = asked(world, house).pk if who == "anouk" else None
        fits(world.account(who).pk, [f"/{path.format(one=one)}" for path in paths])
