"""A municipality has one colour on every page, and whatever stands in it or on it can be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect
from pytest_django import DjangoAssertNumQueries

from hendig.audit.models import Entry
from hendig.kernel.refusal import Forbidden
from hendig.people import actions
from hendig.people.models import Municipality
from hendig.people.rules import accent as rules
from hendig.people.rules.accent import CLEAR, GREEN, by_night, contrast, mixed, nearest, why_no_accent
from tests.opentent.test_live import signed_in
from tests.support.families import confirmed
from tests.support.fixtures import PageFor
from tests.support.home import ROOT
from tests.support.live import Live
from tests.support.pages import assert_accessible
from tests.support.refusals import code_of
from tests.support.world import World, build_world

BLUE, YELLOW = "#003a70", "#ffd200"
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TOKENS = re.compile(r"--([a-z-]+): (#[0-9a-f]{3,6});")


def long(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(sign * 2 for sign in colour[1:])


def tokens() -> tuple[dict[str, str], dict[str, str]]:
    """The colours of the page, by day and by night."""
    css = (ROOT / "hendig/web/static/web/base.css").read_text()
    day, night, _paper = re.split("@media (?:screen|print)", css)
    return tuple({name: long(value) for name, value in TOKENS.findall(part)} for part in (day, night))  # type: ignore[return-value]


# --- the rule ---


def test_the_rule_knows_the_grounds_of_the_page() -> None:
    """What it is held against stands in the styles, and the soft ground is mixed there as it is here."""
    day, night = tokens()
    assert tuple(day[name] for name in ("surface", "paper", "sunken")) == rules.DAY
    assert tuple(night[name] for name in ("surface", "paper", "sunken")) == rules.NIGHT
    assert (day["glow"], night["glow"], night["on-accent"]) == (rules.GLOW, rules.NIGHT[0], rules.ON_NIGHT)
    assert (day["hendig-accent"], day["on-accent"]) == (GREEN, rules.DAY[0])
    assert day["hendig-accent-night"] == by_night(GREEN)
    css = (ROOT / "hendig/web/static/web/base.css").read_text()
    assert f"--accent-soft: color-mix(in srgb, var(--accent) {rules.SOFT:.0%}, var(--glow))" in css


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(COLOURS)
def test_of_every_colour_the_nearest_and_its_night_can_be_read(colour: str) -> None:
    day, night = tokens()
    shade = nearest(colour)
    assert why_no_accent(shade) is None
    assert (shade == colour) is (why_no_accent(colour) is None)
    for now, page in ((shade, day), (by_night(shade), night)):
        soft = mixed(page["glow"], now, rules.SOFT)
        grounds = [page[name] for name in ("surface", "paper", "sunken", "on-accent")]
        assert rules.COLOUR.fullmatch(now)
        assert all(contrast(now, ground) >= CLEAR for ground in [*grounds, soft])
        # Other words lie on the soft ground too.
        assert all(contrast(page[ink], soft) >= CLEAR for ink in ("ink", "ink-soft"))


@pytest.mark.parametrize(
    "colour", ["", "red", "#fff", "#12345", "#1234567", "#00000g", "#000000;", "#٠٠٠٠٠٠"]
)
def test_what_is_no_colour_is_none(colour: str) -> None:
    refusal = why_no_accent(colour)
    assert refusal
    assert refusal.code == "accent.unknown"


# --- choosing it ---


def test_who_answers_for_the_municipality_chooses_and_everybody_sees_it(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    confirmed(world)
    for who in ("petra", "sanne", None):
        assert "/kleur/" not in re.sub(
            r'href="/kleur/"', "", world.client(who).get("/over-hendig/").content.decode()
        )
    assert world.client("petra").post("/kleur/", {"colour": BLUE.upper()}).status_code == 302
    assert Municipality.objects.get().accent == BLUE
    assert Entry.objects.latest("id").code == "settings.changed"
    for who, queries in (("petra", 1), ("sanne", 1), (None, 1)):
        client = world.client(who)
        with django_assert_num_queries(queries):
            page = client.get("/nergens/").content.decode()
        assert f'<link rel="stylesheet" href="/kleur/{BLUE[1:]}/">' in page


def test_a_pale_colour_is_refused_with_the_nearest_that_can_be_read(world: World) -> None:
    petra = world.client("petra")
    page = petra.post("/kleur/", {"colour": YELLOW})
    said = page.content.decode()
    assert page.status_code == 422
    assert "Op deze kleur is wit niet goed te lezen." in said
    assert f'value="{YELLOW}"' in said
    assert f'name="colour" value="{nearest(YELLOW)}"' in said
    assert Municipality.objects.get().accent == ""
    assert petra.post("/kleur/", {"colour": nearest(YELLOW)}).status_code == 302
    assert Municipality.objects.get().accent == nearest(YELLOW)


@pytest.mark.parametrize(
    ("colour", "code"), [(YELLOW, "accent.pale"), (GREEN, "accent.same"), ("groen", "accent.unknown")]
)
def test_the_action_refuses_what_the_page_does(world: World, colour: str, code: str) -> None:
    assert code_of(lambda: actions.set_accent(actor=world.actor("petra"), colour=colour, at=world.at)) == code


@pytest.mark.parametrize("who", ["ellen", "jolanda", "karin", "henk"])
def test_others_choose_no_colour(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.set_accent(actor=world.actor(who), colour=BLUE, at=world.at)


def test_the_stylesheet_of_a_colour_may_be_kept_and_says_nothing_else(world: World) -> None:
    sheet = world.client().get(f"/kleur/{BLUE[1:]}/")
    assert sheet["Content-Type"] == "text/css"
    assert sheet["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sheet.content.decode() == (
        f":root {{ --hendig-accent: {BLUE}; --hendig-accent-night: {by_night(BLUE)}; }}\n"
    )
    for digits in (YELLOW[1:], "red", "00000g", "003a70;}", "003A70"):
        assert world.client().get(f"/kleur/{digits}/").status_code == 404


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_the_page_has_it_and_axe_finds_nothing(live: Live, page_for: PageFor, dark: bool) -> None:
    world = build_world()
    actions.set_accent(actor=world.actor("petra"), colour=nearest(YELLOW), at=world.at)
    page = signed_in(page_for(phone=dark, dark=dark), world, live, "petra")
    page.goto("/kleur/")
    expect(page.locator("h1")).to_have_text("De kleur van de gemeente")
    shade = by_night(nearest(YELLOW)) if dark else nearest(YELLOW)
    red, green, blue = (int(shade[at : at + 2], 16) for at in (1, 3, 5))
    button = page.get_by_role("button", name="Bewaar. Geldt vanaf nu")
    expect(button).to_have_css("background-color", f"rgb({red}, {green}, {blue})")
    assert_accessible(page)
