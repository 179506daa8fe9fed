"""The log read quietly: what was the same within a quarter of an hour once, what no person did apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.families.queries.looked import Looked, LookedPage

QUARTER = 15 * 60


@dataclass(frozen=True, slots=True)
class OneLine:
    """A line as it was last, and the same within that quarter of an hour: every one of them, newest first."""

    line: Looked
    each: tuple[Looked, ...]

    @property
    def times(self) -> int:
        """How often it was: one look at two records of a family is two lines, and was once."""
        return len({one.at for one in self.each})


@dataclass(frozen=True, slots=True)
class QuietPage:
    """A page of the log: what people did, and what Hendig did of itself. Nothing of it is left out."""

    by_people: tuple[OneLine, ...]
    by_itself: tuple[OneLine, ...]
    older: UUID | None

    @property
    def count_itself(self) -> int:
        return sum(len(one.each) for one in self.by_itself)


def quietly(page: LookedPage) -> QuietPage:
    """All of these lines, so that what people did stands out. What was asked about stands alone. No query."""
    people = [one for one in page.lines if one.account_id or one.asked]
    itself = [one for one in page.lines if not one.account_id and not one.asked]
    return QuietPage(_together(people), _together(itself), page.older)


def _together(lines: Iterable[Looked]) -> tuple[OneLine, ...]:
    """In the order of their newest: those that read alike within the same quarter of the clock are one."""
    found: dict[object, list[Looked]] = {}
    for one in lines:
        found.setdefault(one.entry_id if one.asked else _reads_as(one), []).append(one)
    return tuple(OneLine(same[0], tuple(same)) for same in found.values())


def _reads_as(one: Looked) -> tuple[object, ...]:
    words = (one.function, one.organisation, one.words, one.ground, one.piece, one.more, one.behind)
    return (one.account_id, _quarter(one.at), one.rule, one.emergency, *map(str, words))


def _quarter(at: datetime) -> int:
    return int(at.timestamp()) // QUARTER
