"""Agreements and tariffs are made, a month becomes an invoice that checks itself, what is right is paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.billing import rules
from hendig.billing.adapters import sepa
from hendig.billing.models import (
    Agreement,
    Invoice,
    InvoicedAppointment,
    InvoiceLine,
    InvoiceStage,
    PaymentBatch,
    Tariff,
    Variant,
    kept_not_invoiced,
    partners_run_by,
)
from hendig.kernel.actor import Actor
from hendig.kernel.periods import Period, local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.models import Municipality, Partner, ServiceCode
from hendig.people.rules import Permission, require_permission

PAYS = "invoices"  # what the pages of finance listen to


def make_agreement(
    *,
    actor: Actor,
    partner_id: UUID,
    from_on: date,
    at: datetime,
    until_on: date | None = None,
    variant: Variant = Variant.EFFORT,
) -> Agreement:
    """Municipality and partner have an agreement in this period. Refused for an end before its start."""
    require_permission(actor, Permission.PAY)
    with change(actor, "agreement.made", at=at) as act:
        partner = act.lock(Partner.objects.filter(municipality_id=actor.municipality_id), partner_id)
        require(rules.why_not_dated(Period(from_on, until_on)))
        agreement = Agreement.objects.create(
            partner=partner, variant=variant, from_on=from_on, until_on=until_on
        )
        act.record(agreement, partner=partner.pk, from_on=from_on, until_on=until_on, variant=variant)
    return agreement


def set_tariff(
    *,
    actor: Actor,
    agreement_id: UUID,
    service_code_id: UUID,
    cents_per_hour: int,
    from_on: date,
    at: datetime,
    until_on: date | None = None,
) -> Tariff:
    """An hour on the code costs this in the period. Refused when another tariff holds on one of its days."""
    require_permission(actor, Permission.PAY)
    with change(actor, "tariff.set", at=at) as act:
        agreement = _agreement_under_lock(act, actor, agreement_id)
        code = ServiceCode.objects.filter(municipality_id=actor.municipality_id, pk=service_code_id).first()
        if code is None:
            raise NotVisible
        period = Period(from_on, until_on)
        others = Tariff.objects.of(agreement.partner_id).filter(service_code=code)
        require(rules.why_not_dated(period))
        require(
            rules.why_no_tariff(cents_per_hour, period, agreement.period, [other.period for other in others])
        )
        tariff = Tariff.objects.create(
            agreement=agreement,
            service_code=code,
            cents_per_hour=cents_per_hour,
            from_on=from_on,
            until_on=until_on,
        )
        act.record(tariff, agreement=agreement.pk, code=code.code, cents=cents_per_hour, from_on=from_on)
    return tariff


def end_tariff(*, actor: Actor, tariff_id: UUID, until_on: date, at: datetime) -> Tariff:
    """The tariff has this last day, so that another may follow. Refused when later hours were invoiced."""
    require_permission(actor, Permission.PAY)
    with change(actor, "tariff.ended", at=at) as act:
        visible = Tariff.objects.filter(municipality_id=actor.municipality_id)
        agreement_id = visible.filter(pk=tariff_id).values_list("agreement_id", flat=True).first()
        if agreement_id is None:
            raise NotVisible
        agreement = _agreement_under_lock(act, actor, agreement_id)
        tariff = act.lock(visible, tariff_id)
        lines = InvoiceLine.objects.filter(
            invoice__partner=agreement.partner_id,
            service_code=tariff.service_code_id,
            cents_per_hour=tariff.cents_per_hour,
            last_on__gte=tariff.from_on,
        )
        invoiced_until = lines.order_by("-last_on").values_list("last_on", flat=True).first()
        require(rules.why_not_end_tariff(tariff.period, until_on, invoiced_until))
        tariff.until_on = until_on
        tariff.save()
        act.record(tariff, until_on=until_on)
    return tariff


def _agreement_under_lock(act: Change, actor: Actor, agreement_id: UUID) -> Agreement:
    """The agreement, with its partner locked: tariffs of one partner are agreed one after the other."""
    agreement = Agreement.objects.filter(municipality_id=actor.municipality_id, pk=agreement_id).first()
    if agreement is None:
        raise NotVisible
    act.lock(Partner.objects.filter(municipality_id=actor.municipality_id), agreement.partner_id)
    return agreement


def send_invoice(*, actor: Actor, partner_id: UUID, month: date, at: datetime) -> Invoice:
    """The month's invoice is sent, has a number without gaps, and is right or asked about.

    On it stands every kept appointment until the end of the month that was on no invoice yet and for which a
    tariff was agreed. Refused for a month that is not over, was sent already, or has nothing to send.
    """
    require_permission(actor, Permission.SEND_INVOICE)
    month, today = month.replace(day=1), local_day(at)
    with change(actor, "invoice.sent", at=at) as act:
        # The partner's series of numbers is what is scarce: whoever sends at the same moment waits here.
        partner = act.lock(partners_run_by(actor, today), partner_id)
        kept = kept_not_invoiced(partner.pk, rules.month_ends(month)).select_for_update(of=("self",))
        waiting = [rules.kept_of(appointment) for appointment in kept]
        lines = rules.drafts(waiting, [rules.price_of(row) for row in Tariff.objects.of(partner.pk)])
        require(
            rules.why_not_send(
                month,
                today,
                already=Invoice.objects.filter(partner=partner, month=month).exists(),
                lines=len(lines),
                unpriced=len(waiting),
            )
        )
        invoice = Invoice.objects.create(
            partner=partner,
            month=month,
            number=_invoice_number(partner, today.year),
            total_cents=sum(line.cents for line in lines),
            sent_by_id=_account(actor),
            sent_at=at,
        )
        _write_lines(invoice, lines)
        check(act, invoice)
        act.record(
            invoice, month=f"{month:%Y-%m}", cents=invoice.total_cents, lines=len(lines), stage=invoice.stage
        )
        act.topics |= {PAYS, f"partner:{partner.pk}"}
    return invoice


def _invoice_number(partner: Partner, year: int) -> str:
    series = rules.invoice_series(partner.kvk, year)
    before = Invoice.objects.filter(
        municipality_id=partner.municipality_id, number__startswith=series
    ).count()
    return rules.invoice_number(partner.kvk, year, before)


def _write_lines(invoice: Invoice, drafts: Sequence[rules.Draft]) -> None:
    lines = InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            match_id=draft.match_id,
            service_code_id=draft.service_code_id,
            minutes=draft.minutes,
            cents_per_hour=draft.cents_per_hour,
            cents=draft.cents,
            first_on=draft.first_on,
            last_on=draft.last_on,
        )
        for draft in drafts
    )
    InvoicedAppointment.objects.bulk_create(
        InvoicedAppointment(line=line, appointment_id=appointment_id)
        for line, draft in zip(lines, drafts, strict=True)
        for appointment_id in draft.appointments
    )


def check(act: Change, invoice: Invoice) -> None:
    """A step: the four facts of every line are looked up; the invoice is right, or asked about by line."""
    lines = list(invoice.lines.select_related("match", "service_code").order_by("id"))
    claims = _claims(invoice, lines)
    for line in lines:
        line.findings = [finding.value for finding in rules.findings(claims[line.pk])]
    InvoiceLine.objects.bulk_update(lines, ["findings"])
    asked = any(line.findings for line in lines)
    invoice.stage = InvoiceStage.ASKED if asked else InvoiceStage.RIGHT
    invoice.checked_at = act.at
    invoice.save()


def _claims(invoice: Invoice, lines: Iterable[InvoiceLine]) -> dict[UUID, rules.Claim]:
    """What each line says beside what is known: agreements, tariffs, the match and its kept appointments."""
    kept: dict[UUID, list[rules.Kept]] = defaultdict(list)
    rows = InvoicedAppointment.objects.filter(line__invoice=invoice)
    for row in rows.select_related("appointment__match"):
        kept[row.line_id].append(rules.kept_of(row.appointment))
    agreements = tuple(row.period for row in Agreement.objects.filter(partner=invoice.partner_id))
    prices = tuple(rules.price_of(row) for row in Tariff.objects.of(invoice.partner_id))
    return {
        line.pk: rules.Claim(
            municipality_id=invoice.municipality_id,
            partner_id=invoice.partner_id,
            service_code_id=line.service_code_id,
            minutes=line.minutes,
            cents_per_hour=line.cents_per_hour,
            cents=line.cents,
            days=tuple(one.on for one in kept[line.pk]),
            kept_minutes=sum(one.minutes for one in kept[line.pk]),
            family_municipality_id=line.match.municipality_id,
            match_partner_id=line.match.partner_id,
            match_code_id=line.match.service_code_id,
            match_period=Period(line.match.starts_on, line.match.ends_on),
            code_municipality_id=line.service_code.municipality_id,
            agreements=agreements,
            prices=prices,
        )
        for line in lines
    }


def check_again(*, actor: Actor, invoice_id: UUID, at: datetime) -> Invoice:
    """The four facts were looked up once more: what was asked about may be right by now.

    Refused for an invoice about which nothing is asked.
    """
    require_permission(actor, Permission.PAY)
    with change(actor, "invoice.checked", at=at) as act:
        invoice = act.lock(Invoice.objects.visible_to(actor, at=at), invoice_id)
        require(rules.why_not_check(invoice.stage))
        check(act, invoice)
        act.record(invoice, stage=invoice.stage)
        act.topics |= {PAYS, f"partner:{invoice.partner_id}"}
    return invoice


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
        made_by_id=_account(actor),
        made_at=at,
        pays_on=pays_on,
        total_cents=sum(invoice.total_cents for invoice in invoices),
        xml=xml.decode(),
    )


def _account(actor: Actor) -> UUID:
    """Money is asked for and paid by a person, never by the system itself."""
    if actor.account_id is None:
        raise NotVisible
    return actor.account_id
