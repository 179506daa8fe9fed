"""Money is whole cents, rounded once, half up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.kernel.money import euros, half_up, line_amount


@pytest.mark.parametrize(
    ("value", "cents"), [("0.4", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("-0.4", 0), ("7", 7)]
)
def test_a_half_goes_away_from_zero(value: str, cents: int) -> None:
    assert half_up(Decimal(value)) == cents


@given(st.integers(0, 60_000), st.integers(0, 50_000))
def test_a_line_is_never_more_than_half_a_cent_from_the_exact_amount(minutes: int, tariff: int) -> None:
    exact = Fraction(minutes * tariff, 60)
    assert abs(line_amount(minutes, tariff) - exact) <= Fraction(1, 2)


@given(st.integers(0, 5_000), st.integers(0, 50_000))
def test_whole_hours_are_exact(hours: int, tariff: int) -> None:
    assert line_amount(hours * 60, tariff) == hours * tariff


@given(st.integers(-(10**12), 10**12))
def test_euros_and_cents_say_the_same(cents: int) -> None:
    assert euros(cents) * 100 == cents
    assert euros(cents).as_tuple().exponent == -2
