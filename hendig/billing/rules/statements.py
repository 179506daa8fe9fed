"""What a statement says of the accounts that it is about: which are ours, whether each adds up, in how many
pages it came.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.billing.models import BankFileKind
from hendig.billing.rules.accounts import written
from hendig.billing.rules.agreements import words_of
from hendig.billing.rules.bank import Word, in_euros
from hendig.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement says of one account; without balances nothing of it can be checked.

    It may be one page of more: then its balances are those of the page, as far as the bank says them.
    """

    iban: str
    currencies: frozenset[str]
    opening: int | None
    closing: int | None
    moved: int
    words: tuple[Word, ...] = ()
    others: int = 0
    name: str = ""
    page: int = 1
    last: bool = True

    @property
    def is_page(self) -> bool:
        """Whether there is more of it than this."""
        return self.page > 1 or not self.last


@dataclass(frozen=True, slots=True)
class BankMessage:
    """A file of the bank as far as it can concern us: other lines of a statement are only counted.

    `words` are those of a status report, or of all the statements that were taken (`of_ours`).
    """

    kind: BankFileKind
    message_id: str
    statements: tuple[Statement, ...]
    words: tuple[Word, ...] = ()
    others: int = 0
    # Which page the file is of what the bank says in more files, and whether it is the last.
    page: int = 1
    last: bool = True
    # Of how many accounts that are not ours it tells as well: of those nothing was taken.
    elsewhere: int = 0


def of_ours(message: BankMessage, ibans: Collection[str]) -> BankMessage:
    """The same with no more than what is about these accounts, the pages of each statement together."""
    if message.kind != BankFileKind.STATEMENT:
        return message
    ours = {written(one) for one in ibans}
    taken = _joined(one for one in message.statements if one.iban in ours)
    return replace(
        message,
        statements=taken,
        words=tuple(word for one in taken for word in one.words),
        others=sum(one.others for one in taken),
        page=max([message.page, *(one.page for one in taken if one.is_page)]),
        last=message.last and all(one.last for one in taken),
        elsewhere=len({one.iban or one.name for one in message.statements if one.iban not in ours}),
    )


def _joined(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Each statement once: the pages that follow each other are one, those that do not stay apart."""
    by_name: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for one in statements:
        by_name[one.iban, one.name].append(one)
    return tuple(joined for pages in by_name.values() for joined in _in_one(pages))


def _in_one(pages: Sequence[Statement]) -> Sequence[Statement]:
    in_order = sorted(pages, key=lambda one: one.page)
    if not all(one.page + 1 == after.page and not one.last for one, after in pairwise(in_order)):
        return in_order
    if any(_breaks(one.closing, after.opening) for one, after in pairwise(in_order)):
        return in_order
    first, last = in_order[0], in_order[-1]
    return [
        replace(
            first,
            closing=last.closing,
            last=last.last,
            moved=sum(one.moved for one in in_order),
            currencies=frozenset().union(*(one.currencies for one in in_order)),
            words=tuple(word for one in in_order for word in one.words),
            others=sum(one.others for one in in_order),
        )
    ]


def _breaks(closing: int | None, opening: int | None) -> bool:
    """Whether the bank says two balances in between, and not the same."""
    return None not in {closing, opening} and closing != opening


def why_not_this_file(message: BankMessage, iban: str, *, read_before: date | None) -> Refusal | None:
    """Why nothing in the file is believed: it is read already, not of our account, or does not add up.

    The message is what of it is ours (`of_ours`).
    """
    if read_before:
        return Refusal(
            "bank.read_before",
            format_lazy(
                _("Dit bestand is al gelezen, op {on}. Er is niets veranderd."), on=words_of(read_before)
            ),
        )
    if message.kind == BankFileKind.STATEMENT and not message.statements:
        return Refusal(
            "bank.other_account",
            format_lazy(
                _(
                    "Hierin staat alleen een rekening waarvan de gemeente hier niet betaalt. Haal het "
                    "afschrift van {iban} op. Er is niets veranderd."
                ),
                iban=iban,
            ),
        )
    pages = Counter((one.iban, one.name) for one in message.statements if one.is_page)
    if any(count > 1 for count in pages.values()):
        return Refusal(
            "bank.pages_apart",
            _(
                "De bladzijden van dit afschrift sluiten niet op elkaar aan. Haal het hele afschrift in één "
                "bestand op. Er is niets veranderd."
            ),
        )
    refusals = map(_why_not_believed, message.statements)
    return next((no for no in refusals if no), None)


def _why_not_believed(one: Statement) -> Refusal | None:
    """Why this statement, or this page of it, is not believed: nothing in the file is then."""
    if one.currencies != {"EUR"}:
        return Refusal(
            "bank.not_euros",
            _("In dit afschrift staat een andere munt dan de euro. Er is niets veranderd."),
        )
    if one.is_page and (one.opening is None or one.closing is None):
        return Refusal(
            "bank.page_alone",
            format_lazy(
                _(
                    "Dit is bladzijde {page} van een afschrift, zonder saldo aan het begin of eind ervan. "
                    "Haal het hele afschrift in één bestand op. Er is niets veranderd."
                ),
                page=one.page,
            ),
        )
    if one.opening is None or one.closing is None:
        return Refusal(
            "bank.no_balance",
            _("In dit afschrift ontbreekt het saldo aan het begin of aan het eind. Haal het hele op."),
        )
    if one.opening + one.moved != one.closing:
        return Refusal(
            "bank.unbalanced",
            format_lazy(
                _(
                    "Dit afschrift klopt niet: {opening} en alle regels samen geven {counted}. "
                    "Er staat {closing}. Er is niets veranderd."
                ),
                opening=in_euros(one.opening),
                counted=in_euros(one.opening + one.moved),
                closing=in_euros(one.closing),
            ),
        )
    return None
