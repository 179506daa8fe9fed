"""Who does not see that a page changed hears it: its part, and no content."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from hendig.tents.models import Phase
from tests.opentent.test_live import signed_in
from tests.support.families import confirmed
from tests.support.fixtures import PageFor
from tests.support.live import SOON, Live
from tests.support.matching import household
from tests.support.tents import go_to, meeting, write
from tests.support.world import World, build_world
from tests.tents.test_live import open_tent, world_of_today

HEARD = "Er is iets nieuws op deze pagina: {}."


def heard(page: Page, words: str) -> None:
    """This is what a screen reader says by itself, and no more."""
    news = page.locator("#news[role=status]")
    expect(news).to_have_text(HEARD.format(words) if words else "", timeout=SOON)


def now() -> World:
    world = build_world()
    world.at = datetime.now(UTC)
    return world


def test_a_mother_hears_that_somebody_looked_and_not_who(live: Live, page_for: PageFor) -> None:
    world = now()
    house = household(world)
    sanne = signed_in(page_for(phone=True), world, live, "sanne")
    sanne.goto(f"/gezin/{house.family_id}/wie-keek/")
    lines = sanne.locator("#looked").get_by_text("Ellen")
    before = lines.count()
    heard(sanne, "")
    world.client("ellen").get(f"/gezin/{house.family_id}/")
    expect(lines).not_to_have_count(before, timeout=SOON)
    heard(sanne, "wie er keek")


def test_who_looked_is_asked_again_when_another_looked_and_never_for_the_own_asking(
    live: Live, page_for: PageFor
) -> None:
    """Each asking is a line of the log: told to the page that shows it, it would ask and ask."""
    world = now()
    house = household(world)
    mark, sanne = (signed_in(page_for(), world, live, who) for who in ("mark", "sanne"))
    asked: list[str] = []
    for page in (mark, sanne):
        page.goto(f"/gezin/{house.family_id}/wie-keek/")
        page.on("request", lambda sent: asked.append(sent.url) if "wie-keek" in sent.url else None)
    # What was made before is still told, which moves the page as well.
    live.wait_for_jobs()
    sanne.wait_for_timeout(2000)
    asked.clear()
    sanne.wait_for_timeout(2000)
    assert not asked
    world.client("ellen").get(f"/gezin/{house.family_id}/")
    for page in (mark, sanne):
        expect(page.locator("#looked").get_by_text("Ellen bekeek uw pagina", exact=True)).to_be_visible(
            timeout=SOON
        )
    sanne.wait_for_timeout(2000)
    assert len(asked) == 2


def test_a_coach_hears_of_a_new_question_and_not_of_the_own_tap(live: Live, page_for: PageFor) -> None:
    world = now()
    ellen = signed_in(page_for(), world, live, "ellen")
    ellen.goto("/gezinnen/")
    confirmed(world)
    expect(ellen.get_by_role("button", name="Ik pak dit op")).to_be_visible(timeout=SOON)
    heard(ellen, "de weg van de vragen")
    # The page that comes after the own tap is all new, and its stream brings nothing that is not there.
    with ellen.expect_event(
        "requestfinished", lambda sent: "/live/" not in sent.url and "gezinnen" in sent.url
    ):
        ellen.get_by_role("button", name="Ik pak dit op").click()
    ellen.wait_for_timeout(1000)
    heard(ellen, "")


def test_the_tent_tells_the_phase_itself_and_a_new_piece_by_its_place(page_for: PageFor) -> None:
    world = world_of_today()
    tent = meeting(world)
    go_to(world, tent, Phase.UNDERSTAND)
    sanne = open_tent(page_for(), world, tent, "sanne")
    go_to(world, tent, Phase.GOES_WELL)
    expect(sanne.locator("#said-phase")).to_contain_text("Wat gaat goed", timeout=SOON)
    sanne.wait_for_timeout(1000)
    heard(sanne, "")
    write(world, tent, "Ze lacht weer.", "mark")
    expect(sanne.locator("#on-the-table")).to_contain_text("Ze lacht weer.", timeout=SOON)
    heard(sanne, "wat er op tafel ligt")
