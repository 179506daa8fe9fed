from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hendig.learning.queries.shown import Cell, bars, sums

TABLES = st.lists(st.integers(0, 80), min_size=1, max_size=7)


def shown(counts: list[int], *, answers: bool) -> list[int]:
    """Every number that a reader of these counts gets, of as many families."""
    found = bars([(str(at), Cell(count, count)) for at, count in enumerate(counts)], answers=answers)
    return [value for value in (*(bar.value for bar in found.bars), found.total) if value is not None]


@given(TABLES, TABLES, st.booleans())
def test_no_two_views_give_a_number_or_a_difference_of_one_to_nine(
    one: list[int], other: list[int], answers: bool
) -> None:
    numbers = shown(one, answers=answers) + shown(other, answers=answers)
    assert all(number >= 10 for number in numbers)
    assert all(a == b or abs(a - b) >= 10 for a in numbers for b in numbers)


@given(TABLES, st.data())
def test_nobody_can_compute_a_cell_from_the_others_and_the_total(
    counts: list[int], data: st.DataObject
) -> None:
    """Another table with other cells, of the same ten each and together, looks exactly the same."""
    at = data.draw(st.integers(0, len(counts) - 1))
    tens = [count - count % 10 for count in counts]
    rest = sum(counts) - sum(tens)
    low, high = rest - rest % 10, rest - rest % 10 + 9
    others = 9 * (len(counts) - 1)
    possible = [own for own in range(10) if own <= high and own + others >= low]
    assert len(possible) > 1, "one cell alone would be told by the total"
    for own in possible:
        left = max(0, low - own)
        again = list(tens)
        again[at] += own
        for place in range(len(counts)):
            if place != at:
                again[place] += min(9, left)
                left -= min(9, left)
        assert shown(again, answers=False) == shown(counts, answers=False)


@given(TABLES)
def test_where_all_but_a_few_answered_alike_no_answer_is_told(counts: list[int]) -> None:
    found = bars([(str(at), Cell(count, count)) for at, count in enumerate(counts)], answers=True)
    assert found.any_open == (sum(count >= 10 for count in counts) > 1)


def test_ten_questions_of_one_family_are_of_one_family() -> None:
    assert bars([("nieuw", Cell(12, 1))]).bars[0].value is None


def test_an_amount_of_a_few_families_is_told_with_the_others_only() -> None:
    found = sums([("H1", Cell(500, 6)), ("H2", Cell(700, 7)), ("H3", Cell(90_000, 30))])
    assert [(bar.label, bar.value) for bar in found.open] == [("H3", 90_000)]
    assert (found.rest, found.total, found.highest) == (1200, 91_200, 90_000)
