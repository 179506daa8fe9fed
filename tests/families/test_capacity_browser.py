"""Who decides for a youth of 16 or 17, in a real browser: accessible by day and by night, and it fits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.families.test_capacity import first, prepared, second
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.pages import assert_fit
from tests.support.world import build_world, signed_in


@pytest.mark.parametrize(("phone", "width"), [(True, 0), (False, 0), (True, 320)])
def test_the_pages_of_who_decides_are_accessible(
    page_for: PageFor, live: Live, phone: bool, width: int
) -> None:
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
        page = page_for(phone=phone, dark=not phone)
        if width:
            page.set_viewport_size({"width": width, "height": 640})
        cookie = signed_in(world.account(who).pk)
        page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
        assert_fit(page, [f"/gezin/{path}" for path in paths])
