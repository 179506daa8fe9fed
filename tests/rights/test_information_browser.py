"""A parent without authority asks, in a real browser: accessible by day and by night, and it fits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.rights.test_information import asked, prepared
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.pages import assert_fit
from tests.support.world import build_world, signed_in


@pytest.mark.parametrize(("phone", "width"), [(True, 0), (False, 0), (True, 320)])
def test_the_pages_of_such_a_question_are_accessible(
    page_for: PageFor, live: Live, phone: bool, width: int
) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = prepared(world)
    for who, paths in {
        "mark": [f"van-ons/{house.family_id}/vragen-over-uw-kind/", f"van-ons/{house.family_id}/"],
        "anouk": [f"informatie/{house.family_id}/", "informatie/vraag/{one}/"],
    }.items():
        one = asked(world, house).pk if who == "anouk" else None
        page = page_for(phone=phone, dark=not phone)
        if width:
            page.set_viewport_size({"width": width, "height": 640})
        cookie = signed_in(world.account(who).pk)
        page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
        assert_fit(page, [f"/{path.format(one=one)}" for path in paths])
