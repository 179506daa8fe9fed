"""What was sent without a connection is there again until the server said that it has it; then it is gone."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Error, Locator, Page, Route, expect

from hendig.helprequests.models import Asked
from hendig.tents import actions
from hendig.tents.models import Gesture, Phase, Piece, PreparedNote, Tent
from tests.support.drawing import drawn
from tests.support.fixtures import PageFor
from tests.support.live import SOON, Live
from tests.support.matching import household
from tests.support.pages import PHONE, Problems
from tests.support.tents import go_to, meeting, planned_tent, write
from tests.support.world import World
from tests.tents.test_drawing_browser import open_drawing, world_of_today
from tests.tents.test_journey import AFTER_A_WHILE
from tests.tents.test_live import open_tent, sign_in

pytestmark = pytest.mark.usefixtures("live")
THERE_AGAIN = "Wat u eerder typte, staat er weer."
IS_KEPT = "Even geen verbinding. Wat u typt, blijft bewaard."


def press_in_vain(page: Page, button: Locator) -> None:
    """Without a connection the page stays with what was typed; who leaves it then sees an error."""
    page.context.set_offline(True)
    here = page.url
    button.click()
    expect(page.get_by_text(IS_KEPT)).to_be_visible()
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert page.url == here
    with pytest.raises(Error):
        page.reload()
    page.context.set_offline(False)


def open_anew(page: Page, where: str) -> None:
    """After an error page another way may still be on its way; then once more."""
    try:
        page.goto(where)
    except Error:
        page.goto(where)


def kept(page: Page) -> int:
    """How many drafts lie in this tab, and as many on the device."""
    mine = "store => Object.keys(window[store]).filter((key) => key.startsWith('hendig-draft:')).length"
    in_tab = page.evaluate(mine, "sessionStorage")
    page.wait_for_function(f"left => ({mine})('localStorage') === left", arg=in_tab)
    return int(in_tab)


def test_not_yet_quite_is_there_again_until_it_is_said(page_for: PageFor) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    write(world, tent, "Noor slaapt slecht", "noor")
    page = open_tent(page_for(phone=True), world, tent, "sanne")
    page.get_by_text("Nog niet helemaal").click()
    page.get_by_label("Wat mist er nog, of wat is anders?").fill("Over opa ging het nog niet.")
    press_in_vain(page, page.get_by_role("button", name="Zeg dit", exact=True))
    open_anew(page, f"/tenten/{tent.pk}/")
    words = page.get_by_label("Wat mist er nog, of wat is anders?")
    # It stands open: words in a fold that is closed would seem to be gone.
    expect(words).to_be_visible()
    expect(words).to_have_value("Over opa ging het nog niet.")
    expect(page.get_by_text(THERE_AGAIN)).to_be_visible()
    page.get_by_role("button", name="Zeg dit").click()
    expect(page.locator("#understood .voice")).to_contain_text("Over opa ging het nog niet.")
    expect(words).to_have_value("")
    assert (Gesture.objects.count(), kept(page)) == (1, 0)


def test_what_is_prepared_at_home_is_there_again_until_it_is_written(page_for: PageFor) -> None:
    world = world_of_today()
    where = f"/tenten/voorbereiden/{household(world).request.pk}/"
    page = sign_in(page_for(phone=True), world, "sanne")
    page.goto(where)
    good = page.locator("form:has(input[value=goes_well])")
    good.get_by_label("In uw eigen woorden").fill("Ze zwemt zo graag.")
    page.locator("form:has(input[value=worry])").get_by_label("In uw eigen woorden").fill("Ze slaapt slecht.")
    press_in_vain(page, good.get_by_role("button"))
    open_anew(page, where)
    expect(good.get_by_label("In uw eigen woorden")).to_have_value("Ze zwemt zo graag.")
    good.get_by_role("button").click()
    expect(page.get_by_role("listitem").filter(has_text="Ze zwemt zo graag.")).to_be_visible()
    expect(good.get_by_label("In uw eigen woorden")).to_have_value("")
    # What stood in another form beside it was not sent, and is still there.
    expect(page.locator("form:has(input[value=worry]) textarea")).to_have_value("Ze slaapt slecht.")
    assert (PreparedNote.objects.count(), kept(page)) == (1, 1)


def test_what_is_drawn_without_a_connection_waits_and_is_drawn_once(page_for: PageFor) -> None:
    world = world_of_today()
    made = drawn(world)
    before = Piece.objects.count()
    page = open_drawing(page_for(), world, made.tent, "sanne", "?zoom=2")
    page.get_by_text("Zet er iets bij").click()
    form = page.locator("#stap form")
    form.get_by_text("iets wat goed gaat").click()
    form.get_by_label("In een paar woorden").fill("De juf ziet het")
    page.context.set_offline(True)
    form.get_by_role("button", name="Zet in de tekening").click()
    expect(page.locator("#outbox")).to_contain_text("De juf ziet het")
    page.context.set_offline(False)
    expect(page.locator("#hang-twin")).to_contain_text("De juf ziet het", timeout=AFTER_A_WHILE)
    expect(page.locator("#outbox")).to_be_hidden()
    assert (Piece.objects.count(), kept(page)) == (before + 1, 0)
    expect(page.locator(".hang-zoom-2")).to_be_visible()


def test_a_remark_in_the_drawing_waits_too_and_leads_on_to_the_drawing(page_for: PageFor) -> None:
    world = world_of_today()
    made = drawn(world)
    page = open_drawing(page_for(phone=True), world, made.tent, "noor", f"?factor={made.granny.pk}&zoom=3")
    page.get_by_text("Ik zie het anders").click()
    page.get_by_label("In één zin").first.fill("Oma is ook vaak moe.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Zet dit erbij").first.click()
    expect(page.locator("#outbox")).to_contain_text("Oma is ook vaak moe.")
    page.context.set_offline(False)
    expect(page.locator("#tekening")).to_contain_text("Oma is ook vaak moe.", timeout=AFTER_A_WHILE)
    expect(page.get_by_text("Zet er iets bij")).to_be_visible()
    assert page.url.endswith("/tekening/?zoom=3")


def test_who_was_signed_out_meanwhile_loses_nothing_and_says_it_once(page_for: PageFor) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    page = open_tent(page_for(), world, tent, "sanne")
    page.get_by_label("Wat speelt er?").fill("Noor slaapt slecht.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Leg op tafel", exact=True).click()
    expect(page.locator("#outbox")).to_contain_text("Log weer in.", timeout=SOON)
    cookie = world.client("sanne").cookies["hendig"].value
    page.context.add_cookies(
        [{"name": "hendig", "value": cookie, "url": page.evaluate("() => location.origin")}]
    )
    expect(page.locator("#on-the-table")).to_contain_text("Noor slaapt slecht.", timeout=AFTER_A_WHILE)
    assert Piece.objects.count() == 1


def test_words_about_another_come_back_as_about_that_one(page_for: PageFor) -> None:
    """A page that is opened again brings back what was chosen with the words, not the words alone."""
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    page = open_tent(page_for(), world, tent, "sanne")
    form = page.locator("#write form")
    form.get_by_text("wat is geprobeerd").click()
    page.get_by_label("Wat speelt er?").fill("Mark drinkt te veel.")
    form.get_by_text("Gaat dit over iemand anders?").click()
    form.get_by_label("Over wie?").select_option(label="Mark")
    page.reload()
    expect(page.get_by_label("Wat speelt er?")).to_have_value("Mark drinkt te veel.")
    expect(form.locator("input[value=tried]")).to_be_checked()
    expect(form.get_by_label("Over wie?")).to_be_visible()
    assert form.locator("select[name=about] option:checked").inner_text() == "Mark"


def test_a_tap_without_a_connection_is_said_to_be_not_done_and_its_button_stays(page_for: PageFor) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.LISTEN)
    page = open_tent(page_for(phone=True), world, tent, "sanne")
    hand = page.get_by_role("button", name="Ik wil iets zeggen")
    page.context.set_offline(True)
    for _time in range(2):
        hand.click()
        expect(page.get_by_text("Dit is niet gedaan")).to_be_visible()
        expect(hand).to_be_visible()
        expect(hand).not_to_have_attribute("aria-busy", "true")
    assert page.url.endswith(f"/tenten/{tent.pk}/")
    assert not Gesture.objects.exists()
    page.context.set_offline(False)
    hand.click()
    expect(page.get_by_role("button", name="Ik wil niets meer zeggen")).to_be_visible()
    assert Gesture.objects.count() == 1


class Way(socketserver.ThreadingTCPServer):
    """A way to the house that can be cut off while the device has a network."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, house: str) -> None:
        self.house, self.open = int(house.rpartition(":")[2]), True
        self.lines: list[socket.socket] = []
        super().__init__(("127.0.0.1", 0), Passing)

    def cut_off(self) -> None:
        self.open = False
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class Passing(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        way = self.server
        assert isinstance(way, Way)
        if not way.open:
            return
        with socket.create_connection(("127.0.0.1", way.house)) as house:
            way.lines += [self.request, house]
            back = threading.Thread(target=passed, args=(house, self.request), daemon=True)
            back.start()
            passed(self.request, house)
            back.join()


def passed(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while words := one.recv(65536):
            other.sendall(words)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


@contextmanager
def by_a_way(browser: Browser, live: Live) -> Iterator[tuple[Way, Page]]:
    """A phone that reaches the house by a way of its own; no script of it breaks."""
    with Way(live.url) as way:
        threading.Thread(target=way.serve_forever, daemon=True).start()
        # Of a browser of its own: what it says in its console of a house that is gone is no problem here.
        house = f"http://localhost:{way.server_address[1]}"
        context = browser.new_context(viewport=PHONE, locale="nl-NL", base_url=house)
        context.set_default_timeout(AFTER_A_WHILE)
        page, problems = context.new_page(), Problems()
        page.on("pageerror", problems.broke)
        yield way, page
        context.close()
        way.shutdown()
    assert problems.seen == []


def enters(page: Page, world: World, who: str) -> None:
    page.goto("/healthz")
    page.context.add_cookies(
        [{"name": "hendig", "value": world.client(who).cookies["hendig"].value, "url": page.url}]
    )


def test_where_the_house_is_gone_and_the_network_is_there_the_page_stays(
    browser: Browser, live: Live
) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    write(world, tent, "Noor slaapt slecht", "noor")
    with by_a_way(browser, live) as (way, page):
        enters(page, world, "sanne")
        page.goto(f"/tenten/{tent.pk}/")
        page.get_by_text("Nog niet helemaal").click()
        words = page.get_by_label("Wat mist er nog, of wat is anders?")
        words.fill("Over opa ging het nog niet.")
        way.cut_off()
        for button, said in (("Ik wil iets zeggen", "Dit is niet gedaan"), ("Zeg dit", IS_KEPT)):
            page.get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_text(said)).to_be_visible()
            expect(words).to_have_value("Over opa ging het nog niet.")
        assert page.evaluate("navigator.onLine")
        assert not Gesture.objects.exists()
        way.open = True
        page.get_by_role("button", name="Zeg dit", exact=True).click()
        expect(page.locator("#understood .voice")).to_contain_text("Over opa ging het nog niet.")
    assert Gesture.objects.count() == 1


def test_a_page_that_hears_nothing_stays_too_where_the_house_is_gone(browser: Browser, live: Live) -> None:
    """Of a visitor who asks for help, and one of which no draft is kept."""
    world = world_of_today()
    tent = planned_tent(world)
    before = Asked.objects.count()
    with by_a_way(browser, live) as (way, page):
        page.goto("/hulp/")
        assert page.locator("[data-live]").count() == 0
        page.locator("input[name=first_name]").fill("Fatima")
        page.locator("textarea").fill("Sami slaapt slecht.")
        page.locator("input[type=email]").fill("fatima@thuis.example")
        way.cut_off()
        send = page.get_by_role("button", name="Versturen")
        for _time in range(2):
            send.click()
            expect(page.get_by_text(IS_KEPT)).to_be_visible()
            expect(send).not_to_have_attribute("aria-busy", "true")
        expect(page.locator("textarea")).to_have_value("Sami slaapt slecht.")
        expect(page.locator("input[type=email]")).to_have_value("fatima@thuis.example")
        assert Asked.objects.count() == before
        way.open = True
        send.click()
        page.wait_for_url(re.compile(r"/hulp/[0-9a-f-]+/"))
        enters(page, world, "ellen")
        page.goto(f"/tenten/{tent.pk}/verzetten/")
        page.get_by_label("Waar?").fill("De Linde")
        way.cut_off()
        page.get_by_role("button", name="Verzet de tent").click()
        expect(page.get_by_text("Dit is niet gedaan")).to_be_visible()
        expect(page.get_by_label("Waar?")).to_have_value("De Linde")
    assert Asked.objects.count() == before + 1
    tent.refresh_from_db()
    assert tent.place != "De Linde"


def kept_back(page: Page, address: str) -> list[Route]:
    """What the page asks of this address from now on: it has no answer until the test lets it go on."""
    found: list[Route] = []

    def keep(route: Route) -> None:
        found.append(route)

    page.route(re.compile(address), keep)
    return found


def test_a_tap_while_its_piece_is_renewed_counts_once(page_for: PageFor) -> None:
    """The page hears nothing yet, so the house is asked first; before it answers all of the piece is new."""
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    page = page_for(phone=True)
    streams, asked = kept_back(page, r"/live/\?"), kept_back(page, r"/mark.svg$")
    open_tent(page, world, tent, "sanne")
    page.evaluate("() => { window.form = document.querySelector('form[action$=\"/hand/\"]'); }")
    page.get_by_role("button", name="Ik wil iets zeggen").click()
    page.wait_for_function("() => window.form.dataset.sent !== undefined")
    actions.raise_hand(actor=world.actor("mark"), tent_id=tent.pk, at=world.at)
    streams.pop().continue_()
    expect(page.locator("#talk .hands")).to_contain_text("Mark", timeout=SOON)
    assert not page.evaluate("() => window.form.isConnected")
    asked.pop().continue_()
    expect(page.get_by_role("button", name="Ik wil niets meer zeggen")).to_be_visible(timeout=SOON)
    assert Gesture.objects.count() == 2


SEALED = "() => Object.keys(localStorage).filter((key) => key.startsWith('hendig-outbox:')).length"
WORDS = "Mark drinkt te veel."


def opened_anew(browser: Browser, page: Page) -> Page:
    """The phone was off: what lay in its tabs is gone, and what lies on the device is not."""
    device = page.context.storage_state()
    # A context that closes is online first, and what waits would be sent in that moment: a phone that is off
    # sends nothing.
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    page.context.close()
    context = browser.new_context(viewport=PHONE, locale="nl-NL", storage_state=device)
    context.set_default_timeout(SOON)
    return context.new_page()


def typed_without_a_line(browser: Browser, live: Live, world: World, tent: Tent) -> Page:
    """Sanne puts something on the table while there is no connection: it lies sealed on her phone."""
    page = browser.new_context(viewport=PHONE, locale="nl-NL", base_url=live.url).new_page()
    page.context.set_default_timeout(SOON)
    with page.expect_response(re.compile("/toegang/sleutel/")):
        open_tent(page, world, tent, "sanne")
    page.get_by_label("Wat speelt er?").fill(WORDS)
    page.context.set_offline(True)
    page.get_by_role("button", name="Leg op tafel", exact=True).click()
    expect(page.locator("#outbox")).to_contain_text(WORDS)
    page.wait_for_function(f"() => ({SEALED})() === 1")
    assert "drinkt" not in page.evaluate("() => JSON.stringify(localStorage)")
    return page


def test_what_waits_outlives_the_tab_and_goes_on_the_table_once(browser: Browser, live: Live) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    page = opened_anew(browser, typed_without_a_line(browser, live, world, tent))
    page.goto(f"{live.url}/tenten/{tent.pk}/")
    expect(page.locator("#on-the-table")).to_contain_text(WORDS)
    expect(page.locator("#outbox")).to_be_hidden()
    assert page.evaluate(SEALED) == 0
    page.reload()
    expect(page.locator("#on-the-table")).to_contain_text(WORDS)
    assert Piece.objects.count() == 1
    page.context.close()


def test_what_waits_is_read_by_nobody_once_its_session_is_over(browser: Browser, live: Live) -> None:
    """Not by somebody else in that browser, and not by who signs in anew after signing out."""
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    page = typed_without_a_line(browser, live, world, tent)
    page = opened_anew(browser, page)
    Session.objects.all().delete()
    for who in ("mark", "sanne"):
        with page.expect_response(re.compile("/toegang/sleutel/")):
            page.goto(f"{live.url}/healthz")
            cookie = {"name": "hendig", "value": world.client(who).cookies["hendig"].value, "url": page.url}
            page.context.add_cookies([cookie])  # type: ignore[list-item]
            page.goto(f"{live.url}/tenten/{tent.pk}/")
        page.wait_for_function(f"() => ({SEALED})() === 0")
        assert WORDS not in page.content()
    assert not Piece.objects.exists()
    page.context.close()


def test_signing_out_clears_what_waits(browser: Browser, live: Live) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    page = typed_without_a_line(browser, live, world, tent)
    page.route(re.compile("/tenten/"), lambda route: route.abort())
    page.context.set_offline(False)
    page.get_by_role("button", name="Uitloggen").click()
    page.wait_for_url(re.compile(r"^[^?]*//[^/]+/$"))
    assert page.evaluate(SEALED) == 0
    page.context.close()
