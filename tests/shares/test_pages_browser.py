"""What a family shares, in a real browser: accessible and it fits, to who shares it and who reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.support.fixtures import Fits
from tests.support.shares import TEN, page_key, propose, record_id, say, with_page
from tests.support.world import world_from


def test_the_pages_are_accessible(fits: Fits) -> None:
    world = world_from(datetime.now(UTC) - timedelta(hours=5))
    house, agreed = with_page(world, TEN)
    share = propose(world, house, page_key(agreed))
    say(world, share, "sanne", "mark")
    family = house.family_id
    for who, paths in {
        "sanne": [f"gezin/{family}/wie-mag-wat/", f"gezin/{family}/delen/", f"delen/{share.pk}/"],
        "ellen": [f"gezin/{family}/delen/", f"delen/nieuw/{record_id(house)}/"],
        "lianne": ["gedeeld/", f"gedeeld/{share.pk}/"],
    }.items():
        fits(world.account(who).pk, [f"/{path}" for path in paths])
