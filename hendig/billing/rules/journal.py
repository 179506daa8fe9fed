"""When a month can be written for the financial system."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from hendig.billing.rules.months import month_ends
from hendig.kernel.refusal import Refusal

# What was sent or read in the last moments of a month may still be on its way into the books.
SETTLES = timedelta(hours=1)


def journal_series(year: int) -> str:
    return f"J{year}-"


def journal_number(year: int, before: int) -> str:
    """The next number in the municipality's own series of journals, without gaps."""
    return f"{journal_series(year)}{before + 1:04d}"


def month_begins(month: date) -> datetime:
    """The moment at which the calendar month of `month` begins in the Netherlands."""
    return month_ends(month.replace(day=1) - timedelta(days=1))


def next_journal(written: Collection[date], first: date | None, last: date) -> date:
    """The oldest month that is not written, from the `first` in which something was sent; none is left out.

    Where nothing was sent yet it is the `last` that is over.
    """
    month = min([*written, first] if first else written, default=last)
    while month in written:
        month = (month + timedelta(days=31)).replace(day=1)
    return month


def why_no_journal(month: date, at: datetime, *, already: bool, nothing: bool) -> Refusal | None:
    """Why the month cannot be written: a month that is over does not change any more.

    With `nothing` there is nothing to begin with. A month without a row between others is written as well, so
    that the next one follows it.
    """
    if already:
        return Refusal(
            "journal.already", _("Het journaal van deze maand is al gemaakt. Haal het hieronder op.")
        )
    if at < month_ends(month) + SETTLES:
        return Refusal("journal.not_over", _("Deze maand is nog niet voorbij. Maak het journaal daarna."))
    if nothing:
        return Refusal("journal.nothing", _("In deze maand is niets gefactureerd of betaald."))
    return None
