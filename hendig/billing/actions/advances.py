"""What is paid each month without hours is made by itself, and advances are settled with what was kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Max, Sum

from hendig.audit.actions import Change, change
from hendig.billing import rules
from hendig.billing.actions.agreements import agreement_under_lock
from hendig.billing.actions.invoices import PAYS, account_of, check, next_number, write_lines
from hendig.billing.models import (
    OF_MONTH,
    Agreement,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceStage,
    MonthlyAmount,
    Tariff,
    Variant,
)
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, Period, local_day, month_of
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission
from hendig.plans.models import Appointment, AppointmentStage


def change_amount(
    *, actor: Actor, agreement_id: UUID, cents: int, iv3_field: str, from_on: date, at: datetime
) -> MonthlyAmount:
    """From that month on this is paid each month; what was paid until then ends the day before.

    Refused without a field of Iv3, for an agreement that is paid by the hour, a day that begins no month or
    lies outside it, and a month for which an amount was made already.
    """
    require_permission(actor, Permission.KEEP_AGREEMENTS)
    with change(actor, "monthly_amount.set", at=at) as act:
        agreement = agreement_under_lock(act, actor, agreement_id)
        others = list(agreement.amounts.all())
        made = agreement.invoices.filter(kind__in=OF_MONTH).aggregate(last=Max("month"))["last"]
        require(
            rules.why_no_field(iv3_field)
            or rules.why_no_monthly_amount(
                agreement.variant, cents, from_on, agreement.period, [one.period for one in others], made
            )
        )
        for standing in others:
            if standing.until_on is None:
                standing.until_on = from_on - timedelta(days=1)
                standing.save()
        amount = MonthlyAmount.objects.create(
            agreement=agreement,
            cents=cents,
            iv3_field=iv3_field,
            from_on=from_on,
            set_by_id=account_of(actor),
        )
        act.record(amount, agreement=agreement.pk, cents=cents, iv3=iv3_field, from_on=from_on)
    return amount


def make_advance(*, municipality_id: UUID, agreement_id: UUID, month: date, at: datetime) -> Invoice:
    """The invoice of a month under an agreement that is paid by the month, with a number without gaps.

    `NotVisible` when it is not due: it was made a moment ago, or nothing holds in that month.
    """
    actor = Actor.system(municipality_id)
    with change(actor, "advance.made", at=at) as act:
        agreement = agreement_under_lock(act, actor, agreement_id)
        amount = agreement.amounts.on(month).first()
        made = agreement.invoices.filter(kind__in=OF_MONTH).values_list("month", flat=True)
        amounts = [amount.period] if amount else []
        if amount is None or month not in rules.months_due(
            amounts, agreement.period, list(made), local_day(at)
        ):
            raise NotVisible
        invoice = Invoice.objects.create(
            partner_id=agreement.partner_id,
            agreement=agreement,
            kind=InvoiceKind.FIXED if agreement.variant == Variant.FIXED else InvoiceKind.ADVANCE,
            month=month,
            number=next_number(agreement.partner, local_day(at).year),
            total_cents=amount.cents,
            sent_at=at,
        )
        days = month_of(month)
        _of_days(invoice, days, amount.cents)
        check(act, invoice)
        act.record(invoice, month=f"{month:%Y-%m}", cents=amount.cents, stage=invoice.stage)
        act.topics |= {PAYS, f"partner:{agreement.partner_id}"}
    return invoice


def _of_days(invoice: Invoice, days: Period, cents: int) -> None:
    InvoiceLine.objects.create(
        invoice=invoice,
        minutes=0,
        cents_per_hour=0,
        cents=cents,
        first_on=days.first,
        last_on=days.last or days.first,
    )


def settle_advances(*, municipality_id: UUID, agreement_id: UUID, at: datetime) -> Invoice | None:
    """What was kept until a year's end, or the end of the agreement, beside what was advanced for it.

    More was kept: an invoice of the difference. Less: a credit note to the last advance, which the partner
    pays back. Nothing of both: only the day is written. `NotVisible` when nothing is to be settled yet.
    """
    actor = Actor.system(municipality_id)
    with change(actor, "advances.settled", at=at) as act:
        agreement = agreement_under_lock(act, actor, agreement_id)
        until = rules.settles_until(agreement.period, agreement.first_unsettled, local_day(at))
        if agreement.variant != Variant.TASK or until is None:
            raise NotVisible
        drafts = _kept_under(agreement, until)
        days = (agreement.first_unsettled, until)
        advances = agreement.invoices.filter(kind=InvoiceKind.ADVANCE, month__range=days)
        advanced = advances.aggregate(cents=Sum("total_cents"))["cents"] or 0
        last = advances.filter(corrects=None).order_by("month").last()
        invoice = _settlement(act, agreement, until, drafts, last, advanced)
        agreement.settled_until = until
        agreement.save()
        act.record(
            invoice or agreement,
            until_on=until,
            cents=sum(draft.cents for draft in drafts) - advanced,
            advanced=advanced,
            lines=len(drafts),
        )
        act.topics |= {PAYS, f"partner:{agreement.partner_id}"}
    return invoice


def _kept_under(agreement: Agreement, until: date) -> Sequence[rules.Draft]:
    """What was kept under the agreement until that day and is on no invoice, as the lines of one."""
    rows = Appointment.objects.filter(
        partner_id=agreement.partner_id,
        stage__in=[AppointmentStage.KEPT, AppointmentStage.MISSED],
        starts_at__lt=datetime.combine(until + timedelta(days=1), time.min, AMSTERDAM),
        invoiced=None,
    ).select_for_update(of=("self",))
    kept = [rules.kept_of(row) for row in rows.select_related("match").order_by("starts_at", "id")]
    prices = [rules.price_of(row) for row in Tariff.objects.of(agreement.partner_id)]
    return rules.drafts(
        kept, prices, lambda price, day: price.agreement_id == agreement.pk and price.is_advanced(day)
    )


def _settlement(
    act: Change,
    agreement: Agreement,
    until: date,
    drafts: Sequence[rules.Draft],
    last: Invoice | None,
    advanced: int,
) -> Invoice | None:
    if not drafts and last is None:
        return None
    cents = sum(draft.cents for draft in drafts) - advanced
    invoice = Invoice.objects.create(
        partner_id=agreement.partner_id,
        agreement=agreement,
        kind=InvoiceKind.SETTLEMENT,
        month=until.replace(day=1),
        number=next_number(agreement.partner, local_day(act.at).year),
        total_cents=cents,
        stage=InvoiceStage.SENT if cents > 0 else InvoiceStage.SETTLED,
        corrects=last if cents < 0 else None,
        sent_at=act.at,
        checked_at=act.at,
    )
    write_lines(invoice, drafts)
    if last is not None:
        _of_days(invoice, Period(agreement.first_unsettled, until), -advanced)
    if cents > 0:
        check(act, invoice)
    return invoice
