"""What finance can pay, what is asked, what was paid, and what it adds up to. No family is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from hendig.billing import rules
from hendig.billing.models import (
    NOT_PAID,
    Invoice,
    InvoiceLine,
    InvoiceStage,
    PaymentBatch,
    PaymentStage,
    payable_by,
    turned_down_by,
)
from hendig.billing.queries.repayments import Owed, keep_off, owed
from hendig.billing.queries.rows import InvoiceRow, Line, line_of, row_of, with_transfers
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.people.models import Municipality

BATCHES_SHOWN = 12


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
    """What one partner gets with the next payment, after what is kept off it."""

    partner: str
    cents: int
    kept: int
    invoices: tuple[Payable, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An invoice about which something is asked, and the lines that it is about."""

    invoice: InvoiceRow
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ToPay:
    """What finance can pay now, what it cannot and why."""

    right: tuple[PartnerSum, ...]
    cents: int
    asked: tuple[Asked, ...]
    own: tuple[InvoiceRow, ...]
    own_accepted: int
    own_read: int
    came_back: tuple[InvoiceRow, ...]
    # What partners are to give back, also where nothing is paid now that it could come off.
    owed: tuple[Owed, ...]
    pays_on: date
    why_not: Refusal | None

    @property
    def count(self) -> int:
        return sum(len(partner.invoices) for partner in self.right)


def to_pay(actor: Actor, *, at: datetime) -> ToPay:
    """What is right and will be paid, what comes off it, what is asked about, what a colleague pays.

    4 queries, 5 when something is asked. Of the lines of a month only those that are asked about are read;
    the others are added up where they are.
    """
    found = Invoice.objects.visible_to(actor, at=at).filter(
        stage__in=[InvoiceStage.RIGHT, InvoiceStage.ASKED]
    )
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).left().order_by().values("invoice")
    accepted = lines.exclude(findings=[]).filter(accepted_by=actor.account)
    open_ones = list(
        with_transfers(found)
        .annotate(
            payable=Coalesce(
                Subquery(lines.filter(payable_by(actor)).annotate(sum=Sum("cents")).values("sum")), 0
            ),
            accepted=Coalesce(Subquery(accepted.annotate(count=Count("pk")).values("count")), 0),
            own_read=turned_down_by(actor, of="pk"),
        )
        .order_by("partner__name", "partner_id", "number")
    )
    cents: dict[UUID, int] = {row.pk: row.payable for row in open_ones}
    paid_now = [row for row in open_ones if row.sent_by_id != actor.account_id and cents[row.pk] > 0]
    owing = owed(actor)
    kept = keep_off(owing, [(row, cents[row.pk]) for row in paid_now])
    right = _per_partner(paid_now, cents, kept)
    town = Municipality.objects.get(pk=actor.municipality_id)
    payees = [rules.Payee(row.partner.name, row.partner.iban) for row in paid_now]
    return ToPay(
        right=right,
        cents=sum(one.cents for one in right),
        asked=_asked(open_ones),
        own=tuple(row_of(row) for row in open_ones if row.sent_by_id == actor.account_id and cents[row.pk]),
        own_accepted=sum(row.accepted for row in open_ones),
        own_read=sum(row.own_read for row in open_ones),
        came_back=tuple(shown for row in open_ones if (shown := row_of(row)).came_back),
        owed=owing,
        pays_on=rules.next_banking_day(local_day(at)),
        why_not=rules.why_not_pay(rules.Payee(town.name, town.iban), payees),
    )


def _per_partner(
    rows: Iterable[Invoice], cents: Mapping[UUID, int], kept: Iterable[rules.KeptOff]
) -> tuple[PartnerSum, ...]:
    grouped = [list(ones) for _partner, ones in groupby(rows, key=lambda row: row.partner_id)]
    off: dict[UUID, int] = defaultdict(int)
    for one in kept:
        off[one.invoice_id] += one.cents
    return tuple(
        PartnerSum(
            ones[0].partner.name,
            sum(cents[one.pk] - off[one.pk] for one in ones),
            sum(off[one.pk] for one in ones),
            tuple(Payable(row_of(one), cents[one.pk]) for one in ones),
        )
        for ones in grouped
    )


def _asked(rows: Sequence[Invoice]) -> tuple[Asked, ...]:
    by_invoice: dict[UUID, list[Line]] = defaultdict(list)
    invoices = {row.pk: row for row in rows if row.stage == InvoiceStage.ASKED}
    lines = InvoiceLine.objects.filter(invoice__in=invoices).asked()
    for line in lines.select_related("match", "service_code", "credited_by"):
        by_invoice[line.invoice_id].append(line_of(line, invoices[line.invoice_id]))
    return tuple(Asked(row_of(row), tuple(by_invoice[key])) for key, row in invoices.items())


@dataclass(frozen=True, slots=True)
class Batch:
    """A payment that was made, and its file for the bank."""

    id: UUID
    number: str
    made_on: date
    pays_on: date
    cents: int
    invoices: int
    paid: int
    turned_down: int

    @property
    def is_heard_of(self) -> bool:
        """The bank said of each of its payments what became of it."""
        return 0 < self.invoices == self.paid + self.turned_down


def payments(actor: Actor) -> tuple[Batch, ...]:
    """The latest payments, newest first. 1 query."""
    # Chosen first: what was ever paid is not counted to show the last of it.
    newest = PaymentBatch.objects.visible_to(actor).order_by("-id").values("pk")[:BATCHES_SHOWN]
    rows = (
        PaymentBatch.objects.filter(pk__in=newest)
        .annotate(
            of=Count("payments"),
            paid=Count("payments", filter=Q(payments__stage=PaymentStage.PAID)),
            turned_down=Count("payments", filter=Q(payments__stage__in=NOT_PAID)),
        )
        .order_by("-id")
    )
    shown = rows.values_list("pk", "number", "made_at", "pays_on", "total_cents", "of", "paid", "turned_down")
    return tuple(
        Batch(key, number, local_day(made_at), pays_on, cents, of, paid, turned_down)
        for key, number, made_at, pays_on, cents, of, paid, turned_down in shown
    )


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """What the bank takes in; its name says nothing about anybody."""

    name: str
    xml: str


def payment_file(actor: Actor, batch_id: UUID) -> PaymentFile:
    """The file of one payment; `NotVisible` for anybody but finance, and where all was kept off. 1 query."""
    batch = PaymentBatch.objects.visible_to(actor).filter(pk=batch_id).exclude(xml="").first()
    if batch is None:
        raise NotVisible
    return PaymentFile(f"sepa-{batch.number}.xml", batch.xml)


@dataclass(frozen=True, slots=True)
class Bar:
    """A month in the picture of what help cost: what is paid stands below what is still open."""

    month: date
    paid: int
    open: int
    left: int
    middle: int
    paid_top: int
    paid_height: int
    open_top: int
    open_height: int

    @property
    def cents(self) -> int:
        return self.paid + self.open


BAR_STEP, BAR_FLOOR, BAR_MOST = 60, 180, 150


def months(actor: Actor, *, at: datetime) -> tuple[Bar, ...]:
    """What was invoiced for each of the last twelve months, paid and open. 1 query."""
    shown = [local_day(at).replace(day=1)]
    while len(shown) < rules.MONTHS_SHOWN:
        shown.insert(0, (shown[0] - timedelta(days=1)).replace(day=1))
    rows = Invoice.objects.visible_to(actor, at=at).filter(month__gte=shown[0]).order_by()
    sums: dict[tuple[date, bool], int] = defaultdict(int)
    summed = rows.values_list("month").annotate(paid=Sum("paid_cents"), cents=Sum("total_cents"))
    for on, paid, cents in summed:
        # What was paid and taken back is no cost of the month; it comes back in a later payment.
        cost = max(cents, 0)
        sums[on, True], sums[on, False] = min(paid, cost), max(cost - paid, 0)
    most = max((sums[on, True] + sums[on, False] for on in shown), default=0) or 1
    return tuple(_bar(place, on, sums[on, True], sums[on, False], most) for place, on in enumerate(shown))


def _bar(place: int, on: date, paid: int, still_open: int, most: int) -> Bar:
    paid_height, open_height = (round(BAR_MOST * cents / most) for cents in (paid, still_open))
    return Bar(
        month=on,
        paid=paid,
        open=still_open,
        left=place * BAR_STEP + 10,
        middle=place * BAR_STEP + BAR_STEP // 2,
        paid_top=BAR_FLOOR - paid_height,
        paid_height=paid_height,
        open_top=BAR_FLOOR - paid_height - open_height,
        open_height=open_height,
    )
