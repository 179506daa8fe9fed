"""What was paid, and what it adds up to. No family is in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, Sum

from hendig.billing import rules
from hendig.billing.models import NOT_PAID, Invoice, PaymentBatch, PaymentStage
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible

BATCHES_SHOWN = 12


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
