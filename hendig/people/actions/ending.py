"""Somebody's role ends, at once and told to whoever else watches; or all that an account was."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from hendig.audit.actions import Change, change
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.actions.door import leave_elsewhere, sign_out_everywhere
from hendig.people.actions.everyone import link, write_letter
from hendig.people.models import Account, Elsewhere, EndReason, Letter, Membership, Municipality
from hendig.people.rules import Permission, require_permission
from hendig.people.rules import roles as rules

NOBODY = "@hendig.invalid"


def stop_role(*, actor: Actor, membership_id: UUID, why: EndReason, at: datetime) -> Membership:
    """The role is over from this moment, and every session of the person; what they are besides stays.

    To give a role takes two, to end it one: waiting for a second is what would do harm. The others who watch
    are told, and the person by mail. Refused for the last who checks or answers for the municipality, and for
    the last of an office by themself.
    """
    require_permission(actor, Permission.END_ROLE)
    with change(actor, "role.ended", at=at) as act:
        # Two who end each other's at once: the second finds the last.
        act.lock(Municipality.objects.all(), actor.municipality_id)
        held = Membership.objects.visible_to(actor, at=at).select_related("account", "partner")
        membership = act.lock(held, membership_id)
        others = Membership.objects.standing(local_day(at)).beside(membership)
        require(
            rules.why_role_stays(
                role=Role(membership.role),
                own=membership.account_id == actor.account_id,
                others=others.count(),
            )
        )
        membership.until_on, membership.ended_at = local_day(at), at
        membership.ended_by_id, membership.end_reason = actor.account, why
        membership.save()
        sessions = sign_out_everywhere(act, membership.account_id)
        leave_elsewhere(act, membership.account_id)
        _tell_by_mail(act, membership)
        act.record(
            membership,
            account=membership.account_id,
            partner=membership.partner_id,
            role=membership.role,
            why=why,
            sessions=sessions,
        )
    return membership


def end_role(*, actor: Actor, membership_id: UUID, on: date, at: datetime) -> None:
    """The role ends after the day `on`, here and where it led elsewhere. Only commands do this."""
    require_permission(actor, Permission.SET_UP)
    with change(actor, "role.ended", at=at) as act:
        membership = act.lock(Membership.objects.filter(municipality_id=actor.municipality_id), membership_id)
        membership.until_on = on
        membership.save()
        if membership.role == Role.PROFESSIONAL:
            elsewhere = Elsewhere.objects.taken().filter(home=membership.account_id).values("account")
            longer = Q(until_on=None) | Q(until_on__gt=on)
            held = Membership.objects.filter(longer, account__in=elsewhere, role=Role.PROFESSIONAL)
            held.filter(ended_at=None).update(until_on=on)
        act.record(membership)


def end_account(act: Change, account_id: UUID) -> None:
    """A step: nobody signs in by this account any more, and of whom it was nothing is known.

    The row stays as an identifier, because the log names it; the mails that went to the address go as well.
    """
    account = act.lock(Account.objects.all(), account_id)
    sessions = sign_out_everywhere(act, account_id)
    Authenticator.objects.filter(user_id=account_id).delete()
    SocialAccount.objects.filter(user_id=account_id).delete()
    Letter.objects.filter(municipality_id=account.municipality_id, to__iexact=account.email).delete()
    today = local_day(act.at)
    held = Membership.objects.standing(today).filter(account=account)
    held.update(until_on=today, ended_at=act.at)
    leave_elsewhere(act, account_id)
    # An address that no mail server ever takes (RFC 2606); no two accounts may have the same.
    account.email = f"{account.pk.hex}{NOBODY}"
    account.first_name = account.last_name = account.phone = ""
    account.is_active = False
    account.save()
    act.record(account, also="account.emptied", sessions=sessions)


def _tell_by_mail(act: Change, membership: Membership) -> None:
    account = membership.account
    with translation.override(account.language):
        write_letter(
            act,
            to=account.email,
            key=f"ended:{membership.pk}",
            subject=_("Een rol in Hendig is gestopt"),
            body=_(
                "Dag %(name)s,\n\nUw rol is gestopt: %(role)s. U bent overal afgemeld. Hebt u nog een andere "
                "rol? Meld u dan opnieuw aan: %(link)s\n\nKlopt dit niet? Bel dan de gemeente.\n\nHendig"
            )
            % {
                "name": account.first_name,
                "role": membership.get_role_display(),
                "link": link(act, "/aanmelden/"),
            },
        )
