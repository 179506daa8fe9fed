"""A photo with own words in a real browser: without scripts too, and fetched when it is looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hendig.audit.models import Entry
from tests.support.files import a_photo, a_png_bomb
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.matching import household
from tests.support.pages import assert_accessible
from tests.support.world import build_world, signed_in


def sanne(page_for: PageFor, live: Live, **how: bool) -> tuple[Page, str]:
    world = build_world()
    world.at = datetime.now(UTC)
    house = household(world)
    page = page_for(**how)
    cookie = signed_in(world.account("sanne").pk)
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
    return page, f"/van-ons/{house.family_id}/"


def fill(page: Page, own: str, photo: Path) -> None:
    page.goto(f"{own}schrijven/")
    page.get_by_text("Ik wil iets toevoegen").click()
    page.get_by_text("ons plan").click()
    page.fill("[name=words]", "Zo ziet haar kamer eruit.")
    page.set_input_files("[name=file]", photo)
    page.fill("[name=file_words]", "De kamer van Noor")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_bomb_is_said_in_words_and_then_the_photo_stands_there(
    page_for: PageFor, live: Live, tmp_path: Path, javascript: bool
) -> None:
    page, own = sanne(page_for, live, phone=True, javascript=javascript)
    (tmp_path / "bom.png").write_bytes(a_png_bomb())
    (tmp_path / "kamer.jpg").write_bytes(a_photo(size=(1600, 1000), orientation=6))
    fill(page, own, tmp_path / "bom.png")
    page.get_by_role("button", name="Zet het erbij").click()
    expect(page.get_by_text("te veel beeldpunten").first).to_be_visible()
    expect(page.locator("[name=words]")).to_have_value("Zo ziet haar kamer eruit.")
    page.set_input_files("[name=file]", tmp_path / "kamer.jpg")
    page.get_by_role("button", name="Zet het erbij").click()
    page.get_by_text("Bekijk de foto").click()
    photo = page.get_by_alt_text("De kamer van Noor")
    expect(photo).to_be_visible()


def test_a_photo_is_fetched_and_logged_when_somebody_looks_at_it(
    page_for: PageFor, live: Live, tmp_path: Path
) -> None:
    page, own = sanne(page_for, live, phone=False, dark=True)
    (tmp_path / "kamer.jpg").write_bytes(a_photo(size=(1600, 1000)))
    fill(page, own, tmp_path / "kamer.jpg")
    assert_accessible(page)
    page.get_by_role("button", name="Zet het erbij").click()
    page.get_by_text("Zo ziet haar kamer eruit.").wait_for()
    assert not Entry.objects.filter(code="file.seen").exists()
    page.get_by_text("Bekijk de foto").click()
    expect(page.get_by_alt_text("De kamer van Noor")).to_have_js_property("naturalWidth", 1600)
    assert Entry.objects.filter(code="file.seen").count() == 1
    assert_accessible(page)


def test_a_file_that_is_too_large_is_said_before_it_is_sent(
    page_for: PageFor, live: Live, tmp_path: Path
) -> None:
    page, own = sanne(page_for, live, phone=True)
    (tmp_path / "groot.jpg").write_bytes(b"\xff\xd8\xff" + bytes(15_000_001))
    fill(page, own, tmp_path / "groot.jpg")
    expect(page.locator("#messages")).to_contain_text("Dit bestand is te groot. Het mag 15 MB zijn.")
    expect(page.locator("[name=file]")).to_have_value("")
    expect(page.locator("[name=words]")).to_have_value("Zo ziet haar kamer eruit.")
