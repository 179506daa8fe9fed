"""Three pictures as SVG: the flow of questions, who stands around a family, the way a question went.

Each is a pure function of its data: the same data gives the same picture, and beside each stands a text twin
made from the same data. Shapes, words and line styles carry the meaning; colour only helps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from hendig.web.words import waiting_in_words

Tie = Literal["warm", "thin", "strained"]
TIES: tuple[Tie, ...] = ("warm", "thin", "strained")
State = Literal["done", "now", "next"]


@dataclass(frozen=True, slots=True)
class FlowCard:
    """One question on the board; `days` is None where nothing waits."""

    label: str
    days: int | None = None
    on: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FlowColumn:
    """A stage; `count` may be more than the cards shown."""

    label: str
    cards: tuple[FlowCard, ...] = ()
    count: int | None = None
    url: str = ""

    @property
    def total(self) -> int:
        return len(self.cards) if self.count is None else self.count


@dataclass(frozen=True, slots=True)
class Around:
    """Someone around the family: near (1) to far (3), how the tie feels, and what they give."""

    name: str
    role: str = ""
    distance: int = 2
    tie: Tie = "warm"
    gives: str = ""
    # Who it is in an address, where the drawing can be tapped.
    tie_id: object = None


@dataclass(frozen=True, slots=True)
class Circle:
    centre: tuple[str, ...]
    around: tuple[Around, ...] = ()


@dataclass(frozen=True, slots=True)
class WayStep:
    """A step on the way of a question; `when` is already in words."""

    label: str
    state: State
    when: str = ""
    on: str = ""
    days: int | None = None
    note: str = ""


def tie_in_words(tie: Tie) -> str:
    return {
        "warm": gettext("goede band"),
        "thin": gettext("weinig contact"),
        "strained": gettext("moeizame band"),
    }[tie]


def distance_in_words(distance: int) -> str:
    return {
        1: gettext("dichtbij"),
        2: gettext("in de buurt"),
        3: gettext("verder weg"),
    }[distance]


def state_in_words(state: State) -> str:
    return {"done": gettext("klaar"), "now": gettext("nu"), "next": gettext("straks")}[state]


def lines_of(text: str, width: int, most: int = 2) -> list[str]:
    """The text in at most `most` lines of at most `width` signs; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    short = [line if len(line) <= width else f"{line[: width - 1]}…" for line in lines[:most]]
    if len(lines) > most:
        short[-1] = f"{short[-1][: width - 1].rstrip('…')}…"
    return short


def twin(label: str, items: Sequence[SafeString]) -> SafeString:
    """What the picture says, in words, for who listens and for who rather reads."""
    return format_html(
        '<details class="twin"><summary>{}</summary><ul class="twin-list">{}</ul></details>',
        gettext("%(picture)s in woorden") % {"picture": label},
        format_html_join("", "<li>{}</li>", ((item,) for item in items)),
    )


def _text(x: float, y: float, lines: Sequence[str], css: str, gap: float = 18) -> SafeString:
    if not lines:
        return SafeString("")
    spans = format_html_join(
        "",
        '<tspan x="{}" y="{}">{}</tspan>',
        ((round(x, 1), round(y + at * gap, 1), line) for at, line in enumerate(lines)),
    )
    return format_html('<text class="{}">{}</text>', css, spans)


# --- the flow board ---


def flow_summary(columns: Sequence[FlowColumn]) -> list[SafeString]:
    """One line a stage: how many, and who waits longest on whom."""
    lines = []
    for column in columns:
        amount = ngettext("%(count)d vraag", "%(count)d vragen", column.total) % {"count": column.total}
        waiting = [(card.days, card) for card in column.cards if card.days is not None]
        days, longest = max(waiting, key=lambda pair: pair[0], default=(0, None))
        waits = f"; {longest.label} {waiting_in_words(days, longest.on)}" if longest else ""
        lines.append(format_html("{}: {}{}", column.label, amount, waits))
    return lines


def flow_ribbon(columns: Sequence[FlowColumn]) -> SafeString:
    """The flow as one band: as thick at each stage as there are questions in it."""
    if not columns:
        return SafeString("")
    width, middle, most = (
        1000,
        44,
        max((column.total for column in columns), default=0) or 1,
    )
    step = width / len(columns)
    heights = [6 + 66 * column.total / most for column in columns]
    top, bottom = [], []
    for at, height in enumerate(heights):
        left, right = at * step + step * 0.18, (at + 1) * step - step * 0.18
        top += [(left, middle - height / 2), (right, middle - height / 2)]
        bottom += [(left, middle + height / 2), (right, middle + height / 2)]
    edge = " ".join(f"{x:.0f},{y:.1f}" for x, y in [(0.0, top[0][1]), *top, (float(width), top[-1][1])])
    under = " ".join(
        f"{x:.0f},{y:.1f}"
        for x, y in [
            (float(width), bottom[-1][1]),
            *reversed(bottom),
            (0.0, bottom[0][1]),
        ]
    )
    return format_html(
        '<svg class="flow-ribbon" viewBox="0 0 1000 88" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon class="flow-band" points="{} {}"/></svg>',
        edge,
        under,
    )


def flow_wait(card: FlowCard) -> SafeString:
    """As many dots as it waited days, seven at most: a full row is a week and more; then in words."""
    if card.days is None:
        return SafeString("")
    dots = format_html_join(
        "",
        '<circle class="flow-dot" cx="{}" cy="4" r="3"/>',
        ((4 + at * 9,) for at in range(min(card.days, 7))),
    )
    drawn = (
        format_html('<svg class="flow-dots" viewBox="0 0 66 8" aria-hidden="true">{}</svg>', dots)
        if card.days > 0
        else ""
    )
    return format_html('{}<span class="flow-wait">{}</span>', drawn, waiting_in_words(card.days, card.on))


def flow_card(card: FlowCard) -> SafeString:
    name = (
        format_html('<a href="{}" class="flow-name">{}</a>', card.url, card.label)
        if card.url
        else format_html('<span class="flow-name">{}</span>', card.label)
    )
    long = " flow-card-long" if (card.days or 0) >= 7 else ""
    return format_html('<li class="flow-card{}" data-item>{}{}</li>', long, name, flow_wait(card))


def flow_column(column: FlowColumn) -> SafeString:
    head = format_html('<a href="{}">{}</a>', column.url, column.label) if column.url else column.label
    cards = format_html_join("", "{}", ((flow_card(card),) for card in column.cards))
    listed = format_html('<ul class="flow-cards">{}</ul>', cards) if column.cards else ""
    more = column.total - len(column.cards)
    rest = gettext("en nog %(count)d") % {"count": more} if more > 0 and column.cards else ""
    return format_html(
        '<li class="flow-column"><h3 class="flow-label">{} <span class="flow-count">{}</span></h3>{}{}</li>',
        head,
        column.total,
        listed,
        format_html('<p class="flow-more">{}</p>', rest if column.total else gettext("Niemand"))
        if rest or not column.total
        else "",
    )


def flow_board(columns: Sequence[FlowColumn]) -> SafeString:
    """The stages side by side, on a phone below each other; the cards are a list, so they need no twin."""
    return format_html(
        '<figure class="flow flow-{}">{}<ol class="flow-columns">{}</ol><figcaption>{}</figcaption></figure>',
        len(columns),
        flow_ribbon(columns),
        format_html_join("", "{}", ((flow_column(column),) for column in columns)),
        twin(gettext("De weg van alle vragen"), flow_summary(columns)),
    )


# --- the ecogram ---

_RINGS = {1: 122.0, 2: 182.0, 3: 242.0}
_X, _Y = 280.0, 316.0
_REACH = 62  # the radius of the family in the middle
_HEAD = 30  # the radius of a person


def places(around: Sequence[Around]) -> list[tuple[float, float]]:
    """Where each person stands: evenly around, in the order given, on the ring of their distance."""
    spread = []
    for at, person in enumerate(around):
        angle = -math.pi / 2 + 2 * math.pi * (at + 0.5) / max(len(around), 1)
        ring = _RINGS[person.distance]
        spread.append((_X + ring * math.cos(angle), _Y + ring * math.sin(angle)))
    return spread


def circle_in_words(circle: Circle) -> list[SafeString]:
    """Each person on a line, nearest first."""
    return [
        format_html(
            "{}{}: {}, {}{}",
            person.name,
            f" ({person.role})" if person.role else "",
            distance_in_words(person.distance),
            tie_in_words(person.tie),
            f"; {person.gives}" if person.gives else "",
        )
        for person in sorted(circle.around, key=lambda one: one.distance)
    ]


def _line(css: str, *ends: float) -> SafeString:
    return format_html(
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', css, *(round(end, 1) for end in ends)
    )


def _tie(person: Around, x: float, y: float) -> SafeString:
    """The line to the centre: thick for a warm tie, dashed for a thin one, barred for a strained one."""
    line = _line(f"tie tie-{person.tie}", _X, _Y, x, y)
    if person.tie != "strained":
        return line
    length = math.hypot(x - _X, y - _Y)
    ux, uy = (x - _X) / length, (y - _Y) / length
    middle = (_REACH + length - _HEAD) / 2
    bars = [
        _line(
            "tie-bar",
            _X + ux * at - uy * 9,
            _Y + uy * at + ux * 9,
            _X + ux * at + uy * 9,
            _Y + uy * at - ux * 9,
        )
        for at in (middle - 4, middle + 4)
    ]
    return format_html("{}{}{}", line, *bars)


def _figure(person: Around, x: float, y: float) -> SafeString:
    """Above the middle the words stand above the head, below it below: so they never lie on the tie."""
    above = y < _Y
    words_at = min(max(x, 88), 2 * _X - 88)
    role = lines_of(person.role, 19, most=1)
    first = y - _HEAD - (30 if role else 10) if above else y + _HEAD + 23
    return format_html(
        '<g class="around around-{}"><circle cx="{}" cy="{}" r="{}"/>{}{}{}</g>',
        person.distance,
        round(x, 1),
        round(y, 1),
        _HEAD,
        _text(x, y + 8, [person.name[:1].upper()], "around-letter"),
        _text(words_at, first, lines_of(person.name, 13, most=1), "around-name"),
        _text(words_at, first + 20, role, "around-role"),
    )


def _legend(around: Sequence[Around]) -> SafeString:
    """The kinds of lines that occur, each with its words."""
    used: list[Tie] = [tie for tie in TIES if any(one.tie == tie for one in around)]
    bars = format_html("{}{}", _line("tie-bar", 17, 1, 17, 11), _line("tie-bar", 23, 1, 23, 11))
    return format_html_join(
        "",
        '<li><svg class="legend-line" viewBox="0 0 40 12" aria-hidden="true">{}{}</svg>{}</li>',
        (
            (_line(f"tie tie-{tie}", 2, 6, 38, 6), bars if tie == "strained" else "", tie_in_words(tie))
            for tie in used
        ),
    )


def _tap(url: str, name: object, content: SafeString) -> SafeString:
    return format_html('<a class="eco-tap" href="{}" aria-label="{}">{}</a>', url, name, content)


def _rings(tap: str) -> SafeString:
    """The three rings; where they can be tapped each is a broad band with a plus at its top."""
    drawn = {
        near: format_html('<circle class="ring" cx="280" cy="316" r="{}"/>', r) for near, r in _RINGS.items()
    }
    if not tap:
        return format_html_join("", "{}", ((ring,) for ring in drawn.values()))
    bands = []
    for near, ring in drawn.items():
        top = _Y - _RINGS[near]
        plus = format_html(
            '<circle class="eco-plus" cx="280" cy="{}" r="17"/>{}{}',
            top,
            _line("eco-sign", _X - 8, top, _X + 8, top),
            _line("eco-sign", _X, top - 8, _X, top + 8),
        )
        band = format_html(
            '<circle class="eco-band" cx="280" cy="316" r="{}"/>{}{}', _RINGS[near], ring, plus
        )
        name = gettext("Zet iemand neer: %(where)s") % {"where": distance_in_words(near)}
        bands.append(_tap(f"{tap}?afstand={near}#wie", name, band))
    # The outer one first, so that the inner ones lie on top.
    return format_html_join("", "{}", ((band,) for band in reversed(bands)))


def _person(person: Around, x: float, y: float, tap: str) -> SafeString:
    figure = _figure(person, x, y)
    if not tap:
        return figure
    name = gettext("Verander %(name)s") % {"name": person.name}
    # Over the words and not around them: what is heard of it is what it does.
    over = format_html(
        '<circle class="eco-over" cx="{}" cy="{}" r="{}"/>', round(x, 1), round(y, 1), _HEAD + 6
    )
    return format_html("{}{}", figure, _tap(f"{tap}?wie={person.tie_id}#wie", name, over))


def ecogram(circle: Circle, *, tap: str = "") -> SafeString:
    """The family in the middle, the people around it near or far, and what ties them.

    With `tap` it is a drawing in which one taps: a ring to set somebody there, somebody to change them.
    """
    spots = list(zip(circle.around, places(circle.around), strict=True))
    names = [line for name in circle.centre[:4] for line in lines_of(name, 10, most=1)]
    return format_html(
        '<figure class="ecogram"><svg class="picture" viewBox="0 0 560 630" role="{}" aria-label="{}">{}{}'
        '<circle class="centre" cx="280" cy="316" r="{}"/>{}{}</svg>'
        '<figcaption><ul class="legend">{}</ul>{}</figcaption></figure>',
        "group" if tap else "img",
        gettext("De mensen om %(names)s heen; hieronder staat het in woorden")
        % {"names": ", ".join(circle.centre)},
        _rings(tap),
        format_html_join("", "{}", ((_tie(person, x, y),) for person, (x, y) in spots)),
        _REACH,
        _text(_X, _Y + 7 - 11 * (len(names) - 1), names, "centre-name", gap=22),
        format_html_join("", "{}", ((_person(person, x, y, tap),) for person, (x, y) in spots)),
        _legend(circle.around),
        twin(gettext("De mensen om ons heen"), circle_in_words(circle)) if circle.around else "",
    )


# --- the way of a question ---


def step_in_words(step: WayStep) -> SafeString:
    parts = [
        step.when,
        waiting_in_words(step.days, step.on) if step.days is not None else step.on,
        step.note,
    ]
    return format_html(
        "{} ({}){}",
        step.label,
        state_in_words(step.state),
        "".join(f"; {part}" for part in parts if part),
    )


def _stone(step: WayStep, y: int) -> SafeString:
    """A filled stone with a tick for what is done, a ring with a heart for now, a hollow one for later."""
    mark = {
        "done": format_html('<path class="stone-tick" d="M{} {}l5 5 9-10"/>', 21, y),
        "now": format_html('<circle class="stone-dot" cx="28" cy="{}" r="7"/>', y),
        "next": SafeString(""),
    }[step.state]
    return format_html(
        '<circle class="stone stone-{}" cx="28" cy="{}" r="{}"/>{}',
        step.state,
        y,
        18 if step.state == "now" else 15,
        mark,
    )


def way_of_question(steps: Sequence[WayStep]) -> SafeString:
    """The path from question to the end, with what was done when, where it is now and on whom it waits.

    The words beside each stone are the list itself, so picture and text twin cannot differ.
    """

    def one(step: WayStep, last: bool) -> SafeString:
        waits = waiting_in_words(step.days, step.on) if step.days is not None else step.on
        line = (
            ""
            if last
            else format_html(
                '<line class="path path-{}" x1="28" y1="0" x2="28" y2="100"/>',
                step.state,
            )
        )
        return format_html(
            '<li class="way-step way-{}"{}>'
            '<svg class="way-line" viewBox="0 0 56 100"'
            ' preserveAspectRatio="none" aria-hidden="true">{}</svg>'
            '<svg class="way-stone" viewBox="0 0 56 56" aria-hidden="true">{}</svg>'
            '<div class="way-words">'
            '<p class="way-label">{}<span class="visually-hidden"> ({})</span></p>{}{}{}</div></li>',
            step.state,
            SafeString(' aria-current="step"') if step.state == "now" else "",
            line,
            _stone(step, 28),
            step.label,
            state_in_words(step.state),
            format_html('<p class="way-when">{}</p>', step.when) if step.when else "",
            format_html('<p class="way-on">{}</p>', waits) if waits else "",
            format_html('<p class="way-note">{}</p>', step.note) if step.note else "",
        )

    items = format_html_join(
        "",
        "{}",
        ((one(step, at == len(steps)),) for at, step in enumerate(steps, start=1)),
    )
    return format_html(
        '<ol class="way" aria-label="{}">{}</ol>',
        gettext("De weg van deze vraag"),
        items,
    )
