"""What finance can pay now, what is asked about, and what came back. No family is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Count, Window
from django.db.models.functions import RowNumber

from hendig.billing import rules
from hendig.billing.models import Invoice, InvoiceLine
from hendig.billing.queries.repayments import Owed, kept_of, owed_in
from hendig.billing.queries.rows import InvoiceRow, Line, line_of, row_of, with_transfers
from hendig.billing.queries.still_open import Place, note_places, places
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal

# So many are named; of what is more the number is told, and `still_open` shows them page by page.
OF_A_PARTNER, PARTNERS, NAMED, LINES_NAMED = 12, 30, 20, 5
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Named(Generic[One]):
    """The first of a list, and how long it is."""

    rows: tuple[One, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Payable:
    """An invoice with what of it is paid next: all, or what is right while the rest is asked about."""

    invoice: InvoiceRow
    cents: int

    @property
    def part(self) -> bool:
        return self.cents < self.invoice.cents


@dataclass(frozen=True, slots=True)
class PartnerSum:
    """What one partner gets with the next payment, after what is kept off it, and for which invoices."""

    id: UUID
    partner: str
    cents: int
    kept: int
    invoices: Named[Payable]


@dataclass(frozen=True, slots=True)
class Asked:
    """An invoice about which something is asked, and the lines that it is about."""

    invoice: InvoiceRow
    lines: Named[Line]


@dataclass(frozen=True, slots=True)
class ToPay:
    """What finance can pay now, what it cannot and why."""

    right: Named[PartnerSum]
    # Of all, also of what is not named.
    cents: int
    count: int
    asked: Named[Asked]
    # What a colleague pays: invoices that the reader sent, lines it accepted, what came back by its file.
    own: int
    own_accepted: int
    own_read: int
    came_back: Named[InvoiceRow]
    # What partners are to give back, also where nothing is paid now that it could come off.
    owed: Named[Owed]
    # Partners of which something is right, and no money can go to them yet.
    left_out: tuple[str, ...]
    paid_from: str
    pays_on: date
    why_not: Refusal | None


def to_pay(actor: Actor, *, at: datetime) -> ToPay:
    """What is right and will be paid, what comes off it, what is asked about, what a colleague pays.

    3 queries, 4 when something is asked. Lines and invoices are added up where they lie; of the invoices
    those are read that are named, and of the notes of which something is to come back as well.
    """
    rows = places(actor, of_partner=OF_A_PARTNER, partners=PARTNERS, others=NAMED, at=at)
    notes = note_places(actor, named=NAMED)
    due = {one.partner_id: (one.below, one.above) for one in notes}
    named = _read({one.pk for one in rows if one.named or one.asked or one.came_back})
    partners = [list(ones) for _key, ones in groupby(rows, key=lambda one: one.partner_id)]
    right = [found for ones in partners if (found := [one for one in ones if one.is_right])]
    payees = [rules.Payee(ones[0].partner, ones[0].iban) for ones in right]
    sums = [
        _sum_of(ones, due.get(ones[0].partner_id, (0, 0)), named)
        for ones, payee in zip(right, payees, strict=True)
        if rules.is_iban(payee.iban)
    ]
    # What is said of all stands on each of them.
    first = rows[0] if rows else None
    town = rules.Payee(first.town, first.town_iban) if first else rules.Payee("", "")
    shown = tuple(one for one in sums if one.invoices.rows)
    return ToPay(
        right=Named(shown, len(sums)),
        cents=sum(one.cents for one in sums),
        count=sum(one.invoices.count for one in sums),
        asked=Named(_asked([named[one.pk] for one in rows if one.asked]), first.asked_count if first else 0),
        own=first.own if first else 0,
        own_accepted=first.own_accepted if first else 0,
        own_read=first.own_read if first else 0,
        came_back=Named(
            tuple(row_of(named[one.pk]) for one in rows if one.came_back), first.back_count if first else 0
        ),
        owed=Named(tuple(owed_in(one) for one in notes if one.named), notes[0].count if notes else 0),
        left_out=rules.without_account(payees),
        paid_from=town.iban,
        pays_on=rules.next_banking_day(local_day(at)),
        why_not=rules.why_not_pay(town, payees),
    )


def _read(keys: Collection[UUID]) -> dict[UUID, Invoice]:
    """These invoices as they are shown. 1 query."""
    return {row.pk: row for row in with_transfers(Invoice.objects.filter(pk__in=keys))}


def _sum_of(ones: Sequence[Place], due: tuple[int, int], named: Mapping[UUID, Invoice]) -> PartnerSum:
    cents, kept = ones[0].cents, kept_of(*due, ones[0].cents)
    rows = tuple(Payable(row_of(named[one.pk]), one.payable) for one in ones if one.named)
    return PartnerSum(
        id=ones[0].partner_id,
        partner=ones[0].partner,
        cents=cents - kept,
        kept=kept,
        invoices=Named(rows, ones[0].count),
    )


def _asked(rows: Sequence[Invoice]) -> tuple[Asked, ...]:
    """What is asked about these. 1 query, none when there are none."""
    by_invoice: dict[UUID, list[Line]] = defaultdict(list)
    count: dict[UUID, int] = {}
    invoices = {row.pk: row for row in rows}
    lines = (
        InvoiceLine.objects.filter(invoice__in=invoices)
        .asked()
        .annotate(
            place=Window(RowNumber(), partition_by="invoice_id", order_by="id"),
            of=Window(Count("*"), partition_by="invoice_id"),
        )
        .filter(place__lte=LINES_NAMED)
    )
    for line in lines.select_related("match", "service_code", "credited_by").order_by("id"):
        by_invoice[line.invoice_id].append(line_of(line, invoices[line.invoice_id]))
        count[line.invoice_id] = line.of  # type: ignore[attr-defined]
    return tuple(
        Asked(row_of(row), Named(tuple(by_invoice[key]), count.get(key, 0))) for key, row in invoices.items()
    )
