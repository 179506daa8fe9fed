"""The citizen service number (bsn): read as people type it, with the test that each number passes."""

from __future__ import annotations

import re
import unicodedata

DIGITS = 9
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
# What people put between the digits, as on a card: spaces and dots, and nothing else.
_BETWEEN = re.compile(r"[\s.]+")
# On older papers the number has eight digits: the first one was a nought.
_NUMBER = re.compile(r"[0-9]{8,9}")


def read_bsn(typed: str) -> str | None:
    """The nine digits that somebody typed; None when it is no citizen service number."""
    close = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed))
    if not _NUMBER.fullmatch(close):
        return None
    number = close.zfill(DIGITS)
    return number if passes_eleven(number) else None


def passes_eleven(digits: str) -> bool:
    """The test of eleven (elfproef) for nine digits; nine noughts are nobody's."""
    numbers = [int(sign) for sign in digits]
    return any(numbers) and sum(a * b for a, b in zip(numbers, _WEIGHTS, strict=True)) % 11 == 0


def masked(number: str) -> str:
    """Enough to know it again by who has it at hand, and no more."""
    return f"•••••{number[-3:]}"
