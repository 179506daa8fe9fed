"""Every phase of the talk, for each at the table; and what a screen reader hears of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from hendig.tents import actions
from hendig.tents.models import Phase, Tent
from tests.support.fixtures import PageFor
from tests.support.live import SOON
from tests.support.pages import assert_accessible, assert_fit
from tests.support.tents import go_to, meeting, planned_tent, understood, write
from tests.support.world import World
from tests.tents.test_live import open_tent, world_of_today

pytestmark = pytest.mark.usefixtures("live")


def talking(world: World, tent: Tent) -> Iterator[Phase]:
    """The talk in each of its phases, with on the table what one says there."""
    actions.begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.later(days=3))
    yield Phase.ARRIVE
    go_to(world, tent, Phase.LISTEN)
    write(world, tent, "Hoe gaat Noor weer graag naar school?")
    yield Phase.LISTEN
    go_to(world, tent, Phase.UNDERSTAND)
    tired = write(world, tent, "Noor slaapt slecht", "noor")
    write(world, tent, "Er is vaak ruzie thuis.", "mark", leads_to=tired)
    actions.raise_hand(actor=world.actor("youssef"), tent_id=tent.pk, at=world.at)
    yield Phase.UNDERSTAND
    understood(world, tent)
    go_to(world, tent, Phase.GOES_WELL)
    write(world, tent, "Noor zwemt elke zaterdag.", "anouk")
    yield Phase.GOES_WELL
    go_to(world, tent, Phase.DIRECTIONS)
    write(world, tent, "Oma haalt Noor op dinsdag.", circle="own", result="Rust na school")
    yield Phase.DIRECTIONS
    go_to(world, tent, Phase.AGREE)
    write(world, tent, "Mark belt maandag met school.", "mark")
    yield Phase.AGREE
    go_to(world, tent, Phase.LOOK_BACK)
    yield Phase.LOOK_BACK


def test_every_phase_is_accessible_for_each_at_the_table(page_for: PageFor) -> None:
    """A parent on a phone in the dark; by turns who leads, the youth and the coach at a desk."""
    world = world_of_today()
    tent = planned_tent(world)
    cards = [("Stress", "Een beetje stress hoort erbij."), ("Iemand die blijft", "Eén volwassene helpt al.")]
    actions.set_knowledge(actor=world.actor("petra"), cards=cards, registered=(), edition=0, at=world.at)
    phone, desk = page_for(phone=True, dark=True), page_for()
    open_tent(phone, world, tent, "sanne")
    seen = []
    for number, phase in enumerate(talking(world, tent)):
        seen.append(phase)
        phone.reload()
        assert_accessible(phone)
        assert_accessible(open_tent(desk, world, tent, ("anouk", "noor", "ellen")[number % 3]))
    assert seen == list(Phase)


def test_what_is_still_open_is_filled_in_at_the_table(page_for: PageFor) -> None:
    world = world_of_today()
    tent = planned_tent(world)
    for phase in talking(world, tent):
        if phase == Phase.AGREE:
            break
    desk = page_for()
    for page in (page_for(phone=True, dark=True), desk):
        open_tent(page, world, tent, "sanne")
        page.locator("li", has_text="Oma haalt").get_by_role("link", name="Spreek dit af").click()
        expect(page.get_by_role("heading", name="Wat spreken we af?")).to_be_visible()
        assert_fit(page, [page.url])
    desk.get_by_label("Wie doet dit?").fill("Oma")
    desk.get_by_role("button", name="Spreek dit af").click()
    expect(desk.get_by_text("Nog af te spreken: tot wanneer.")).to_be_visible()
    for page in (page_for(phone=True), desk):
        open_tent(page, world, tent, "sanne")
        assert_fit(page, [page.url])
    form = desk.locator("#write form")
    form.get_by_label("Wat spreken we af?").fill("Bellen met school.")
    form.get_by_label("Wie doet dit?").fill("Mark")
    form.get_by_label("Tot wanneer?").fill("2030-12-01")
    desk.get_by_role("button", name="Leg op tafel", exact=True).click()
    expect(desk.locator("li", has_text="Bellen met school.")).to_contain_text("Mark")
    assert_accessible(desk)


def status(page: Page, name: str) -> str:
    return (page.locator(f"#said-{name}[role=status]").text_content() or "").strip()


def test_a_screen_reader_hears_the_phase_the_turn_and_each_hand_and_no_more(page_for: PageFor) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    page = open_tent(page_for(), world, tent, "sanne")
    assert status(page, "phase") == "Het gesprek is bij: Begrijpen."
    assert status(page, "turn") == "Aan het woord is Noor."
    # What a reader of the screen would hear: each time that one of these pieces becomes another.
    page.evaluate("""() => {
      window.told = [];
      document.querySelectorAll("[role=status][id^=said]").forEach((el) =>
        new MutationObserver(() => window.told.push(el.textContent.trim())).observe(el, { childList: true }));
    }""")
    write(world, tent, "Noor slaapt slecht", "noor")
    expect(page.locator("#on-the-table .voice", has_text="slaapt slecht")).to_be_visible(timeout=SOON)
    actions.raise_hand(actor=world.actor("youssef"), tent_id=tent.pk, at=world.at)
    expect(page.locator("#said-hands")).to_have_text("Youssef wil iets zeggen.", timeout=SOON)
    turn = actions.next_turn(actor=world.actor("anouk"), tent_id=tent.pk, turn=1, at=world.at)
    assert turn.turn == 1
    expect(page.locator("#said-turn")).not_to_have_text("Aan het woord is Noor.", timeout=SOON)
    go_to(world, tent, Phase.GOES_WELL)
    expect(page.locator("#said-phase")).to_have_text("Het gesprek is bij: Wat gaat goed.", timeout=SOON)
    expect(page.locator("#said-turn")).to_have_text("Aan het woord is Noor.", timeout=SOON)
    told = page.evaluate("window.told")
    assert told[0] == "Youssef wil iets zeggen."
    assert "Het gesprek is bij: Wat gaat goed." in told
    assert len(told) == 4, told


def test_the_keyboard_stays_where_it_was_when_others_change_the_table(page_for: PageFor) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    write(world, tent, "Er is vaak ruzie thuis", "sanne")
    page = open_tent(page_for(), world, tent, "sanne")
    focused = "() => document.activeElement.textContent.trim()"
    hand = page.get_by_role("button", name="Ik wil iets zeggen")
    hand.focus()
    actions.raise_hand(actor=world.actor("youssef"), tent_id=tent.pk, at=world.at)
    expect(page.locator("#talk .hands")).to_be_visible(timeout=SOON)
    assert page.evaluate(focused) == "Ik wil iets zeggen"
    # What somebody stood at is taken away: they go on in the same piece, not at the top of the page.
    away = page.locator("#on-the-table").get_by_role("button", name="Weghalen").first
    away.focus()
    piece = tent.pieces.get()
    actions.remove_piece(actor=world.actor("mark"), piece_id=piece.pk, at=world.at)
    expect(page.locator("#on-the-table .voice", has_text="vaak ruzie")).to_have_count(0, timeout=SOON)
    assert page.evaluate("() => document.activeElement.id") == "on-the-table"


def test_a_fold_that_somebody_opened_stays_open(page_for: PageFor) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    page = open_tent(page_for(), world, tent, "anouk")
    page.locator("#who summary", has_text="Iemand anders leidt het gesprek").click()
    write(world, tent, "Noor slaapt slecht", "noor")
    expect(page.locator("#on-the-table .voice", has_text="slaapt slecht")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("button", name="Niemand: de gezinscoach leidt")).to_be_visible()
