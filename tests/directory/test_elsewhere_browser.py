"""Being asked in another municipality, in a real browser: accessible and it fits, at both ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.elsewhere import beekdal, offered, taken
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.pages import assert_fit
from tests.support.world import signed_in, world_from


@pytest.mark.parametrize(("phone", "width"), [(True, 0), (False, 0), (True, 320)])
def test_the_pages_are_accessible(page_for: PageFor, live: Live, phone: bool, width: int) -> None:
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
        page = page_for(phone=phone, dark=not phone)
        if width:
            page.set_viewport_size({"width": width, "height": 640})
        cookie = signed_in(reader.account(who).pk)
        page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
        assert_fit(page, [f"/{path}" for path in paths])
