"""What is right is paid, once; and where nobody reads files of the bank somebody says that it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Sum

from hendig.audit.actions import Change, change
from hendig.billing import rules
from hendig.billing.actions.answers import answer_anew
from hendig.billing.actions.invoices import PAYS, account_of, settle
from hendig.billing.adapters import sepa
from hendig.billing.models import (
    Invoice,
    InvoiceLine,
    InvoiceStage,
    Payment,
    PaymentBatch,
    PaymentStage,
    Repayment,
    own_of,
    payable_by,
    square,
)
from hendig.billing.queries.repayments import keep_off, owed
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.models import Municipality
from hendig.people.rules import Permission, require_permission


def pay(*, actor: Actor, at: datetime) -> PaymentBatch:
    """Everything that is right is paid in one file for the bank, on the next banking day; once.

    A line that is asked about waits; the rest of its invoice does not. What a partner is to give back is kept
    off what it is paid: where nothing is left nothing goes to the bank. What the actor sent as an office,
    agreed by the month or accepted is left for a colleague. A partner without a valid account waits, and its
    office is told. Refused when nothing is left to pay, or when the municipality or nobody else has one.
    """
    require_permission(actor, Permission.PAY)
    today = local_day(at)
    with change(actor, "payment.made", at=at) as act:
        # The municipality's series of files is what is scarce: of twelve presses the first pays.
        rows = Municipality.objects.filter(pk=actor.municipality_id)
        municipality = act.lock(rows, actor.municipality_id)
        right = _to_pay(actor, at)
        partners = {one.invoice.partner_id: one.invoice.partner for one in right}
        debtor = rules.Payee(municipality.name, municipality.iban)
        require(rules.why_not_pay(debtor, [rules.Payee(row.name, row.iban) for row in partners.values()]))
        left_out = {key for key, row in partners.items() if not rules.is_iban(row.iban)}
        invoices = [one for one in right if one.invoice.partner_id not in left_out]
        due = owed(actor, partners={one.invoice.partner_id for one in invoices})
        kept = keep_off(due, [(one.invoice, one.cents) for one in invoices])
        parts = [_less(part, kept) for part in invoices]
        batch = _batch(municipality, parts, actor, rules.next_banking_day(today), at)
        act.record(
            batch,
            cents=batch.total_cents,
            invoices=len(parts),
            pays_on=batch.pays_on,
            kept_off=sum(one.cents for one in kept),
        )
        for partner_id in sorted(left_out):
            act.record(batch, also="payment.left_out", partner=partner_id)
        Payment.objects.bulk_create(
            Payment(batch=batch, invoice=one.invoice, reference=one.reference, cents=one.transferred)
            for one in parts
            if one.transferred
        )
        Repayment.objects.bulk_create(
            Repayment(note_id=off.note_id, invoice_id=off.invoice_id, batch=batch, cents=off.cents)
            for off in kept
        )
        for part in parts:
            _book(act, part, batch)
        _square({one.invoice.partner_id for one in parts})
        act.topics |= {PAYS, *(f"partner:{part.invoice.partner_id}" for part in parts)}
    return batch


def confirm_paid(*, actor: Actor, batch_id: UUID, at: datetime) -> PaymentBatch:
    """Somebody saw at the bank that a batch was carried out: all of it of which nothing was heard is paid.

    Refused before its day, and when the bank said of each payment what became of it.
    """
    require_permission(actor, Permission.PAY)
    with change(actor, "payment.confirmed", at=at) as act:
        # As `read_bank_file` does: the municipality first, so that what a file says meanwhile is seen.
        act.lock(Municipality.objects.filter(pk=actor.municipality_id), actor.municipality_id)
        batch = act.lock(PaymentBatch.objects.visible_to(actor), batch_id)
        rows = batch.payments.filter(stage=PaymentStage.SENT).select_related("invoice").in_order()
        payments = list(rows.select_for_update(of=("self",)))
        require(rules.why_not_confirm(batch.pays_on, local_day(at), waits=bool(payments)))
        for payment in payments:
            payment.stage, payment.booked_on = PaymentStage.PAID, batch.pays_on
            payment.confirmed_by_id, payment.confirmed_at = account_of(actor), at
        Payment.objects.bulk_update(payments, ["stage", "booked_on", "confirmed_by", "confirmed_at"])
        answer_anew([one.invoice_id for one in payments])
        act.record(batch, payments=len(payments))
        for payment in payments:
            act.record(payment.invoice, also="invoice.confirmed", payment=payment.pk, on=payment.booked_on)
        act.topics |= {PAYS, *(f"partner:{one.invoice.partner_id}" for one in payments)}
    return batch


@dataclass(frozen=True, slots=True)
class _Part:
    """What of an invoice is paid now, what of that is kept off, and for the how manieth time something is."""

    invoice: Invoice
    cents: int
    times: int
    kept: int = 0

    @property
    def transferred(self) -> int:
        """What goes to the bank."""
        return self.cents - self.kept

    @property
    def reference(self) -> str:
        """The number of the invoice; what comes later of it, also after a refusal, has one more behind it."""
        return self.invoice.number if self.times == 1 else f"{self.invoice.number}-{self.times}"


def _less(part: _Part, kept: Iterable[rules.KeptOff]) -> _Part:
    return replace(part, kept=sum(off.cents for off in kept if off.invoice_id == part.invoice.pk))


def _to_pay(actor: Actor, at: datetime) -> list[_Part]:
    """What can be paid now, by invoice, under lock. 3 queries.

    Its lines are added up where they are, for a month may have very many. Whoever changes one has its invoice
    under lock as well.
    """
    open_ones = Invoice.objects.visible_to(actor, at=at).filter(
        stage__in=[InvoiceStage.RIGHT, InvoiceStage.ASKED]
    )
    invoices = list(
        open_ones.exclude(own_of(actor))
        .select_for_update(of=("self",))
        .select_related("partner")
        .order_by("number")
    )
    rows = InvoiceLine.objects.filter(payable_by(actor), invoice__in=invoices).order_by().values("invoice")
    cents = dict(rows.annotate(sum=Sum("cents")).values_list("invoice", "sum"))
    sent = Payment.objects.filter(invoice__in=invoices).order_by().values("invoice").annotate(n=Count("pk"))
    times = dict(sent.values_list("invoice", "n"))
    parts = (_Part(one, cents.get(one.pk, 0), times.get(one.pk, 0) + 1) for one in invoices)
    # What was advanced is taken off with the hours that are right, and never of money that is not there.
    return [part for part in parts if part.cents > 0]


def _book(act: Change, part: _Part, batch: PaymentBatch) -> None:
    """A step: what is right of the invoice is paid in the batch, and with its last line the invoice is."""
    invoice = part.invoice
    InvoiceLine.objects.filter(payable_by(act.actor), invoice=invoice).update(batch=batch)
    invoice.paid_cents += part.cents
    settle(invoice)
    whole = invoice.stage == InvoiceStage.PAID
    code = "invoice.paid" if whole else "invoice.part_paid"
    act.record(invoice, also=code, batch=batch.pk, cents=part.cents)


def _square(partners: Collection[UUID]) -> None:
    """A step: what of these partners is square is passed by from now on. 2 queries.

    Under lock before it is counted: who takes a line of a settlement back at the same moment comes before or
    after.
    """
    rows = Invoice.objects.filter(partner__in=partners, stage=InvoiceStage.SETTLED, squared=False)
    locked = list(rows.select_for_update(of=("self",)).order_by("number").values_list("pk", flat=True))
    square(Invoice.objects.filter(pk__in=locked)).update(squared=True)


def _batch(
    municipality: Municipality, parts: Sequence[_Part], actor: Actor, pays_on: date, at: datetime
) -> PaymentBatch:
    year = local_day(at).year
    made = PaymentBatch.objects.filter(
        municipality_id=municipality.pk, number__startswith=rules.batch_series(year)
    )
    number = rules.batch_number(year, made.count())
    transfers = [
        sepa.Transfer(
            one.invoice.partner.name,
            one.invoice.partner.iban,
            one.transferred,
            one.reference,
            about=one.invoice.their_number,
        )
        for one in parts
        if one.transferred
    ]
    debtor = sepa.Debtor(municipality.name, municipality.iban, municipality.bic)
    # Where all was kept off there is nothing for the bank.
    xml = sepa.transfers(debtor, transfers, number=number, pays_on=pays_on, at=at) if transfers else b""
    return PaymentBatch.objects.create(
        number=number,
        made_by_id=account_of(actor),
        made_at=at,
        pays_on=pays_on,
        total_cents=sum(one.transferred for one in parts),
        xml=xml.decode(),
    )
