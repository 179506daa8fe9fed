"""Who belongs to a family, who decides for a child, who is around it, and who is involved until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hendig.audit.actions import Change, change
from hendig.families import rules
from hendig.families.models import (
    Bond,
    Compartment,
    CompartmentKind,
    Consent,
    Family,
    FamilyMember,
    Ground,
    Involvement,
    LegalAuthority,
    MemberKind,
    Part,
    Purpose,
    Record,
    SamePerson,
    Source,
    Tie,
    opened,
)
from hendig.families.rules.sharing import COACH_LOOKS_ALONG
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, require
from hendig.keys.actions import new_keys
from hendig.people.actions import give_role, open_account, write_letter
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission

LAST = datetime.max.replace(tzinfo=UTC)
COACH_KINDS = (CompartmentKind.SHARED, CompartmentKind.ADDRESS)


def involve(
    act: Change,
    *,
    record: Record,
    account_id: UUID,
    part: Part,
    ground: Ground,
    kinds: Iterable[CompartmentKind] = (CompartmentKind.SHARED,),
    purpose: Purpose = Purpose.HELP,
    member: FamilyMember | None = None,
    until: datetime | None = None,
) -> Involvement:
    """A step: the account is involved with the record in this part, at least until the moment `until`.

    An involvement in the same part that still stands is extended and never cut short; None has no end.
    Refused for a compartment that this part is never for.
    """
    wanted = sorted(set(kinds))
    require(rules.why_not_for(part, wanted))
    standing = (
        Involvement.objects.standing(act.at)
        .select_for_update(of=("self",))
        .filter(
            record=record, account_id=account_id, part=part, ground=ground, purpose=purpose, member=member
        )
        .order_by("id")
        .first()
    )
    if standing is None:
        return Involvement.objects.create(
            family_id=record.family_id,
            record=record,
            account_id=account_id,
            member=member,
            part=part,
            purpose=purpose,
            ground=ground,
            kinds=wanted,
            from_at=act.at,
            until_at=until,
        )
    wider = sorted({*standing.kinds, *wanted})
    longer = standing.until_at is not None and (until is None or until > standing.until_at)
    if longer or wider != standing.kinds:
        standing.kinds, standing.until_at = wider, until if longer else standing.until_at
        standing.save()
    return standing


def end_involvement(
    act: Change, *, record_id: UUID, account_id: UUID, part: Part, until: datetime | None = None
) -> None:
    """A step: the account is not involved in this part from now, or from `until`; other parts stay."""
    rows = Involvement.objects.standing(act.at).select_for_update(of=("self",))
    for row in rows.filter(record_id=record_id, account_id=account_id, part=part):
        row.until_at = min(until or act.at, row.until_at or LAST)
        row.save()


def lock_family(act: Change, actor: Actor, family_id: UUID, at: datetime) -> Family:
    """A step: the family, locked until the change ends. `NotVisible` for whoever is not involved."""
    return act.lock(Family.objects.visible_to(actor, at=at), family_id)


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


# The parts of a record that are there from its first day, so that nobody can tell which are used.
ALWAYS = (
    CompartmentKind.SHARED,
    CompartmentKind.CHILD,
    CompartmentKind.SAFETY,
    CompartmentKind.GP,
    CompartmentKind.ADDRESS,
    CompartmentKind.INFORMANT,
    CompartmentKind.FINANCE,
)


def begin_record(act: Change, family_id: UUID, *, child: FamilyMember | None = None) -> Record:
    """A step: a record begins, of this child or of one that is not known yet."""
    record = Record.objects.create(family_id=family_id, child=child, begun_at=act.at)
    made = [Compartment(family_id=family_id, record=record, kind=kind) for kind in ALWAYS]
    Compartment.objects.bulk_create(made)
    new_keys(act, {compartment.pk: family_id for compartment in made})
    if child is not None:
        for member in FamilyMember.objects.filter(family_id=family_id, account__isnull=False):
            see_record(act, record, member)
    return record


def turns_out_to_be(act: Change, record: Record, child: FamilyMember) -> None:
    """A step: it is known now which child the record is of; those who raise are involved with it."""
    record.child = child
    record.save()
    for member in FamilyMember.objects.filter(family_id=record.family_id, account__isnull=False):
        see_record(act, record, member)


def close_record(act: Change, record: Record) -> None:
    """A step: nobody is involved any more with a record in which nothing lies."""
    for row in Involvement.objects.standing(act.at).select_for_update(of=("self",)).filter(record=record):
        row.until_at = act.at
        row.save()


def go_along(act: Change, record: Record, coach_id: UUID) -> Involvement:
    """A step: this coach goes along with the child of the record, for at most a year."""
    return involve(
        act,
        record=record,
        account_id=coach_id,
        part=Part.COACH,
        ground=Ground.YOUTH_ACT,
        kinds=COACH_KINDS,
        until=act.at + COACH_LOOKS_ALONG,
    )


def see_record(act: Change, record: Record, member: FamilyMember) -> None:
    """A step: a person of the family who signs in is involved with the record; the gate says what that opens.

    A child is involved with the own record only, and everyone who raises has an own compartment in it.
    """
    child = member.kind == MemberKind.CHILD
    if member.account_id is None or (child and record.child_id != member.pk):
        return
    kinds = {CompartmentKind.SHARED, CompartmentKind.CHILD}
    if not child:
        own_compartment(act, record, member)
        kinds = {CompartmentKind.SHARED, CompartmentKind.PARENT}
    involve(
        act,
        record=record,
        account_id=member.account_id,
        member=member,
        part=Part.CONFIDANT if member.kind == MemberKind.CONFIDANT else Part.FAMILY,
        ground=GROUND_OF[MemberKind(member.kind)],
        kinds={CompartmentKind.SHARED} if member.kind == MemberKind.CONFIDANT else kinds,
    )


GROUND_OF = {
    MemberKind.CHILD: Ground.OWN,
    MemberKind.PARENT: Ground.AUTHORITY,
    MemberKind.GUARDIAN: Ground.AUTHORITY,
    MemberKind.FOSTER_PARENT: Ground.CONSENT,
    MemberKind.CONFIDANT: Ground.CONSENT,
}


def own_compartment(act: Change, record: Record, member: FamilyMember) -> Compartment:
    """A step: the compartment of this record for what is about this parent."""
    known = Compartment.objects.filter(record=record, kind=CompartmentKind.PARENT, person=member).first()
    if known is not None:
        return known
    made = Compartment.objects.create(
        family_id=record.family_id, record=record, kind=CompartmentKind.PARENT, person=member
    )
    new_keys(act, {made.pk: record.family_id})
    return made


def shared(record: Record) -> Compartment:
    """The compartment of the record for what everyone who helps and decides knows. 1 query."""
    return Compartment.objects.get(record=record, kind=CompartmentKind.SHARED)


def signs_in_with(act: Change, member: FamilyMember, account: Account) -> None:
    """A step: the member signs in with this account; nothing is open by that."""
    if member.account_id != account.pk:
        member.account = account
        member.save()
    give_role(act, account_id=account.pk, role=Role.FAMILY, on=local_day(act.at))


def let_in(act: Change, member: FamilyMember, account: Account) -> None:
    """A step: the member signs in with this account, and is involved with the records of the children."""
    signs_in_with(act, member, account)
    for record in Record.objects.filter(family_id=member.family_id, child__isnull=False):
        see_record(act, record, member)


def say(act: Change, *, record: Record, giver: FamilyMember, account_id: UUID, yes: bool) -> Consent:
    """A step: this person says yes or no to somebody seeing along, in place of an earlier answer."""
    known = Consent.objects.filter(record=record, giver=giver, account_id=account_id, until_at=None)
    before = known.select_for_update().first()
    if before is not None and before.yes == yes:
        return before
    if before is not None:
        before.until_at = act.at
        before.save()
    return Consent.objects.create(
        family_id=record.family_id, record=record, giver=giver, account_id=account_id, yes=yes, from_at=act.at
    )


def agree_for_all(act: Change, *, record_id: UUID, account_id: UUID) -> None:
    """A step: who acts says yes to somebody seeing this record along. Refused for whoever does not decide."""
    record = Record.objects.select_related("child").get(pk=record_id)
    giver = FamilyMember.objects.filter(family_id=record.family_id, account_id=act.actor.account_id).first()
    holders = LegalAuthority.objects.standing(local_day(act.at)).filter(child=record.child)
    deciding = holders.values_list("holder_id", flat=True)
    require(rules.why_not_agree(giver, record.child, holders=deciding, on=local_day(act.at)))
    say(act, record=record, giver=_known(giver), account_id=account_id, yes=True)


def child_agrees(act: Change, record: Record) -> None:
    """A step: the child of this record, 12 or older, said that those who raise may see along."""
    if record.child is None:
        return
    raising = FamilyMember.objects.filter(family_id=record.family_id, account__isnull=False)
    for member in raising.exclude(kind=MemberKind.CHILD):
        if member.account_id is not None:
            say(act, record=record, giver=record.child, account_id=member.account_id, yes=True)


def join_child(
    act: Change, family: Family, *, first_name: str, born_on: date, last_name: str = ""
) -> FamilyMember:
    """A step: the child belongs to the (locked) family. Refused for an impossible date or a double."""
    require(rules.why_no_child(first_name, born_on, local_day(act.at), family.members.all()))
    return FamilyMember.objects.create(
        family=family, kind=MemberKind.CHILD, first_name=first_name, last_name=last_name, born_on=born_on
    )


def record_of(act: Change, child: FamilyMember) -> Record:
    """A step: the record of this child, begun when it has none yet."""
    known = Record.objects.filter(child=child).first()
    return known or begin_record(act, child.family_id, child=child)


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
) -> FamilyMember:
    """A step: an adult who raises belongs to the (locked) family.

    With access and an address the adult is invited by mail and sees the record. Refused for an address
    that is already somebody else's in this family, and for an impossible date.
    """
    members = list(family.members.select_related("account"))
    require(rules.why_no_parent(email, born_on, local_day(act.at), members, _addresses(members)))
    member = FamilyMember.objects.create(
        family=family, kind=kind, first_name=first_name, last_name=last_name, born_on=born_on
    )
    if email and with_access:
        invite(act, member, email)
    return member


def invite(act: Change, member: FamilyMember, email: str) -> Account:
    """A step: the member can sign in with this address and is told so, without a word of the case."""
    account = invite_only(act, member, email)
    let_in(act, member, account)
    return account


def invite_only(act: Change, member: FamilyMember, email: str) -> Account:
    """A step: the member can sign in with this address and is told so; nothing is open by that."""
    account = open_account(act, email=email, first_name=member.first_name, last_name=member.last_name)
    signs_in_with(act, member, account)
    with translation.override(account.language):
        write_letter(
            act,
            to=account.email,
            key=f"invite:{member.pk}",
            subject=_("U bent uitgenodigd bij Hendig"),
            body=_(
                "Dag %(name)s,\n\nU bent uitgenodigd om mee te doen. "
                "Meld u aan met dit e-mailadres; een wachtwoord is niet nodig.\n\n%(link)s\n\nHendig"
            )
            % {"name": member.first_name, "link": f"{settings.ORIGIN}/aanmelden/"},
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


def is_child(act: Change, member: FamilyMember, born_on: date) -> None:
    """A step: who asked for help turned out to be the child. Refused for an impossible birth date."""
    others = FamilyMember.objects.filter(family_id=member.family_id).exclude(pk=member.pk)
    require(rules.why_not_this_child(born_on, local_day(act.at), others))
    member.kind, member.born_on = MemberKind.CHILD, born_on
    member.save()


def declare_authority(act: Change, *, child: FamilyMember, holder: FamilyMember) -> LegalAuthority:
    """A step: somebody told that this adult decides for this child; it lapses unless it is checked in time.

    What already stands is left as it is. Refused when it lapsed before: then it must be looked up.
    """
    today = local_day(act.at)
    require(rules.why_no_authority(child, holder, today))
    known = child.authority_over.select_for_update().filter(holder=holder, until_on=None).first()
    if known is not None:
        require(rules.why_not_declared_again(known, today))
        return known
    require(_why_contradicts(child, holder, Source.DECLARED, today))
    return LegalAuthority.objects.create(
        family_id=child.family_id,
        child=child,
        holder=holder,
        source=Source.DECLARED,
        from_on=today,
        lapses_on=today + rules.DECLARED_LASTS,
    )


def add_child(
    *, actor: Actor, family_id: UUID, first_name: str, born_on: date, at: datetime, last_name: str = ""
) -> FamilyMember:
    """The child belongs to the family. Refused for an impossible date or a child that is already there."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.child_added", at=at) as act:
        family = lock_family(act, actor, family_id, at)
        child = join_child(act, family, first_name=first_name, born_on=born_on, last_name=last_name)
        go_along(act, begin_record(act, family.pk, child=child), _signed_in(actor))
        act.record(child)
    return child


def add_parent(
    *,
    actor: Actor,
    family_id: UUID,
    first_name: str,
    at: datetime,
    email: str = "",
    kind: MemberKind = MemberKind.PARENT,
    holds_authority: bool = False,
    born_on: date | None = None,
    last_name: str = "",
) -> FamilyMember:
    """An adult who raises belongs to the family; who decides for a child, or fosters, sees the record.

    Authority counts as declared for every child of the family until it is checked or lapses.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.parent_added", at=at) as act:
        family = lock_family(act, actor, family_id, at)
        parent = join_parent(
            act,
            family,
            first_name=first_name,
            email=email,
            kind=kind,
            born_on=born_on,
            last_name=last_name,
            with_access=holds_authority or kind != MemberKind.PARENT,
        )
        children = family.members.filter(kind=MemberKind.CHILD) if holds_authority else ()
        for child in children:
            declare_authority(act, child=child, holder=parent)
        act.record(parent, kind=kind, authority=holds_authority)
    return parent


def set_authority(
    *, actor: Actor, child_id: UUID, holder_id: UUID, at: datetime, source: Source = Source.DECLARED
) -> LegalAuthority:
    """It is known, from this source, that the adult decides for the child; only a declared one lapses."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.authority_set", at=at) as act:
        rows = FamilyMember.objects.visible_to(actor, at=at)
        child, holder = act.lock(rows, child_id), act.lock(rows, holder_id)
        if source == Source.DECLARED:
            authority = declare_authority(act, child=child, holder=holder)
        else:
            require(rules.why_no_authority(child, holder, local_day(at), source))
            require(_why_contradicts(child, holder, source, local_day(at)))
            known = child.authority_over.select_for_update().filter(holder=holder, until_on=None).first()
            authority = known or LegalAuthority(
                family_id=child.family_id, child=child, holder=holder, from_on=local_day(at)
            )
            _checked(authority, source, at)
        act.record(authority, source=source, child=child.pk)
    return authority


def check_authority(*, actor: Actor, authority_id: UUID, source: Source, at: datetime) -> LegalAuthority:
    """Somebody looked it up in this source: the authority no longer lapses by itself."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.authority_checked", at=at) as act:
        rows = LegalAuthority.objects.visible_to(actor, at=at).filter(until_on=None)
        authority = act.lock(rows, authority_id)
        require(rules.why_not_checked_so(source))
        _checked(authority, source, at)
        act.record(authority, source=source, child=authority.child_id)
    return authority


def end_authority(*, actor: Actor, authority_id: UUID, at: datetime) -> LegalAuthority:
    """From today the adult no longer decides for the child, and does not see the record by that any more."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.authority_ended", at=at) as act:
        rows = LegalAuthority.objects.visible_to(actor, at=at).filter(until_on=None)
        authority = act.lock(rows, authority_id)
        today = local_day(at)
        authority.until_on = date.fromordinal(today.toordinal() - 1)
        authority.save()
        act.record(authority, child=authority.child_id)
    return authority


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
        act.record(one)
        act.record(other)
    return link


def part_persons(*, actor: Actor, link_id: UUID, at: datetime) -> SamePerson:
    """They are two people after all: the link ends, and each record is what it was."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.person_parted", at=at) as act:
        link = act.lock(SamePerson.objects.visible_to(actor, at=at), link_id)
        link.ended_at = link.ended_at or at
        link.save()
        act.record(link.one)
        act.record(link.other)
    return link


def let_youth_in(act: Change, youth: FamilyMember, email: str) -> Account:
    """A step: the youth from 12 signs in with this address. Refused below 12 and for an address in use."""
    members = FamilyMember.objects.filter(family_id=youth.family_id).select_related("account")
    require(rules.why_no_youth_account(youth, email, local_day(act.at), _addresses(members)))
    return invite(act, youth, email)


def give_youth_account(*, actor: Actor, member_id: UUID, email: str, at: datetime) -> FamilyMember:
    """The youth from 12 signs in with this address and sees the own record; a letter says so."""
    require_permission(actor, Permission.INVITE_YOUTH)
    with change(actor, "family.youth_invited", at=at) as act:
        youth = act.lock(FamilyMember.objects.visible_to(actor, at=at), member_id)
        account = let_youth_in(act, youth, email)
        act.record(youth, account=account.pk)
    return youth


def invite_parent(*, actor: Actor, member_id: UUID, email: str, at: datetime) -> FamilyMember:
    """The adult signs in with this address and sees the record; a letter says so.

    Refused for a parent who decides for no child of this family: such a parent has no view of the record.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.parent_invited", at=at) as act:
        adult = act.lock(FamilyMember.objects.visible_to(actor, at=at), member_id)
        members = FamilyMember.objects.filter(family_id=adult.family_id).select_related("account")
        decides = LegalAuthority.objects.standing(local_day(at)).filter(holder=adult).exists()
        require(rules.why_no_way_in(adult, email, _addresses(members), decides=decides))
        account = invite(act, adult, email)
        act.record(adult, account=account.pk)
    return adult


def note_child_agrees(*, actor: Actor, child_id: UUID, at: datetime) -> FamilyMember:
    """The child told the coach that those who raise may see along; it can say otherwise at any time.

    Refused for a child that does not decide over that yet.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.child_agreed", at=at) as act:
        child = act.lock(FamilyMember.objects.visible_to(actor, at=at), child_id)
        require(rules.why_not_for_the_child_to_say(child, local_day(at)))
        child_agrees(act, Record.objects.get(child=child))
        act.record(child)
    return child


def say_about(*, actor: Actor, record_id: UUID, account_id: UUID, yes: bool, at: datetime) -> Consent:
    """The actor, who decides over this record, says yes or no to somebody seeing along; it holds at once.

    Refused for whoever does not decide, and about somebody who is there on another ground than a yes.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.said_yes" if yes else "family.said_no", at=at) as act:
        record = act.lock(Record.objects.visible_to(actor, at=at), record_id)
        giver = FamilyMember.objects.filter(family_id=record.family_id, account_id=actor.account).first()
        about = Involvement.objects.standing(at).filter(record=record, account_id=account_id).order_by("id")
        holders = LegalAuthority.objects.standing(local_day(at)).filter(child=record.child)
        require(
            rules.why_not_say(
                giver,
                record.child,
                holders=holders.values_list("holder_id", flat=True),
                about=about,
                on=local_day(at),
            )
        )
        consent = say(act, record=record, giver=_known(giver), account_id=account_id, yes=yes)
        act.topics.add(f"account:{account_id}")
        act.record(consent, account=account_id)
    return consent


def add_tie(
    *,
    actor: Actor,
    family_id: UUID,
    name: str,
    relation: str,
    distance: int,
    at: datetime,
    gives: str = "",
    bond: Bond = Bond.WARM,
) -> Tie:
    """Somebody stands in the own circle of the family, this near."""
    require_permission(actor, Permission.KEEP_OWN_CIRCLE)
    with change(actor, "family.tie_added", at=at) as act:
        family = lock_family(act, actor, family_id, at)
        tie = Tie.objects.create(
            compartment=_first_shared(actor, family_id, at),
            family=family,
            name=name,
            relation=relation,
            distance=distance,
            gives=gives,
            bond=bond,
        )
        act.record(tie, distance=distance)
    return tie


def remove_tie(*, actor: Actor, tie_id: UUID, at: datetime) -> Tie:
    """Somebody no longer stands in the own circle; `restore_tie` undoes it."""
    require_permission(actor, Permission.KEEP_OWN_CIRCLE)
    with change(actor, "family.tie_removed", at=at) as act:
        tie = act.lock(Tie.objects.visible_to(actor, at=at), tie_id)
        tie.removed_at = tie.removed_at or at
        tie.save()
        act.record(tie)
    return tie


def restore_tie(*, actor: Actor, tie_id: UUID, at: datetime) -> Tie:
    """Somebody who was taken out stands in the own circle again."""
    require_permission(actor, Permission.KEEP_OWN_CIRCLE)
    with change(actor, "family.tie_restored", at=at) as act:
        tie = act.lock(Tie.objects.visible_to(actor, at=at), tie_id)
        tie.removed_at = None
        tie.save()
        act.record(tie)
    return tie


def _first_shared(actor: Actor, family_id: UUID, at: datetime) -> Compartment:
    """The shared compartment of the newest record of the family that is open to the actor."""
    seen = Compartment.objects.filter(
        family_id=family_id, kind=CompartmentKind.SHARED, pk__in=opened("compartment_id", actor, at)
    )
    found = seen.order_by("-record_id").first()
    if found is None:
        raise NotVisible
    return found


def _known(member: FamilyMember | None) -> FamilyMember:
    if member is None:
        raise NotVisible
    return member


def _signed_in(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotVisible
    return actor.account_id


def _why_contradicts(
    child: FamilyMember, holder: FamilyMember, source: Source, today: date
) -> Refusal | None:
    standing = LegalAuthority.objects.standing(today).filter(child=child).select_related("holder")
    return rules.why_authority_contradicts(holder, source, standing)


def _checked(authority: LegalAuthority, source: Source, at: datetime) -> None:
    authority.source, authority.checked_on, authority.lapses_on = source, local_day(at), None
    authority.save()


def _addresses(members: Iterable[FamilyMember]) -> list[str]:
    return [one.account.email for one in members if one.account]
