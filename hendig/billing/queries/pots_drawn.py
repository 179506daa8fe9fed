"""The picture of a pot: what is used of it, how much is in it, and where the year is expected to end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hendig.billing import rules

WIDE, LEFT = 700, 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what is used, beside the one before it; `kind` says how it is filled."""

    kind: str
    left: int
    width: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where everything stands on a line of money, in the units of the picture."""

    pieces: tuple[Piece, ...]
    brim: int
    low: int | None = None
    middle: int | None = None
    high: int | None = None

    @property
    def wide(self) -> int:
        """How wide what is expected is drawn."""
        return 0 if self.low is None or self.high is None else self.high - self.low


def draw(
    holds: int, parts: Iterable[tuple[str, int | None]], rest: int, used: int, ahead: rules.Expected | None
) -> Drawing:
    """What is hidden of the parts is drawn as one piece of what is used."""
    most = max(holds, used, ahead.high if ahead else 0, 1)

    def at(cents: int) -> int:
        return LEFT + round(WIDE * cents / most)

    pieces, done = [], 0
    for kind, cents in [*parts, ("rest", rest)]:
        if cents:
            pieces.append(Piece(kind, at(done), at(done + cents) - at(done)))
            done += cents
    if ahead is None:
        return Drawing(tuple(pieces), at(holds))
    return Drawing(tuple(pieces), at(holds), at(ahead.low), at(ahead.middle), at(ahead.high))
