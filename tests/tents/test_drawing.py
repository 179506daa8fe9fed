"""The drawing without a database: nothing overlaps, nothing jumps, and the same can be read."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations, pairwise, permutations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hendig.tents.models import Place, Sign
from hendig.tents.queries.drawn import picture
from hendig.tents.rules.drawing import (
    DESK,
    GAP,
    HEAD,
    PHONE,
    PHONE_WIDE,
    Box,
    Drawing,
    Factor,
    Link,
    Said,
    Sheet,
    draw,
)
from hendig.tents.rules.letters import LINE, measured, wrapped
from hendig.tents.rules.lines import NARROW, rounds
from hendig.tents.rules.twin import differing, first, paragraphs, sentences
from hendig.tents.rules.typed import plain

SHEETS = pytest.mark.parametrize("sheet", [DESK, PHONE, PHONE_WIDE], ids=["desk", "phone", "phone wide"])
TITLES = {Place.CHILD.value: "Noor"}


def factor(number: int, text: str, **given: object) -> Factor:
    return Factor(UUID(int=number), text, **given)  # type: ignore[arg-type]


def link(cause: int, effect: int, sign: str = Sign.WORSE) -> Link:
    return Link(UUID(int=cause * 1000 + effect), UUID(int=cause), UUID(int=effect), sign)


names = st.text(min_size=1, max_size=60)
said = st.lists(st.builds(Said, names, st.text(max_size=20)), max_size=4).map(tuple)
factors = st.builds(
    Factor,
    st.uuids(),
    st.text(max_size=500),
    st.booleans(),
    st.sampled_from([*Place]),
    names,
    said,
    said,
    said,
)
tables = st.lists(factors, max_size=16, unique_by=lambda one: one.id)


@st.composite
def drawn(draw_: st.DrawFn) -> tuple[list[Factor], list[Link]]:
    """Factors with lines between any two of them, loops and all, and now and then to one that went."""
    lying = draw_(tables)
    keys = [one.id for one in lying] + [UUID(int=9)]
    ends = st.tuples(st.sampled_from(keys), st.sampled_from(keys)).filter(lambda pair: pair[0] != pair[1])
    several = draw_(st.lists(ends, max_size=30, unique=True)) if lying else []
    return lying, [
        Link(UUID(int=at + 1), cause, effect, draw_(st.sampled_from([*Sign])), differ=draw_(said))
        for at, (cause, effect) in enumerate(several)
    ]


def apart(one: Box, other: Box) -> bool:
    beside = one.right <= other.x or other.right <= one.x
    return beside or one.bottom <= other.y or other.bottom <= one.y


def covers(box: Box, x: int, y: int) -> bool:
    """Whether a mark of 26 by 18 there lies on what is written."""
    beside = x + 13 <= box.x or box.right <= x - 13
    return not beside and box.y < y + 9 and y - 9 < box.bottom


def numbers(drawing: Drawing) -> list[tuple[float, float]]:
    """Every point that a line comes by."""
    found = []
    for arrow in drawing.arrows:
        for path in (arrow.path, *arrow.heads):
            x = y = 0.0
            for letter, rest in re.findall(r"([MHVQLZ])([^MHVQLZ]*)", path):
                values = [float(one) for one in rest.split()]
                if letter == "H":
                    x = values[0]
                elif letter == "V":
                    y = values[0]
                elif values:
                    x, y = values[-2:]
                found.append((x, y))
    return found


def lies_apart(drawing: Drawing, lying: list[Factor]) -> None:
    """Everything is drawn once, inside, and nothing lies on anything else."""
    assert [box.id for box in drawing.boxes] == [one.id for one in lying]
    assert all(apart(one, other) for one, other in combinations(drawing.boxes, 2))
    homes = {region.place: region for region in drawing.regions}
    for box in drawing.boxes:
        home = homes[box.factor.place]
        assert home.x < box.x
        assert box.right < home.x + home.width
        assert home.y < box.y
        assert box.bottom < home.y + home.height
        assert all(box.x < tag.x and tag.x + tag.width <= box.right for tag in box.tags)
    for region in drawing.regions:
        assert 0 <= region.x < region.x + region.width <= drawing.width
        assert region.y + region.height <= drawing.height
    assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in numbers(drawing))
    for arrow in (one for one in drawing.arrows if one.doubt):
        assert 0 <= arrow.doubt_x - 13 < arrow.doubt_x + 13 <= drawing.width
        assert 0 <= arrow.doubt_y - 9 < arrow.doubt_y + 9 <= drawing.height
        assert not [box for box in drawing.boxes if covers(box, arrow.doubt_x, arrow.doubt_y)]


def crosses_nothing(drawing: Drawing, lying: list[Factor], lines: list[Link]) -> None:
    """Each line is there, and none runs over what is written."""
    known = {one.id for one in lying}
    shown = {(arrow.cause, arrow.effect) for arrow in drawing.arrows}
    shown |= {(arrow.effect, arrow.cause) for arrow in drawing.arrows if arrow.both}
    assert shown == {(one.cause, one.effect) for one in lines if {one.cause, one.effect} <= known}
    for x, y in numbers(drawing):
        assert not [box for box in drawing.boxes if box.x < x < box.right and box.y < y < box.bottom]


@SHEETS
@given(table=drawn())
def test_everything_is_drawn_once_inside_and_nothing_overlaps(
    sheet: Sheet, table: tuple[list[Factor], list[Link]]
) -> None:
    lying, lines = table
    drawing = draw(lying, lines, sheet=sheet)
    assert draw(lying, lines, sheet=sheet) == drawing
    assert drawing.width == sheet.width
    lies_apart(drawing, lying)


@SHEETS
@given(table=drawn())
def test_each_line_is_there_and_crosses_nothing_that_is_written(
    sheet: Sheet, table: tuple[list[Factor], list[Link]]
) -> None:
    lying, lines = table
    crosses_nothing(draw(lying, lines, sheet=sheet), lying, lines)


@SHEETS
@given(table=drawn(), more=factors)
def test_what_stood_keeps_its_place_when_something_is_added(
    sheet: Sheet, table: tuple[list[Factor], list[Link]], more: Factor
) -> None:
    """Only what lies below it in the same column moves, and all of that by the one step."""
    lying, lines = table
    before = {box.id: box for box in draw(lying, lines, sheet=sheet).boxes}
    after = {box.id: box for box in draw([*lying, more], lines, sheet=sheet).boxes}
    added = after.pop(more.id)
    step = added.height + GAP
    for key, box in before.items():
        now = after[key]
        assert (now.x, now.width, now.height) == (box.x, box.width, box.height)
        moved = now.y - box.y
        assert moved == 0 or (now.x == added.x and now.y > added.y and step - GAP <= moved <= step + HEAD)


def test_who_sees_a_line_otherwise_stands_at_it_and_in_its_words() -> None:
    lying = [factor(1, "Ruzie thuis", voice="Sanne"), factor(2, "Slecht slapen.")]
    seen = Link(
        UUID(int=7), UUID(int=1), UUID(int=2), voice="Noor",
        agree=(Said("Anouk"),), differ=(Said("mark", "Het komt door het licht"),),
    )  # fmt: skip
    (arrow,) = draw(lying, [seen]).arrows
    assert (arrow.doubt, arrow.doubt_y < arrow.badge_y) == ("M", True)
    assert draw(lying, [link(1, 2)]).arrows[0].doubt == ""
    assert sentences(lying, [seen])[0] == (
        "Ruzie thuis. Dat maakt erger: Slecht slapen. Anouk is het ermee eens."
        " mark ziet dit verband anders: Het komt door het licht."
    )
    (where,) = differing(lying, [seen])
    assert [plain(one) for one in where.sentences] == [
        "Noor zegt: Ruzie thuis. Dat maakt erger: Slecht slapen.",
        "mark ziet het anders: Het komt door het licht.",
    ]


def test_of_what_goes_both_ways_both_views_stand_once() -> None:
    lying = [factor(1, "Gamen"), factor(2, "Slecht slapen")]
    there, back = (
        Link(UUID(int=at), UUID(int=at), UUID(int=3 - at), Sign.KEEPS, differ=(Said(name, "Niet zo."),))
        for at, name in ((1, "Noor"), (2, "Mark"))
    )
    (arrow,) = draw(lying, [there, back]).arrows
    assert arrow.doubt == "2"
    (sentence,) = sentences(lying, [there, back])
    assert sentence.endswith(
        "elkaar in stand. Noor ziet dit verband anders: Niet zo. Mark ziet dit verband anders: Niet zo."
    )
    assert [said.voice for said in differing(lying, [there, back])[0].others] == ["Noor", "Mark"]


@SHEETS
@given(table=drawn())
def test_a_line_moves_nothing_and_neither_does_what_somebody_thinks(
    sheet: Sheet, table: tuple[list[Factor], list[Link]]
) -> None:
    lying, lines = table
    bare = [Factor(one.id, one.text, one.is_strength, one.place, one.voice) for one in lying]
    places = [(box.x, box.y, box.height) for box in draw(bare, sheet=sheet).boxes]
    assert [(box.x, box.y, box.height) for box in draw(lying, lines, sheet=sheet).boxes] == places


@given(st.text(max_size=600), st.integers(40, 400), st.integers(1, 6))
def test_every_line_of_words_fits(text: str, width: int, most: int) -> None:
    lines = wrapped(text, width, most=most)
    assert 1 <= len(lines) <= most
    assert all(measured(line) <= width for line in lines)


def test_a_long_word_is_broken_and_a_long_note_ends_in_dots() -> None:
    (box,) = draw([factor(1, "a" * 200_000)], sheet=PHONE).boxes
    assert box.lines[-1].text.endswith("…")
    assert box.height < 10 * LINE


def test_things_that_keep_each_other_going_are_one_line_both_ways() -> None:
    lying = [factor(1, "Noor gamet ’s nachts"), factor(2, "Noor slaapt slecht.")]
    drawing = draw(lying, [link(1, 2, Sign.KEEPS), link(2, 1, Sign.KEEPS)])
    (arrow,) = drawing.arrows
    assert (arrow.both, arrow.round, len(arrow.heads)) == (True, True, 2)
    assert sentences(lying, [link(1, 2, Sign.KEEPS), link(2, 1, Sign.KEEPS)]) == (
        "Noor gamet ’s nachts. En: Noor slaapt slecht. Die twee houden elkaar in stand.",
    )


def test_a_circle_of_three_is_drawn_as_one_and_said_as_one() -> None:
    lying = [
        factor(1, "Ruzie thuis"),
        factor(2, "Slecht slapen"),
        factor(3, "Spijbelen."),
        factor(4, "Oma helpt"),
    ]
    lines = [link(1, 2), link(2, 3), link(3, 1, Sign.KEEPS), link(4, 1, Sign.SOFTENS)]
    assert rounds(lines) == ((UUID(int=1), UUID(int=2), UUID(int=3)),)
    assert [arrow.round for arrow in draw(lying, lines).arrows] == [True, True, True, False]
    assert sentences(lying, lines) == (
        "Ruzie thuis. Dat maakt erger: Slecht slapen.",
        "Slecht slapen. Dat maakt erger: Spijbelen.",
        "Spijbelen. Dat houdt in stand: Ruzie thuis.",
        "Oma helpt. Dat maakt lichter: Ruzie thuis.",
        (
            "Dit is een kring: Ruzie thuis, dan Slecht slapen, dan Spijbelen, en dan weer van voren af aan. "
            "Zo houdt het zichzelf in stand."
        ),
    )


def test_what_makes_it_lighter_is_no_vicious_circle() -> None:
    assert rounds([link(1, 2, Sign.SOFTENS), link(2, 1, Sign.SOFTENS)]) == ()


@given(table=drawn())
def test_everything_that_was_said_is_in_the_words(table: tuple[list[Factor], list[Link]]) -> None:
    lying, lines = table
    told = " ".join(sentences(lying, lines))
    assert all(one.text.strip().rstrip(" .") in told for one in lying)
    read = " ".join(sentence for part in paragraphs(lying, TITLES) for sentence in part.sentences)
    assert all(one.text.strip().rstrip(" .") in read for one in lying)


def test_the_words_say_whose_they_are_and_who_sees_it_otherwise() -> None:
    lying = [
        factor(1, "Noor slaapt slecht", voice="Sanne", agree=(Said("Mark"), Said("Anouk"))),
        factor(2, "Oma is dichtbij", is_strength=True, place=Place.AROUND, voice="Noor"),
        factor(
            3,
            "Te veel gamen",
            voice="Mark",
            differ=(Said("Noor", "Dat is juist rust."),),
            first=(Said("Mark", "dat kan vandaag"),),
        ),
    ]
    noor, around = paragraphs(lying, TITLES)
    assert (noor.title, around.title) == ("Noor", "om ons heen")
    assert noor.sentences == (
        "Zorg, zegt Sanne: Noor slaapt slecht. Mark en Anouk zijn het ermee eens.",
        "Zorg, zegt Mark: Te veel gamen. Noor ziet het anders: Dat is juist rust.",
    )
    assert around.sentences == ("Kracht, zegt Noor: Oma is dichtbij.",)
    assert first(lying) == ("Daarom eerst: Te veel gamen. Mark zegt waarom: dat kan vandaag.",)


def test_an_empty_table_shows_the_places() -> None:
    drawing = draw([], sheet=PHONE, titles=TITLES)
    assert [region.title for region in drawing.regions][:2] == ["Noor", "de ouders"]
    assert (drawing.boxes, drawing.arrows) == ((), ())


# --- room for lines ---


def nested(many: int) -> tuple[list[Factor], list[Link]]:
    """So many lines that all run beside each other in one place of life, each longer than the one before."""
    lying = [factor(number, f"Iets {number}") for number in range(1, 2 * many + 1)]
    return lying, [link(many - at, many + 1 + at) for at in range(many)]


def lanes(sheet: Sheet, many: int, of: int) -> dict[UUID, int]:
    lying, lines = nested(of)
    return {one.id: one.badge_x for one in draw(lying, lines[:many], sheet=sheet).arrows}


@pytest.mark.parametrize(
    ("sheet", "most"), [(DESK, 11), (PHONE, 5), (PHONE_WIDE, 8)], ids=["desk", "phone", "phone wide"]
)
def test_lines_beside_each_other_have_room(sheet: Sheet, most: int) -> None:
    """As many as there are in a talk: the sign of one does not lie on the next."""
    for many in range(2, most + 1):
        found = sorted(lanes(sheet, many, most).values())
        assert min(right - left for left, right in pairwise(found)) >= NARROW, many


@pytest.mark.parametrize(
    ("sheet", "most"), [(DESK, 11), (PHONE, 5), (PHONE_WIDE, 8)], ids=["desk", "phone", "phone wide"]
)
def test_a_longer_line_more_seldom_moves_another(sheet: Sheet, most: int) -> None:
    """Each makes room at most once, however many come."""
    moved: Counter[UUID] = Counter()
    for many in range(1, most):
        before, after = lanes(sheet, many, most), lanes(sheet, many + 1, most)
        moved.update(key for key, x in before.items() if after[key] != x)
    assert set(moved.values()) <= {1}


def test_what_finds_no_room_beside_runs_between_the_columns() -> None:
    between = DESK.margins[0, 1]
    few, many = lanes(DESK, 4, 11), lanes(DESK, 11, 11)
    assert not [x for x in few.values() if between.left < x]
    assert sum(between.left < x < between.right for x in many.values()) == 7


def test_a_phone_with_many_lines_draws_all_a_little_smaller_and_moves_nothing() -> None:
    few, many = (picture(*nested(8)[:1], nested(8)[1][:number], (), {}).phone for number in (5, 6))
    assert (few.width, many.width) == (PHONE.width, PHONE_WIDE.width)
    assert few.boxes == many.boxes
    assert not few.is_crowded
    assert not many.is_crowded


@st.composite
def long_talks(draw_: st.DrawFn) -> tuple[list[Factor], list[Link]]:
    """As much as can lie on a table after a long talk: up to 24 things and 40 lines, often in few places."""
    chance = draw_(st.randoms(use_true_random=False))
    many, lines = draw_(st.integers(10, 24)), draw_(st.integers(15, 40))
    places = chance.sample([*Place], draw_(st.integers(1, 6)))
    lying = [
        factor(number, "Iets " * chance.randint(1, 20), place=chance.choice(places), voice="Noor")
        for number in range(1, many + 1)
    ]
    ends = chance.sample(list(permutations(range(1, many + 1), 2)), lines)
    return lying, [link(*pair, sign=chance.choice([*Sign])) for pair in ends]


def beside_each_other(drawing: Drawing) -> list[float]:
    """How far two lines are apart, of all that run beside each other at some height."""
    runs = []
    for arrow in drawing.arrows:
        found = re.search(r" (\S+)V(\S+)Q(\S+) ", arrow.path)
        if found:
            top, bottom, x = map(float, found.groups())
            runs.append((min(top, bottom), max(top, bottom), x))
    return [
        abs(one[2] - other[2])
        for one, other in combinations(runs, 2)
        if one[0] < other[1] and other[0] < one[1]
    ]


@settings(max_examples=25)
@given(table=long_talks())
def test_in_a_long_talk_no_line_comes_nearer_than_its_sign_is_large(
    table: tuple[list[Factor], list[Link]],
) -> None:
    """The drawing takes the room; all else of it holds as on a small sheet."""
    lying, lines = table
    found = picture(lying, lines, (), TITLES)
    for drawing in (found.desk, found.phone, found.paper):
        assert min(beside_each_other(drawing), default=NARROW) >= NARROW
        assert not drawing.is_crowded
        lies_apart(drawing, lying)
        crosses_nothing(drawing, lying, lines)


@pytest.mark.parametrize(("sheet", "many"), [(DESK, 12), (DESK, 20), (PHONE_WIDE, 9), (PHONE_WIDE, 20)])
def test_more_lines_than_there_is_room_for_make_room(sheet: Sheet, many: int) -> None:
    lying, lines = nested(many)
    tight, wide = draw(lying, lines, sheet=sheet), draw(lying, lines, sheet=sheet, room_for=())
    assert (tight.is_crowded, wide.is_crowded) == (True, False)
    assert wide.width > tight.width == sheet.width
    assert wide.height == tight.height
    assert [(box.y, box.width, box.height) for box in wide.boxes] == [
        (box.y, box.width, box.height) for box in tight.boxes
    ]


@SHEETS
def test_what_fits_stays_as_large_as_it_was(sheet: Sheet) -> None:
    lying, lines = nested(5)
    assert draw(lying, lines, sheet=sheet, room_for=()) == draw(lying, lines, sheet=sheet)


def test_room_for_what_comes_later_is_there_from_the_beginning() -> None:
    """So that the drawing, shown step by step, never jumps."""
    lying, lines = nested(20)
    steps = [picture(lying, lines[:many], (), TITLES, room_for=lines).desk for many in (1, 10, 20)]
    assert len({(one.width, one.boxes) for one in steps}) == 1
