from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.kernel.small import SMALLEST, Shown, by_ten, hide_small


@pytest.mark.parametrize(
    ("families", "hidden", "total"),
    [
        ([], set(), True),
        ([0, 0], set(), True),
        ([10, 200], set(), True),
        ([9], {0}, False),
        ([3, 4], {0, 1}, False),
        ([6, 7, 30], {0, 1}, True),
        ([3, 4, 30], {0, 1, 2}, True),
        ([3, 40, 30, 0], {0, 2}, True),
        ([3, 30, 30], {0, 1, 2}, True),
        ([9, 9, 50], {0, 1, 2}, True),
    ],
)
def test_small_cells_are_hidden_with_what_would_give_them_away(
    families: list[int], hidden: set[int], total: bool
) -> None:
    assert hide_small(families) == Shown(frozenset(hidden), total)


def seen(families: tuple[int, ...]) -> tuple[object, ...]:
    """All that a reader gets: the shown cells, which are hidden, and the total when it is told."""
    shown = hide_small(families)
    cells = tuple(None if at in shown.hidden else count for at, count in enumerate(families))
    return (cells, sum(families) if shown.total else None)


@pytest.mark.parametrize(("cells", "most"), [(1, 60), (2, 60), (3, 34), (4, 17)])
def test_no_hidden_cell_can_be_computed_by_who_knows_the_rule(cells: int, most: int) -> None:
    """Every table there is: whatever a reader sees also comes from a table in which the cell differs."""
    could_be: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for table in product(range(most + 1), repeat=cells):
        could_be[seen(table)].append(table)
    for sight, tables in could_be.items():
        hidden = hide_small(tables[0]).hidden
        if sum(tables[0][at] for at in hidden) > most:
            continue  # some of what the reader must reckon with lies beyond the tables tried here
        for at in hidden:
            assert len({table[at] for table in tables}) > 1, (sight, tables)


@given(st.lists(st.integers(0, 80), max_size=12))
def test_no_small_number_is_shown_and_none_remains_by_subtracting(families: list[int]) -> None:
    shown = hide_small(families)
    left = [count for at, count in enumerate(families) if at not in shown.hidden]
    assert all(count == 0 or count >= SMALLEST for count in left)
    if shown.hidden and shown.total:
        assert len(shown.hidden) > 1
        assert sum(families) - sum(left) >= SMALLEST


@given(st.lists(st.integers(0, 80), min_size=1, max_size=12), st.randoms())
def test_the_order_of_the_cells_tells_nothing(families: list[int], chance: object) -> None:
    mixed = list(families)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    hidden = sorted(families[at] for at in hide_small(families).hidden)
    assert hidden == sorted(mixed[at] for at in hide_small(mixed).hidden)


@given(st.integers(0, 500), st.integers(0, 500))
def test_what_is_told_by_ten_is_equal_or_ten_apart(one: int, other: int) -> None:
    assert by_ten(one) <= one < by_ten(one) + SMALLEST
    assert by_ten(one) == by_ten(other) or abs(by_ten(one) - by_ten(other)) >= SMALLEST
