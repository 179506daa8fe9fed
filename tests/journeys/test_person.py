"""The hands notice what a person would: what cannot be reached, a focus nobody sees, a page too wide."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.person import KEY, TAP, Keyboard, Ledger, Person, Pointer, step
from tests.journeys.test_people import assert_fits
from tests.support.clock import Clock
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.world import World

PAGE = """<html lang=nl><title>t</title>
<style>:focus-visible {{ outline: 3px solid }}</style><main><h1>h</h1><form action=about:blank>
<label>Naam <input name=naam></label>
<label><input type=radio name=keer value=1> Eén keer</label>
<label><input type=radio name=keer value=2> Vaker</label>
{button}</form></main></html>"""


def test_the_keyboard_reaches_what_it_should(page_for: PageFor) -> None:
    page, hand = page_for(), Keyboard()
    page.set_content(PAGE.format(button="<button>Klaar</button>"))
    hand.fill(page.get_by_label("Naam"), "Sanne")
    hand.pick(page.get_by_label("Vaker"))
    assert page.get_by_label("Naam").input_value() == "Sanne"
    assert hand.reach(page.get_by_role("button")) == 1


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ("<button tabindex=-1>Klaar</button>", "cannot be reached"),
        ("<style>button { outline: none !important }</style><button>Klaar</button>", "nobody sees"),
        ("<style>button { position: absolute; left: -999px }</style><button>Klaar</button>", "nobody sees"),
    ],
)
def test_the_keyboard_fails_where_a_person_would(page_for: PageFor, button: str, why: str) -> None:
    page = page_for()
    page.set_content(PAGE.format(button=button))
    with pytest.raises(AssertionError, match=why):
        Keyboard().reach(page.get_by_role("button"))


def test_what_is_too_wide_for_400_percent_is_noticed(page_for: PageFor) -> None:
    page = page_for(phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    page.set_content(
        "<html lang=nl><meta name=viewport content='width=device-width'><table width=500><td>x</table></html>"
    )
    with pytest.raises(AssertionError, match="too wide"):
        assert_fits(page)


def test_every_deed_is_counted(page_for: PageFor, live: Live) -> None:
    ledger = Ledger()
    person = Person("Sanne", page_for(), Pointer(), ledger)
    with step(ledger, "Vraag"):
        person.visit("/")
        person.tap("Vraag om hulp")
        person.type("Hoe heet u?", "Sanne")
    count = ledger.total({"Vraag"})
    assert (count.interactions, count.fields, count.screens, count.visits) == (1, 1, 2, 1)
    assert count.seconds == pytest.approx(3 * TAP + 0.4 + 5 * KEY)


def test_the_clock_of_the_pages_moves_and_nobody_is_signed_out(
    peelrand: World, live: Live, clock: Clock, page_for: PageFor
) -> None:
    page = page_for()
    cookie = peelrand.client("anouk").cookies["hendig"].value
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
    page.goto("/vandaag/")
    expect(page.get_by_text("maandag 2 november")).to_be_visible()
    clock.travel(days=40)
    page.goto("/vandaag/")
    expect(page.get_by_text("zaterdag 12 december")).to_be_visible()
