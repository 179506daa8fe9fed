"""Whatever the number of processes: each test is run once, and the long ones of one file stay together."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests import conftest


@dataclass(frozen=True)
class Item:
    number: int
    turn: int
    path: Path


@pytest.mark.parametrize("processes", [1, 2, 3, 9])
@pytest.mark.parametrize("many", [0, 1, 5, 200])
def test_each_is_dealt_once(monkeypatch: pytest.MonkeyPatch, processes: int, many: int) -> None:
    monkeypatch.setattr(conftest, "turn", lambda item: item.turn)
    chance = random.Random(many)
    items: list[Any] = [
        Item(number, chance.choice([0, 1, 2, 2, *[3] * 20]), Path(f"{number % 7}.py"))
        for number in range(many)
    ]
    dealt: list[Any] = conftest.dealt(items, processes)
    assert sorted(item.number for item in dealt) == list(range(many))
    long = [path for path, _tests in groupby(item.path for item in dealt if item.turn == 2)]
    assert len(long) == len(set(long))
    demo = [item.turn < 2 for item in dealt]
    assert demo == sorted(demo, reverse=True)


def test_each_process_begins_with_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "turn", lambda item: item.turn)
    turns = [0, 0, 2, 2, 2, 2, *[3] * 24]
    items: list[Any] = [Item(number, turn, Path(f"{number % 4}.py")) for number, turn in enumerate(turns)]
    dealt: list[Any] = conftest.dealt(items, 3)
    assert [[item.turn for item in dealt[start : start + 2]] for start in (0, 10, 20)] == [
        [0, 0],
        [2, 2],
        [2, 2],
    ]
