"""Second factors: passkeys, codes of an app, and the recovery codes that come with the first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils import translation
from django.utils.translation import gettext as _

from hendig.audit.actions import Change, change
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, require
from hendig.people import rules
from hendig.people.actions.everyone import write_letter
from hendig.people.adapters import factors
from hendig.people.adapters.factors import Type
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission


def add_passkey(*, actor: Actor, account_id: UUID, name: str, answer: object, at: datetime) -> bool:
    """The passkey that the browser made signs in from now on; whether it is the first factor."""
    require_permission(actor, Permission.SEE_PUBLIC_PAGES)
    require(rules.why_factor_fails(right=factors.passkey_made(answer)))
    return _add(actor, account_id, Type.WEBAUTHN, {"name": name, "credential": answer}, at)


def add_app(*, actor: Actor, account_id: UUID, typed: str, secret: str, at: datetime) -> bool:
    """The app makes codes from now on, once its first code was right; whether it is the first factor."""
    require_permission(actor, Permission.SEE_PUBLIC_PAGES)
    number = factors.app_answers(typed)
    require(rules.why_factor_fails(right=number is not None))
    data: dict[str, object] = {"secret": factors.Adapter().encrypt(secret), "number": number}
    return _add(actor, account_id, Type.TOTP, data, at)


def _add(actor: Actor, account_id: UUID, kind: str, data: dict[str, object], at: datetime) -> bool:
    with change(actor, "factor.added", at=at) as act:
        account = act.lock(Account.objects.filter(is_active=True), account_id)
        first = not Authenticator.objects.filter(user_id=account.pk).exists()
        if kind == Type.TOTP:
            Authenticator.objects.filter(user_id=account.pk, type=kind).delete()
        added = Authenticator.objects.create(user_id=account.pk, type=kind, data=data)
        if first:
            factors.make_recovery_codes(account.pk)
        _write(act, account, added, _("Er is een passkey of app toegevoegd waarmee u inlogt bij Hendig."))
        act.record(account, account=account.pk, kind=kind)
    return first


def _write(act: Change, account: Account, factor: Authenticator, words: str) -> None:
    """The person hears of it by mail, also when it was somebody else who did it."""
    with translation.override(account.language):
        write_letter(
            act,
            to=account.email,
            key=f"{act.code}:{account.pk}:{factor.pk}",
            subject=_("Uw inloggen bij Hendig is veranderd"),
            body=_("%(words)s\n\nWas u dat niet? Bel dan meteen de gemeente.\n\nHendig") % {"words": words},
        )


def remove_factor(*, actor: Actor, number: int, at: datetime) -> None:
    """This passkey or app no longer signs in; who works here keeps at least one."""
    require_permission(actor, Permission.BE_SIGNED_IN)
    with change(actor, "factor.removed", at=at) as act:
        account = act.lock(Account.objects.all(), actor.account)
        own = Authenticator.objects.filter(user_id=account.pk)
        factor = own.exclude(type=Type.RECOVERY_CODES).filter(pk=number).first()
        if factor is None:
            raise NotVisible
        left = own.exclude(type=Type.RECOVERY_CODES).exclude(pk=number).count()
        require(rules.why_no_removal(roles=actor.roles, left=left))
        _write(act, account, factor, _("Er is een passkey of app verwijderd waarmee u inlogde bij Hendig."))
        factor.delete()
        if not left:
            own.delete()
        act.record(account, account=account.pk)


def try_typed(*, actor: Actor, account_id: UUID, typed: str, at: datetime) -> None:
    """The typed code comes from the person's app, or is one of the recovery codes."""
    require_permission(actor, Permission.SEE_PUBLIC_PAGES)
    with change(actor, "factor.tried", at=at) as act:
        account = act.lock(Account.objects.filter(is_active=True), account_id)
        used = factors.typed_factor(account.pk, typed)
        if used is not None:
            Authenticator.objects.filter(pk=used.pk).update(last_used_at=at)
        act.record(account, account=account.pk, right=used is not None)
    require(rules.why_factor_fails(right=used is not None))


def try_passkey(*, actor: Actor, answer: object, at: datetime, account_id: UUID | None = None) -> UUID:
    """The account that this passkey signs in; with an account only a passkey of that account will do."""
    require_permission(actor, Permission.SEE_PUBLIC_PAGES)
    used = factors.proven_passkey(answer)
    right = used is not None and account_id in {None, used.user_id}
    require(rules.why_factor_fails(right=right))
    assert used is not None
    with change(actor, "factor.tried", at=at) as act:
        account = act.lock(Account.objects.filter(is_active=True), used.user_id)
        Authenticator.objects.filter(pk=used.pk).update(last_used_at=at)
        act.record(account, account=account.pk, right=True)
    return account.pk


def renew_recovery_codes(*, actor: Actor, at: datetime) -> None:
    """The actor has ten new recovery codes; the old ones no longer work."""
    require_permission(actor, Permission.BE_SIGNED_IN)
    with change(actor, "factor.recovery_made", at=at) as act:
        account = act.lock(Account.objects.all(), actor.account)
        if not Authenticator.objects.filter(user_id=account.pk).exists():
            raise NotVisible
        factors.make_recovery_codes(account.pk)
        act.record(account)
