"""What finance can pay, what is asked, what was paid, and what it adds up to. No family is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Sum

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
    """What is right and will be paid, what comes off it, what is asked, what a colleague pays. 5 queries."""
    found = Invoice.objects.visible_to(actor, at=at).filter(
        stage__in=[InvoiceStage.RIGHT, InvoiceStage.ASKED]
    )
    open_ones = list(with_transfers(found).order_by("partner__name", "partner_id", "number"))
    due = InvoiceLine.objects.filter(invoice__in=[row.pk for row in open_ones]).left()
    marks = {"payable": payable_by(actor), "came_back": Q(turned_down_by(actor))}
    lines = list(
        due.annotate(
            **{name: ExpressionWrapper(holds, BooleanField()) for name, holds in marks.items()}
        ).select_related("match", "service_code", "invoice", "credited_by")
    )
    cents: dict[UUID, int] = defaultdict(int)
    for line in lines:
        cents[line.invoice_id] += line.cents if line.payable else 0  # type: ignore[attr-defined]
    paid_now = [row for row in open_ones if row.sent_by_id != actor.account_id and cents[row.pk] > 0]
    owing = owed(actor)
    kept = keep_off(owing, [(row, cents[row.pk]) for row in paid_now])
    right = _per_partner(paid_now, cents, kept)
    town = Municipality.objects.get(pk=actor.municipality_id)
    payees = [rules.Payee(row.partner.name, row.partner.iban) for row in paid_now]
    return ToPay(
        right=right,
        cents=sum(one.cents for one in right),
        asked=_asked(open_ones, lines),
        own=tuple(row_of(row) for row in open_ones if row.sent_by_id == actor.account_id and cents[row.pk]),
        own_accepted=sum(bool(line.findings) and line.accepted_by_id == actor.account_id for line in lines),
        own_read=len({line.invoice_id for line in lines if line.came_back}),  # type: ignore[attr-defined]
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


def _asked(rows: Iterable[Invoice], lines: Iterable[InvoiceLine]) -> tuple[Asked, ...]:
    by_invoice: dict[UUID, list[Line]] = defaultdict(list)
    for line in lines:
        shown = line_of(line, line.invoice)
        if shown.asked:
            by_invoice[line.invoice_id].append(shown)
    return tuple(Asked(row_of(row), tuple(by_invoice[row.pk])) for row in rows if by_invoice[row.pk])


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
    rows = (
        PaymentBatch.objects.visible_to(actor)
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
        for key, number, made_at, pays_on, cents, of, paid, turned_down in shown[:BATCHES_SHOWN]
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
