"""The question about whom it is, in a real browser: accessible, and it fits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from hendig.helprequests.actions import first_talk
from tests.support.families import REASON
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.matching import son_and_daughter
from tests.support.pages import assert_accessible
from tests.support.world import build_world, signed_in


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_the_question_about_whom_it_is_is_accessible(page_for: PageFor, live: Live, phone: bool) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    family = son_and_daughter(world).family_id
    page = page_for(phone=phone, dark=not phone)
    cookie = signed_in(world.account("sanne").pk)
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
    for path, asked in (
        (f"/van-ons/{family}/schrijven/", "Over wie gaat het?"),
        (f"/gezin/{family}/kring/", "Om wie heen?"),
    ):
        page.goto(path)
        whose = page.get_by_role("group", name=asked)
        expect(whose.get_by_role("radio")).to_have_count(2)
        assert_accessible(page)
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), path


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_whom_a_note_is_about_is_said_accessibly(page_for: PageFor, live: Live, phone: bool) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = son_and_daughter(world)
    first_talk(
        actor=world.actor("ellen"),
        request_id=house.request.pk,
        note="Mama is moe.",
        reason=REASON,
        at=world.at,
    )
    page = page_for(phone=phone, dark=not phone)
    cookie = signed_in(world.account("ellen").pk)
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
    page.goto(f"/gezinnen/vraag/{house.request.pk}/")
    choice = page.get_by_label("Over wie?")
    expect(choice).to_be_hidden()
    page.get_by_text("Gaat dit over iemand anders?").click()
    expect(choice).to_be_visible()
    assert_accessible(page)
    page.goto(f"/gezinnen/vraag/{house.request.pk}/over-wie/")
    assert_accessible(page)
    page.get_by_label("Over wie?").select_option(label="Sanne")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Over Sanne")).to_be_visible()
    assert_accessible(page)
