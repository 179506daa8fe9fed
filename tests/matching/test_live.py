"""Two people look at the same talk: what one says, the other sees."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Request, Route, expect

from hendig.matching.models import MatchTalk
from tests.support.fixtures import PageFor
from tests.support.live import SOON, Live
from tests.support.matching import household, open_talk, say
from tests.support.world import World, build_world


def opened(page: Page, world: World, name: str, talk: MatchTalk, live: Live) -> Page:
    """The talk on this person's own page, listening."""
    with signed_in(page, world, name, live).expect_response("**/live/**"):
        page.goto(f"/match/{talk.pk}/")
    return page


def signed_in(page: Page, world: World, name: str, live: Live) -> Page:
    session = world.client(name).cookies["hendig"].value
    page.context.add_cookies([{"name": "hendig", "value": session, "url": live.url}])
    return page


def test_a_yes_and_the_match_appear_on_the_others_pages(page_for: PageFor, live: Live) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    talk = open_talk(world, household(world))
    say(world, talk, "noor", "sanne", "ellen")
    mark = opened(page_for(phone=True), world, "mark", talk, live)
    anouk = opened(page_for(), world, "anouk", talk, live)
    mark.get_by_role("button", name="Ja, het klikt").click()
    expect(mark.get_by_text("U zei ja")).to_be_visible()
    anouk.get_by_role("button", name="Ja, het klikt").click()
    expect(mark.get_by_role("heading", name="Er is een match")).to_be_visible(timeout=SOON)
    expect(anouk.get_by_role("heading", name="Er is een match")).to_be_visible()


@pytest.mark.parametrize("turned_away", [False, True], ids=["late", "turned away"])
def test_what_moved_before_the_stream_opened_is_there_without_a_reload(
    page_for: PageFor, live: Live, turned_away: bool
) -> None:
    """A bad line, or a server that is too busy for a moment: the page is there, its stream comes later."""
    world = build_world()
    world.at = datetime.now(UTC)
    talk = open_talk(world, household(world))
    mark, ellen, held = page_for(phone=True), page_for(), list[Route]()

    def hold_the_first(route: Route) -> None:
        route.continue_() if held else held.append(route)

    opened(ellen, world, "ellen", talk, live)
    mark.route("**/live/**", hold_the_first)
    with mark.expect_request("**/live/**"):
        signed_in(mark, world, "mark", live).goto(f"/match/{talk.pk}/")
    hers, his = (page.locator("#talk li", has_text="Sanne") for page in (ellen, mark))
    say(world, talk, "sanne")
    # Who listened already sees it; who does not yet, does not.
    expect(hers.get_by_text("ja", exact=True)).to_be_visible()
    expect(his.get_by_text("denkt nog na")).to_be_visible()
    # Without a stream in it an answer is a no to the browser, whatever its number.
    held[0].fulfill(status=204) if turned_away else held[0].continue_()
    expect(his.get_by_text("ja", exact=True)).to_be_visible(timeout=SOON)


def test_a_page_under_which_nothing_moved_is_not_fetched_again(page_for: PageFor, live: Live) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    talk = open_talk(world, household(world))
    ellen, mark, fetched = page_for(), page_for(phone=True), list[str]()
    opened(ellen, world, "ellen", talk, live)
    ellen.wait_for_timeout(1_000)  # who is the first to listen is told to look

    def note(request: Request) -> None:
        fetched.extend([request.url] if "x-hendig-live" in request.headers else [])

    mark.on("request", note)
    opened(mark, world, "mark", talk, live)
    mark.wait_for_timeout(500)
    assert fetched == []
