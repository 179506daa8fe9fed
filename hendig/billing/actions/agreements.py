"""What municipality and partner agree: dated, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, Min, Q

from hendig.audit.actions import Change, change
from hendig.billing import rules
from hendig.billing.actions.invoices import account_of
from hendig.billing.models import (
    MOST_PERCENT,
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
    variant: str = Variant.EFFORT,
    travel_minutes: int = 0,
    indirect_percent: int = 0,
    missed_percent: int = 0,
    group_percent: int = MOST_PERCENT,
) -> Agreement:
    """Municipality and partner have an agreement in this period, by these terms.

    Refused for an end before its start, and for more besides the hours than is reasonable.
    """
    require_permission(actor, Permission.KEEP_AGREEMENTS)
    terms = rules.Terms(travel_minutes, indirect_percent, missed_percent, group_percent)
    with change(actor, "agreement.made", at=at) as act:
        partner = act.lock(Partner.objects.filter(municipality_id=actor.municipality_id), partner_id)
        require(rules.why_not_dated(Period(from_on, until_on)) or rules.why_no_terms(terms))
        agreement = Agreement.objects.create(
            partner=partner, variant=variant, from_on=from_on, until_on=until_on, **asdict(terms)
        )
        act.record(
            agreement,
            partner=partner.pk,
            from_on=from_on,
            until_on=until_on,
            variant=variant,
            travel=travel_minutes,
            indirect=indirect_percent,
            missed=missed_percent,
            group=group_percent,
        )
    return agreement


def end_agreement(*, actor: Actor, agreement_id: UUID, until_on: date, at: datetime) -> Agreement:
    """The agreement has this last day. Refused when it ended sooner already, or later hours were invoiced.

    Its tariffs stay as they were agreed: of an agreement that is over they hold on no day.
    """
    require_permission(actor, Permission.KEEP_AGREEMENTS)
    with change(actor, "agreement.ended", at=at) as act:
        agreement = agreement_under_lock(act, actor, agreement_id)
        # Hours on its codes, and what was made of it for a month.
        own = Q(service_code__in=agreement.tariffs.values("service_code")) | Q(invoice__agreement=agreement)
        lines = InvoiceLine.objects.charged().filter(
            own, invoice__partner=agreement.partner_id, last_on__gte=agreement.from_on
        )
        if agreement.until_on is not None:
            lines = lines.filter(last_on__lte=agreement.until_on)
        invoiced_until = lines.aggregate(last=Max("last_on"))["last"]
        require(rules.why_not_end_agreement(agreement.period, until_on, invoiced_until))
        before, agreement.until_on = agreement.until_on, until_on
        agreement.save()
        act.record(agreement, until_on=until_on, before=before)
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
    """An hour on the code costs this in the period.

    Refused when another tariff holds on one of its days, and for an agreement with a fixed amount.
    """
    require_permission(actor, Permission.KEEP_AGREEMENTS)
    with change(actor, "tariff.set", at=at) as act:
        agreement = agreement_under_lock(act, actor, agreement_id)
        code = _code(actor, service_code_id)
        return _set(act, agreement, code, Period(from_on, until_on), cents_per_hour)


def change_tariff(
    *,
    actor: Actor,
    agreement_id: UUID,
    service_code_id: UUID,
    cents_per_hour: int,
    from_on: date,
    at: datetime,
) -> Tariff:
    """From that day on an hour on the code costs this; what it cost until then ends the day before.

    On days before the first tariff of the agreement it holds until that one begins. Refused when later hours
    were invoiced at what it cost, when a tariff for later was agreed already, and when days would be left
    without one.
    """
    require_permission(actor, Permission.KEEP_AGREEMENTS)
    with change(actor, "tariff.set", at=at) as act:
        agreement = agreement_under_lock(act, actor, agreement_id)
        code = _code(actor, service_code_id)
        standing = agreement.tariffs.filter(service_code=code, until_on=None, from_on__lt=from_on).first()
        if standing is not None:
            _end(act, standing, from_on - timedelta(days=1), also="tariff.ended")
        first = agreement.tariffs.filter(service_code=code).aggregate(first=Min("from_on"))["first"]
        until_on = first - timedelta(days=1) if first and from_on < first else None
        return _set(act, agreement, code, Period(from_on, until_on), cents_per_hour)


def _code(actor: Actor, service_code_id: UUID) -> ServiceCode:
    code = ServiceCode.objects.filter(municipality_id=actor.municipality_id, pk=service_code_id).first()
    if code is None:
        raise NotVisible
    return code


def _set(act: Change, agreement: Agreement, code: ServiceCode, period: Period, cents: int) -> Tariff:
    require(rules.why_no_tariff_here(agreement.variant) or rules.why_not_dated(period))
    others = list(Tariff.objects.of(agreement.partner_id).filter(service_code=code))
    held = [rules.within(other.period, other.agreement.period) for other in others]
    own = [other.period for other in others if other.agreement_id == agreement.pk]
    require(rules.why_no_tariff(cents, period, agreement.period, [one for one in held if one], own=own))
    tariff = Tariff.objects.create(
        agreement=agreement,
        service_code=code,
        cents_per_hour=cents,
        from_on=period.first,
        until_on=period.last,
        set_by_id=account_of(act.actor),
    )
    act.record(tariff, agreement=agreement.pk, code=code.code, cents=cents, from_on=period.first)
    return tariff


def end_tariff(*, actor: Actor, tariff_id: UUID, until_on: date, at: datetime) -> Tariff:
    """The tariff has this last day, so that another may follow. Refused when later hours were invoiced."""
    require_permission(actor, Permission.KEEP_AGREEMENTS)
    with change(actor, "tariff.ended", at=at) as act:
        visible = Tariff.objects.filter(municipality_id=actor.municipality_id)
        agreement_id = visible.filter(pk=tariff_id).values_list("agreement_id", flat=True).first()
        if agreement_id is None:
            raise NotVisible
        agreement_under_lock(act, actor, agreement_id)
        tariff = act.lock(visible, tariff_id)
        _end(act, tariff, until_on)
    return tariff


def _end(act: Change, tariff: Tariff, until_on: date, *, also: str = "") -> None:
    lines = InvoiceLine.objects.charged().filter(
        invoice__partner=tariff.agreement.partner_id,
        service_code=tariff.service_code_id,
        cents_per_hour=tariff.cents_per_hour,
        last_on__gte=tariff.from_on,
    )
    invoiced_until = lines.aggregate(last=Max("last_on"))["last"]
    require(rules.why_not_end_tariff(tariff.period, until_on, invoiced_until))
    tariff.until_on = until_on
    tariff.save()
    act.record(tariff, also=also, until_on=until_on)


def agreement_under_lock(act: Change, actor: Actor, agreement_id: UUID) -> Agreement:
    """A step: the partner, then the agreement: tariffs of one partner are agreed one after the other."""
    here = Agreement.objects.filter(municipality_id=actor.municipality_id)
    partner_id = here.filter(pk=agreement_id).values_list("partner_id", flat=True).first()
    if partner_id is None:
        raise NotVisible
    act.lock(Partner.objects.filter(municipality_id=actor.municipality_id), partner_id)
    return act.lock(here, agreement_id)
