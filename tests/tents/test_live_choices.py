"""What somebody set in a form stays set, and is filed as set, whatever others do meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from hendig.tents.models import Phase, Piece, PieceKind, Tent
from tests.support.drawing import drawn, understanding
from tests.support.fixtures import PageFor
from tests.support.live import SOON
from tests.support.tents import go_to, meeting, understood, write
from tests.support.world import World
from tests.tents.test_drawing_browser import open_drawing, world_of_today
from tests.tents.test_live import open_tent

pytestmark = pytest.mark.usefixtures("live")
ABOUT = "Gaat dit over iemand anders?"


def look_elsewhere(page: Page) -> None:
    """Nothing has the focus any more: a finger somewhere on the page."""
    page.evaluate("() => document.activeElement.blur()")


def somebody_writes(world: World, tent: Tent, page: Page, text: str, **given: object) -> None:
    """Mark lays something on the table; the page shows it, so it was renewed."""
    world.at += timedelta(minutes=1)
    write(world, tent, text, "mark", **given)  # type: ignore[arg-type]
    expect(page.get_by_text(text).first).to_be_attached(timeout=SOON)


def chosen(page: Page, name: str) -> str:
    """The words of what is chosen in a list."""
    return page.locator(f"select[name={name}] option:checked").inner_text()


def test_what_is_set_at_the_table_is_what_is_filed(page_for: PageFor) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    sanne = open_tent(page_for(), world, tent, "sanne")
    form = sanne.locator("#write form")
    sanne.get_by_label("Wat speelt er?").fill("Mark drinkt te veel.")
    form.get_by_text("wat is geprobeerd").click()
    form.get_by_label("Wie zegt dit?").select_option(label="Noor")
    form.get_by_text(ABOUT).click()
    form.get_by_label("Over wie?").select_option(label="Mark")
    look_elsewhere(sanne)
    key = form.locator("input[name=_key]").input_value()
    for text in ("Er is vaak ruzie thuis.", "Opa is ziek."):
        somebody_writes(world, tent, sanne, text)
    expect(sanne.get_by_label("Wat speelt er?")).to_have_value("Mark drinkt te veel.")
    expect(form.locator("input[value=tried]")).to_be_checked()
    assert (chosen(sanne, "voice_of"), chosen(sanne, "about")) == ("Noor", "Mark")
    expect(form.get_by_label("Over wie?")).to_be_visible()
    # What it can lead to came with the first thing on the table: the form is a new one, its key is not.
    expect(form.get_by_label("Waar zorgt dit voor?")).to_be_visible()
    assert form.locator("input[name=_key]").input_value() == key
    form.get_by_role("button", name="Leg op tafel", exact=True).click()
    expect(sanne.locator("#on-the-table")).to_contain_text("Mark drinkt te veel.", timeout=SOON)
    assert Piece.objects.filter(kind=PieceKind.TRIED, about__first_name="Mark").count() == 1
    noor = open_tent(page_for(), world, tent, "noor")
    expect(noor.locator("#on-the-table .voice", has_text="Opa is ziek.")).to_be_visible()
    expect(noor.get_by_text("Mark drinkt te veel.")).to_have_count(0)
    # And the next thing that is said begins anew.
    expect(form.locator("input[value=factor]")).to_be_checked()
    assert (chosen(sanne, "voice_of"), chosen(sanne, "about")) == ("Ik zelf", "Noor")


def test_a_direction_keeps_its_ring_and_its_day(page_for: PageFor) -> None:
    world = world_of_today()
    tent = meeting(world)
    for phase in (Phase.LISTEN, Phase.UNDERSTAND):
        go_to(world, tent, phase)
    write(world, tent, "Noor slaapt slecht", "noor")
    understood(world, tent)
    go_to(world, tent, Phase.DIRECTIONS)
    sanne = open_tent(page_for(phone=True), world, tent, "sanne")
    form = sanne.locator("#write form")
    form.locator("label:has(input[value=community])").click()
    form.get_by_text("Wie, waarvoor en wanneer?").click()
    form.get_by_label("Wanneer?").fill("2027-01-15")
    look_elsewhere(sanne)
    somebody_writes(world, tent, sanne, "Oma haalt Noor op dinsdag.", circle="own")
    expect(form.locator("input[value=community]")).to_be_checked()
    expect(form.get_by_label("Wanneer?")).to_have_value("2027-01-15")


def test_who_answers_a_question_answers_that_one_though_the_talk_moves_on(page_for: PageFor) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    sanne = open_tent(page_for(), world, tent, "sanne")
    sanne.get_by_label("Wat speelt er?").fill("Noor slaapt slecht.")
    look_elsewhere(sanne)
    go_to(world, tent, Phase.GOES_WELL)
    expect(sanne.locator("#said-phase")).to_contain_text("Wat gaat goed", timeout=SOON)
    expect(sanne.get_by_label("Wat speelt er?")).to_have_value("Noor slaapt slecht.")
    sanne.get_by_role("button", name="Leg op tafel", exact=True).click()
    expect(sanne.get_by_label("Wat gaat er goed?")).to_have_value("", timeout=SOON)
    assert Piece.objects.get().kind == PieceKind.FACTOR


def test_what_is_set_in_the_drawing_is_what_is_drawn(page_for: PageFor) -> None:
    world = world_of_today()
    tent = understanding(world)
    sanne = open_drawing(page_for(), world, tent, "sanne")
    form = sanne.locator("#stap form")
    form.get_by_text("iets wat goed gaat").click()
    form.get_by_label("Waar hoort het bij?").select_option(label="School")
    form.get_by_label("In een paar woorden").fill("De juf ziet het")
    look_elsewhere(sanne)
    somebody_writes(world, tent, sanne, "Er is vaak ruzie")
    expect(form.get_by_label("In een paar woorden")).to_have_value("De juf ziet het")
    form.get_by_role("button", name="Zet in de tekening").click()
    expect(sanne.locator(".hang-desk .hang-strength.hang-box")).to_have_count(1, timeout=SOON)
    assert Piece.objects.get(kind=PieceKind.GOES_WELL).place == "school"


def test_the_sign_of_a_link_stays_chosen(page_for: PageFor) -> None:
    world = world_of_today()
    made = drawn(world)
    sanne = open_drawing(
        page_for(), world, made.tent, "sanne", f"?factor={made.granny.pk}&met={made.tired.pk}"
    )
    form = sanne.locator("#stap form")
    # The tap itself leaves the focus on the sign, and that is where it stayed with who chose it.
    form.locator("label:has(input[value=softens])").click()
    form.get_by_text("En andersom ook").click()
    somebody_writes(world, made.tent, sanne, "Opa is ziek", place="family")
    expect(form.locator("input[value=softens]")).to_be_checked()
    expect(form.locator("input[name=both_ways]")).to_be_checked()
    form.get_by_role("button", name="Teken dit verband").click()
    twin = sanne.locator("#hang-twin")
    expect(twin).to_contain_text("Noor slaapt slecht en is overdag moe. Die twee maken elkaar lichter.")
