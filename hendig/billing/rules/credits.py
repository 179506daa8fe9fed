"""What a credit note of a partner's own system takes back: lines that were invoiced, or a part of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.billing.rules.received import Billed, BilledLine, of_line
from hendig.kernel.money import line_amount
from hendig.kernel.periods import Period
from hendig.kernel.refusal import Refusal


@dataclass(slots=True)
class Left:
    """A line that was invoiced, as far as it was not taken back; `said` where match or code is not known."""

    match_number: str
    code: str
    said: str
    cents_per_hour: int
    days: Period
    minutes: int
    cents: int

    def is_about(self, line: BilledLine) -> bool:
        """Whether the two speak of the same, at the same price."""
        if self.cents_per_hour != line.cents_per_hour:
            return False
        if self.said:
            return self.said == line.words
        return (self.match_number, self.code) == (line.match_number, line.code)

    def is_all(self, line: BilledLine) -> bool:
        return (self.minutes, self.cents) == (line.minutes, line.cents)

    def holds(self, line: BilledLine) -> bool:
        """Whether the line of the note is a part of this one, or the last of it: at what its hours cost."""
        return self.is_all(line) or (
            line.minutes < self.minutes
            and line.cents <= self.cents
            and line.cents == line_amount(line.minutes, line.cents_per_hour)
            and self.days.overlaps(Period(line.first_on, line.last_on))
        )


def taken_back(lines: Sequence[BilledLine], left: Sequence[Left]) -> list[int | None]:
    """By its place, which line each of the note takes back or is a part of; None where there is none.

    Whole lines first: what is left of the others then holds the parts, one after another.
    """
    found: list[int | None] = [None] * len(lines)
    free = dict(enumerate(left))
    for place, line in enumerate(lines):
        whole = next((key for key, one in free.items() if one.is_about(line) and one.is_all(line)), None)
        if whole is not None:
            found[place] = whole
            del free[whole]
    for place, line in enumerate(lines):
        if found[place] is None:
            key = next((key for key, one in free.items() if one.is_about(line) and one.holds(line)), None)
            found[place] = key
            if key is not None:
                free[key].minutes -= line.minutes
                free[key].cents -= line.cents
    return found


def to_free(kept: Iterable[tuple[UUID, int]], minutes: int) -> frozenset[UUID]:
    """Of these appointments, with the minutes that are paid of each, those that wait again.

    As many minutes as can be, and none more than were taken back; of two ways the one of what is named first.
    """
    reached: dict[int, tuple[UUID, ...]] = {0: ()}
    for key, counted in kept:
        for total, keys in list(reached.items()):
            if total + counted <= minutes:
                reached.setdefault(total + counted, (*keys, key))
    return frozenset(reached[max(reached)])


def why_no_credit(billed: Billed) -> Refusal | None:
    """A credit note takes back what one invoice says."""
    if len(billed.before) == 1:
        return None
    return Refusal(
        "received.credit_of", _("Een creditnota hoort bij één factuur. Zet het nummer daarvan erop.")
    )


def why_not_taken_back(lines: Sequence[BilledLine], found: Sequence[int | None]) -> Refusal | None:
    """Why a credit note does not come in: one of its lines takes back nothing that was `found`."""
    missed = next((line for line, one in zip(lines, found, strict=True) if one is None), None)
    if missed is None:
        return None
    return of_line(
        "credit",
        missed,
        _(
            "Deze regel staat niet op de factuur die u noemt, of is al teruggenomen. Noem dezelfde match, "
            "code en prijs, en niet meer uren dan er nog staan."
        ),
    )
