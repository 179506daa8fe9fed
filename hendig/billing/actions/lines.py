"""A question on a line: the office answers it, the municipality accepts the line as it stands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hendig.audit.actions import Change, change
from hendig.billing import rules
from hendig.billing.actions.invoices import PAYS, account_of, settle
from hendig.billing.models import Invoice, InvoiceLine, partners_run_by
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
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
        accepted = line.accepted_by_id is not None
        require(rules.why_no_answer(line.findings, accepted=accepted, words=words))
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
        accepted, own = line.accepted_by_id is not None, invoice.sent_by_id == actor.account_id
        require(rules.why_not_accept(line.findings, accepted=accepted, own=own))
        line.accepted_by_id = account_of(actor)
        line.save()
        settle(invoice)
        act.topics |= {PAYS, f"partner:{invoice.partner_id}"}
        act.record(invoice, line=line.pk, cents=line.cents, asked=",".join(line.findings))
    return line


def _locked(act: Change, visible: QuerySet[Invoice], line_id: UUID) -> tuple[Invoice, InvoiceLine]:
    """The invoice, then its line: whoever pays or checks it at the same moment waits."""
    found = InvoiceLine.objects.filter(pk=line_id, invoice__in=visible)
    invoice_id = found.values_list("invoice_id", flat=True).first()
    if invoice_id is None:
        raise NotVisible
    return act.lock(visible, invoice_id), act.lock(InvoiceLine.objects.all(), line_id)
