"""A question on a line: the office answers it or takes the line back, the municipality accepts it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from hendig.audit.actions import Change, change
from hendig.billing import rules
from hendig.billing.actions.invoices import PAYS, account_of, next_number, settle
from hendig.billing.models import (
    CreditedAppointment,
    Invoice,
    InvoicedAppointment,
    InvoiceKind,
    InvoiceLine,
    InvoiceStage,
    Tariff,
    partners_run_by,
)
from hendig.kernel.actor import Actor
from hendig.kernel.periods import Period, local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission


def answer_line(*, actor: Actor, line_id: UUID, words: str, at: datetime) -> InvoiceLine:
    """The office answers what is asked about a line; a later answer takes the place of an earlier one.

    Refused when no question stands open, and without words.
    """
    require_permission(actor, Permission.SEND_INVOICE)
    with change(actor, "invoice_line.answered", at=at) as act:
        own = Invoice.objects.filter(partner__in=partners_run_by(actor, local_day(at)).values("pk"))
        invoice, line = _locked(act, own, line_id)
        require(rules.why_no_answer(line.findings, settled=_is_settled(line), words=words))
        line.answer, line.answered_at = words.strip(), at
        line.save()
        act.topics |= {PAYS, f"partner:{invoice.partner_id}"}
        act.record(invoice, line=line.pk)
    return line


def accept_line(*, actor: Actor, line_id: UUID, at: datetime) -> InvoiceLine:
    """The municipality finds a line right although something was asked; a colleague pays it.

    Refused when no question stands open, and to who sent the invoice.
    """
    require_permission(actor, Permission.PAY)
    with change(actor, "invoice_line.accepted", at=at) as act:
        invoice, line = _locked(act, Invoice.objects.visible_to(actor, at=at), line_id)
        own = invoice.sent_by_id == actor.account_id
        known = not line.minutes or (line.match_id is not None and line.service_code_id is not None)
        require(rules.why_not_accept(line.findings, settled=_is_settled(line), own=own, known=known))
        line.accepted_by_id = account_of(actor)
        line.save()
        settle(invoice)
        act.topics |= {PAYS, f"partner:{invoice.partner_id}"}
        act.record(invoice, line=line.pk, cents=line.cents, asked=",".join(line.findings))
    return line


def credit_line(*, actor: Actor, line_id: UUID, at: datetime) -> Invoice:
    """The office takes back a line: a credit note says so, and its hours wait again.

    What was wrong is put right at the appointment or in the agreement; then the hours go on the next invoice.
    What was paid of it is kept off the next payment. Refused for one that was taken back before, and for an
    advance that was settled.
    """
    require_permission(actor, Permission.SEND_INVOICE)
    today = local_day(at)
    with change(actor, "invoice_line.credited", at=at) as act:
        # The partner's series of numbers before the invoice: in the order in which sending takes them.
        partners = partners_run_by(actor, today)
        own = Invoice.objects.filter(partner__in=partners.values("pk"))
        partner_id = own.filter(lines=line_id).values_list("partner_id", flat=True).first()
        if partner_id is None:
            raise NotVisible
        partner = act.lock(partners, partner_id)
        invoice, line = _locked(act, own, line_id)
        require(
            rules.why_not_credit(
                takes=invoice.corrects_id is not None or line.cents < 0,
                credited=_is_credited(line),
                settled=invoice.is_settled_advance,
            )
        )
        note = Invoice.objects.create(
            partner=partner,
            month=invoice.month,
            # Of hours it is a note of hours, whoever sent them or however they were paid: it is made here.
            kind=InvoiceKind.HOURS if line.minutes else invoice.kind,
            agreement=None if line.minutes else invoice.agreement,
            number=next_number(partner, today.year),
            stage=InvoiceStage.SETTLED,
            total_cents=-line.cents,
            sent_by_id=account_of(actor),
            sent_at=at,
            checked_at=at,
            corrects=invoice,
        )
        take_back(note, line)
        settle(invoice)
        act.topics |= {PAYS, f"partner:{invoice.partner_id}"}
        act.record(note, invoice=invoice.pk, line=line.pk, cents=note.total_cents)
    return note


def take_back(note: Invoice, line: InvoiceLine) -> None:
    """A step: the line counts no more, and what it was about waits again."""
    InvoiceLine.objects.create(
        invoice=note,
        credits=line,
        **_about(line),
        minutes=line.minutes,
        cents=-line.cents,
        first_on=line.first_on,
        last_on=line.last_on,
    )
    # They may be invoiced again, and where they stood before is kept.
    CreditedAppointment.objects.bulk_create(
        CreditedAppointment(line=line, appointment_id=one)
        for one in line.appointments.order_by("id").values_list("appointment_id", flat=True)
    )
    line.appointments.all().delete()


def _about(line: InvoiceLine) -> dict[str, Any]:
    """What another line about the same says as well."""
    return {
        "said": line.said,
        "match_id": line.match_id,
        "service_code_id": line.service_code_id,
        "code_name": line.code_name,
        "iv3_field": line.iv3_field,
        "cents_per_hour": line.cents_per_hour,
    }


def take_apart(line: InvoiceLine, part: rules.BilledLine) -> InvoiceLine:
    """A step: so much of the line is a line of its own; the two together say what the one said.

    What nobody kept goes first, then appointments of the days of the part, the youngest before the others.
    """
    prices = [rules.price_of(row) for row in Tariff.objects.of(line.invoice.partner_id)]
    rows = line.appointments.select_related("appointment__match").order_by("-appointment__starts_at", "-id")
    kept = [(row.pk, rules.kept_of(row.appointment)) for row in rows]
    counted = {key: rules.counted(one, prices) for key, one in kept}
    not_kept = line.minutes - sum(counted.values())
    days = Period(part.first_on, part.last_on)
    free = rules.to_free(
        [(key, counted[key]) for key, one in kept if days.covers(one.on)], part.minutes - max(not_kept, 0)
    )
    made = InvoiceLine.objects.create(
        invoice_id=line.invoice_id,
        part_of=line,
        **_about(line),
        minutes=part.minutes,
        cents=part.cents,
        first_on=max(part.first_on, line.first_on),
        last_on=min(part.last_on, line.last_on),
        findings=line.findings,
        accepted_by_id=line.accepted_by_id,
        batch_id=line.batch_id,
    )
    line.minutes -= part.minutes
    line.cents -= part.cents
    line.save()
    InvoicedAppointment.objects.filter(pk__in=free).update(line=made)
    return made


def _is_settled(line: InvoiceLine) -> bool:
    """Whether the municipality accepted it, or the office took it back."""
    return line.accepted_by_id is not None or _is_credited(line)


def _is_credited(line: InvoiceLine) -> bool:
    return InvoiceLine.objects.filter(credits=line).exists()


def _locked(act: Change, visible: QuerySet[Invoice], line_id: UUID) -> tuple[Invoice, InvoiceLine]:
    """The invoice, then its line: whoever pays or checks it at the same moment waits."""
    found = InvoiceLine.objects.filter(pk=line_id, invoice__in=visible)
    invoice_id = found.values_list("invoice_id", flat=True).first()
    if invoice_id is None:
        raise NotVisible
    return act.lock(visible, invoice_id), act.lock(InvoiceLine.objects.all(), line_id)
