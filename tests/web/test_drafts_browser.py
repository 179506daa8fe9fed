"""What is typed is of the tab in which it was typed; once that is gone, of the next that opens the form."""

from __future__ import annotations

import re

from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.matching import household
from tests.support.world import World, build_world

ASK = "/hulp/"
BACK = "Wat u eerder typte, staat er weer."


def words(page: Page) -> str:
    return page.locator("textarea[name=words]").input_value()


def opened(page: Page) -> Page:
    page.goto(ASK)
    return page


def typed(page: Page, text: str) -> Page:
    opened(page).locator("textarea[name=words]").press_sequentially(text)
    return page


def comes_back(page: Page, text: str) -> None:
    expect(page.locator("textarea[name=words]")).to_have_value(text)
    expect(page.locator("#messages")).to_contain_text(BACK)


def test_two_tabs_with_one_form_keep_each_its_own(live: Live, page_for: PageFor) -> None:
    build_world()
    one = page_for(phone=True)
    other = one.context.new_page()
    typed(one, "Noor slaapt slecht.")
    # What stands in a tab that is open is not brought to another.
    opened(other).wait_for_timeout(500)
    assert words(other) == ""
    typed(other, "Ze huilt vaak.")
    for page, text in ((one, "Noor slaapt slecht."), (other, "Ze huilt vaak.")):
        page.reload()
        comes_back(page, text)
    # Sent in the one, it is gone there and stays in the other.
    one.locator("[name=first_name]").fill("Sanne")
    one.locator("[name=email]").fill("sanne@gezin.example")
    one.locator("main form button[type=submit]").first.click()
    one.wait_for_url("**/hulp/*/")
    opened(one).wait_for_timeout(500)
    assert words(one) == ""
    other.reload()
    comes_back(other, "Ze huilt vaak.")


def test_what_a_visitor_types_is_in_that_tab_and_nowhere_else(live: Live, page_for: PageFor) -> None:
    build_world()
    one = typed(page_for(phone=True), "Noor slaapt slecht.")
    one.goto("/over-hendig/")
    comes_back(opened(one), "Noor slaapt slecht.")
    assert "slaapt" not in one.evaluate("() => JSON.stringify(localStorage)")
    context = one.context
    one.close()
    other = opened(context.new_page())
    other.wait_for_timeout(500)
    assert words(other) == ""


def test_a_doubled_tab_soon_types_for_itself(live: Live, page_for: PageFor) -> None:
    build_world()
    one = typed(page_for(), "Noor slaapt slecht.")
    name = one.evaluate("sessionStorage.getItem('hendig-tab')")
    double = one.context.new_page()
    double.goto("/healthz")
    # As a browser doubles a tab: with all that it holds.
    held = one.evaluate("() => Object.entries(sessionStorage)")
    double.evaluate("held => held.forEach(([key, value]) => sessionStorage.setItem(key, value))", held)
    comes_back(opened(double), "Noor slaapt slecht.")
    double.wait_for_function("name => sessionStorage.getItem('hendig-tab') !== name", arg=name)
    double.locator("textarea[name=words]").fill("Ze huilt vaak.")
    one.reload()
    comes_back(one, "Noor slaapt slecht.")
    double.reload()
    comes_back(double, "Ze huilt vaak.")


WORRY = "Mark drinkt te veel."
DRAFTS = "() => Object.keys(localStorage).filter((key) => key.startsWith('hendig-draft:')).length"


def worry_of(page: Page) -> Locator:
    return page.locator("form:has(input[value=worry]) textarea")


def prepares(page: Page, world: World, who: str, where: str) -> Page:
    """Somebody of the family at the page on which one prepares at home."""
    page.goto("/healthz")
    cookie = world.client(who).cookies["hendig"].value
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": page.url}])
    with page.expect_response(re.compile("/toegang/sleutel/")):
        page.goto(where)
    return page


def typed_at_home(page: Page, world: World) -> str:
    """Sanne typed a worry and did not write it down yet: it lies sealed on her phone. Where that was."""
    where = reverse("prepare", args=[household(world).request.pk])
    worry_of(prepares(page, world, "sanne", where)).press_sequentially(WORRY)
    page.wait_for_function(f"() => ({DRAFTS})() === 1")
    assert "drinkt" not in page.evaluate("() => JSON.stringify(localStorage)")
    return where


def test_what_a_tab_leaves_behind_is_for_the_next_that_opens_the_form(live: Live, page_for: PageFor) -> None:
    one = page_for(phone=True)
    context, where = one.context, typed_at_home(one, build_world())
    one.close()
    another = context.new_page()
    another.goto(where)
    expect(worry_of(another)).to_have_value(WORRY)
    expect(another.locator("#messages")).to_contain_text(BACK)
    # Who went on to another page may go on in another tab as well.
    another.goto("/over-hendig/")
    last = context.new_page()
    last.goto(where)
    expect(worry_of(last)).to_have_value(WORRY)
    last.reload()
    expect(worry_of(last)).to_have_value(WORRY)
    last.wait_for_function(f"() => ({DRAFTS})() === 1")


def test_nobody_else_reads_it_in_that_browser_and_it_is_not_kept_for_them(
    live: Live, page_for: PageFor
) -> None:
    world, page = build_world(), page_for(phone=True)
    where = typed_at_home(page, world)
    prepares(page, world, "mark", where)
    page.wait_for_timeout(500)
    assert worry_of(page).input_value() == ""
    assert "drinkt" not in page.evaluate("() => JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert page.evaluate(DRAFTS) == 0


def test_it_ends_with_the_session_for_the_next_tab(live: Live, page_for: PageFor) -> None:
    world, page = build_world(), page_for(phone=True)
    context, where = page.context, typed_at_home(page, world)
    page.close()
    Session.objects.all().delete()
    again = prepares(context.new_page(), world, "sanne", where)
    again.wait_for_function(f"() => ({DRAFTS})() === 0")
    assert worry_of(again).input_value() == ""


def test_signing_out_leaves_nothing(live: Live, page_for: PageFor) -> None:
    world, page = build_world(), page_for(phone=True)
    typed_at_home(page, world)
    page.get_by_role("button", name="Uitloggen").click()
    page.wait_for_url(re.compile(r"^[^?]*//[^/]+/$"))
    kept = page.evaluate("() => [...Object.keys(sessionStorage), ...Object.keys(localStorage)].join()")
    assert "draft" not in kept
