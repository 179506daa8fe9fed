"""Which municipality is responsible for help to a youth: a table of rules, each with source and reason.

Source: Jeugdwet art. 1.1, "woonplaats" (as it reads since 1 January 2022). A fact is asked only when a rule
needs it, so the order of the questions follows from the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from hendig.kernel.ages import birthday


def _(text: str) -> str:
    """Marks a text for translation; the kernel itself knows one language only."""
    return text


class Stay(StrEnum):
    """Where a child sleeps: at home, or in one of the five kinds of stay that the law names."""

    HOME = "home"
    PROVIDER = "provider"
    FOSTER = "foster"
    SHELTER = "shelter"
    WLZ = "wlz"
    CUSTODY = "custody"


class Place(StrEnum):
    """Where an address is, as far as it matters: here, in another municipality, abroad, or not to be told.

    An address that the municipality of registration has under investigation counts as not to be told.
    """

    OURS = "ours"
    OTHER = "other"
    ABROAD = "abroad"
    UNKNOWN = "unknown"


class Fact(StrEnum):
    """What may have to be asked, each at most once."""

    STAY = "stay"
    ADDRESS = "address"
    BEFORE = "before"
    MOTHER = "mother"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known so far; None is not asked yet.

    `address` is the registered address now, `before` the one immediately before the stay (before the first of
    an unbroken chain of stays), `mother` where the mother was registered when the child was born, and `found`
    where the child really is at the moment of the question.
    """

    stay: Stay | None = None
    address: Place | None = None
    before: Place | None = None
    mother: Place | None = None
    found: Place | None = None

    @property
    def home(self) -> Place | None:
        """The address that comes first: the one now, in a stay the one before it."""
        return self.address if self.stay is Stay.HOME else self.before


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: when it holds, and which of the facts then names the municipality."""

    number: str
    source: str
    holds: Callable[[Facts], bool]
    names: Fact
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Where the responsible municipality is, and by which rule."""

    place: Place
    rule: Rule


KNOWN = (Place.OURS, Place.OTHER)


def _stays(kind: Stay) -> Callable[[Facts], bool]:
    return lambda facts: facts.stay is kind and facts.home in KNOWN


RULES: tuple[Rule, ...] = (
    Rule(
        "W1",
        "Jeugdwet art. 1.1, woonplaats, onder 1°",
        _stays(Stay.HOME),
        Fact.ADDRESS,
        _("Het kind woont niet in een instelling of pleeggezin. Dan telt waar het nu staat ingeschreven."),
    ),
    Rule(
        "W2",
        "Jeugdwet art. 1.1, woonplaats, onder 2°",
        _stays(Stay.PROVIDER),
        Fact.BEFORE,
        _("Het kind verblijft bij een jeugdhulpaanbieder. Dan telt waar het daarvóór stond ingeschreven."),
    ),
    Rule(
        "W3",
        "Jeugdwet art. 1.1, woonplaats, onder 2°",
        _stays(Stay.FOSTER),
        Fact.BEFORE,
        _("Het kind woont in een pleeggezin. Dan telt waar het daarvóór stond ingeschreven."),
    ),
    Rule(
        "W4",
        "Jeugdwet art. 1.1, woonplaats, onder 2°",
        _stays(Stay.SHELTER),
        Fact.BEFORE,
        _("Het kind is in een Wmo-opvang of woont beschermd. Dan telt waar het daarvóór stond ingeschreven."),
    ),
    Rule(
        "W5",
        "Jeugdwet art. 1.1, woonplaats, onder 2°",
        _stays(Stay.WLZ),
        Fact.BEFORE,
        _("Het kind woont in een Wlz-instelling. Dan telt waar het daarvóór stond ingeschreven."),
    ),
    Rule(
        "W6",
        "Jeugdwet art. 1.1, woonplaats, onder 2°",
        _stays(Stay.CUSTODY),
        Fact.BEFORE,
        _("Het kind zit in een jeugdgevangenis (JJI). Dan telt waar het daarvóór stond ingeschreven."),
    ),
    Rule(
        "W7",
        "Jeugdwet art. 1.1, woonplaats, onder 3°",
        lambda facts: facts.home is Place.UNKNOWN and facts.mother in KNOWN,
        Fact.MOTHER,
        _("Het adres is niet bekend of wordt onderzocht. Dan telt waar de moeder bij de geboorte woonde."),
    ),
    Rule(
        "W8",
        "Jeugdwet art. 1.1, woonplaats, onder 3°",
        lambda facts: (
            facts.home is Place.UNKNOWN
            and facts.mother in {Place.UNKNOWN, Place.ABROAD}
            and facts.found in KNOWN
        ),
        Fact.FOUND,
        _("Ook het adres van de moeder helpt niet. Dan telt waar het kind nu werkelijk is."),
    ),
    Rule(
        "W9",
        "Jeugdwet art. 1.1, woonplaats, onder 4°",
        lambda facts: facts.home is Place.ABROAD and facts.found in KNOWN,
        Fact.FOUND,
        _("Het kind heeft zijn adres in het buitenland. Dan telt waar het nu werkelijk is."),
    ),
)


def answer(facts: Facts) -> Answer | None:
    """The municipality by the first rule that holds; None while a fact is missing."""
    if facts.stay is None:
        return None
    for rule in RULES:
        if rule.holds(facts):
            place: Place = getattr(facts, rule.names)
            return Answer(place, rule)
    return None


def next_question(facts: Facts) -> Fact | None:
    """The one fact that must be asked now; None when the answer is there."""
    if facts.stay is None:
        return Fact.STAY
    if facts.home is None:
        return Fact.ADDRESS if facts.stay is Stay.HOME else Fact.BEFORE
    if facts.home in KNOWN:
        return None
    if facts.home is Place.UNKNOWN and facts.mother is None:
        return Fact.MOTHER
    if facts.home is Place.UNKNOWN and facts.mother in KNOWN:
        return None
    return Fact.FOUND if facts.found is None else None


def possible(fact: Fact) -> tuple[StrEnum, ...]:
    """What may be answered. A child is always somewhere in the country at the moment of the question."""
    if fact is Fact.STAY:
        return tuple(Stay)
    return KNOWN if fact is Fact.FOUND else tuple(Place)


def with_fact(facts: Facts, fact: Fact, value: str) -> Facts:
    """The facts and one more. ValueError for what cannot be answered."""
    if fact is Fact.STAY:
        return replace(facts, stay=Stay(value))
    known = Place(value)
    if known not in possible(fact):
        raise ValueError(f"{value} is no answer to {fact}")
    told: dict[str, Any] = {fact.value: known}
    return replace(facts, **told)


def asked_only(facts: Facts) -> Facts:
    """Only the facts that the questions would have asked for, in their order; the others are dropped."""
    kept = Facts()
    while (fact := next_question(kept)) is not None:
        value = getattr(facts, fact)
        if value is None:
            return kept
        kept = with_fact(kept, fact, value)
    return kept


def elsewhere(
    day: date, answers: Iterable[tuple[date, bool]], continued: tuple[date, date] | None = None
) -> bool:
    """Whether another municipality was responsible on that day, by the last `answers` until then.

    Each is the day of which was asked, and whether it is ours. Before the first nobody said so. Help that is
    `continued` after a move stays with who agreed it (Jeugdwet art. 2.7a).
    """
    if continued and continued[0] <= day <= continued[1]:
        return False
    known = max((answer for answer in answers if answer[0] <= day), key=lambda one: one[0], default=None)
    return known is not None and not known[1]


def continued_until(moved_on: date, ends_on: date | None) -> date:
    """Until when the same professional may go on after a move: at most a year (Jeugdwet art. 2.7a)."""
    year = birthday(moved_on, 1) - timedelta(days=1)
    return year if ends_on is None else min(year, ends_on)
