"""From the kept appointment to the line of the bank: all that one payment stands on, without a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from hendig.billing import rules
from hendig.billing.models import (
    CreditedAppointment,
    Invoice,
    InvoiceLine,
    MonthlyAmount,
    Payment,
    Tariff,
)
from hendig.billing.queries.repayments import CameBack, came_back
from hendig.billing.queries.rows import Hour, Transfer, hours_under, transfer_of
from hendig.families.queries.opening import leave_trace
from hendig.kernel.actor import Actor
from hendig.kernel.periods import Period, local_day
from hendig.kernel.refusal import NotVisible, Words


@dataclass(frozen=True, slots=True)
class Apart:
    """A part of a line that a credit note took back, whether the rest was paid before that or after."""

    number: str
    minutes: int
    cents: int


@dataclass(frozen=True, slots=True)
class ChainLine:
    """A line that was paid, the hours under it, what was agreed, and the rule that made it right.

    Without code and match it is what an agreement says of a month.
    """

    code: str
    code_name: str
    iv3_field: str
    match_number: str
    minutes: int
    cents_per_hour: int
    cents: int
    agreed: tuple[Period, ...]
    asked: tuple[Words, ...]
    accepted_by: str
    # The credit note that took it back after it was paid.
    credited_by: str
    # What was invoiced on the same line, and is none of it any more.
    apart: tuple[Apart, ...]
    hours: tuple[Hour, ...]


@dataclass(frozen=True, slots=True)
class Credited:
    """A line of the same invoice that was taken back, and the days of the hours that stood on it.

    Or a part of one: then `of_minutes` is what was left of that line.
    """

    number: str
    invoice_id: UUID
    match_number: str
    cents: int
    days: tuple[date, ...]
    minutes: int
    of_minutes: int | None


@dataclass(frozen=True, slots=True)
class Chain:
    """One payment from end to end."""

    id: UUID
    transfer: Transfer
    bank_line: str
    bank_file: str
    # Who saw at the bank that it was paid; nobody where a file of the bank says so.
    confirmed_by: str
    batch_id: UUID
    batch: str
    made_by: str
    made_on: date
    partner: str
    kvk: str
    invoice_id: UUID
    invoice: str
    month: date
    # Nobody when it was made by itself.
    sent_by: str
    sent_at: datetime
    checked_at: datetime | None
    lines: tuple[ChainLine, ...]
    # What was kept off it for a credit note: the lines are the transfer and that together.
    kept_off: tuple[CameBack, ...]
    credited: tuple[Credited, ...]
    others: tuple[Transfer, ...]


def chain(actor: Actor, payment_id: UUID, *, at: datetime, takes: bool = False) -> Chain:
    """All that the payment stands on; `NotVisible` for who may not see payments. 14 queries.

    Each family reads that its hours were looked at, or with `takes` that they left as a file.
    """
    found = Payment.objects.visible_to(actor).select_related(
        "batch__made_by", "invoice__partner", "invoice__sent_by", "booked_in", "refused_in", "confirmed_by"
    )
    row = found.filter(pk=payment_id).first()
    if row is None:
        raise NotVisible
    invoice = row.invoice
    lines, notes = _paid(row), _notes(invoice)
    leave_trace(
        actor,
        "payment.taken_along" if takes else "payment.followed",
        {line.match.compartment_id for line in (*lines, *notes) if line.match},
        at=at,
    )
    others = Payment.objects.filter(invoice=invoice).exclude(pk=row.pk).select_related("batch").in_order()
    return Chain(
        id=row.pk,
        transfer=transfer_of(row),
        bank_line=row.refused_line or row.booked_line,
        bank_file=next((one.message_id for one in (row.refused_in, row.booked_in) if one), ""),
        confirmed_by=row.confirmed_by.first_name if row.confirmed_by else "",
        batch_id=row.batch_id,
        batch=row.batch.number,
        made_by=row.batch.made_by.first_name,
        made_on=local_day(row.batch.made_at),
        partner=invoice.partner.name,
        kvk=invoice.partner.kvk,
        invoice_id=invoice.pk,
        invoice=invoice.number,
        month=invoice.month,
        sent_by=invoice.sent_by.first_name if invoice.sent_by else "",
        sent_at=invoice.sent_at,
        checked_at=invoice.checked_at,
        lines=_lines(row, lines, notes),
        kept_off=came_back(Q(batch=row.batch, invoice=invoice)),
        credited=_credited(invoice, notes),
        others=tuple(transfer_of(one) for one in others),
    )


def _paid(payment: Payment) -> list[InvoiceLine]:
    """What was paid by it; nothing of one that came back, for its lines wait or are in another. 1 query."""
    return list(
        InvoiceLine.objects.filter(invoice=payment.invoice_id, batch=payment.batch_id)
        .select_related("match", "service_code", "accepted_by")
        .order_by("service_code__code", "match__number", "id")
    )


def _notes(invoice: Invoice) -> list[InvoiceLine]:
    """The lines of credit notes to the invoice. 1 query."""
    return list(
        InvoiceLine.objects.filter(invoice__corrects=invoice)
        .select_related("invoice", "match", "credits__part_of")
        .order_by("invoice__number", "id")
    )


def _lines(
    payment: Payment, lines: Sequence[InvoiceLine], notes: Sequence[InvoiceLine]
) -> tuple[ChainLine, ...]:
    """What was paid, with its hours and what was agreed. 4 queries."""
    credited = {note.credits_id: note.invoice.number for note in notes}
    apart: dict[UUID | None, list[Apart]] = defaultdict(list)
    for note in notes:
        if note.credits and note.credits.part_of_id:
            apart[note.credits.part_of_id].append(Apart(note.invoice.number, note.minutes, -note.cents))
    hours = hours_under(lines)
    amount = MonthlyAmount.objects.filter(agreement__invoices=payment.invoice_id).on(payment.invoice.month)
    of_month = next(iter(amount.values_list("iv3_field", flat=True)[:1]), "")
    tariffs = list(Tariff.objects.of(payment.invoice.partner_id))
    return tuple(
        ChainLine(
            code=line.service_code.code if line.service_code else "",
            code_name=line.code_name or (line.service_code.name if line.service_code else ""),
            iv3_field=line.iv3_field or (line.service_code.iv3_field if line.service_code else of_month),
            match_number=line.match.number if line.match else "",
            minutes=line.minutes,
            cents_per_hour=line.cents_per_hour,
            cents=line.cents,
            agreed=_agreed(tariffs, line),
            asked=tuple(rules.FINDINGS[rules.Finding(code)][1] for code in line.findings),
            accepted_by=line.accepted_by.first_name if line.accepted_by else "",
            credited_by=credited.get(line.pk, ""),
            apart=tuple(apart[line.pk]),
            hours=tuple(hours[line.pk]),
        )
        for line in lines
    )


def _agreed(tariffs: Iterable[Tariff], line: InvoiceLine) -> tuple[Period, ...]:
    """Since when and until when the tariff of the line was agreed, as far as its days are in it."""
    days = Period(line.first_on, line.last_on)
    return tuple(
        one.period
        for one in tariffs
        if (one.service_code_id, one.cents_per_hour) == (line.service_code_id, line.cents_per_hour)
        and one.period.overlaps(days)
    )


def _credited(invoice: Invoice, notes: Iterable[InvoiceLine]) -> tuple[Credited, ...]:
    """What of the invoice was taken back. 1 query, for the days."""
    days: dict[UUID, list[date]] = defaultdict(list)
    rows = CreditedAppointment.objects.filter(line__invoice=invoice).order_by("appointment__starts_at", "id")
    for line_id, starts_at in rows.values_list("line_id", "appointment__starts_at"):
        days[line_id].append(local_day(starts_at))
    return tuple(
        Credited(
            one.invoice.number,
            one.invoice_id,
            one.match.number if one.match else "",
            one.cents,
            tuple(days[one.credits_id]) if one.credits_id else (),
            one.minutes,
            one.credits.part_of.minutes if one.credits and one.credits.part_of else None,
        )
        for one in notes
    )
