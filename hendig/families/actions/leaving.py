"""Of whom a destroyed record told, nothing is found any more: no name, no birth date, no way in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from hendig.audit.actions import Change
from hendig.families.models import (
    Compartment,
    Consent,
    Family,
    FamilyMember,
    GpAsk,
    Invitation,
    Involvement,
    LegalAuthority,
    Record,
    SamePerson,
)
from hendig.kernel.actor import Role
from hendig.people.actions import end_account
from hendig.people.models import Account, Membership


def leave_nothing(act: Change, record: Record) -> None:
    """A step: nobody is involved with the (locked) record, and who was known by it alone is nobody here.

    Those who are known by another child of the family stay, and what is of that child; with the last record
    the family itself goes. So does the account of who has no other use of it. Rows stay as identifiers,
    because books and log name them.
    """
    family = act.lock(Family.objects.all(), record.family_id)
    record.gone_at = act.at
    record.save()
    Involvement.objects.coming_too(act.at).filter(record=record).update(until_at=act.at)
    invited = Invitation.objects.filter(record=record)
    invited.open(act.at).update(taken_back_at=act.at)
    invited.update(first_name="", aim="")
    Consent.objects.filter(record=record).update(aim="")
    GpAsk.objects.filter(record=record).update(family=None, record=None, answered_by=None)

    left = set(Record.objects.filter(family=family, gone_at=None).values_list("pk", flat=True))
    members = FamilyMember.objects.there().filter(family=family)
    if left:
        members = members.filter(pk__in=_known_by({record.pk}) - _known_by(left))
    else:
        family.name = family.neighbourhood = ""
        family.save()
    came: set[UUID | None] = set(invited.filter(accepted_at=None).values_list("account", flat=True))
    # In one order, so that who writes about two of them waits for the other.
    for member in members.select_for_update(of=("self",)).order_by("pk"):
        came.add(member.account_id)
        _empty(act, member)
    for account_id in _of_no_use(came, act.at):
        end_account(act, account_id)


def _of_no_use(account_ids: Collection[UUID | None], at: datetime) -> list[UUID]:
    """Of these accounts, those that belong to no other family and to no work here, now or before.

    Who worked here once stays until the term of that is over: books, invoices and letters name them.
    """
    here = FamilyMember.objects.there().filter(account=OuterRef("pk"))
    works = Membership.objects.filter(account=OuterRef("pk")).exclude(role=Role.FAMILY)
    coming = Invitation.objects.open(at).filter(account=OuterRef("pk"))
    involved = Involvement.objects.coming_too(at).filter(account=OuterRef("pk"))
    rows = Account.objects.filter(pk__in=[one for one in account_ids if one])
    rows = rows.filter(~Exists(here), ~Exists(works), ~Exists(coming), ~Exists(involved))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _known_by(records: Collection[UUID]) -> set[UUID]:
    """The persons of whom these records tell: the child, who decides, who is involved, whose part it is."""
    children = Record.objects.filter(pk__in=records, child__isnull=False).values_list("child", flat=True)
    found: set[UUID | None] = set(children)
    found.update(LegalAuthority.objects.filter(child__in=children).values_list("holder", flat=True))
    found.update(Involvement.objects.filter(record__in=records).values_list("member", flat=True))
    found.update(Compartment.objects.filter(record__in=records).values_list("person", flat=True))
    found.update(FamilyMember.objects.filter(compartment__record__in=records).values_list("pk", flat=True))
    return {one for one in found if one is not None}


def _empty(act: Change, member: FamilyMember) -> None:
    """Nothing is known of this person any more, and by no word is the row found."""
    SamePerson.objects.filter(Q(one=member) | Q(other=member)).delete()
    LegalAuthority.objects.filter(Q(child=member) | Q(holder=member)).delete()
    member.first_name = member.last_name = member.asked_email = ""
    member.born_on = member.account = member.address_by = member.address_at = member.invited_at = None
    member.gone_at = act.at
    # What it is found by goes with the name.
    member.save()
