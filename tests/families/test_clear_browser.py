"""Wie mag wat, wie keek er mee and the own part in a real browser: accessible, and without JavaScript."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.support.fixtures import Fits, PageFor
from tests.support.live import Live
from tests.support.matching import household, open_talk, say
from tests.support.world import World, build_world, signed_in


def prepared() -> tuple[World, str]:
    world = build_world()
    world.at = datetime.now(UTC)
    house = household(world)
    say(world, open_talk(world, house), "noor", "sanne", "mark", "ellen", "anouk")
    return world, str(house.family_id)


def test_a_switch_works_without_javascript(page_for: PageFor, live: Live) -> None:
    world, family = prepared()
    page = page_for(phone=True, javascript=False)
    cookie = signed_in(world.account("noor").pk)
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
    page.goto(f"/gezin/{family}/wie-mag-wat/")
    switch = page.get_by_role("switch", name="Mark mag meekijken")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    expect(page.get_by_text("Mark (ouder) ziet nu niets.")).to_be_visible()


def test_the_pages_of_trust_are_accessible(fits: Fits) -> None:
    world, family = prepared()
    for who, paths in {
        "noor": [f"gezin/{family}/wie-mag-wat/", f"gezin/{family}/wie-keek/", f"gezin/{family}/van-jou/"],
        "ellen": ["mijn-blikken/", f"gezin/{family}/"],
        "karin": ["verantwoorden/vragen/"],
    }.items():
        fits(world.account(who).pk, [f"/{path}" for path in paths])
