"""What a family shares, in a real browser: accessible and it fits, to who shares it and who reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.pages import assert_fit
from tests.support.shares import TEN, page_key, propose, record_id, say, with_page
from tests.support.world import signed_in, world_from


@pytest.mark.parametrize(("phone", "width"), [(True, 0), (False, 0), (True, 320)])
def test_the_pages_are_accessible(page_for: PageFor, live: Live, phone: bool, width: int) -> None:
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
        page = page_for(phone=phone, dark=not phone)
        if width:
            page.set_viewport_size({"width": width, "height": 640})
        cookie = signed_in(world.account(who).pk)
        page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
        assert_fit(page, [f"/{path}" for path in paths])
