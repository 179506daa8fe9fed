"""What a system looks up by what it knows itself: a file, a number, a month, the reference of a payment."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from hendig.billing import rules
from hendig.billing.models import Invoice, Journal, Original, Payment
from hendig.billing.queries.rows import InvoiceRow, row_of, with_transfers
from hendig.kernel.actor import Actor


def received_before(actor: Actor, sha256: str, *, at: datetime) -> UUID | None:
    """The invoice that came of this very file; None when it is new. 1 query."""
    visible = Invoice.objects.visible_to(actor, at=at)
    rows = Original.objects.filter(invoice__in=visible, sha256=sha256)
    return rows.values_list("invoice_id", flat=True).first()


def invoice_rows(
    actor: Actor, *, at: datetime, after: UUID | None, most: int, number: str, key: str
) -> tuple[InvoiceRow, ...]:
    """Invoices that the actor may read, newest first, those made before `after`. 1 query.

    By their number, that of the partner or ours; by the key under which they were sent.
    """
    rows = with_transfers(Invoice.objects.visible_to(actor, at=at)).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=after)
    if number:
        rows = rows.filter(Q(number=number) | Q(their_number=number))
    if key:
        rows = rows.filter(original__sent_as=rules.sent_as(key))
    return tuple(row_of(row) for row in rows[:most])


def journal_of(actor: Actor, month: date) -> UUID | None:
    """The journal of that month; None while it is not made, and for who is not finance. 1 query."""
    return Journal.objects.visible_to(actor).filter(month=month).values_list("pk", flat=True).first()


def payment_called(actor: Actor, reference: str) -> UUID | None:
    """The payment with this reference at the bank; None for who may not see payments. 1 query."""
    rows = Payment.objects.visible_to(actor).filter(reference=reference)
    return rows.values_list("pk", flat=True).first()
