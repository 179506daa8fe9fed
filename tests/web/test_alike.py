"""What is drawn once for all who are shown the same: never more than what was read for who looks."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.template import Template, TemplateSyntaxError
from django.template.context import Context
from django.utils import translation

from hendig.web.tags import alike

BLOCK = Template("{% alike shown=value %}{{ shown }}/{{ other }}/{% translate 'Kracht' %}{% endalike %}")


class Counted:
    """A value that tells how often it was written."""

    written = 0

    def __init__(self, words: str) -> None:
        self.words = words

    def __eq__(self, other: object) -> bool:
        # Comparing is Python too: another thread comes in here.
        time.sleep(0)
        return isinstance(other, Counted) and other.words == self.words

    def __hash__(self) -> int:
        return hash(self.words)

    def __str__(self) -> str:
        Counted.written += 1
        return self.words


def shown(words: str, **more: object) -> str:
    return BLOCK.render(Context({"value": Counted(words), **more}))


def test_the_same_is_written_once_and_another_is_another() -> None:
    Counted.written = 0
    assert [shown("dit"), shown("dit"), shown("dat")] == ["dit//Kracht", "dit//Kracht", "dat//Kracht"]
    assert Counted.written == 2


def test_nothing_of_who_looks_is_kept_in_it() -> None:
    assert shown("mijn", other="alleen van mij") == "mijn//Kracht"


def test_each_language_has_its_own() -> None:
    shown("taal")
    with translation.override("en"):
        assert shown("taal") == "taal//Strength"


def test_what_nobody_sees_any_more_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MOST", 2)
    for words in ("een", "twee", "drie"):
        shown(words)
    Counted.written = 0
    shown("drie"), shown("een")
    assert Counted.written == 1


def test_what_is_large_makes_room_sooner_and_what_was_seen_last_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A drawing grows as a talk goes on: what is kept of it does not."""
    monkeypatch.setattr(alike, "TOGETHER", 400)
    words = [letter * 150 for letter in "abcdef"]
    for one in (*words, words[-1], words[-2]):
        shown(one)
    Counted.written = 0
    shown(words[-1]), shown(words[-2])
    assert Counted.written == 0, "two of them are within what is kept together"
    shown(words[-3])
    assert Counted.written == 1
    shown("z" * 5_000)
    Counted.written = 0
    shown("z" * 5_000)
    assert Counted.written == 0, "however large it is, twelve devices are shown it"
    shown(words[-1])
    assert Counted.written == 1


def test_many_who_look_at_once_each_get_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MOST", 2)

    def look(number: int) -> bool:
        chance = random.Random(number)
        asked = [chance.choice("abcd") for _ in range(500)]
        return [shown(words) for words in asked] == [f"{words}//Kracht" for words in asked]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(look, range(8)))


def test_it_says_what_it_takes() -> None:
    with pytest.raises(TemplateSyntaxError, match="one name"):
        Template("{% alike value %}{% endalike %}")
