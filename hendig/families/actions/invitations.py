"""An adult whom the family trusts or its GP is invited, and comes in with a code told apart from the mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hendig.audit.actions import Change, change, speaking
from hendig.families.actions import say, see_record, signed_in
from hendig.families.actions.gp import joins
from hendig.families.actions.persons import comes_to_tables
from hendig.families.actions.sharing import who_decides
from hendig.families.models import (
    AIM_OF,
    Aim,
    FamilyMember,
    Invitation,
    InvitationQuerySet,
    Involvement,
    MemberKind,
    Part,
    Record,
    WhatFor,
)
from hendig.families.rules import invitations as rules
from hendig.families.rules.sharing import why_no_aim
from hendig.kernel.actor import Actor, Role
from hendig.kernel.ids import new_id
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.actions import give_role, hash_code, link, new_code, open_account, same_code, write_letter
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was invited, and the code to tell that person: it is shown once and kept nowhere."""

    invitation_id: UUID
    first_name: str
    code: str


def invite_confidant(
    *,
    actor: Actor,
    record_id: UUID,
    first_name: str,
    email: str,
    at: datetime,
    what_for: WhatFor = WhatFor.SUPPORT,
    aim: str = "",
) -> Invited:
    """An adult whom the youth or the family trusts is invited to see along in this record, for what it says.

    A letter says so, without a word of the case; nothing is open until the code was typed. Refused for
    whoever does not decide, where it is not said what for, and for an address of the family itself or that
    is invited already.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.confidant_invited", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        # One line: what was typed over more of them stands on one.
        chosen = Aim(what_for, " ".join(aim.split()) if what_for == WhatFor.OWN else "")
        require(why_no_aim(chosen))
        return _invite(act, record, first_name=first_name, email=email, aim=chosen)


def invite_gp(*, actor: Actor, record_id: UUID, first_name: str, email: str, at: datetime) -> Invited:
    """The family's own GP is invited to this record: to write apart, and read what is shared, for a year.

    As of a confidant nothing is open until the code was typed, and then only to who works here.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.gp_invited", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        there = Involvement.objects.standing(at).filter(record=record, part=Part.GP)
        require(rules.why_no_gp(there=there.exists()))
        aim = AIM_OF[Part.GP]
        return _invite(act, record, first_name=first_name, email=email, aim=aim, as_gp=True)


def invite_anew(*, actor: Actor, invitation_id: UUID, email: str, at: datetime) -> Invited:
    """The same person is invited at this address with a new code; the earlier invitation holds no more."""
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.confidant_invited", at=at) as act:
        earlier = _take_back(act, invitation_id)
        act.record(earlier, also="family.invitation_taken_back", account=earlier.account_id)
        record = act.lock(Record.objects.visible_to, earlier.record_id)
        name, aim = earlier.first_name, _aim(earlier)
        return _invite(act, record, first_name=name, email=email, aim=aim, as_gp=earlier.as_gp)


def take_back(*, actor: Actor, invitation_id: UUID, at: datetime) -> Invitation:
    """The invitation does not hold any more. Refused when the person accepted it before."""
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.invitation_taken_back", at=at) as act:
        invitation = _take_back(act, invitation_id)
        act.record(invitation, account=invitation.account_id)
    return invitation


def open_invitation(*, actor: Actor, invitation_id: UUID, at: datetime) -> None:
    """The invited person reads the page of the code; `NotVisible` for an invitation that is over."""
    require_permission(actor, Permission.BE_SIGNED_IN)
    with change(actor, "family.invitation_opened", at=at) as act:
        invitation = act.lock(_own(actor, at), invitation_id)
        invitation.opened_at = invitation.opened_at or at
        invitation.save()
        act.record(invitation)


def accept(*, actor: Actor, invitation_id: UUID, typed: str, at: datetime) -> UUID:
    """Who typed the right code sees along from now on; the family of it. A wrong code costs a try.

    After the fifth the invitation is over and who invited is told. A GP is refused who does not work here.
    """
    require_permission(actor, Permission.BE_SIGNED_IN)
    with change(actor, "family.invitation_tried", at=at) as act:
        # Two who accept at once: the second finds an invitation that is not open any more.
        invitation = act.lock(_own(actor, at), invitation_id)
        right = same_code(typed, invitation.pk, invitation.code_hash)
        fits = not invitation.as_gp or actor.has(Role.PROFESSIONAL)
        if not right:
            invitation.tries_left -= 1
        elif fits:
            invitation.accepted_at = at
        invitation.save()
        act.record(invitation, account=actor.account, right=right)
        if right and fits:
            _let_in(act, invitation)
        elif not right and not invitation.tries_left:
            act.record(invitation, also="family.invitation_spent", invited_by=invitation.invited_by_id)
    require(rules.why_code_is_wrong(right=right, tries_left=invitation.tries_left))
    require(rules.why_not_as_gp(fits=fits))
    return invitation.family_id


def _own(actor: Actor, at: datetime) -> InvitationQuerySet:
    return Invitation.objects.open(at).filter(account_id=actor.account)


def _take_back(act: Change, invitation_id: UUID) -> Invitation:
    """A step: the invitation is over, by who decides over the record."""
    invitation = act.lock(Invitation.objects.visible_to, invitation_id)
    who_decides(act, Record.objects.select_related("child").get(pk=invitation.record_id))
    require(rules.why_not_taken_back(invitation))
    invitation.taken_back_at = act.at
    invitation.save()
    return invitation


def _aim(invitation: Invitation) -> Aim | None:
    return Aim(WhatFor(invitation.what_for), invitation.aim) if invitation.what_for else None


def _invite(
    act: Change, record: Record, *, first_name: str, email: str, aim: Aim | None, as_gp: bool = False
) -> Invited:
    """A step: somebody is invited to the (locked) record; nothing is open by that."""
    who_decides(act, record)
    members = FamilyMember.objects.filter(family_id=record.family_id, account__isnull=False)
    # Who was trusted before and sees along no more can be invited again.
    there = Involvement.objects.standing(act.at).filter(record=record, member=OuterRef("pk"))
    members = members.filter(~Q(kind=MemberKind.CONFIDANT) | Exists(there))
    waiting = Invitation.objects.open(act.at).filter(record=record)
    require(
        rules.why_no_confidant(
            email,
            taken=members.values_list("account__email", flat=True),
            invited=waiting.values_list("account__email", flat=True),
        )
    )
    account = open_account(act, email=email, first_name=first_name)
    if not as_gp:
        give_role(act, account_id=account.pk, role=Role.FAMILY, on=local_day(act.at))
    code, key = new_code(), new_id()
    invitation = Invitation.objects.create(
        id=key,
        family_id=record.family_id,
        record=record,
        invited_by_id=signed_in(act.actor),
        account=account,
        first_name=first_name,
        what_for=aim.what_for if aim else "",
        aim=aim.words if aim else "",
        as_gp=as_gp,
        code_hash=hash_code(code, key),
        invited_at=act.at,
        expires_at=act.at + rules.INVITATION_LASTS,
    )
    _write(act, invitation, account)
    invited = "family.gp_invited" if as_gp else "family.confidant_invited"
    act.record(invitation, also=invited, account=account.pk, **_said_for(invitation))
    return Invited(key, first_name, code)


def _said_for(invitation: Invitation) -> dict[str, Any]:
    """For what, as a line of the log says it: the own words stay with the invitation."""
    return {"what_for": invitation.what_for} if invitation.what_for else {}


def _write(act: Change, invitation: Invitation, account: Account) -> None:
    with translation.override(account.language):
        write_letter(
            act,
            to=account.email,
            key=f"invitation:{invitation.pk}",
            subject=_("U bent uitgenodigd bij Hendig"),
            body=_(
                "Dag,\n\nIemand nodigt u uit om mee te doen bij Hendig. Van diegene hoort u een code van zes "
                "cijfers. Meld u hier aan met dit e-mailadres en vul de code in:\n%(link)s\n\n"
                "Dit werkt een week. Hoorde u geen code, of kent u niemand die u uitnodigt? Dan is deze mail "
                "niet voor u, en hoeft u niets te doen.\n\nHendig"
            )
            % {"link": link(act, reverse("invitation", args=[invitation.pk]))},
        )


def _let_in(act: Change, invitation: Invitation) -> None:
    """A step: the yes of who invited holds from now, and so does the involvement that rests on it."""
    # Until now nothing of the family is there for who acts; the log names that person all the same.
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        record = Record.objects.get(pk=invitation.record_id)
        if not invitation.as_gp:
            see_record(act, record, _confidant(invitation))
        giver = FamilyMember.objects.get(family_id=record.family_id, account_id=invitation.invited_by_id)
        account_id, aim = invitation.account_id, _aim(invitation)
        say(act, record=record, giver=giver, account_id=account_id, yes=True, aim=aim)
        if invitation.as_gp:
            joins(act, record, invitation.account_id)
        by = invitation.invited_by_id
        act.record(
            invitation,
            also="family.invitation_accepted",
            account=account_id,
            invited_by=by,
            **_said_for(invitation),
        )
        if invitation.as_gp:
            act.record(invitation, also="family.gp_joined", account=invitation.account_id)


def _confidant(invitation: Invitation) -> FamilyMember:
    member, new = FamilyMember.objects.get_or_create(
        family_id=invitation.family_id,
        account_id=invitation.account_id,
        defaults={"kind": MemberKind.CONFIDANT, "first_name": invitation.first_name},
    )
    if member.kind != MemberKind.CONFIDANT:
        raise NotVisible
    if new:
        comes_to_tables(member)
    return member
