"""Two people look at the same thing: what one does, the other sees without reloading."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from tests.support.fixtures import PageFor
from tests.support.live import SOON, Live
from tests.support.opentent import WORDS, answer, ask_the_board, family_asks
from tests.support.world import World, build_world


def signed_in(page: Page, world: World, live: Live, name: str) -> Page:
    cookie = world.client(name).cookies["hendig"].value
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
    return page


def test_an_answer_and_both_yeses_appear_while_the_pages_are_open(live: Live, page_for: PageFor) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    question = ask_the_board(world, family_asks(world))
    sanne = signed_in(page_for(), world, live, "sanne")
    piet = signed_in(page_for(phone=True), world, live, "piet")
    sanne.goto(f"/open-tent/vraag/{question.request_id}/")
    expect(sanne.get_by_text("Nog geen antwoord")).to_be_visible()

    answer(world, question)
    expect(sanne.get_by_text(WORDS)).to_be_visible(timeout=SOON)

    piet.goto("/open-tent/mijn/")
    sanne.get_by_role("button", name="Ja, graag").click()
    expect(piet.get_by_role("button", name="Ja, ik doe het")).to_be_visible(timeout=SOON)

    piet.get_by_role("button", name="Ja, ik doe het").click()
    expect(piet.get_by_role("link", name="sanne@gezin.example")).to_be_visible()
    expect(sanne.get_by_role("link", name="piet@peelrand.example")).to_be_visible(timeout=SOON)
