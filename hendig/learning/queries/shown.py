"""What of a figure may be shown: by ten, of enough families, and nothing that the rest would tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil, floor
from statistics import quantiles
from uuid import UUID

from hendig.kernel import small
from hendig.kernel.refusal import Words


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure in a picture; `value` is None when it stands for too few families."""

    label: Words
    value: int | None
    most: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Figures that belong together, and their total where that gives nothing away."""

    bars: tuple[Bar, ...]
    total: int | None

    @property
    def any_hidden(self) -> bool:
        return any(bar.value is None for bar in self.bars)

    @property
    def any_open(self) -> bool:
        """Whether any figure may be read by itself."""
        return any(bar.value for bar in self.bars)

    @property
    def most(self) -> int:
        """The largest figure in the picture."""
        return max([*(bar.value or 0 for bar in self.bars), 1])


@dataclass(frozen=True, slots=True)
class Sums(Bars):
    """Amounts beside their total; what is hidden may be told together."""

    @property
    def open(self) -> tuple[Bar, ...]:
        """The amounts that may be read one by one; none of them when all that counts is hidden."""
        shown = tuple(bar for bar in self.bars if bar.value is not None)
        return shown if not self.any_hidden or any(bar.value for bar in shown) else ()

    @property
    def rest(self) -> int | None:
        """What is hidden, taken together: no more than the total and the open figures tell already."""
        if self.total is None or not self.any_hidden:
            return None
        return self.total - sum(bar.value or 0 for bar in self.bars)

    @property
    def highest(self) -> int:
        """The largest figure in the picture, with the rest as one figure."""
        return max(self.most, self.rest or 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """How much was counted, and over how many different families."""

    value: int
    families: int

    @property
    def told(self) -> int | None:
        """By ten, and None where it is of too few families: none at all looks like a few."""
        return small.by_ten(self.value) if small.enough(self.families) else None


NONE = Cell(0, 0)


def bars(cells: Sequence[tuple[Words, Cell]], *, answers: bool = False) -> Bars:
    """The counts as bars, by ten. Of `answers` none is told while all that can be told is one of them.

    A figure that holds everybody tells of each of them what they said, however many they are.
    """
    told = [cell.told for _label, cell in cells]
    if answers and sum(value is not None for value in told) < 2:
        told = [None] * len(told)
    most = max((value for value in told if value), default=0)
    every = Cell(sum(cell.value for _label, cell in cells), sum(cell.families for _label, cell in cells))
    shown = zip(cells, told, strict=True)
    return Bars(tuple(Bar(label, value, most) for (label, _cell), value in shown), every.told)


def sums(cells: Sequence[tuple[Words, Cell]]) -> Sums:
    """The amounts as bars; what is too small, or would be told by the rest, is hidden."""
    shown = small.hide_small([cell.families for _label, cell in cells])
    open_cells = [cell.value for at, (_label, cell) in enumerate(cells) if at not in shown.hidden]
    most = max(open_cells, default=0)
    return Sums(
        bars=tuple(
            Bar(label, None if at in shown.hidden else cell.value, most)
            for at, (label, cell) in enumerate(cells)
        ),
        total=sum(cell.value for _label, cell in cells) if shown.total else None,
    )


@dataclass(frozen=True, slots=True)
class Middle:
    """Of many figures the middle one, and between which two the middle half lies."""

    middle: int
    low: int
    high: int


def middle_of(values: Sequence[int], families: Collection[UUID]) -> Middle | None:
    """None where the figures are of too few families to say it."""
    if not small.enough(len(families)) or len(values) < 2:
        return None
    quarter, half, three = quantiles(values, n=4, method="inclusive")
    return Middle(round(half), floor(quarter), ceil(three))
