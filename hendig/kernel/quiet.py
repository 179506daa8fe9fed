"""Lines of a log read quietly: what was the same within a quarter of an hour is said once, with how often."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

QUARTER = 15 * 60


class Timed(Protocol):
    @property
    def at(self) -> datetime: ...


L = TypeVar("L", bound=Timed)


@dataclass(frozen=True, slots=True)
class OneLine(Generic[L]):
    """A line as it was last, and the same within that quarter of an hour: every one of them, newest first."""

    line: L
    each: tuple[L, ...]

    @property
    def times(self) -> int:
        """How often it was: one look at two records of a family is two lines, and was once."""
        return len({one.at for one in self.each})


def together(lines: Iterable[L], reads_as: Callable[[L], object]) -> tuple[OneLine[L], ...]:
    """In the order of their newest: those that read alike within the same quarter of the clock are one.

    Nothing is left out: each line is in one of them.
    """
    found: dict[object, list[L]] = {}
    for one in lines:
        found.setdefault((int(one.at.timestamp()) // QUARTER, reads_as(one)), []).append(one)
    return tuple(OneLine(same[0], tuple(same)) for same in found.values())
