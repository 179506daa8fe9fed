"""Coming in and going out: one-time codes by mail, a provider, sessions, and the end of an employment."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hendig.audit.actions import Change, change
from hendig.kernel.actor import Actor, Role
from hendig.kernel.ids import new_id
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people import rules
from hendig.people.actions.everyone import link, write_letter
from hendig.people.adapters.broker import PROVIDER, Claims
from hendig.people.models import Account, Elsewhere, Membership, SignInCode, User
from hendig.people.rules import Means, Permission, require_permission

CODE_LASTS = timedelta(minutes=15)
CODES_PER_HOUR = 5
WAY_BACK_LASTS = timedelta(minutes=30)
NOWHERE = "0.0.0.0"  # noqa: S104 - where somebody is tells where they live or hide: it is not kept


def new_code() -> str:
    """Six digits of chance."""
    return f"{secrets.randbelow(1_000_000):06d}"


def hash_code(code: str, key: UUID) -> bytes:
    """What is kept of a code: useless without the secret of the installation."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"{key}:{code.strip()}".encode(), hashlib.sha256)


def same_code(typed: str, key: UUID, code_hash: bytes | memoryview) -> bool:
    return hmac.compare_digest(hash_code(typed.replace(" ", ""), key), bytes(code_hash))


def ask_code(*, actor: Actor, email: str, at: datetime) -> UUID:
    """A code is on its way if somebody with this address may sign in; the answer never tells whether.

    An address that nobody has gets a code that is never sent, by the same statements and in the same time; a
    wrong code then costs a try there as well.
    """
    require_permission(actor, Permission.SEE_PUBLIC_PAGES)
    with change(actor, "sign_in.asked", at=at) as act:
        rows = Account.objects.with_email(email).filter(municipality_id=actor.municipality_id, is_active=True)
        account = rows.first()
        begun = at + CODE_LASTS - timedelta(hours=1)
        recent = SignInCode.objects.filter(account=account, expires_at__gt=begun)
        known = recent.count() < CODES_PER_HOUR and account is not None
        code, key = new_code(), new_id()
        row = SignInCode.objects.create(
            id=key,
            account=account if known else None,
            code_hash=hash_code(code, key),
            expires_at=at + CODE_LASTS,
        )
        with transaction.atomic():
            _mail_code(act, key=key, code=code, to=account.email if account else email, account=account)
            if not known:
                transaction.set_rollback(True)
        act.record(row, account=account.pk if account else None, sent=known)
    return key


def _mail_code(act: Change, *, key: UUID, code: str, to: str, account: Account | None) -> None:
    with translation.override(account.language if account else settings.LANGUAGE_CODE):
        write_letter(
            act,
            to=to,
            key=f"code:{key}",
            subject=_("Uw code voor Hendig"),
            body=_("Uw code is %(code)s. De code werkt een kwartier.") % {"code": code},
        )


def try_code(*, actor: Actor, code_id: UUID, typed: str, at: datetime) -> Account:
    """The account that the code belongs to; the code is used up. A wrong code costs a try, and stays so."""
    require_permission(actor, Permission.SEE_PUBLIC_PAGES)
    with change(actor, "sign_in.tried", at=at) as act:
        rows = SignInCode.objects.select_related("account").filter(
            Q(account=None) | Q(account__is_active=True)
        )
        row = act.lock(rows, code_id)
        right = same_code(typed, row.pk, row.code_hash) and row.account is not None
        no = rules.why_code_fails(
            right=right,
            tries_left=row.tries_left,
            expires_at=row.expires_at,
            used=row.used_at is not None,
            at=at,
        )
        if no is None:
            row.used_at = at
        elif row.tries_left:
            row.tries_left -= 1
        row.save()
        act.record(row, account=row.account_id, right=no is None)
        if no is None and row.given_by_id is not None:
            _let_go(act, row)
    require(no)
    assert row.account is not None
    return row.account


def help_back_in(*, actor: Actor, email: str, at: datetime) -> str:
    """The code to read out to a colleague who lost every factor; the way to where it is typed leaves by mail.

    It takes the mailbox and the code together, so that neither the helper nor who reads the mail comes in
    alone. Every session of the colleague ends now, and the old factors go when the code was right.
    Refused for oneself, and for who does not work where the actor does; the municipality helps everybody.
    """
    require_permission(actor, Permission.HELP_BACK_IN)
    with change(actor, "way_back.opened", at=at) as act:
        rows = Account.objects.with_email(email).filter(municipality_id=actor.municipality_id, is_active=True)
        account = rows.first()
        ours, theirs = _places(actor.account, at), _places(account.pk if account else None, at)
        require(
            rules.why_no_way_back(
                own=account is not None and account.pk == actor.account_id,
                colleague=bool(theirs) and (None in ours or not ours.isdisjoint(theirs)),
            )
        )
        assert account is not None
        SignInCode.objects.filter(account=account, used_at=None).update(used_at=at)
        code, key = new_code(), new_id()
        row = SignInCode.objects.create(
            id=key,
            account=account,
            given_by_id=actor.account,
            code_hash=hash_code(code, key),
            expires_at=at + WAY_BACK_LASTS,
        )
        _mail_way(act, row, account)
        _end(act, UserSession.objects.filter(user_id=account.pk))
        act.record(row, account=account.pk)
    return code


def _places(account_id: UUID | None, at: datetime) -> set[UUID | None]:
    """For which partners somebody works now; None is the municipality itself."""
    held = Membership.objects.standing(local_day(at)).filter(
        account=account_id, role__in=rules.WORKS_HERE, ended_at=None
    )
    return set(held.values_list("partner_id", flat=True))


def _mail_way(act: Change, row: SignInCode, account: Account) -> None:
    with translation.override(account.language):
        way = link(act, reverse("enter_code", args=[row.pk]))
        write_letter(
            act,
            to=account.email,
            key=f"way:{row.pk}",
            subject=_("Weer inloggen bij Hendig"),
            body=_(
                "Een collega helpt u weer naar binnen. Vul hier de code in die uw collega u voorleest:\n"
                "%(link)s\n\nDit werkt een half uur. U maakt daarna een nieuwe passkey.\n\n"
                "Vroeg u dit niet? Bel dan meteen de gemeente.\n\nHendig"
            )
            % {"link": way},
        )


def _let_go(act: Change, row: SignInCode) -> None:
    """A step: with what somebody came in until now nobody comes in any more."""
    Authenticator.objects.filter(user_id=row.account_id).delete()
    SocialAccount.objects.filter(user_id=row.account_id).delete()
    _end(act, UserSession.objects.filter(user_id=row.account_id))
    act.record(row, also="way_back.used", account=row.account_id, given_by=row.given_by_id)


def try_provider(*, actor: Actor, claims: Claims, at: datetime) -> UUID:
    """The account that the provider vouches for; never a new one.

    It is known by the subject. The first time it may be known by an address that the provider checked, or by
    being signed in already; then the subject is kept.
    """
    require_permission(actor, Permission.SEE_PUBLIC_PAGES)
    with change(actor, "sign_in.provider", at=at) as act:
        account = _known_to_provider(actor, claims)
        roles = _roles(account, at) if account else ()
        enough = settings.OIDC_LEVELS if rules.works_here(roles) else settings.OIDC_FAMILY_LEVELS
        require(rules.why_provider_fails(known=account is not None, level=claims.level, enough=enough))
        assert account is not None
        user, _made = User.objects.get_or_create(account=account)
        SocialAccount.objects.get_or_create(provider=PROVIDER, uid=claims.subject, defaults={"user": user})
        act.record(account)
    return account.pk


def _known_to_provider(actor: Actor, claims: Claims) -> Account | None:
    accounts = Account.objects.filter(municipality_id=actor.municipality_id, is_active=True)
    linked = SocialAccount.objects.filter(provider=PROVIDER)
    subject = linked.filter(uid=claims.subject).first()
    if subject is not None:
        return accounts.filter(pk=subject.user_id).first()
    if actor.signed_in:
        found = accounts.filter(pk=actor.account).first()
    else:
        found = accounts.with_email(claims.email).first() if claims.email else None
    taken = found is not None and linked.filter(user_id=found.pk).exists()
    return None if taken else found


def _roles(account: Account, at: datetime) -> Collection[Role]:
    held = Membership.objects.standing(local_day(at)).filter(account=account)
    return [Role(role) for role in held.values_list("role", flat=True)]


def begin_session(
    *,
    actor: Actor,
    account_id: UUID,
    session_key: str,
    device: str,
    means: Means,
    at: datetime,
    before: str = "",
) -> None:
    """This browser is signed in as the account; the account sees it in its list of devices.

    `before` is the key of the session that this browser had until now: it is over.
    """
    require_permission(actor, Permission.SEE_PUBLIC_PAGES)
    with change(actor, "sign_in.done", at=at) as act:
        account = act.lock(Account.objects.filter(is_active=True), account_id)
        user, _made = User.objects.get_or_create(account=account)
        _end(act, UserSession.objects.filter(session_key=before))
        UserSession.objects.create(user=user, session_key=session_key, ip=NOWHERE, user_agent=device)
        act.record(account, account=account.pk, means=means)


def end_session(*, actor: Actor, session_key: str, at: datetime) -> None:
    """This browser is signed out."""
    require_permission(actor, Permission.BE_SIGNED_IN)
    with change(actor, "session.ended", at=at) as act:
        account = act.lock(Account.objects.all(), actor.account)
        _end(act, UserSession.objects.filter(user_id=account.pk, session_key=session_key))
        act.record(account)


def end_session_of_list(*, actor: Actor, number: int, at: datetime) -> None:
    """The device with this number in the actor's list is signed out."""
    require_permission(actor, Permission.BE_SIGNED_IN)
    with change(actor, "session.ended", at=at) as act:
        account = act.lock(Account.objects.all(), actor.account)
        if not _end(act, UserSession.objects.filter(user_id=account.pk, pk=number)):
            raise NotVisible
        act.record(account)


def end_employment(*, actor: Actor, account_id: UUID, at: datetime, partner_id: UUID | None = None) -> None:
    """Somebody no longer works here, from this very moment: every session and code of theirs is dead.

    With a partner it is the work for that partner that ends. What somebody is besides (a parent) stays,
    and is signed in to again.
    """
    with change(actor, "employment.ended", at=at) as act:
        account = act.lock(Account.objects.filter(municipality_id=actor.municipality_id), account_id)
        held = Membership.objects.standing(local_day(at)).filter(account=account, role__in=rules.WORKS_HERE)
        if partner_id is not None:
            held = held.filter(partner=partner_id)
        held.update(until_on=local_day(at), ended_at=at)
        leave_elsewhere(act, account.pk)
        act.record(account, account=account.pk, sessions=sign_out_everywhere(act, account.pk))


def leave_elsewhere(act: Change, account_id: UUID) -> None:
    """A step: who gives no help here any more gives none elsewhere by it; nor who stopped there."""
    if _helps(act).filter(account=account_id).exists():
        return
    rows = Elsewhere.objects.standing().filter(Q(home=account_id) | Q(account=account_id))
    for one in rows.select_for_update().order_by("id"):
        part_elsewhere(act, one)


def part_elsewhere(act: Change, one: Elsewhere) -> None:
    """A step: it is over; the account there gives no help any more, and is signed out at once."""
    one.ended_at = act.at
    one.save()
    if one.account_id is None:
        act.record(one, also="elsewhere.taken_back", home=one.home_id)
        return
    for role in _helps(act).filter(account=one.account_id).select_for_update().order_by("id"):
        role.until_on, role.ended_at = local_day(act.at), act.at
        role.save()
        act.record(role, also="role.ended", town=one.there_id, account=one.account_id, role=role.role)
    sign_out_everywhere(act, one.account_id)
    act.record(one, also="elsewhere.ended", home=one.home_id)


def _helps(act: Change) -> QuerySet[Membership]:
    return Membership.objects.standing(local_day(act.at)).filter(role=Role.PROFESSIONAL)


def sign_out_everywhere(act: Change, account_id: UUID) -> int:
    """A step: every session and every code of the account is dead from now; how many sessions were."""
    SignInCode.objects.filter(account=account_id, used_at=None).update(used_at=act.at)
    return _end(act, UserSession.objects.filter(user_id=account_id))


def _end(act: Change, sessions: QuerySet[UserSession]) -> int:
    """These sessions are gone with their rows, and the streams that are open in them end."""
    keys = list(sessions.values_list("session_key", flat=True))
    for session in sessions:
        session.end()
    act.topics |= {gone(key) for key in keys}
    return len(keys)


def gone(session_key: str) -> str:
    """The topic on which the streams of a session hear that it ended; the key itself is never told."""
    return f"gone:{hashlib.sha256(session_key.encode()).hexdigest()[:32]}"


def forget_codes(*, at: datetime) -> None:
    """Codes that lapsed a day ago are gone."""
    old = SignInCode.objects.filter(expires_at__lt=at - timedelta(days=1))
    first = old.first()
    if first is None:
        return
    with change(Actor.system(first.municipality_id), "sign_in.forgotten", at=at) as act:
        act.record(first, codes=old.count())
        old.delete()
