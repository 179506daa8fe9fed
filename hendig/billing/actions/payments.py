"""What is right is paid, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from hendig.audit.actions import change
from hendig.billing import rules
from hendig.billing.actions.invoices import PAYS, account_of
from hendig.billing.adapters import sepa
from hendig.billing.models import (
    Invoice,
    InvoiceStage,
    PaymentBatch,
)
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.models import Municipality
from hendig.people.rules import Permission, require_permission


def pay(*, actor: Actor, at: datetime) -> PaymentBatch:
    """Everything that is right is paid in one file for the bank, on the next banking day; once.

    What the actor sent as an office is left for a colleague. Refused when nothing is left to pay, or when the
    municipality or a partner has no valid account.
    """
    require_permission(actor, Permission.PAY)
    today = local_day(at)
    with change(actor, "payment.made", at=at) as act:
        # The municipality's series of files is what is scarce: of twelve presses the first pays.
        rows = Municipality.objects.filter(pk=actor.municipality_id)
        municipality = act.lock(rows, actor.municipality_id)
        right = Invoice.objects.visible_to(actor, at=at).filter(stage=InvoiceStage.RIGHT)
        invoices = list(
            right.exclude(sent_by=actor.account_id)
            .select_for_update(of=("self",))
            .select_related("partner")
            .order_by("number")
        )
        debtor = rules.Payee(municipality.name, municipality.iban)
        require(
            rules.why_not_pay(debtor, [rules.Payee(row.partner.name, row.partner.iban) for row in invoices])
        )
        batch = _batch(municipality, invoices, actor, rules.next_banking_day(today), at)
        for invoice in invoices:
            invoice.stage, invoice.batch = InvoiceStage.PAID, batch
        Invoice.objects.bulk_update(invoices, ["stage", "batch"])
        act.record(batch, cents=batch.total_cents, invoices=len(invoices), pays_on=batch.pays_on)
        for invoice in invoices:
            act.record(invoice, also="invoice.paid", batch=batch.pk, cents=invoice.total_cents)
        act.topics |= {PAYS, *(f"partner:{invoice.partner_id}" for invoice in invoices)}
    return batch


def _batch(
    municipality: Municipality, invoices: Sequence[Invoice], actor: Actor, pays_on: date, at: datetime
) -> PaymentBatch:
    year = local_day(at).year
    made = PaymentBatch.objects.filter(
        municipality_id=municipality.pk, number__startswith=rules.batch_series(year)
    )
    number = rules.batch_number(year, made.count())
    xml = sepa.transfers(
        sepa.Debtor(municipality.name, municipality.iban, municipality.bic),
        [sepa.Transfer(row.partner.name, row.partner.iban, row.total_cents, row.number) for row in invoices],
        number=number,
        pays_on=pays_on,
        at=at,
    )
    return PaymentBatch.objects.create(
        number=number,
        made_by_id=account_of(actor),
        made_at=at,
        pays_on=pays_on,
        total_cents=sum(invoice.total_cents for invoice in invoices),
        xml=xml.decode(),
    )
