"""Birth dates as people write them, and dates that are one slip of the hand away."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    "jan|januari|january", "feb|februari|february", "mrt|maart|mar|march", "apr|april", "mei|may",
    "jun|juni|june", "jul|juli|july", "aug|augustus|august", "sep|sept|september", "okt|oktober|oct|october",
    "nov|november", "dec|december",
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split("|")}
_NAMED = "|".join(sorted(_MONTH, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SHORT = r"(?P<year>(?:19|20)?\d\d)"
_DAY = r"(?P<day>\d{1,2})"
_NUMBER = r"(?P<month>\d{1,2})"
# The first that fits is taken; nothing that is part of a longer number is.
_WRITINGS = tuple(
    re.compile(rf"(?<!\w){writing}(?!\w)", re.IGNORECASE)
    for writing in (
        rf"{_YEAR}\s*[-/.]\s*{_NUMBER}\s*[-/.]\s*{_DAY}",
        rf"{_DAY}\s*[-/.]\s*{_NUMBER}\s*[-/.]\s*{_SHORT}",
        rf"{_DAY}\s+{_NUMBER}\s+{_YEAR}",
        rf"{_DAY}\s*[-/.]?\s*(?P<named>{_NAMED})\.?\s*[-/.]?\s*{_SHORT}",
        r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>(?:19|20)\d\d)",
        r"(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>\d\d)",
        rf"(?P<named>{_NAMED})\.?\s+{_YEAR}",
        rf"{_NUMBER}\s*[-/]\s*{_YEAR}",
        _YEAR,
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days that were meant: one day, a month or a year. An impossible date means no day at all."""

    first: date
    last: date

    @property
    def one_day(self) -> bool:
        return self.first == self.last


NO_DAY = Span(date.max, date.min)


def take_dates(typed: str) -> tuple[str, tuple[Span, ...]]:
    """The text without the date in it, and the days that this date may mean; none when there is no date.

    Two digits for a year mean this century and the last one.
    """
    for writing in _WRITINGS:
        if found := writing.search(typed):
            rest = f"{typed[: found.start()]} {typed[found.end() :]}"
            spans = {_span(found, year) for year in _years(found["year"])} - {None}
            return rest, tuple(sorted(one for one in spans if one)) or (NO_DAY,)
    return typed, ()


def near(day: date) -> frozenset[date]:
    """Other dates that one slip makes of this one.

    Day and month swapped, one digit wrong, or two digits beside each other swapped.
    """
    # Eight digits also for a year that nobody means: there %Y gives no zeros before it.
    written = f"{day:%d%m}{day.year:04}"
    slips = {written[2:4] + written[:2] + written[4:]}
    slips |= {
        written[:at] + other + written[at + 1 :] for at in range(8) for other in "0123456789" if at != 4
    }
    slips |= {written[:at] + written[at + 1] + written[at] + written[at + 2 :] for at in (0, 2, 6)}
    found = (_day(int(one[4:]), int(one[2:4]), int(one[:2])) for one in slips)
    return frozenset(one for one in found if one is not None and one != day)


def _years(written: str) -> tuple[int, ...]:
    return (int(written),) if len(written) == 4 else (1900 + int(written), 2000 + int(written))


def _span(found: re.Match[str], year: int) -> Span | None:
    parts = found.groupdict()
    named = parts.get("named")
    month = _MONTH[named.lower()] if named else int(parts.get("month") or 0)
    day = int(parts.get("day") or 0)
    if not month:
        return Span(date(year, 1, 1), date(year, 12, 31))
    if not day:
        if not 1 <= month <= 12:
            return None
        return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    one = _day(year, month, day)
    return Span(one, one) if one else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
