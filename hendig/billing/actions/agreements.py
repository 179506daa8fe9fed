"""What municipality and partner agree: dated, and nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.billing import rules
from hendig.billing.models import (
    Agreement,
    InvoiceLine,
    Tariff,
    Variant,
)
from hendig.kernel.actor import Actor
from hendig.kernel.periods import Period
from hendig.kernel.refusal import NotVisible, require
from hendig.people.models import Partner, ServiceCode
from hendig.people.rules import Permission, require_permission


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
