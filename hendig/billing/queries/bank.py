"""What became of what the bank was asked to pay: per batch and per payment. No family is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from hendig.billing import rules
from hendig.billing.models import BankFile, BankFileKind, Payment, PaymentBatch, PaymentStage
from hendig.billing.queries.repayments import CameBack, came_back
from hendig.billing.queries.rows import Transfer, transfer_of
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal

FILES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the bank that was read, and what came of it."""

    kind: BankFileKind
    message_id: str
    read_at: datetime
    read_by: str
    paid: int
    turned_down: int
    others: int
    # Of how many accounts that are not ours it told as well.
    elsewhere: int
    # Which page it was, where there are more; `follows` while the next is to be read.
    page: int
    follows: bool

    @property
    def is_page(self) -> bool:
        return self.page > 1 or self.follows


def bank_files(actor: Actor) -> tuple[FileRow, ...]:
    """The files that were read last, newest first. 1 query."""
    rows = list(
        BankFile.objects.visible_to(actor).select_related("read_by").order_by("-read_at", "-id")[:FILES_SHOWN]
    )
    return tuple(
        FileRow(
            kind=BankFileKind(row.kind),
            message_id=row.message_id,
            read_at=row.read_at,
            read_by=row.read_by.first_name if row.read_by else "",
            paid=row.paid,
            turned_down=row.refused,
            others=row.others,
            elsewhere=row.elsewhere,
            page=row.page,
            follows=not row.last and all(later.page != row.page + 1 for later in rows[:place]),
        )
        for place, row in enumerate(rows)
    )


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One transfer of a batch, and what the bank said of it."""

    partner: str
    invoice_id: UUID
    invoice: str
    month: date
    transfer: Transfer


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch with its payments; `made_by` pressed the button."""

    id: UUID
    number: str
    made_on: date
    made_by: str
    pays_on: date
    cents: int
    payments: tuple[PaymentRow, ...]
    kept_off: tuple[CameBack, ...]
    # Why nobody can say now that the bank paid what nothing was heard of.
    why_not_confirm: Refusal | None
    waits: bool


def batch(actor: Actor, batch_id: UUID, *, at: datetime) -> BatchPage:
    """The batch, for finance; `NotVisible` for anybody else. 3 queries."""
    row = PaymentBatch.objects.visible_to(actor).select_related("made_by").filter(pk=batch_id).first()
    if row is None:
        raise NotVisible
    payments = Payment.objects.filter(batch=row).select_related("batch", "invoice__partner")
    rows = tuple(_payment_row(one) for one in payments.order_by("invoice__partner__name", "reference"))
    waits = any(one.transfer.stage == PaymentStage.SENT for one in rows)
    return BatchPage(
        id=row.pk,
        number=row.number,
        made_on=local_day(row.made_at),
        made_by=row.made_by.first_name,
        pays_on=row.pays_on,
        cents=row.total_cents,
        payments=rows,
        kept_off=came_back(Q(batch=row)),
        waits=waits,
        why_not_confirm=rules.why_not_confirm(row.pays_on, local_day(at), waits=waits),
    )


def _payment_row(one: Payment) -> PaymentRow:
    return PaymentRow(
        partner=one.invoice.partner.name,
        invoice_id=one.invoice_id,
        invoice=one.invoice.number,
        month=one.invoice.month,
        transfer=transfer_of(one),
    )
