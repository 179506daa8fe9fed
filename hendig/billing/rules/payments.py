"""When and whom money may go to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.billing.rules.accounts import is_iban
from hendig.kernel.refusal import Refusal, Words

PAID_WITHIN_DAYS = 30


class Which(StrEnum):
    """What is looked for among the invoices that are not done."""

    RIGHT = "klopt"
    ASKED = "vraag"
    BACK = "terug"
    OWED = "verrekenen"


WHICH: Mapping[Which, Words] = {
    Which.RIGHT: _("Dit klopt"),
    Which.ASKED: _("Hier is een vraag over"),
    Which.BACK: _("Dit kwam terug van de bank"),
    Which.OWED: _("Dit komt nog terug"),
}


def batch_number(year: int, before: int) -> str:
    """The next number in the municipality's own series of payment files, without gaps."""
    return f"{batch_series(year)}{before + 1:04d}"


def batch_series(year: int) -> str:
    return f"B{year}-"


@dataclass(frozen=True, slots=True)
class Payee:
    """Who gets money: a partner and its account."""

    name: str
    iban: str


def without_account(payees: Iterable[Payee]) -> tuple[str, ...]:
    """Whom no money can go to: those of whom no account is known, or one that cannot exist."""
    return tuple(sorted({payee.name for payee in payees if not is_iban(payee.iban)}))


def why_not_pay(debtor: Payee, payees: Collection[Payee]) -> Refusal | None:
    """Why nothing can be paid now; a partner without a right account waits, and stops nobody else."""
    if not payees:
        words = _(
            "Er staat niets klaar dat u kunt betalen. Wat u verstuurde of afsprak, betaalt een collega."
        )
        return Refusal("payment.nothing", words)
    if not is_iban(debtor.iban):
        return Refusal(
            "payment.no_account", _("De gemeente heeft nog geen geldig rekeningnummer. Vul dat eerst in.")
        )
    if not any(is_iban(payee.iban) for payee in payees):
        words = _(
            "Het rekeningnummer van {partners} klopt niet of is er nog niet. Er is niets betaald. "
            "Het kantoor vraagt het aan bij Rekeningnummer."
        )
        return Refusal("payment.bad_iban", format_lazy(words, partners=", ".join(without_account(payees))))
    return None


def why_not_confirm(pays_on: date, today: date, *, waits: bool) -> Refusal | None:
    """Why nobody can say of a batch that the bank paid it; `waits` when of some of it nothing was heard."""
    if not waits:
        return Refusal("payment.heard", _("Van elke betaling hierin is al bekend wat de bank ermee deed."))
    if today < pays_on:
        return Refusal(
            "payment.to_come", _("De bank voert dit later uit. Kijk vanaf die dag of het is afgeschreven.")
        )
    return None


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    skipped, leap = divmod(century, 4)
    moon = (19 * golden + century - skipped - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * leap + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_banking_day(day: date) -> bool:
    """Whether euros move between banks: the settlement system closes on weekends and six days a year.

    These days, and not the public holidays of a country, decide when a transfer is carried out.
    """
    sunday = easter(day.year)
    moving = {sunday - timedelta(days=2), sunday + timedelta(days=1)}
    return (
        day.weekday() < 5
        and day not in moving
        and (day.month, day.day) not in {(1, 1), (5, 1), (12, 25), (12, 26)}
    )


def next_banking_day(day: date) -> date:
    """The first banking day after `day`."""
    following = day + timedelta(days=1)
    while not is_banking_day(following):
        following += timedelta(days=1)
    return following
