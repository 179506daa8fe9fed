"""Who hears of what happens in a family, and where a notice leads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.families.models import (
    ANOTHER,
    Block,
    Compartment,
    Consent,
    FamilyMember,
    Ground,
    Incapacity,
    Involvement,
    LegalAuthority,
    MemberKind,
    Part,
)
from hendig.families.queries import account_ids, is_open_to
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.people.models import Membership

# A record is open until the moment at which it closes, and not at that moment.
TICK = timedelta(microseconds=1)


def family_page(entry: Entry) -> str:
    return reverse("family", args=[entry.family_id])


def own_record_page(entry: Entry) -> str:
    return reverse("own_record", args=[entry.family_id])


def who_may_page(entry: Entry) -> str:
    return reverse("who_may", args=[entry.family_id])


def the_family(entry: Entry) -> Iterable[UUID]:
    """Everyone of the family who can sign in; of what is of one parent alone, who reads that."""
    return _who_read(entry, account_ids(entry.family_id, Part.FAMILY, at=entry.at))


def the_family_let_in(entry: Entry) -> Iterable[UUID]:
    """Who of the family has the part open in which the line lies, and nobody else of it."""
    place = entry.compartment_id
    found = account_ids(entry.family_id, Part.FAMILY, at=entry.at)
    return [pk for pk in found if place is not None and is_open_to([pk], place, at=entry.at)]


def the_family_that_reads_it(entry: Entry) -> Iterable[UUID]:
    """Everyone of the family who can sign in; of what is about another not the child of the record, nor who
    fosters it without deciding.
    """
    about = entry.facts.get(ANOTHER)
    if about is None:
        return the_family(entry)
    place = Compartment.objects.filter(pk__in=[entry.compartment_id])
    child, own = place.values("record__child"), place.exclude(person=None).values("person")
    deciding = LegalAuthority.objects.standing(local_day(entry.at)).filter(child__in=child)
    fosters = Q(kind=MemberKind.FOSTER_PARENT) & ~Q(pk__in=deciding.values("holder")) & ~Q(pk__in=own)
    alone = FamilyMember.objects.filter(Q(pk__in=child) | fosters, family__in=[entry.family_id])
    not_told = {account for pk, account in alone.values_list("pk", "account_id") if str(pk) != str(about)}
    return [account for account in the_family(entry) if account not in not_told]


def the_side(entry: Entry) -> Iterable[UUID]:
    """Of whose part the line tells, where it tells of one parent alone: who of the family reads that part."""
    return the_family(entry) if entry.compartment_id else ()


def whose_it_is(entry: Entry) -> Iterable[UUID]:
    """The parent or the youth whose own part the line is about, and nobody who was named there."""
    place = Compartment.objects.filter(pk__in=[entry.compartment_id]).select_related(
        "person", "record__child"
    )
    found = place.first()
    whose = found.person or found.record.child if found else None
    return [pk for pk in the_family(entry) if whose is not None and pk == whose.account_id]


def the_coach(entry: Entry) -> Iterable[UUID]:
    """The coach or coaches of the family; of what is of one parent alone, who was named once anybody was."""
    coaches = account_ids(entry.family_id, Part.COACH, at=entry.at)
    place = Compartment.objects.filter(pk__in=[entry.compartment_id], person__isnull=False)
    named = Involvement.objects.filter(record__compartments__in=place, member__in=place.values("person"))
    return _who_read(entry, coaches) if named.exclude(part=Part.FAMILY).exists() else coaches


def _who_read(entry: Entry, accounts: Iterable[UUID]) -> Iterable[UUID]:
    """Those to whom the part of one person is open in which the line lies; all where it lies in none."""
    place = Compartment.objects.filter(pk__in=[entry.compartment_id], person__isnull=False).first()
    return accounts if place is None else [pk for pk in accounts if is_open_to([pk], place.pk, at=entry.at)]


def the_officers(entry: Entry) -> Iterable[UUID]:
    """The privacy officers of the municipality."""
    rows = Membership.objects.standing(local_day(entry.at)).filter(
        municipality_id=entry.municipality_id, role=Role.PRIVACY
    )
    return rows.order_by("account_id").values_list("account_id", flat=True)


def who_leads(entry: Entry) -> Iterable[UUID]:
    """Who answers for the work of the municipality."""
    rows = Membership.objects.standing(local_day(entry.at)).filter(
        municipality_id=entry.municipality_id, role=Role.POLICY
    )
    return rows.order_by("account_id").values_list("account_id", flat=True)


def who_asked(entry: Entry) -> Iterable[UUID]:
    """Who asked the question, and nobody else of the family."""
    asked_by = entry.facts.get("asked_by")
    return [UUID(asked_by)] if asked_by else []


def who_invited(entry: Entry) -> Iterable[UUID]:
    """Who of the family invited somebody, as long as that one sees the family; and nobody else of it."""
    invited_by = entry.facts.get("invited_by")
    return [account for account in the_family(entry) if str(account) == invited_by]


def who_stands_in(entry: Entry) -> Iterable[UUID]:
    """The other of the two between whom it was agreed."""
    account = entry.facts.get("account")
    return [UUID(account)] if account else []


def the_youth(entry: Entry) -> Iterable[UUID]:
    """The youth whom it is about, and nobody else of the family."""
    return [pk for pk in the_family(entry) if _is_youth(entry, pk)]


def those_who_decide(entry: Entry) -> Iterable[UUID]:
    """Who decides in the place of this youth; no brother or sister, who sees a record of the own."""
    return _deciding(entry, entry.at)


def those_who_decided(entry: Entry) -> Iterable[UUID]:
    """Who did so until a moment ago, and sees the record no more by that; never who was shut out since."""
    ended = Incapacity.objects.filter(from_at__isnull=False, until_at__lte=entry.at)
    over = ended.filter(pk__in=[entry.object_id]).first()
    if over is None or over.until_at is None:
        return []
    shut_out = Block.objects.standing(entry.at).filter(record=over.record_id)
    gone = set(shut_out.values_list("account_id", flat=True))
    return [pk for pk in _deciding(entry, over.until_at - TICK) if pk not in gone]


def who_decided(entry: Entry) -> Iterable[UUID]:
    """Of whom the authority ended that the line is about; never who was shut out."""
    return _not_shut_out(entry, LegalAuthority.objects.filter(pk__in=[entry.object_id]).values("holder"))


def who_saw_by_a_yes_of_that_one(entry: Entry) -> Iterable[UUID]:
    """Who of the family saw along by a yes of who decides no more: until a new yes they see nothing."""
    ended = LegalAuthority.objects.filter(pk__in=[entry.object_id])
    yes = Consent.objects.standing(entry.at).filter(
        giver__in=ended.values("holder"), record__child__in=ended.values("child"), yes=True
    )
    others = FamilyMember.objects.filter(family__in=[entry.family_id], account__in=yes.values("account"))
    return _not_shut_out(entry, others.exclude(kind=MemberKind.CHILD).values("pk"))


def who_is_asked_along(entry: Entry) -> Iterable[UUID]:
    """Who decides from now on, where somebody who raises the child sees nothing until they say yes."""
    now = LegalAuthority.objects.filter(pk__in=[entry.object_id]).select_related("holder").first()
    if now is None or now.holder.account_id is None:
        return []
    said = Consent.objects.standing(entry.at).filter(giver=now.holder, account=OuterRef("account"))
    waits = Involvement.objects.standing(entry.at).filter(
        ~Exists(said.filter(record=OuterRef("record"))),
        record__child=now.child_id,
        part=Part.FAMILY,
        ground=Ground.CONSENT,
    )
    return [now.holder.account_id] if waits.exclude(account=now.holder.account_id).exists() else []


def _not_shut_out(entry: Entry, members: Any) -> Iterable[UUID]:
    ended = LegalAuthority.objects.filter(pk__in=[entry.object_id])
    shut = Block.objects.standing(entry.at).filter(record__child__in=ended.values("child"))
    rows = FamilyMember.objects.filter(pk__in=members, account__isnull=False)
    return list(rows.exclude(account__in=shut.values("account")).values_list("account", flat=True))


def the_two(entry: Entry) -> Iterable[UUID]:
    """The two professionals who looked."""
    return [UUID(who) for key in ("first", "second") if (who := entry.facts.get(key))]


def _deciding(entry: Entry, moment: datetime) -> Iterable[UUID]:
    """Those with authority over this youth to whom what is shared of the record was open at that moment."""
    held = Incapacity.objects.filter(pk__in=[entry.object_id])
    shared = held.values_list("compartment_id", flat=True).get()
    holders = LegalAuthority.objects.standing(local_day(entry.at)).filter(child=entry.facts["child"])
    accounts = holders.filter(holder__account__isnull=False).values_list("holder__account_id", flat=True)
    return [pk for pk in accounts if is_open_to([pk], shared, at=moment)]


def _is_youth(entry: Entry, account_id: UUID) -> bool:
    child = entry.facts.get("child")
    return FamilyMember.objects.filter(pk=child, account_id=account_id).exists()


def own_part_page(entry: Entry) -> str:
    """What is of one parent or the youth alone, for who told it."""
    place = Compartment.objects.filter(pk__in=[entry.compartment_id]).values_list("person_id", flat=True)
    person = place.first()
    return reverse("part_of_parent", args=[person]) if person else reverse("apart", args=[entry.family_id])


def gp_page(entry: Entry) -> str:
    return reverse("gp", args=[entry.record_id])


def capacity_page(entry: Entry) -> str:
    return reverse("capacity", args=[entry.facts["child"]])


def deputies_page(_entry: Entry) -> str:
    return reverse("deputies")


def trainees_page(_entry: Entry) -> str:
    return reverse("trainees")


def questions_page(_entry: Entry) -> str:
    return reverse("log_questions")


def own_door(_entry: Entry) -> str:
    """The own page: the line of a question says no family, so that nobody else can tell that it was asked."""
    return reverse("my_family")
