"""What is of one parent alone, in a real browser: accessible and it fits, at both ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hendig.families.actions import add_parent
from hendig.rights.actions import write_own_words
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.matching import household
from tests.support.pages import assert_fit
from tests.support.world import signed_in, world_from


@pytest.mark.parametrize(("phone", "width"), [(True, 0), (False, 0), (True, 320)])
def test_the_pages_are_accessible(page_for: PageFor, live: Live, phone: bool, width: int) -> None:
    world = world_from(datetime.now(UTC) - timedelta(hours=5))
    house = household(world)
    family, sanne, mark = house.family_id, house.member("Sanne").pk, house.member("Mark").pk
    pjotr = add_parent(
        actor=world.actor("ellen"), family_id=family, first_name="Pjotr", side_of=sanne, at=world.at
    )
    write_own_words(
        actor=world.actor("sanne"),
        family_id=family,
        kind="addition",
        topic="plan",
        words="Zeg dit niet tegen Mark.",
        apart=True,
        at=world.at,
    )
    people = f"gezin/{family}/wie-hoort-erbij/"
    hers = [f"van-ons/{family}/schrijven/", f"van-ons/{family}/", f"gezin/persoon/{sanne}/apart/"]
    for who, paths in (
        ("sanne", [*hers, f"gezin/{family}/kring/", f"gezin/{family}/"]),
        ("ellen", [f"gezin/persoon/{sanne}/apart/", f"gezin/persoon/{mark}/apart/"]),
        ("ellen", [f"gezin/persoon/{pjotr.pk}/kant/", people, f"{people}volwassene/", f"{people}kind/"]),
    ):
        page = page_for(phone=phone, dark=not phone)
        if width:
            page.set_viewport_size({"width": width, "height": 640})
        cookie = signed_in(world.account(who).pk)
        page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
        assert_fit(page, [f"/{path}" for path in paths])
