"""Two who write in the same page at once: nothing of either is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hendig.tents.rules.merging import kept, merged, same

TEXT = st.text(alphabet="ab \n", max_size=12)


@given(TEXT, TEXT)
def test_what_one_of_us_changed_stays(was: str, mine: str) -> None:
    assert same(merged(was, mine, was) or "", mine)
    assert same(merged(was, was, mine) or "", mine)


@given(TEXT, TEXT, TEXT)
def test_where_both_changed_it_in_another_way_they_choose(was: str, mine: str, now: str) -> None:
    differ = not same(was, mine) and not same(was, now) and not same(mine, now)
    assert (merged(was, mine, now) is None) is differ


@given(TEXT, TEXT)
def test_both_hold_every_line(mine: str, theirs: str) -> None:
    lines = kept("both", mine, theirs).splitlines()
    assert {*mine.splitlines(), *theirs.splitlines()} <= {*lines, ""}


def test_how_a_browser_ends_its_lines_is_no_change() -> None:
    assert merged("een\ntwee", "een\r\ntwee\r\n", "een\ndrie") == "een\ndrie"
