"""What finance can pay now, what is asked about, and what came back. No family is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from hendig.billing import rules
from hendig.billing.models import (
    NOT_PAID,
    Invoice,
    InvoiceLine,
    InvoiceStage,
    Payment,
    payable_by,
    turned_down_by,
)
from hendig.billing.queries.repayments import Owed, kept_of, owed
from hendig.billing.queries.rows import InvoiceRow, Line, line_of, row_of, with_transfers
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal
from hendig.people.models import Municipality

# So many are named; of what is more the number is told. What is done makes room for the next.
OF_A_PARTNER, NAMED, LINES_NAMED = 12, 20, 5
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

    right: tuple[PartnerSum, ...]
    cents: int
    asked: Named[Asked]
    # What a colleague pays: invoices that the reader sent, lines it accepted, what came back by its file.
    own: int
    own_accepted: int
    own_read: int
    came_back: Named[InvoiceRow]
    # What partners are to give back, also where nothing is paid now that it could come off.
    owed: Named[Owed]
    pays_on: date
    why_not: Refusal | None

    @property
    def count(self) -> int:
        return sum(partner.invoices.count for partner in self.right)


@dataclass(frozen=True, slots=True)
class _Open:
    """An invoice that is not done: no more of it than what is added up."""

    pk: UUID
    partner_id: UUID
    partner: str
    iban: str
    stage: str
    sent_by: UUID | None
    payable: int
    accepted: int
    last_stage: str
    own_read: bool
    town: str
    town_iban: str

    @property
    def is_asked(self) -> bool:
        return self.stage == InvoiceStage.ASKED

    @property
    def came_back(self) -> bool:
        return self.last_stage in NOT_PAID


def to_pay(actor: Actor, *, at: datetime) -> ToPay:
    """What is right and will be paid, what comes off it, what is asked about, what a colleague pays.

    4 queries, 5 when something is asked. Lines are added up where they lie; of the invoices those are read
    that are named.
    """
    open_ones = _open(actor, at)
    own = [one for one in open_ones if one.sent_by == actor.account_id]
    paid_now = [one for one in open_ones if one.sent_by != actor.account_id and one.payable > 0]
    asked = [one.pk for one in open_ones if one.is_asked]
    back = [one.pk for one in open_ones if one.came_back]
    partners = [list(ones) for _partner, ones in groupby(paid_now, key=lambda one: one.partner_id)]
    first = {one.pk for ones in partners for one in ones[:OF_A_PARTNER]}
    named = _read(first.union(asked[:NAMED], back[:NAMED]))
    owing = owed(actor)
    kept = kept_of(owing, {ones[0].partner_id: sum(one.payable for one in ones) for ones in partners})
    right = tuple(_sum_of(ones, kept[ones[0].partner_id], named) for ones in partners)
    town = rules.Payee(open_ones[0].town, open_ones[0].town_iban) if open_ones else rules.Payee("", "")
    return ToPay(
        right=right,
        cents=sum(one.cents for one in right),
        asked=Named(_asked([named[key] for key in asked[:NAMED]]), len(asked)),
        own=sum(one.payable != 0 for one in own),
        own_accepted=sum(one.accepted for one in open_ones),
        own_read=sum(one.own_read for one in open_ones),
        came_back=Named(tuple(row_of(named[key]) for key in back[:NAMED]), len(back)),
        owed=Named(owing[:NAMED], len(owing)),
        pays_on=rules.next_banking_day(local_day(at)),
        why_not=rules.why_not_pay(town, [rules.Payee(ones[0].partner, ones[0].iban) for ones in partners]),
    )


def _open(actor: Actor, at: datetime) -> list[_Open]:
    """The invoices that are not done, by partner and number. 1 query."""
    found = Invoice.objects.visible_to(actor, at=at).filter(
        stage__in=[InvoiceStage.RIGHT, InvoiceStage.ASKED]
    )
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).left().order_by().values("invoice")
    accepted = lines.exclude(findings=[]).filter(accepted_by=actor.account)
    last = Payment.objects.filter(invoice=OuterRef("pk")).order_by("-id").values("stage")[:1]
    town = Municipality.objects.filter(pk=OuterRef("municipality_id"))
    rows = found.annotate(
        payable=Coalesce(
            Subquery(lines.filter(payable_by(actor)).annotate(sum=Sum("cents")).values("sum")), 0
        ),
        accepted=Coalesce(Subquery(accepted.annotate(count=Count("pk")).values("count")), 0),
        last_stage=Coalesce(Subquery(last), Value("")),
        own_read=turned_down_by(actor, of="pk"),
        town=Subquery(town.values("name")),
        town_iban=Subquery(town.values("iban")),
    )
    names = ("pk", "partner_id", "partner__name", "partner__iban", "stage", "sent_by", "payable", "accepted")
    told = rows.values_list(*names, "last_stage", "own_read", "town", "town_iban")
    return [_Open(*row) for row in told.order_by("partner__name", "partner_id", "number")]


def _read(keys: Collection[UUID]) -> dict[UUID, Invoice]:
    """These invoices as they are shown. 2 queries."""
    return {row.pk: row for row in with_transfers(Invoice.objects.filter(pk__in=keys))}


def _sum_of(ones: Sequence[_Open], kept: int, named: Mapping[UUID, Invoice]) -> PartnerSum:
    return PartnerSum(
        partner=ones[0].partner,
        cents=sum(one.payable for one in ones) - kept,
        kept=kept,
        invoices=Named(
            tuple(Payable(row_of(named[one.pk]), one.payable) for one in ones[:OF_A_PARTNER]), len(ones)
        ),
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
