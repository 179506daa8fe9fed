"""The lines of the drawing: each runs in a margin beside what is written, in a lane of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar
from uuid import UUID

from hendig.tents.models import Sign

LANE, CORNER, BADGE, POINT = 17, 10, 11, 11
# Nearer to each other the sign of one would lie on the next.
NARROW = BADGE + 2
# Above the sign of a line stands who sees it otherwise, where somebody does.
DOUBT, DOUBT_WIDTH = 22, 26
# What makes a thing worse or keeps it going: round and round, it is a vicious circle.
DRIVES = frozenset({Sign.WORSE, Sign.KEEPS})


class Voiced(Protocol):
    """Somebody who thinks something of it."""

    @property
    def voice(self) -> str: ...


class Joined(Protocol):
    """What works on what."""

    @property
    def id(self) -> UUID: ...
    @property
    def cause(self) -> UUID: ...
    @property
    def effect(self) -> UUID: ...
    @property
    def sign(self) -> str: ...
    @property
    def differ(self) -> Sequence[Voiced]: ...


J = TypeVar("J", bound=Joined)


class Placed(Protocol):
    """Where something is written."""

    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...
    @property
    def right(self) -> int: ...
    @property
    def height(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Margin:
    """Where lines run, from left to right."""

    left: int
    right: int

    def room(self, *, between: bool) -> int:
        """From the first lane to the last; between two columns from the middle to one side."""
        width = self.right - self.left
        return width // 2 - BADGE if between else width - 2 * BADGE - 2

    def step(self, lanes: int, *, between: bool) -> float:
        """From lane to lane: as far as there is room for so many, of two widths where it can be.

        So one more line seldom moves another.
        """
        room, steps = self.room(between=between), lanes // 2 if between else lanes - 1
        return next((step for step in (LANE, NARROW) if step * steps <= room), room / max(steps, 1))

    def short_of(self, lanes: int, *, between: bool) -> int:
        """How much wider it must be so that so many lanes are not nearer to each other than their signs."""
        steps = lanes // 2 if between else lanes - 1
        short = max(NARROW * steps - self.room(between=between), 0)
        return 2 * short if between else short

    def wider(self, by: int) -> Margin:
        return Margin(self.left, self.right + by)

    def moved(self, by: int) -> Margin:
        return Margin(self.left + by, self.right + by)


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a cause to its effect, or both ways; `heads` are the points, the badge says the sign once more."""

    id: UUID
    cause: UUID
    effect: UUID
    sign: str
    path: str
    heads: tuple[str, ...]
    badge_x: int
    badge_y: int
    both: bool
    # Part of a circle that keeps itself going.
    round: bool
    # Who sees it otherwise: the first letter of the one, or how many; with where that stands.
    doubt: str = ""
    doubt_x: int = 0

    @property
    def doubt_y(self) -> int:
        return self.badge_y - DOUBT


@dataclass(frozen=True, slots=True)
class _Way:
    """A line on its way: between which columns, from and to which height, and in which lane."""

    link: Joined
    back: Joined | None
    sides: tuple[int, int]
    start: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)
    x: int = 0

    @property
    def both(self) -> bool:
        return self.back is not None

    @property
    def voices(self) -> tuple[str, ...]:
        """Who sees it otherwise, this way or the other."""
        ways = (self.link, *([self.back] if self.back else []))
        return tuple(dict.fromkeys(said.voice for way in ways for said in way.differ))

    @property
    def top(self) -> int:
        return min(self.start[1], self.end[1])

    @property
    def bottom(self) -> int:
        return max(self.start[1], self.end[1])


def rounds(links: Iterable[Joined]) -> tuple[tuple[UUID, ...], ...]:
    """The circles that keep themselves going, each by a shortest way round; every cause is in at most one."""
    onward: dict[UUID, list[UUID]] = defaultdict(list)
    for link in links:
        if link.sign in DRIVES:
            onward[link.cause].append(link.effect)
    found: list[tuple[UUID, ...]] = []
    seen: set[UUID] = set()
    for cause in tuple(onward):
        way = () if cause in seen else _way_round(cause, onward)
        if way:
            found.append(way)
            seen |= set(way)
    return tuple(found)


def _way_round(start: UUID, onward: Mapping[UUID, Sequence[UUID]]) -> tuple[UUID, ...]:
    ways: list[tuple[UUID, ...]] = [(start,)]
    seen: set[UUID] = set()
    while ways:
        longer = []
        for way in ways:
            for effect in onward.get(way[-1], ()):
                if effect == start:
                    return way
                if effect not in seen:
                    seen.add(effect)
                    longer.append((*way, effect))
        ways = longer
    return ()


def pairs(links: Sequence[J]) -> list[tuple[J, J | None]]:
    """Each link once, with the way back where it goes both ways: two that do the same to each other."""
    by_ends = {(link.cause, link.effect): link for link in links}
    found: list[tuple[J, J | None]] = []
    for link in links:
        back = by_ends.get((link.effect, link.cause))
        if back is None or back.sign != link.sign:
            found.append((link, None))
        elif str(link.id) < str(back.id):
            found.append((link, back))
    return found


def arrows(
    links: Sequence[Joined],
    boxes: Mapping[UUID, Placed],
    columns: Mapping[UUID, int],
    margins: Mapping[tuple[int, int], Margin],
) -> tuple[Arrow, ...]:
    """A line for each, in the margin beside or between its columns; none lies upon another.

    Where there are more beside a column than there is room for, the longest run between the columns.
    """
    ways = _in_lanes(_ways(links, boxes, columns, margins), margins)
    circles = [{*zip(way, (*way[1:], way[0]), strict=True)} for way in rounds(links)]
    badges = _badges(ways)
    return tuple(_arrow(way, circles, badges[at], margins[way.sides]) for at, way in enumerate(ways))


def lanes_of(
    links: Sequence[Joined],
    boxes: Mapping[UUID, Placed],
    columns: Mapping[UUID, int],
    margins: Mapping[tuple[int, int], Margin],
) -> Mapping[tuple[int, int], int]:
    """How many lanes these take in each margin, whether or not there is room for so many."""
    taken = _lanes(_ways(links, boxes, columns, margins))
    return {sides: max(lanes.values()) + 1 for sides, lanes in taken.items()}


def _ways(
    links: Sequence[Joined],
    boxes: Mapping[UUID, Placed],
    columns: Mapping[UUID, int],
    margins: Mapping[tuple[int, int], Margin],
) -> list[_Way]:
    """Each line once, from where to where and in which margin; not yet in which lane of it."""
    ways = []
    for link, back in pairs(links):
        one, other = columns[link.cause], columns[link.effect]
        ways.append(_Way(link, back, (min(one, other), max(one, other))))
    return _spread(_at_ports(ways, boxes, margins), boxes, margins)


def _at_ports(
    ways: Sequence[_Way], boxes: Mapping[UUID, Placed], margins: Mapping[tuple[int, int], Margin]
) -> list[_Way]:
    """Where each line leaves and arrives: near ones outside, far ones inside, so that few cross."""
    ends: dict[tuple[UUID, int], list[tuple[bool, int, int, int]]] = defaultdict(list)

    def middle(key: UUID) -> int:
        return boxes[key].y + boxes[key].height // 2

    for at, way in enumerate(ways):
        for end, (key, other) in enumerate(
            ((way.link.cause, way.link.effect), (way.link.effect, way.link.cause))
        ):
            side = _side(boxes[key], margins[way.sides])
            ends[key, side].append((middle(other) > middle(key), -middle(other), at, end))
    placed = list(ways)
    for (key, side), here in ends.items():
        for number, (_down, _far, at, end) in enumerate(sorted(here), start=1):
            y = boxes[key].y + round(boxes[key].height * number / (len(here) + 1))
            placed[at] = replace(placed[at], end=(side, y)) if end else replace(placed[at], start=(side, y))
    return [_levelled(way) for way in placed]


def _spread(
    ways: Sequence[_Way], boxes: Mapping[UUID, Placed], margins: Mapping[tuple[int, int], Margin]
) -> list[_Way]:
    """What finds no lane beside its column runs between the columns, where there are several."""
    spread, between = list(ways), next((sides for sides in margins if sides[0] != sides[1]), None)
    if between is None:
        return spread
    for sides, lanes in _lanes(ways).items():
        if sides[0] == sides[1]:
            most = margins[sides].room(between=False) // NARROW + 1
            for at, lane in lanes.items():
                if lane >= most:
                    spread[at] = replace(ways[at], sides=between)
    return _at_ports(spread, boxes, margins) if spread != list(ways) else spread


def _levelled(way: _Way) -> _Way:
    """A line that is nearly level is level."""
    (x0, y0), (x1, y1) = way.start, way.end
    if x0 == x1 or abs(y0 - y1) > 2 * CORNER:
        return way
    y = (y0 + y1) // 2
    return replace(way, start=(x0, y), end=(x1, y))


def _side(box: Placed, margin: Margin) -> int:
    return box.x if margin.right <= box.x else box.right


def _in_lanes(ways: Sequence[_Way], margins: Mapping[tuple[int, int], Margin]) -> list[_Way]:
    placed = list(ways)
    for sides, chosen in _lanes(ways).items():
        for at, lane in chosen.items():
            x = _lane_x(margins[sides], sides, ways[at], lane, max(chosen.values()) + 1)
            placed[at] = replace(ways[at], x=x)
    return placed


def _lanes(ways: Sequence[_Way]) -> dict[tuple[int, int], dict[int, int]]:
    """In which lane each runs: short ones near to what they join; a lane holds lines that do not meet."""
    by_margin: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, way in enumerate(ways):
        by_margin[way.sides].append(at)
    found: dict[tuple[int, int], dict[int, int]] = {}
    for sides, here in by_margin.items():
        lanes: list[list[_Way]] = []
        found[sides] = {}
        for at in sorted(here, key=lambda one: (ways[one].bottom - ways[one].top, one)):
            lane = next((n for n, lane in enumerate(lanes) if _free(lane, ways[at])), len(lanes))
            if lane == len(lanes):
                lanes.append([])
            lanes[lane].append(ways[at])
            found[sides][at] = lane
    return found


def _free(lane: Iterable[_Way], way: _Way) -> bool:
    return all(other.bottom + CORNER < way.top or way.bottom + CORNER < other.top for other in lane)


def _lane_x(margin: Margin, sides: tuple[int, int], way: _Way, lane: int, lanes: int) -> int:
    """From what is written outwards; between two columns from the middle to both sides."""
    between = sides[0] != sides[1]
    step = margin.step(lanes, between=between)
    if between:
        middle = (margin.left + margin.right) / 2
        return round(middle + step * ((lane + 1) // 2) * (1 if lane % 2 else -1))
    outward = BADGE + 2 + step * lane
    return round(margin.left + outward if margin.left >= way.start[0] else margin.right - outward)


def _badges(ways: Sequence[_Way]) -> dict[int, tuple[int, int]]:
    """Where the sign of each line stands: the shortest first, for it has the least choice."""
    found: dict[int, tuple[int, int]] = {}
    taken: list[tuple[int, int]] = []
    for at in sorted(range(len(ways)), key=lambda one: (ways[one].bottom - ways[one].top, one)):
        found[at] = _badge(ways[at], taken)
        taken += _spots(ways[at], found[at][1])
    return found


def _spots(way: _Way, y: int) -> list[tuple[int, int]]:
    """What the sign takes at this height, with who sees it otherwise above it."""
    return [(way.x, y), *([(way.x, y - DOUBT)] if way.voices else [])]


def _doubt(voices: Sequence[str]) -> str:
    return voices[0][:1].upper() if len(voices) == 1 else str(len(voices) or "")


def _arrow(
    way: _Way, circles: Sequence[set[tuple[UUID, UUID]]], badge: tuple[int, int], margin: Margin
) -> Arrow:
    link, half = way.link, DOUBT_WIDTH // 2
    around = any((link.cause, link.effect) in circle for circle in circles) or (
        way.both and link.sign in DRIVES
    )
    return Arrow(
        id=link.id,
        cause=link.cause,
        effect=link.effect,
        sign=link.sign,
        path=_path(way),
        heads=(_head(way.end, way.x, link.sign), *([_head(way.start, way.x, link.sign)] if way.both else [])),
        badge_x=badge[0],
        badge_y=badge[1],
        both=way.both,
        round=around,
        doubt=_doubt(way.voices),
        doubt_x=max(margin.left + half, min(badge[0], margin.right - half)),
    )


def _badge(way: _Way, taken: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """On the line, where no other badge is; in the middle when there is no such place."""
    middle = (way.top + way.bottom) // 2
    step = 2 * BADGE + 2
    reach = max((way.bottom - way.top) // 2 - BADGE, 0)
    for away in range(0, reach + 1, step):
        for y in (middle + away, middle - away):
            here = _spots(way, y)
            if all(
                abs(x - way.x) >= step or abs(other - at) >= step for x, other in taken for _x, at in here
            ):
                return way.x, y
    return way.x, middle


def _path(way: _Way) -> str:
    """Level, then along the lane, then level again, with round corners."""
    (x0, y0), (x1, y1) = way.start, way.end
    if y0 == y1:
        return f"M{x0} {y0}H{x1}"
    r = min(CORNER, abs(y1 - y0) // 2, abs(way.x - x0), abs(x1 - way.x))
    down = 1 if y1 > y0 else -1
    out, back = (1 if way.x > x0 else -1), (1 if x1 > way.x else -1)
    return (
        f"M{x0} {y0}H{way.x - out * r}Q{way.x} {y0} {way.x} {y0 + down * r}"
        f"V{y1 - down * r}Q{way.x} {y1} {way.x + back * r} {y1}H{x1}"
    )


def _head(at: tuple[int, int], lane: int, sign: str) -> str:
    """The point at a box: full, open where it becomes lighter, a bar where it is kept away."""
    x, y = at
    back = POINT if lane > x else -POINT
    if sign == Sign.PROTECTS:
        return f"M{x + back // 3} {y - 9}V{y + 9}"
    if sign == Sign.SOFTENS:
        return f"M{x + back} {y - 7}L{x} {y}L{x + back} {y + 7}"
    return f"M{x} {y}L{x + back} {y - 7}V{y + 7}Z"
