"""Which figures may be shown: none that leads to a few families, not even by subtracting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """Which cells of a row of figures stay hidden, and whether their total may be told."""

    hidden: frozenset[int]
    total: bool


def hide_small(families: Sequence[int]) -> Shown:
    """What may be shown of cells that count so many families each, beside their total.

    A cell of 1 to 9 families is hidden. Where the total would give it away, the next smallest cells are
    hidden with it, all that are equal at once: who knows this rule must not be able to tell equals apart.
    Where nothing is left to hide, the total is not told.
    """
    hidden = {at for at, count in enumerate(families) if 0 < count < SMALLEST}
    if not hidden:
        return Shown(frozenset(), total=True)
    while _gives_away([families[at] for at in hidden]):
        left = [count for at, count in enumerate(families) if at not in hidden and count]
        if not left:
            return Shown(frozenset(hidden), total=False)
        hidden |= {at for at, count in enumerate(families) if count == min(left)}
    return Shown(frozenset(hidden), total=True)


def _gives_away(counts: Sequence[int]) -> bool:
    """Whether the sum of the hidden cells tells one of them, or is itself a small number."""
    together = sum(counts)
    all_least, all_most = together == len(counts), together == len(counts) * (SMALLEST - 1)
    return len(counts) == 1 or together < SMALLEST or all_least or all_most


def enough(families: int) -> bool:
    """Whether a middle or an average over so many families may be told."""
    return families >= SMALLEST


def by_ten(count: int) -> int:
    """Down to a whole ten: two counts that are told so are equal, or differ by ten or more."""
    return count - count % SMALLEST
