"""Three at one table: a phone that loses its connection, a phone that leads, and a laptop without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from hendig.tents import actions
from hendig.tents.models import Piece, PieceKind, Tent
from tests.support.fixtures import PageFor
from tests.support.live import SOON
from tests.support.tents import planned_tent
from tests.support.world import World
from tests.tents.test_live import open_tent, world_of_today

pytestmark = pytest.mark.usefixtures("live")
# A phone that thinks it is the year 2000.
WRONG_CLOCK = """
Date = class extends Date {
  constructor(...of) { super(...(of.length ? of : [946684800000])); }
  static now() { return 946684800000; }
};
"""
AFTER_A_WHILE = 8_000


def on_the_table(page: Page, text: str) -> None:
    expect(page.locator("#on-the-table .voice", has_text=text)).to_have_count(1, timeout=AFTER_A_WHILE)


def put(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Leg op tafel", exact=True).click()


def begun(world: World) -> Tent:
    """Everybody has arrived five minutes ago; Anouk leads."""
    tent = planned_tent(world)
    world.later(days=3)
    return actions.begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at, arrived=True)


def test_three_at_one_table_and_one_of_them_offline_for_a_while(page_for: PageFor) -> None:
    world = world_of_today()
    tent = begun(world)
    family, leads, laptop = page_for(phone=True), page_for(phone=True), page_for(javascript=False)
    family.add_init_script(WRONG_CLOCK)
    open_tent(family, world, tent, "sanne")
    open_tent(leads, world, tent, "anouk")
    open_tent(laptop, world, tent, "ellen")
    expect(family.locator("#clock")).to_contain_text("samen: 5 min.")

    they_take_turns(family, leads, laptop)
    one_loses_the_connection(family, leads)
    assert Piece.objects.filter(kind=PieceKind.FACTOR).count() == 2, "each once, and as what it was"
    they_understand_and_agree(family, leads)
    the_talk_is_over_before_the_connection_is_back(family, leads)
    laptop.reload()
    laptop.get_by_role("button", name="Ja, ik voelde me gehoord").click()
    expect(family.locator("#heard")).to_contain_text("Ellen", timeout=AFTER_A_WHILE)


def they_take_turns(family: Page, leads: Page, laptop: Page) -> None:
    family.get_by_role("button", name="Ik wil iets zeggen").click()
    expect(leads.locator(".hands")).to_contain_text("Sanne", timeout=SOON)
    leads.get_by_role("button", name="Geef het woord Sanne").click()
    expect(family.get_by_role("button", name="Ik ben klaar")).to_be_visible(timeout=SOON)
    laptop.reload()
    expect(laptop.locator(".turn-now")).to_contain_text("Sanne")
    put(laptop, "Wat is de vraag?", "Hoe gaat Noor weer naar school?")
    on_the_table(family, "Hoe gaat Noor weer naar school?")


def one_loses_the_connection(family: Page, leads: Page) -> None:
    leads.get_by_role("button", name="Verder naar: Begrijpen").click()
    expect(family.get_by_label("Wat speelt er?", exact=True)).to_be_visible(timeout=SOON)
    family.context.set_offline(True)
    put(family, "Wat speelt er?", "Noor slaapt slecht.")
    expect(family.locator("#outbox")).to_contain_text("Geen verbinding.")
    put(family, "Wat speelt er?", "Er is vaak ruzie.")
    leads.get_by_role("button", name="Verder naar: Wat gaat goed").click()
    expect(leads.get_by_label("Wat gaat er goed?")).to_be_visible()
    family.context.set_offline(False)
    for text in ("Noor slaapt slecht.", "Er is vaak ruzie."):
        on_the_table(leads, text)
        on_the_table(family, text)
    expect(family.locator("#outbox")).to_be_hidden()


def they_understand_and_agree(family: Page, leads: Page) -> None:
    family.get_by_role("button", name="Ja, zo is het").click()
    leads.get_by_role("button", name="Verder naar: Richtingen").click()
    expect(family.get_by_label("Welke kant kunnen we op?")).to_be_visible(timeout=AFTER_A_WHILE)
    leads.get_by_role("button", name="Verder naar: Afspreken").click()
    expect(family.get_by_label("Wat spreken we af?")).to_be_visible(timeout=AFTER_A_WHILE)


def the_talk_is_over_before_the_connection_is_back(family: Page, leads: Page) -> None:
    family.context.set_offline(True)
    put(family, "Wat spreken we af?", "Ik bel oma.")
    expect(family.locator("#outbox")).to_contain_text("Ik bel oma.")
    leads.get_by_role("button", name="Afronden en de bladzijde maken").click()
    expect(leads.get_by_role("heading", name="De bladzijde die blijft")).to_be_visible()
    family.context.set_offline(False)
    expect(family.get_by_text("Schrijven kan zolang het gesprek bezig is.").first).to_be_visible(
        timeout=AFTER_A_WHILE
    )
    expect(family.locator("#write textarea[name=text]")).to_have_value("Ik bel oma.")
