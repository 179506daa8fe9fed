"""Who belongs to a family, and gets an own way in."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from hendig.audit.actions import Change, change
from hendig.families import rules
from hendig.families.actions import sides
from hendig.families.actions.authority import declare_authority, not_in_own_family
from hendig.families.actions.records import begin_record, go_along, see_record, signed_in
from hendig.families.models import (
    Compartment,
    Family,
    FamilyMember,
    LegalAuthority,
    MemberKind,
    Record,
    SamePerson,
)
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.actions import give_role, link, open_account, write_letter
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission


def lock_family(act: Change, family_id: UUID) -> Family:
    """A step: the family, locked until the change ends. `NotVisible` for whoever is not involved."""
    return act.lock(Family.objects.visible_to, family_id)


def begin_family(act: Change, *, account: Account) -> FamilyMember:
    """A step: somebody who asks for help is the first member of a new family."""
    family = Family(name=account.name, since=act.at)
    act.begin(family.pk)
    family.save()
    member = FamilyMember.objects.create(
        family=family,
        account=account,
        kind=MemberKind.PARENT,
        first_name=account.first_name,
        last_name=account.last_name,
    )
    give_role(act, account_id=account.pk, role=Role.FAMILY, on=local_day(act.at))
    return member


def signs_in_with(act: Change, member: FamilyMember, account: Account) -> None:
    """A step: the member signs in with this account; nothing is open by that."""
    if member.account_id != account.pk:
        member.account = account
        member.save()
    give_role(act, account_id=account.pk, role=Role.FAMILY, on=local_day(act.at))


def let_in(
    act: Change, member: FamilyMember, account: Account, *, children: Collection[UUID] | None = None
) -> None:
    """A step: the member signs in with this account, and is involved with the records of these own children.

    None means all of the family, whoever's children they are.
    """
    signs_in_with(act, member, account)
    records = Record.objects.filter(family_id=member.family_id, child__isnull=False, gone_at=None)
    for record in records if children is None else records.filter(child__in=children):
        see_record(act, record, member, own_child=children is not None)


def join_child(
    act: Change,
    family: Family,
    *,
    first_name: str,
    born_on: date,
    last_name: str = "",
    side: Compartment | None = None,
) -> FamilyMember:
    """A step: the child belongs to the (locked) family, or to that side of it alone.

    Refused for an impossible date or a double.
    """
    require(rules.why_no_child(first_name, born_on, local_day(act.at), family.members.there()))
    child = FamilyMember.objects.create(
        family=family,
        kind=MemberKind.CHILD,
        first_name=first_name,
        last_name=last_name,
        born_on=born_on,
        compartment=side,
    )
    comes_to_tables(child)
    return child


def join_parent(
    act: Change,
    family: Family,
    *,
    first_name: str,
    email: str = "",
    kind: MemberKind = MemberKind.PARENT,
    born_on: date | None = None,
    last_name: str = "",
    with_access: bool,
    side: Compartment | None = None,
    children: Collection[UUID] | None = None,
) -> FamilyMember:
    """A step: an adult who raises belongs to the (locked) family, or to that side of it alone.

    With access and an address the adult is invited by mail and sees the record, or that of these children.
    Refused for an address that is already somebody else's in this family, and for an impossible date.
    """
    members = list(family.members.there().select_related("account"))
    require(rules.why_no_parent(email, born_on, local_day(act.at), members, _addresses(members), kind))
    member = FamilyMember.objects.create(
        family=family,
        kind=kind,
        first_name=first_name,
        last_name=last_name,
        born_on=born_on,
        compartment=side,
    )
    comes_to_tables(member)
    if email and with_access:
        invite(act, member, email, children=children)
    return member


def comes_to_tables(member: FamilyMember) -> None:
    """A step: where a talk of the family goes on, a worker shows who came and tells two of one name apart.

    Who belongs to one side alone comes to no table of all of them.
    """
    if member.compartment_id is not None:
        return
    jobs.configure_task("tents.tell_apart").defer(
        municipality_id=str(member.municipality_id), family_id=str(member.family_id)
    )


def invite(
    act: Change, member: FamilyMember, email: str, *, children: Collection[UUID] | None = None
) -> Account:
    """A step: the member can sign in with this address and is told so, without a word of the case."""
    account = open_account(act, email=email, first_name=member.first_name, last_name=member.last_name)
    member.invited_at = act.at
    member.save()
    let_in(act, member, account, children=children)
    with translation.override(account.language):
        write_letter(
            act,
            to=account.email,
            # A second one goes to who was invited at a wrong address before.
            key=f"invite:{member.pk}:{account.pk}:{act.at.isoformat()}",
            subject=_("U bent uitgenodigd bij Hendig"),
            body=_(
                "Dag %(name)s,\n\nU bent uitgenodigd om mee te doen. "
                "Meld u aan met dit e-mailadres; een wachtwoord is niet nodig.\n\n%(link)s\n\nHendig"
            )
            % {"name": member.first_name, "link": link(act, "/aanmelden/")},
        )
    return account


def call_family(family: Family, member: FamilyMember, surname: str) -> None:
    """A step: the (locked) family and the member who asked go by this surname from now on."""
    family.name = member.last_name = surname
    family.save()
    member.save()
    if member.account is not None and not member.account.last_name:
        member.account.last_name = surname
        member.account.save()


def live_in(family: Family, neighbourhood: str) -> None:
    """A step: the (locked) family lives in this part of the town; never an address."""
    family.neighbourhood = neighbourhood
    family.save()


def is_child(act: Change, member: FamilyMember, born_on: date) -> None:
    """A step: who asked for help turned out to be the child. Refused for an impossible birth date."""
    others = FamilyMember.objects.there().filter(family_id=member.family_id).exclude(pk=member.pk)
    require(rules.why_not_this_child(born_on, local_day(act.at), others))
    member.kind, member.born_on = MemberKind.CHILD, born_on
    member.save()


def add_child(
    *,
    actor: Actor,
    family_id: UUID,
    first_name: str,
    born_on: date,
    at: datetime,
    last_name: str = "",
    side_of: UUID | None = None,
) -> FamilyMember:
    """The child belongs to the family, or to the side of this parent: a half sibling of one household.

    Refused for an impossible date or a child that is already there.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.child_added", at=at) as act:
        family = lock_family(act, family_id)
        not_in_own_family(act, family.pk)
        side = sides.side_of(act, family.pk, side_of) if side_of else None
        names = {"first_name": first_name, "last_name": last_name}
        child = join_child(act, family, **names, born_on=born_on, side=side)
        go_along(act, begin_record(act, family.pk, child=child), signed_in(actor))
        tell_of(act, child, also="family.side_joined" if side else "")
    return child


def tell_of(act: Change, person: FamilyMember, *, also: str = "", **facts: Any) -> None:
    """A step: a line about this person; of whom belongs to one side alone no page of another moves."""
    act.quiet = act.quiet or person.compartment_id is not None
    act.record(person, also=also, **facts)


def add_parent(
    *,
    actor: Actor,
    family_id: UUID,
    first_name: str,
    at: datetime,
    email: str = "",
    kind: MemberKind = MemberKind.PARENT,
    holds_authority: bool = False,
    children: Collection[UUID] = (),
    born_on: date | None = None,
    last_name: str = "",
    side_of: UUID | None = None,
) -> FamilyMember:
    """An adult who raises belongs to the family; who decides for a child, or fosters, sees the record.

    Authority counts as declared until it is checked or lapses: for every child of the family with
    `holds_authority`, else for the `children` that were named. A new partner of one parent belongs to the
    side of that parent alone: for the other there is nobody. Refused there for who decides together with
    somebody outside it.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.parent_added", at=at) as act:
        family = lock_family(act, family_id)
        not_in_own_family(act, family.pk)
        own = family.members.there().filter(kind=MemberKind.CHILD)
        decides_for = own if holds_authority else own.filter(pk__in=children)
        side = sides.side_of(act, family.pk, side_of) if side_of else None
        parent = join_parent(
            act,
            family,
            first_name=first_name,
            email=email,
            kind=kind,
            born_on=born_on,
            last_name=last_name,
            with_access=holds_authority or bool(decides_for) or kind != MemberKind.PARENT,
            side=side,
            children=[one.pk for one in decides_for] if side else None,
        )
        for child in decides_for:
            declare_authority(act, child=child, holder=parent)
        came = {"kind": kind, "authority": holds_authority or bool(decides_for)}
        tell_of(act, parent, also="family.side_joined" if side else "", **came)
    return parent


def say_side(*, actor: Actor, member_id: UUID, side_of: UUID | None, at: datetime) -> FamilyMember:
    """Somebody belongs to the side of this parent alone, or to all of the family: the coach puts that right.

    Whoever is not of that side finds nobody there any more, nor a line of the log. Refused for who decides
    together with somebody outside it.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.side_said", at=at) as act:
        person = act.lock(FamilyMember.objects.visible_to, member_id)
        not_in_own_family(act, person.family_id)
        if side_of is not None:
            sides.put_on_side(act, person, side_of)
        elif person.compartment_id is not None:
            person.compartment = None
            person.save()
            comes_to_tables(person)
        tell_of(act, person)
    return person


def join_persons(*, actor: Actor, member_id: UUID, other_id: UUID, reason: str, at: datetime) -> SamePerson:
    """Two members whom the actor may both see are one person: a link, so that nobody sees more than before.

    Each family reads that it was found, and nothing of the other.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.person_joined", at=at) as act:
        rows = FamilyMember.objects.visible_to(actor, at=at)
        # In one order, so that two who do this at once wait for each other instead of both.
        pair = {key: act.lock(rows, key) for key in sorted({member_id, other_id})}
        links = SamePerson.objects.standing().between(member_id, other_id)
        require(rules.why_not_same_person(pair[member_id], pair[other_id], linked=links.exists()))
        one, other = pair.values()
        link = SamePerson.objects.create(one=one, other=other, reason=reason, linked_at=at)
        tell_of(act, one)
        tell_of(act, other)
    return link


def part_persons(*, actor: Actor, link_id: UUID, at: datetime) -> SamePerson:
    """They are two people after all: the link ends, and each record is what it was.

    Refused while one account signs in as both: by the link it may have been let in with the other.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.person_parted", at=at) as act:
        link = act.lock(SamePerson.objects.visible_to, link_id)
        require(rules.why_not_parted(link.one, link.other))
        link.ended_at = link.ended_at or at
        link.save()
        tell_of(act, link.one)
        tell_of(act, link.other)
    return link


def let_youth_in(act: Change, youth: FamilyMember, email: str) -> Account:
    """A step: the youth from 12 signs in with this address, which the coach heard from the youth.

    Refused below 12, for whoever is of the family, and for an address with which somebody else signs in.
    """
    members = FamilyMember.objects.filter(family_id=youth.family_id).select_related("account")
    require(rules.why_not_by_coach(of_family=act.actor.account in {one.account_id for one in members}))
    elsewhere = _somebody_elses(act, youth, email)
    require(
        rules.why_no_youth_account(
            youth, email, local_day(act.at), _addresses(members), somebody_elses=elsewhere
        )
    )
    if youth.asked_email.casefold() != email.strip().casefold():
        youth.address_by_id, youth.address_at = act.actor.account_id, act.at
    youth.asked_email = ""
    youth.save()
    return invite(act, youth, email)


def _somebody_elses(act: Change, youth: FamilyMember, email: str) -> bool:
    """Whether somebody signs in with this address who is not known to be this youth in another family."""
    account = Account.objects.with_email(email).filter(municipality_id=act.actor.municipality_id).first()
    if account is None:
        return False
    held = FamilyMember.objects.filter(account=account).values_list("pk", flat=True)
    same = [SamePerson.objects.standing().between(youth.pk, pk).exists() for pk in held]
    return not (same and all(same))


def give_youth_account(*, actor: Actor, member_id: UUID, email: str, at: datetime) -> FamilyMember:
    """The coach spoke with the youth from 12, who signs in with this address from now on; a letter says so.

    No code is told besides: the coach is who vouches that the address is the youth's own.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.youth_invited", at=at) as act:
        youth = act.lock(FamilyMember.objects.visible_to, member_id)
        account = let_youth_in(act, youth, email)
        tell_of(act, youth, account=account.pk, address_by=youth.address_by_id)
    return youth


def ask_youth_account(*, actor: Actor, member_id: UUID, email: str, at: datetime) -> FamilyMember:
    """One of the family gave this address for the youth: no mail goes there before the coach spoke with them.

    The coach is told. Whether somebody elsewhere signs in with it is the coach's to hear, and no parent's.
    """
    require_permission(actor, Permission.INVITE_YOUTH)
    with change(actor, "family.youth_address_given", at=at) as act:
        youth = act.lock(FamilyMember.objects.visible_to, member_id)
        members = FamilyMember.objects.filter(family_id=youth.family_id).select_related("account")
        require(rules.why_no_youth_account(youth, email, local_day(at), _addresses(members)))
        youth.asked_email, youth.address_by_id, youth.address_at = email.strip(), actor.account, at
        youth.save()
        tell_of(act, youth)
    return youth


def invite_parent(
    *, actor: Actor, member_id: UUID, email: str, at: datetime, children: Collection[UUID] = ()
) -> FamilyMember:
    """The adult signs in with this address; a letter says so, without a word of the case.

    Who decides sees the record; a parent without authority may ask how it goes, and sees nothing (BW 1:377c):
    about the `children` that are that parent's own, and of whom else there is nothing is told. Where there is
    one child it is that one. Refused when there are more and none is named, or one who is not of the family.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.parent_invited", at=at) as act:
        adult = act.lock(FamilyMember.objects.visible_to, member_id)
        members = FamilyMember.objects.filter(family_id=adult.family_id).select_related("account")
        require(rules.why_no_way_in(adult, email, _addresses(members)))
        decides = adult.kind != MemberKind.PARENT or _decides(adult, at)
        own = None if decides else rules.own_children(members, children)
        require(rules.why_not_whose(own))
        account = invite(act, adult, email, children=own)
        tell_of(act, adult, account=account.pk, children=sorted(map(str, own or ())))
    return adult


def _decides(adult: FamilyMember, at: datetime) -> bool:
    return LegalAuthority.objects.standing(local_day(at)).filter(holder=adult).exists()


def _addresses(members: Iterable[FamilyMember]) -> list[str]:
    return [one.account.email for one in members if one.account]
