"""A citizen service number as people type it, and the test of eleven: numbers of the range for tests only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn

from hendig.kernel.bsn import DIGITS, masked, passes_eleven, read_bsn
from hendig.kernel.traces import has_bsn

NUMBER = "999900018"

nine = st.integers(min_value=0, max_value=10**DIGITS - 1).map(lambda number: str(number).zfill(DIGITS))
for_tests = st.sampled_from([str(one) for one in range(999900000, 10**DIGITS) if passes_eleven(str(one))])
between = st.sampled_from(["", " ", ".", "  ", ". ", "\u00a0", "\t"])


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (NUMBER, NUMBER),
        ("9999 00 018", NUMBER),
        ("9999.00.018", NUMBER),
        (" 999900018 ", NUMBER),
        ("９９９９０００１８", NUMBER),
        # An older paper has eight digits: this one is made, and begins with a nought.
        ("10000008", "010000008"),
        ("010000008", "010000008"),
        ("999900019", None),
        ("9999-00-018", None),
        ("BSN 999900018", None),
        ("99990001", None),
        ("9999000180", None),
        ("1234567", None),
        ("000000000", None),
        ("00000000", None),
        ("-99990001", None),
        ("٩٩٩٩٠٠٠١٨", None),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_type_it_and_nothing_else_is(typed: str, number: str | None) -> None:
    assert read_bsn(typed) == number


@given(nine)
def test_the_test_of_eleven_says_what_others_say(digits: str) -> None:
    assert passes_eleven(digits) == bsn.is_valid(digits)
    assert (read_bsn(digits) == digits) == passes_eleven(digits)


@given(for_tests, st.lists(between, min_size=10, max_size=10))
def test_what_stands_between_the_digits_makes_no_difference(number: str, gaps: list[str]) -> None:
    assert read_bsn(gaps[9] + "".join(map("".join, zip(number, gaps, strict=False)))) == number


@given(for_tests, st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, more: int) -> None:
    other = str((int(number[place]) + more) % 10)
    assert read_bsn(number[:place] + other + number[place + 1 :]) is None


@given(for_tests, st.integers(0, DIGITS - 2))
def test_two_digits_in_the_wrong_order_are_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or read_bsn(swapped) is None


@given(st.text(max_size=30))
def test_anything_typed_is_a_number_or_none(typed: str) -> None:
    found = read_bsn(typed)
    assert found is None or (len(found) == DIGITS and found.isascii() and passes_eleven(found))


@given(for_tests)
def test_the_same_number_is_noticed_in_a_text(number: str) -> None:
    assert has_bsn(f"Haar nummer is {number[:4]} {number[4:6]} {number[6:]}, denk ik.")


def test_of_a_masked_number_no_more_than_the_end_is_left() -> None:
    assert masked(NUMBER) == "•••••018"
