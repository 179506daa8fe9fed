"""How it hangs together, as a picture: what weighs stands on top, beneath it what makes it so."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

WIDTH = 680
STEP = 56
DEEPEST = 5
LINE = 26
LETTER = 10.6
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that plays a part, and what it brings about."""

    id: UUID
    text: str
    leads_to: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    lines: tuple[Line, ...]
    is_cause: bool

    @property
    def text_x(self) -> int:
        return self.x + 18


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a cause up to what it brings about; `path` is the line, `head` the point."""

    path: str
    head: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    sentences: tuple[str, ...]


def sentences(factors: Sequence[Factor]) -> tuple[str, ...]:
    """The same in words: each factor once, with what it brings about."""
    by_id = {factor.id: factor for factor in factors}
    return tuple(
        _sentence(factor, by_id.get(factor.leads_to) if factor.leads_to else None) for factor in factors
    )


def draw(factors: Sequence[Factor]) -> Drawing:
    """The same factors always give the same picture; no two boxes overlap, and everything fits on a phone."""
    boxes: dict[UUID, Box] = {}
    arrows = []
    y = 4
    for factor, depth in in_layers(factors):
        box = _box(factor.text, depth, y)
        boxes[factor.id] = box
        if factor.leads_to in boxes and depth:
            arrows.append(_arrow(box, boxes[factor.leads_to]))
        y += box.height + 18
    return Drawing(WIDTH, max(y - 14, 8), tuple(boxes.values()), tuple(arrows), sentences(factors))


def in_layers(factors: Sequence[Factor]) -> list[tuple[Factor, int]]:
    """Each factor once, with how many steps it lies below what it finally brings about."""
    known = {factor.id for factor in factors}
    causes: dict[UUID | None, list[Factor]] = defaultdict(list)
    for factor in factors:
        causes[factor.leads_to if factor.leads_to in known else None].append(factor)
    found: list[tuple[Factor, int]] = []
    waiting = [(factor, 0) for factor in reversed(causes[None])]
    while waiting:
        factor, depth = waiting.pop()
        found.append((factor, depth))
        waiting += [(cause, depth + 1) for cause in reversed(causes[factor.id])]
    return found


def _sentence(cause: Factor, effect: Factor | None) -> str:
    if effect is None:
        return cause.text
    return gettext("%(cause)s. Daardoor: %(effect)s") % {
        "cause": cause.text.rstrip(" ."),
        "effect": effect.text,
    }


def _box(text: str, depth: int, y: int) -> Box:
    x = 4 + STEP * min(depth, DEEPEST)
    width = WIDTH - 4 - x
    words = textwrap.wrap(text, int((width - 36) / LETTER), max_lines=MOST_LINES, placeholder=" …") or [""]
    lines = tuple(Line(y + 30 + at * LINE, line) for at, line in enumerate(words))
    return Box(x, y, width, 20 + LINE * len(words), lines, is_cause=depth > 0)


def _arrow(cause: Box, effect: Box) -> Arrow:
    x = min(effect.x + 26, cause.x - 12) if cause.x > effect.x else effect.x + 26
    top, middle = effect.y + effect.height, cause.y + cause.height // 2
    return Arrow(
        path=f"M{cause.x} {middle}H{x}V{top + 10}",
        head=f"{x},{top + 1} {x - 8},{top + 13} {x + 8},{top + 13}",
    )
