"""How it hangs together, as a picture: what plays a part lies where it belongs, lines run beside it.

Home stands in one column and the world around it in another, on a phone one below the other. A line never
crosses what is written: it runs in the margin. Who adds something moves nothing but what lies below it, by
that one step; a new line moves nothing at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from uuid import UUID

from hendig.tents.models import Place, Sign
from hendig.tents.rules.letters import LINE, fitted, measured, wrapped
from hendig.tents.rules.lines import NARROW, Arrow, Margin, arrows, lanes_of

HEAD, EMPTY, PAD, GAP, BETWEEN = 46, 54, 14, 14, 18
MOST_LINES = 5
TAG, TAG_HEIGHT, TAG_GAP = 14, 26, 6
# A margin grows by so much at once: with one more line the drawing seldom becomes another.
GROWS = 4 * NARROW
# Until it is so much wider it is only drawn a little smaller.
ROOMY = 1.25
HOME = (Place.CHILD, Place.PARENTS, Place.FAMILY)
WORLD = (Place.SCHOOL, Place.HELPERS, Place.AROUND)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn on: which places stand in which column, and where a column and a margin begin."""

    width: int
    columns: tuple[tuple[Place, ...], ...]
    starts: tuple[int, ...]
    column: int
    # For each pair of columns the margin in which a line between them runs.
    margins: Mapping[tuple[int, int], Margin]

    def with_room(self, lanes: Mapping[tuple[int, int], int]) -> Sheet:
        """The same, as much wider as so many lines need; what stands right of what grows moves along."""
        grows = {
            sides: -(-margin.short_of(lanes.get(sides, 0), between=sides[0] != sides[1]) // GROWS) * GROWS
            for sides, margin in self.margins.items()
        }

        def moved(x: int) -> int:
            return sum(by for sides, by in grows.items() if self.margins[sides].left < x)

        return replace(
            self,
            width=self.width + sum(grows.values()),
            starts=tuple(start + moved(start) for start in self.starts),
            margins={
                sides: margin.moved(moved(margin.left)).wider(grows[sides])
                for sides, margin in self.margins.items()
            },
        )


DESK = Sheet(
    width=906,
    columns=(HOME, WORLD),
    starts=(68, 508),
    column=330,
    margins={(0, 0): Margin(0, 64), (0, 1): Margin(402, 504), (1, 1): Margin(842, 906)},
)
PHONE = Sheet(
    width=400, columns=((*HOME, *WORLD),), starts=(2,), column=314, margins={(0, 0): Margin(320, 398)}
)
# The same for many lines: all is drawn a little smaller, and stands where it stood.
PHONE_WIDE = replace(PHONE, width=446, margins={(0, 0): Margin(320, 444)})


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody thinks of it, in their own words."""

    voice: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that plays a part, or that goes well: where, whose words it is, and what others think."""

    id: UUID
    text: str
    is_strength: bool = False
    place: str = Place.CHILD
    voice: str = ""
    agree: tuple[Said, ...] = ()
    differ: tuple[Said, ...] = ()
    first: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """The one works on the other."""

    id: UUID
    cause: UUID
    effect: UUID
    sign: str = Sign.WORSE
    voice: str = ""
    agree: tuple[Said, ...] = ()
    differ: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """The name of a voice: of who said it, who agrees (`agree`) or who sees it otherwise (`differ`)."""

    x: int
    y: int
    width: int
    text: str
    kind: str

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Box:
    id: UUID
    x: int
    y: int
    width: int
    height: int
    lines: tuple[Line, ...]
    tags: tuple[Tag, ...]
    factor: Factor

    @property
    def text_x(self) -> int:
        return self.x + 44

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Region:
    """A place in life with what lies there."""

    place: str
    title: str
    x: int
    y: int
    width: int
    height: int
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    regions: tuple[Region, ...] = ()
    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    signs: frozenset[str] = field(default_factory=frozenset)
    # So much wider than its sheet that it is shown larger than the screen, to be moved along.
    is_roomy: bool = False

    @property
    def is_crowded(self) -> bool:
        """Whether lines run nearer to each other than their signs are large."""
        lanes = sorted({arrow.badge_x for arrow in self.arrows})
        return any(right - left < NARROW for left, right in pairwise(lanes))


def draw(
    factors: Sequence[Factor],
    links: Iterable[Link] = (),
    *,
    sheet: Sheet = DESK,
    titles: Mapping[str, str] | None = None,
    places: Collection[str] | None = None,
    room_for: Sequence[Link] | None = None,
) -> Drawing:
    """The same always gives the same picture; `places` are those that are drawn, by default all.

    With `room_for` the sheet is as much wider as it takes for the lines, and for those that are named there:
    then none comes nearer to another than its sign is large.
    """
    lying: dict[str, list[Factor]] = defaultdict(list)
    for factor in factors:
        lying[factor.place or Place.CHILD].append(factor)
    regions: list[Region] = []
    boxes: dict[UUID, Box] = {}
    columns: dict[UUID, int] = {}
    for number, column in enumerate(sheet.columns):
        y = 2
        for place in column:
            if places is not None and place not in places:
                continue
            region, drawn = _region(place, lying[place], sheet.starts[number], y, sheet.column, titles or {})
            regions.append(region)
            boxes |= {box.id: box for box in drawn}
            columns |= {box.id: number for box in drawn}
            y += region.height + BETWEEN
    between = [link for link in links if link.cause in boxes and link.effect in boxes]
    if room_for is not None:
        also = [link for link in room_for if link.cause in boxes and link.effect in boxes]
        wider = _with_room(_with_room(sheet, also, boxes, columns), between, boxes, columns)
        if wider != sheet:
            drawing = draw(factors, between, sheet=wider, titles=titles, places=places)
            return replace(drawing, is_roomy=wider.width > ROOMY * sheet.width)
    return Drawing(
        width=sheet.width,
        height=max((region.y + region.height for region in regions), default=6) + 2,
        regions=tuple(regions),
        boxes=tuple(boxes[factor.id] for factor in factors if factor.id in boxes),
        arrows=arrows(between, boxes, columns, sheet.margins),
        signs=frozenset(link.sign for link in between),
    )


def _with_room(
    sheet: Sheet, links: Sequence[Link], boxes: Mapping[UUID, Box], columns: Mapping[UUID, int]
) -> Sheet:
    """So wide that there is room in each margin: what finds it beside its column runs nowhere else."""
    while True:
        # Where a line runs is said by heights and by the side of what is written: no text moves yet.
        moved = {key: replace(box, x=sheet.starts[columns[key]] + PAD) for key, box in boxes.items()}
        wider = sheet.with_room(lanes_of(links, moved, columns, sheet.margins))
        if wider == sheet:
            return sheet
        sheet = wider


def _region(
    place: Place, factors: Sequence[Factor], x: int, y: int, width: int, titles: Mapping[str, str]
) -> tuple[Region, list[Box]]:
    boxes: list[Box] = []
    under = y + HEAD
    for factor in factors:
        box = _box(factor, x + PAD, under, width - 2 * PAD)
        boxes.append(box)
        under = box.bottom + GAP
    title = fitted(titles.get(place, str(place.label)), width - 2 * PAD, 18)
    return Region(place.value, title, x, y, width, under - y if boxes else EMPTY, is_empty=not boxes), boxes


def _box(factor: Factor, x: int, y: int, width: int) -> Box:
    words = wrapped(factor.text, width - 44 - 16, most=MOST_LINES)
    lines = tuple(Line(y + 31 + at * LINE, line) for at, line in enumerate(words))
    under = y + 20 + LINE * len(words) + 8
    return Box(
        factor.id,
        x,
        y,
        width,
        under + TAG_HEIGHT + 12 - y,
        lines,
        _tags(factor, x + 44, under, width),
        factor,
    )


def _tags(factor: Factor, x: int, y: int, width: int) -> tuple[Tag, ...]:
    """The names beside each other, as many as there is room for; how many more there are stands last."""
    names = [
        *([(factor.voice, "voice")] if factor.voice else []),
        *((said.voice, "agree") for said in factor.agree),
        *((said.voice, "differ") for said in factor.differ),
    ]
    tags: list[Tag] = []
    end = x + width - 44 - 16
    for at, (name, kind) in enumerate(names):
        mark = 0 if kind == "voice" else 18
        text = fitted(name, 130, TAG)
        tag = Tag(x, y, measured(text, TAG) + 20 + mark, text, kind)
        left = len(names) - at - 1
        if tag.x + tag.width > end - (42 if left else 0):
            tags.append(Tag(x, y, 40, f"+{left + 1}", "more"))
            break
        tags.append(tag)
        x += tag.width + TAG_GAP
    return tuple(tags)
