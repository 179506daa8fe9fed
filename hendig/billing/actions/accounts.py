"""Another account for a partner: asked by its office, agreed by the municipality, done after a hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hendig.audit.actions import Change, change
from hendig.billing import rules
from hendig.billing.actions.invoices import PAYS, account_of
from hendig.billing.models import AccountChange, partners_run_by
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.models import Partner
from hendig.people.rules import Permission, require_permission


def ask_account(*, actor: Actor, partner_id: UUID, iban: str, at: datetime) -> AccountChange:
    """The office asks to be paid on another account.

    Refused for a number that cannot exist, the one that stands, or while another change is under way.
    """
    require_permission(actor, Permission.SEND_INVOICE)
    with change(actor, "account.asked", at=at) as act:
        partner = act.lock(partners_run_by(actor, local_day(at)), partner_id)
        is_open = AccountChange.objects.under_way().filter(partner=partner).exists()
        require(rules.why_no_change(iban, standing=partner.iban, is_open=is_open))
        wanted = AccountChange.objects.create(
            partner=partner, iban=rules.written(iban), asked_by_id=account_of(actor), asked_at=at
        )
        act.topics |= {PAYS, f"partner:{partner.pk}"}
        act.record(wanted, partner=partner.pk)
    return wanted


def agree_account(*, actor: Actor, change_id: UUID, at: datetime) -> AccountChange:
    """Somebody of the municipality, who did not ask it, agrees: from now on it holds still for 72 hours."""
    require_permission(actor, Permission.PAY)
    with change(actor, "account.agreed", at=at) as act:
        wanted = _locked(act, AccountChange.objects.filter(municipality_id=actor.municipality_id), change_id)
        require(
            rules.why_not_agree(
                own=wanted.asked_by_id == actor.account_id,
                agreed=wanted.agreed_at is not None,
                ended=_ended(wanted),
            )
        )
        wanted.agreed_by_id, wanted.agreed_at = account_of(actor), at
        wanted.save()
        act.topics |= {PAYS, f"partner:{wanted.partner_id}"}
        act.record(wanted, partner=wanted.partner_id)
    return wanted


def stop_account(*, actor: Actor, change_id: UUID, at: datetime) -> AccountChange:
    """The partner or the municipality stops it, whoever asked: it was a mistake, or it was somebody else."""
    require_permission(actor, Permission.STOP_ACCOUNT)
    with change(actor, "account.stopped", at=at) as act:
        rows = AccountChange.objects.filter(municipality_id=actor.municipality_id)
        if not actor.has(Role.FINANCE):
            rows = rows.filter(partner__in=partners_run_by(actor, local_day(at)).values("pk"))
        wanted = _locked(act, rows, change_id)
        require(rules.why_not_stop(ended=_ended(wanted)))
        wanted.stopped_at = at
        wanted.save()
        act.topics |= {PAYS, f"partner:{wanted.partner_id}"}
        act.record(wanted, partner=wanted.partner_id)
    return wanted


def move_account(*, municipality_id: UUID, change_id: UUID, at: datetime) -> AccountChange:
    """The hold is over: from now on the partner is paid on the new account.

    `NotVisible` for one that was stopped or done, and before its hold is over.
    """
    with change(Actor.system(municipality_id), "account.moved", at=at) as act:
        wanted = _locked(act, AccountChange.objects.due(at), change_id)
        partner = wanted.partner
        partner.iban = wanted.iban
        partner.save()
        wanted.done_at = at
        wanted.save()
        act.topics |= {PAYS, f"partner:{partner.pk}"}
        act.record(wanted, partner=partner.pk)
    return wanted


def _ended(wanted: AccountChange) -> bool:
    return wanted.stopped_at is not None or wanted.done_at is not None


def _locked(act: Change, rows: QuerySet[AccountChange], change_id: UUID) -> AccountChange:
    """The partner, then the change: whoever pays, stops or moves at the same moment waits."""
    partner_id = rows.filter(pk=change_id).values_list("partner_id", flat=True).first()
    if partner_id is None:
        raise NotVisible
    partner = act.lock(Partner.objects.filter(municipality_id=act.actor.municipality_id), partner_id)
    wanted = act.lock(rows, change_id)
    wanted.partner = partner
    return wanted
