"""Every payment by key, for who follows where money went: partners and amounts, no family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from hendig.billing.models import Invoice, Payment, PaymentBatch
from hendig.billing.queries.rows import Transfer, transfer_of
from hendig.kernel.actor import Actor
from hendig.people.models import Partner


@dataclass(frozen=True, slots=True)
class PaidRow:
    """One transfer, to whom and for what; `transfer.id` is the key of its chain."""

    transfer: Transfer
    batch: str
    partner: str
    invoice_id: UUID
    invoice: str
    month: date


@dataclass(frozen=True, slots=True)
class PaidPage:
    """A page of payments, newest first; `older` is where the next one begins."""

    rows: tuple[PaidRow, ...]
    older: UUID | None


def paid(actor: Actor, *, number: str = "", before: UUID | None = None, size: int = 50) -> PaidPage:
    """The payments by key, all or those that a number names: of a payment, a batch or an invoice. 1 query."""
    rows = Payment.objects.visible_to(actor).select_related("batch", "invoice__partner").order_by("-id")
    if number:
        rows = rows.filter(_named(actor, number.strip()))
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: size + 1])
    shown = tuple(
        PaidRow(
            transfer=transfer_of(row),
            batch=row.batch.number,
            partner=row.invoice.partner.name,
            invoice_id=row.invoice_id,
            invoice=row.invoice.their_number or row.invoice.number,
            month=row.invoice.month,
        )
        for row in found[:size]
    )
    return PaidPage(shown, shown[-1].transfer.id if len(found) > size else None)


def _named(actor: Actor, number: str) -> Q:
    """What goes by this number; each is looked up in an index of its own."""
    here = {"municipality_id": actor.municipality_id}
    ours = Invoice.objects.filter(**here, number=number)
    theirs = Invoice.objects.filter(partner__in=Partner.objects.filter(**here), their_number=number)
    return (
        Q(reference=number)
        | Q(batch__in=PaymentBatch.objects.filter(**here, number=number))
        | Q(invoice__in=ours)
        | Q(invoice__in=theirs)
    )
