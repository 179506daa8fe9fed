"""What is typed is of the tab in which it was typed; once that is gone, of the next that opens the form."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.world import build_world

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


def test_what_a_tab_leaves_behind_is_for_the_next_that_opens_the_form(live: Live, page_for: PageFor) -> None:
    build_world()
    one = page_for(phone=True)
    context = one.context
    typed(one, "Noor slaapt slecht.")
    one.close()
    comes_back(opened(context.new_page()), "Noor slaapt slecht.")
    # Who went on to another page may go on in another tab as well.
    context.pages[0].goto("/over-hendig/")
    next_one = opened(context.new_page())
    comes_back(next_one, "Noor slaapt slecht.")
    next_one.reload()
    comes_back(next_one, "Noor slaapt slecht.")


def test_a_doubled_tab_soon_types_for_itself(live: Live, page_for: PageFor) -> None:
    build_world()
    one = typed(page_for(), "Noor slaapt slecht.")
    name = one.evaluate("sessionStorage.getItem('hendig-tab')")
    double = one.context.new_page()
    double.goto("/healthz")
    double.evaluate("name => sessionStorage.setItem('hendig-tab', name)", name)
    comes_back(opened(double), "Noor slaapt slecht.")
    double.wait_for_function("name => sessionStorage.getItem('hendig-tab') !== name", arg=name)
    double.locator("textarea[name=words]").fill("Ze huilt vaak.")
    one.reload()
    comes_back(one, "Noor slaapt slecht.")
    double.reload()
    comes_back(double, "Ze huilt vaak.")
