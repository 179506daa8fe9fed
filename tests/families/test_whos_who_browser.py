"""Who belongs to a family and who decides, in a real browser: accessible by day and by night, and it fits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect

from hendig.families.models import LegalAuthority
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.matching import household
from tests.support.pages import assert_accessible
from tests.support.world import build_world, signed_in


@pytest.mark.parametrize(("phone", "width"), [(True, 0), (False, 0), (True, 320)])
def test_the_pages_of_who_belongs_and_who_decides_are_accessible(
    page_for: PageFor, live: Live, phone: bool, width: int
) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = household(world, born_on=date(2018, 5, 4), checked=False)
    held = LegalAuthority.objects.get(holder=house.member("Mark"))
    page = page_for(phone=phone, dark=not phone)
    if width:
        page.set_viewport_size({"width": width, "height": 640})
    cookie = signed_in(world.account("ellen").pk)
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
    for path in (
        f"{house.family_id}/wie-hoort-erbij/",
        f"{house.family_id}/wie-hoort-erbij/volwassene/",
        f"{house.family_id}/wie-hoort-erbij/kind/",
        f"persoon/{house.child.pk}/gezag/",
        f"gezag/{held.pk}/eindigt/",
        f"persoon/{house.child.pk}/gezinsvoogd/",
    ):
        page.goto(f"/gezin/{path}")
        expect(page.locator("h1")).to_have_count(1)
        assert_accessible(page)
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), path
