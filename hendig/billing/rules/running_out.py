"""Until when hours can go on an invoice without a question, and which are near to that."""

from __future__ import annotations

from datetime import date, timedelta

from hendig.billing.rules.check import plausible
from hendig.kernel.periods import Period, month_of


def last_invoice(month: date) -> date:
    """The last month on whose invoice each day of this month may stand without a question."""
    later = month.replace(year=month.year + 1)
    return later if plausible(month_of(later)).covers(month) else (later - timedelta(days=1)).replace(day=1)


def running_out(today: date) -> Period:
    """The days of which the hours are to go along with an invoice of this month or the next at last."""
    first = today.replace(year=today.year - 1, day=1)
    after = month_of(first).last or first
    return Period(first, month_of(after + timedelta(days=1)).last)
