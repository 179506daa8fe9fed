"""The drawing in a real browser: by keyboard alone, by dragging, without a script, and at once for all."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from hendig.tents import actions
from hendig.tents.models import Place, Tent
from tests.support.drawing import Drawn, drawn, understanding
from tests.support.fixtures import PageFor
from tests.support.live import SOON
from tests.support.pages import assert_accessible, assert_fit
from tests.support.world import World
from tests.tents.test_live import sign_in
from tests.tents.test_live import world_of_today as three_days_ago

pytestmark = pytest.mark.usefixtures("live")
SIX = (
    ("Noor slaapt slecht", "iets moeilijks", "Noor"),
    ("Er is vaak ruzie", "iets moeilijks", "De ouders"),
    ("Noor mist lessen", "iets moeilijks", "School"),
    ("Steeds een ander gezicht", "iets moeilijks", "De hulp zelf"),
    ("Bij oma is het rustig", "iets wat goed gaat", "Ons gezin"),
    ("Zwemmen met Lot", "iets wat goed gaat", "Om ons heen"),
)
LINKS = (
    ("Er is vaak ruzie", "Noor slaapt slecht", "maakt erger"),
    ("Noor slaapt slecht", "Noor mist lessen", "houdt in stand"),
    ("Noor mist lessen", "Er is vaak ruzie", "maakt erger"),
    ("Bij oma is het rustig", "Er is vaak ruzie", "beschermt tegen"),
    ("Zwemmen met Lot", "Noor slaapt slecht", "maakt lichter"),
)


def world_of_today() -> World:
    """An hour earlier: what was drawn until now was drawn before what is drawn in the browser."""
    world = three_days_ago()
    world.at -= timedelta(hours=1)
    return world


def open_drawing(page: Page, world: World, tent: Tent, who: str, rest: str = "") -> Page:
    sign_in(page, world, who).goto(f"/tenten/{tent.pk}/tekening/{rest}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hoe het samenhangt")
    return page


def focused(page: Page) -> str:
    """What has the focus, as it is called; nothing where that is the page itself, or a piece just renewed."""
    return str(
        page.evaluate(
            "() => { const el = document.activeElement; const label = el.labels?.[0];"
            " if (el.tabIndex < 0) return '';"
            " return (label || el).textContent.replace(/\\s+/g, ' ').trim(); }"
        )
    )


def tab_to(page: Page, words: str, *, key: str = "Tab") -> None:
    """By the keyboard alone, to what is called so."""
    for _ in range(90):
        page.keyboard.press(key)
        if words in focused(page):
            return
    raise AssertionError(f"no way by the keyboard to: {words}")


def choose(page: Page, group: str, words: str) -> None:
    """One of the buttons of a group: the arrows walk through them."""
    page.evaluate("() => document.activeElement.blur()")
    page.get_by_role("group", name=group).get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for _ in range(6):
        if words in focused(page):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no such choice: {words}")


def test_six_things_with_links_are_drawn_by_the_keyboard_alone(page_for: PageFor) -> None:
    world = world_of_today()
    page = open_drawing(page_for(), world, understanding(world), "sanne")
    for number, (words, kind, place) in enumerate(SIX, start=1):
        choose(page, "Wat is het?", kind)
        tab_to(page, "In een paar woorden")
        page.keyboard.type(words)
        tab_to(page, "Waar hoort het bij?")
        page.keyboard.type(place)
        tab_to(page, "Zet in de tekening")
        page.keyboard.press("Enter")
        expect(page.locator(".hang-desk .hang-box")).to_have_count(number)
    for number, (cause, effect, sign) in enumerate(LINKS, start=1):
        tab_to(page, cause)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("factor="))
        tab_to(page, "Hangt samen met…")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("picks="))
        tab_to(page, effect)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("met="))
        choose(page, "Wat doet het?", sign)
        tab_to(page, "Teken dit verband")
        page.keyboard.press("Enter")
        expect(page.locator(".hang-desk .hang-line")).to_have_count(number)
    tab_to(page, "Hoe het samenhangt in woorden")
    page.keyboard.press("Enter")
    twin = page.locator("#hang-twin")
    expect(twin).to_contain_text(
        "Dit is een kring: Er is vaak ruzie, dan Noor slaapt slecht, dan Noor mist lessen"
    )
    expect(twin).to_contain_text("Bij oma is het rustig. Dat beschermt tegen: Er is vaak ruzie")
    assert_accessible(page)


def centre(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, what: str, to: str) -> None:
    page.locator(what).scroll_into_view_if_needed()
    page.mouse.move(*centre(page, what))
    page.mouse.down()
    page.mouse.move(*centre(page, to), steps=6)
    page.mouse.up()


def card(drawn_: Drawn, name: str) -> str:
    return f'.hang-desk a[data-factor="{getattr(drawn_, name).pk}"] .hang-card'


def test_dragging_is_tapping_made_quick(page_for: PageFor) -> None:
    world = world_of_today()
    made = drawn(world)
    page = open_drawing(page_for(), world, made.tent, "sanne")
    page.set_viewport_size({"width": 1280, "height": 1600})
    drag(page, card(made, "granny"), card(made, "tired"))
    expect(page.get_by_role("heading", name="Hoe hangen deze twee samen?")).to_be_visible()
    page.get_by_text("maakt lichter", exact=True).first.click()
    page.get_by_role("button", name="Teken dit verband").click()
    expect(page.locator("#hang-twin")).to_contain_text(
        "Bij oma is het rustig. Dat maakt lichter: Noor slaapt"
    )
    drag(page, card(made, "granny"), '.hang-desk [data-place="helpers"] rect')
    expect(page.locator('.hang-desk [data-place="helpers"]')).not_to_have_class(re.compile("hang-bare"))
    page.get_by_role("button", name="Een stap terug").click()
    expect(page.locator('.hang-desk [data-place="helpers"]')).to_have_class(re.compile("hang-bare"))


def test_a_finger_that_stays_takes_a_card_along_and_one_that_moves_scrolls(page_for: PageFor) -> None:
    world = world_of_today()
    made = drawn(world)
    page = open_drawing(page_for(phone=True), world, made.tent, "sanne")
    fingers = page.context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touched = [{"x": x, "y": y} for x, y in points]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

    granny, tired = (f'.hang-phone a[data-factor="{one.pk}"]' for one in (made.granny, made.tired))
    page.set_viewport_size({"width": 390, "height": 1900})
    page.locator(".hang").scroll_into_view_if_needed()
    (x, y), (to_x, to_y) = centre(page, f"{granny} .hang-card"), centre(page, f"{tired} .hang-card")
    at = page.evaluate("() => scrollY")
    finger("touchStart", (x, y))
    expect(page.locator(granny).locator("xpath=..")).to_have_class(re.compile("hang-dragged"))
    for part in (0.3, 0.7, 1):
        finger("touchMove", (x + (to_x - x) * part, y + (to_y - y) * part))
    assert page.evaluate("() => scrollY") == at
    finger("touchEnd")
    expect(page.get_by_role("heading", name="Hoe hangen deze twee samen?")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(granny).scroll_into_view_if_needed()
    x, y = centre(page, f"{granny} .hang-card")
    at = page.evaluate("() => scrollY")
    finger("touchStart", (x, y))
    for far in (20, 60, 120):
        finger("touchMove", (x, y - far))
    finger("touchEnd")
    page.wait_for_function("at => scrollY !== at", arg=at)
    expect(page.locator(".hang-dragged")).to_have_count(0)


def test_the_growth_is_played_again_by_a_slider(page_for: PageFor) -> None:
    world = world_of_today()
    made = drawn(world)
    page = sign_in(page_for(), world, "sanne")
    page.goto(f"/tenten/{made.tent.pk}/tekening/verloop/")
    slider = page.get_by_role("slider", name="Naar een stap, van 1 tot 15")
    slider.focus()
    page.keyboard.press("End")
    expect(page.get_by_text("Stap 15 van 15")).to_be_visible()
    assert_accessible(page)
    at = world.at + timedelta(minutes=1)
    actions.put(actor=world.actor("noor"), piece_id=made.granny.pk, place=Place.SCHOOL, at=at)
    at += timedelta(minutes=1)
    actions.remove_piece(actor=world.actor("mark"), piece_id=made.swims.pk, at=at)
    for size in (page, sign_in(page_for(phone=True, dark=True), world, "sanne")):
        for step, words in ((15, "Nu ligt het bij: School."), (16, "Dit ging van tafel.")):
            size.goto(f"/tenten/{made.tent.pk}/tekening/verloop/?step={step}")
            expect(size.get_by_text(words)).to_be_visible()
            expect(size.locator(".hang-gone:visible")).to_have_count(1)
            assert_fit(size, [size.url])


def test_on_a_phone_without_a_script_all_of_it_goes_by_tapping(page_for: PageFor) -> None:
    world = world_of_today()
    made = drawn(world)
    page = open_drawing(page_for(phone=True, javascript=False), world, made.tent, "noor")
    page.locator(f'.hang-phone a[data-factor="{made.swims.pk}"]').tap()
    page.get_by_role("link", name="Hangt samen met…").tap()
    page.locator(f'.hang-phone a[data-factor="{made.tired.pk}"]').tap()
    page.get_by_text("maakt lichter", exact=True).first.tap()
    page.get_by_role("button", name="Teken dit verband").tap()
    expect(page.locator(".hang-phone .hang-softens")).to_have_count(2)
    page.get_by_role("button", name="Een stap terug").tap()
    expect(page.locator(".hang-phone .hang-softens")).to_have_count(1)
    page.get_by_role("link", name="Hoe het groeide").tap()
    page.get_by_role("link", name="Volgende").tap()
    expect(page.get_by_text("Stap 2 van 15")).to_be_visible()


def test_what_one_draws_the_other_sees_without_reloading(page_for: PageFor) -> None:
    world = world_of_today()
    made = drawn(world)
    noor = open_drawing(page_for(phone=True), world, made.tent, "noor")
    wall = open_drawing(page_for(), world, made.tent, "anouk")
    noor.goto(f"{noor.url.split('?')[0]}?factor={made.granny.pk}")
    noor.get_by_role("button", name="Mee eens").click()
    expect(wall.locator(".hang-desk .hang-tag-agree")).to_have_count(2, timeout=SOON)


def test_nothing_overflows_or_is_hard_to_reach_at_four_times_the_size(page_for: PageFor) -> None:
    world = world_of_today()
    made = drawn(world)
    page = sign_in(page_for(), world, "sanne")
    page.set_viewport_size({"width": 320, "height": 640})
    tapped = f"?factor={made.gaming.pk}"
    pair = f"{tapped}&met={made.granny.pk}"
    for rest in ("", tapped, f"{tapped}&picks=1", pair, "?zoom=3", "verloop/?step=9"):
        page.goto(f"/tenten/{made.tent.pk}/tekening/{rest}")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, rest
        assert_accessible(page)
