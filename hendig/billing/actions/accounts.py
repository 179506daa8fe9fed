"""Another account for a partner or to pay from: asked by one, agreed by who pays, done after a hold."""

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
from hendig.people.models import Municipality, Partner
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


def ask_own_account(*, actor: Actor, iban: str, bic: str, at: datetime) -> AccountChange:
    """The operator asks that the municipality pays from another account.

    Refused as for a partner. Its first account a municipality has at once: nothing is paid from it yet.
    """
    require_permission(actor, Permission.SET_UP)
    with change(actor, "own_account.asked", at=at) as act:
        town = act.lock(Municipality.objects.all(), actor.municipality_id)
        is_open = AccountChange.objects.under_way().filter(municipality_id=town.pk, partner=None).exists()
        require(rules.why_no_change(iban, standing=town.iban, is_open=is_open))
        wanted = AccountChange.objects.create(iban=rules.written(iban), bic=bic, asked_at=at)
        act.topics |= {PAYS}
        act.record(wanted)
    return wanted


def agree_account(*, actor: Actor, change_id: UUID, at: datetime) -> AccountChange:
    """Somebody of the municipality, who did not ask it, agrees: from now on it holds still for 72 hours."""
    require_permission(actor, Permission.PAY)
    with change(actor, "account.agreed", at=at) as act:
        rows = AccountChange.objects.filter(municipality_id=actor.municipality_id)
        _owner, wanted = _locked(act, rows, change_id)
        require(
            rules.why_not_agree(
                own=wanted.asked_by_id == actor.account_id,
                agreed=wanted.agreed_at is not None,
                ended=_ended(wanted),
            )
        )
        wanted.agreed_by_id, wanted.agreed_at = account_of(actor), at
        wanted.save()
        _tell(act, wanted)
    return wanted


def stop_account(*, actor: Actor, change_id: UUID, at: datetime) -> AccountChange:
    """The partner or the municipality stops it, whoever asked: it was a mistake, or it was somebody else."""
    require_permission(actor, Permission.STOP_ACCOUNT)
    with change(actor, "account.stopped", at=at) as act:
        rows = AccountChange.objects.filter(municipality_id=actor.municipality_id)
        if not actor.has(Role.FINANCE):
            rows = rows.filter(partner__in=partners_run_by(actor, local_day(at)).values("pk"))
        _owner, wanted = _locked(act, rows, change_id)
        require(rules.why_not_stop(ended=_ended(wanted)))
        wanted.stopped_at = at
        wanted.save()
        _tell(act, wanted)
    return wanted


def move_account(*, municipality_id: UUID, change_id: UUID, at: datetime) -> AccountChange:
    """The hold is over: from now on the partner is paid on the new account, or the municipality pays from it.

    `NotVisible` for one that was stopped or done, and before its hold is over.
    """
    with change(Actor.system(municipality_id), "account.moved", at=at) as act:
        owner, wanted = _locked(act, AccountChange.objects.due(at), change_id)
        owner.iban = wanted.iban
        if isinstance(owner, Municipality):
            owner.bic = wanted.bic
        owner.save()
        wanted.done_at = at
        wanted.save()
        _tell(act, wanted)
    return wanted


def _tell(act: Change, wanted: AccountChange) -> None:
    act.topics |= {PAYS}
    if wanted.partner_id:
        act.topics |= {f"partner:{wanted.partner_id}"}
    act.record(wanted, partner=wanted.partner_id)


def _ended(wanted: AccountChange) -> bool:
    return wanted.stopped_at is not None or wanted.done_at is not None


def _locked(
    act: Change, rows: QuerySet[AccountChange], change_id: UUID
) -> tuple[Partner | Municipality, AccountChange]:
    """Whose account it is, then the change: whoever pays, stops or moves at the same moment waits."""
    found = rows.filter(pk=change_id).first()
    if found is None:
        raise NotVisible
    owner: Partner | Municipality
    if found.partner_id is None:
        owner = act.lock(Municipality.objects.all(), act.actor.municipality_id)
    else:
        owner = act.lock(Partner.objects.filter(municipality_id=act.actor.municipality_id), found.partner_id)
    return owner, act.lock(rows, change_id)
