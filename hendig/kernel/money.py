"""Money in whole eurocents; a fraction is rounded once, half up, as EN 16931 does per line."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: Decimal) -> int:
    """The nearest whole number; a half goes away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def line_amount(minutes: int, cents_per_hour: int) -> int:
    """What `minutes` of help cost at an hourly tariff, in cents."""
    return half_up(Decimal(minutes) * cents_per_hour / 60)


def euros(cents: int) -> Decimal:
    """The same amount in euros with two decimals, as XML standards write it."""
    return (Decimal(cents) / 100).quantize(Decimal("0.01"))
