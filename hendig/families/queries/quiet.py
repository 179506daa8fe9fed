"""The log read quietly: what was the same within a quarter of an hour once, what no person did apart."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hendig.families.queries.looked import Looked, LookedPage
from hendig.kernel.quiet import OneLine, together


@dataclass(frozen=True, slots=True)
class QuietPage:
    """A page of the log: what people did, and what Hendig did of itself. Nothing of it is left out."""

    by_people: tuple[OneLine[Looked], ...]
    by_itself: tuple[OneLine[Looked], ...]
    older: UUID | None

    @property
    def count_itself(self) -> int:
        return sum(len(one.each) for one in self.by_itself)


def quietly(page: LookedPage) -> QuietPage:
    """All of these lines, so that what people did stands out. What was asked about stands alone. No query."""
    people = [one for one in page.lines if one.account_id or one.asked]
    itself = [one for one in page.lines if not one.account_id and not one.asked]
    return QuietPage(together(people, reads_as), together(itself, reads_as), page.older)


def reads_as(one: Looked) -> object:
    """What two lines must share to be told as one."""
    if one.asked:
        return one.entry_id
    words = (one.function, one.organisation, one.words, one.ground, one.piece, one.more, one.behind)
    return (one.account_id, one.rule, one.emergency, *map(str, words))
