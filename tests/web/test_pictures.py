"""A picture and its words say the same, always draw the same, and never let markup through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.web.pictures import (
    Around,
    Circle,
    FlowCard,
    FlowColumn,
    WayStep,
    circle_in_words,
    ecogram,
    flow_board,
    flow_summary,
    lines_of,
    places,
    way_of_question,
)

CIRCLE = Circle(
    ("Sanne", "Noor"),
    (
        Around("Sven", "buurjongen", 3, "thin"),
        Around("Oma Riet", "oma", 1, "warm", "kookt op woensdag"),
        Around("Mark", "vader", 2, "strained"),
    ),
)
COLUMNS = (
    FlowColumn("Nieuw", (FlowCard("Daan, 8", 2, "Ellen"), FlowCard("Bram, 15", 9, "Mark"))),
    FlowColumn("Match"),
    FlowColumn("Hulp", (FlowCard("Youssef, 16"),), count=14),
)
EVIL = '<script>alert("x")</script>'


def words_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_the_twin_of_the_circle_names_everyone_nearest_first() -> None:
    assert [str(line) for line in circle_in_words(CIRCLE)] == [
        "Oma Riet (oma): dichtbij, goede band; kookt op woensdag",
        "Mark (vader): in de buurt, moeizame band",
        "Sven (buurjongen): verder weg, weinig contact",
    ]


def test_every_person_in_the_twin_is_drawn_with_the_same_tie() -> None:
    drawn = str(ecogram(CIRCLE))
    picture, legend = drawn.split("<figcaption>")
    for person in CIRCLE.around:
        assert f">{person.name}</tspan>" in picture
        assert picture.count(f"tie tie-{person.tie}") == 1
    assert all(words in legend for words in ("goede band", "weinig contact", "moeizame band"))
    assert picture.count("tie-bar") == 2


def test_the_legend_explains_only_lines_that_occur() -> None:
    drawn = str(ecogram(Circle(("Noor",), (Around("Oma"),))))
    assert "goede band" in drawn
    assert "moeizame band" not in drawn


def test_a_circle_of_nobody_still_shows_the_family() -> None:
    assert ">Noor</tspan>" in ecogram(Circle(("Noor",)))


def test_nearer_people_stand_nearer() -> None:
    far, near, middle = (((x - 280) ** 2 + (y - 316) ** 2) for x, y in places(CIRCLE.around))
    assert near < middle < far


@given(st.lists(st.integers(1, 3), max_size=12))
def test_everyone_stands_within_the_picture(distances: list[int]) -> None:
    for x, y in places([Around("Iemand", distance=distance) for distance in distances]):
        assert 30 <= x <= 530
        assert 60 <= y <= 600


def test_the_flow_says_how_many_and_who_waits_longest_on_whom() -> None:
    assert [str(line) for line in flow_summary(COLUMNS)] == [
        "Nieuw: 2 vragen; Bram, 15 wacht 9 dagen op Mark",
        "Match: 0 vragen",
        "Hulp: 14 vragen",
    ]


def test_the_board_draws_a_dot_for_each_day_and_seven_for_a_week_or_more() -> None:
    cards = str(flow_board(COLUMNS)).split('<li class="flow-card')[1:]
    assert [card.count('flow-dot"') for card in cards] == [2, 7, 0]
    assert ["flow-card-long" in f"flow-card{card}" for card in cards] == [False, True, False]


def test_a_stage_tells_what_is_not_shown_and_when_nobody_is_there() -> None:
    words = words_of(flow_board(COLUMNS))
    assert "en nog 13" in words
    assert words.count("Niemand") == 1


def test_the_way_tells_what_is_done_what_is_now_and_on_whom_it_waits() -> None:
    way = way_of_question(
        [
            WayStep("Vraag", "done", when="ma 3 nov"),
            WayStep("Tent", "now", on="Mark", days=3),
            WayStep("Hulp", "next"),
        ]
    )
    assert words_of(way) == "Vraag (klaar) ma 3 nov Tent (nu) wacht 3 dagen op Mark Hulp (straks)"
    assert str(way).count('aria-current="step"') == 1
    assert str(way).count("stone-tick") == 1


@pytest.mark.parametrize(
    "drawn",
    [
        ecogram(Circle((EVIL,), (Around(EVIL, EVIL, 1, "warm", EVIL),))),
        flow_board([FlowColumn(EVIL, (FlowCard(EVIL, 3, EVIL, '"><script>'),), url='"><script>')]),
        way_of_question([WayStep(EVIL, "now", EVIL, EVIL, 2, EVIL)]),
    ],
    ids=["ecogram", "flow", "way"],
)
def test_markup_in_names_stays_text(drawn: str) -> None:
    assert "<script" not in drawn


@pytest.mark.parametrize(
    "draw", [lambda: ecogram(CIRCLE), lambda: flow_board(COLUMNS)], ids=["ecogram", "flow"]
)
def test_the_same_data_gives_the_same_picture(draw: object) -> None:
    assert callable(draw)
    assert draw() == draw()


def test_pictures_carry_no_style_of_their_own() -> None:
    assert "style=" not in str(ecogram(CIRCLE)) + str(flow_board(COLUMNS))


@given(st.text(), st.integers(2, 20), st.integers(1, 4))
def test_lines_never_grow_longer_than_asked(text: str, width: int, most: int) -> None:
    lines = lines_of(text, width, most)
    assert len(lines) <= most
    assert all(len(line) <= width for line in lines)
