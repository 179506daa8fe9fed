"""Who of the family says yes or no to somebody seeing along."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from hendig.audit.actions import Change, change, reading, speaking
from hendig.audit.models import Entry
from hendig.families import rules
from hendig.families.actions.records import known
from hendig.families.models import (
    AIM_OF,
    Aim,
    Consent,
    FamilyMember,
    Ground,
    Involvement,
    InvolvementQuerySet,
    Items,
    LegalAuthority,
    MemberKind,
    Part,
    Record,
    Sort,
)
from hendig.families.rules import sharing
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission


def say(
    act: Change,
    *,
    record: Record,
    giver: FamilyMember,
    account_id: UUID,
    yes: bool,
    items: Items | None = None,
    leaves_out: Collection[str] | None = None,
    aim: Aim | None = None,
    follows: Aim | None = None,
) -> Consent:
    """A step: this person says yes or no to somebody seeing along, in place of an earlier answer.

    For what it is, and what of it, stays as it was where nothing is said of that; `follows` is what it is for
    where the family chose nothing itself.
    """
    known = Consent.objects.filter(record=record, giver=giver, account_id=account_id, until_at=None)
    before = known.select_for_update().first()
    said = _said_before(before) if before is not None else {"items": Items.ALL, "leaves_out": []}
    if items is not None:
        said["items"] = items
    if leaves_out is not None:
        said["leaves_out"] = sorted(leaves_out)
    purpose = aim or (follows if not said.get("what_for") else None)
    if purpose is not None:
        said |= {"what_for": purpose.what_for, "aim": purpose.words}
    if before is not None and {**_said_before(before), "yes": before.yes} == {**said, "yes": yes}:
        return before
    if before is not None:
        before.until_at = act.at
        before.save()
    return Consent.objects.create(
        family_id=record.family_id,
        record=record,
        giver=giver,
        account_id=account_id,
        yes=yes,
        from_at=act.at,
        **said,
    )


def _said_before(before: Consent) -> dict[str, Any]:
    names = ("items", "leaves_out", "what_for", "aim")
    return {name: getattr(before, name) for name in names}


def agree_for_all(act: Change, *, record_id: UUID, account_id: UUID) -> None:
    """A step: who acts says yes to somebody seeing this record along. Refused for whoever does not decide."""
    record = Record.objects.select_related("child").get(pk=record_id)
    giver = FamilyMember.objects.filter(family_id=record.family_id, account_id=act.actor.account).first()
    holders = LegalAuthority.objects.standing(local_day(act.at)).filter(child=record.child)
    deciding = holders.values_list("holder_id", flat=True)
    require(rules.why_not_agree(giver, record.child, holders=deciding, on=local_day(act.at)))
    tent = AIM_OF[Part.GUEST]
    say(act, record=record, giver=known(giver), account_id=account_id, yes=True, follows=tent)


def child_agrees(act: Change, record: Record) -> None:
    """A step: the child of this record, 12 or older, said that those who raise may see along.

    About whom the child said no before, it says yes again by itself: nobody does that for it in one breath.
    """
    if record.child is None:
        return
    said = Consent.objects.standing(act.at).filter(record=record, giver=record.child, yes=False)
    raising = FamilyMember.objects.filter(family_id=record.family_id, account__isnull=False)
    raising = raising.exclude(account_id__in=said.values("account_id"))
    for member in raising.exclude(kind=MemberKind.CHILD):
        if member.account_id is not None:
            account_id, raises = member.account_id, AIM_OF[Part.FAMILY]
            say(act, record=record, giver=record.child, account_id=account_id, yes=True, follows=raises)


def note_child_agrees(*, actor: Actor, child_id: UUID, at: datetime) -> FamilyMember:
    """The child told the coach that those who raise may see along; it can say otherwise at any time.

    Refused for a child that does not decide over that yet.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.child_agreed", at=at) as act:
        child = act.lock(FamilyMember.objects.visible_to, child_id)
        require(rules.why_not_for_the_child_to_say(child, local_day(at)))
        child_agrees(act, Record.objects.get(child=child))
        act.record(child)
    return child


def say_about(*, actor: Actor, record_id: UUID, account_id: UUID, yes: bool, at: datetime) -> Consent:
    """The actor, who decides over this record, says yes or no to somebody seeing along; it holds at once.

    A yes lasts a year, and said anew it does so from now.

    Refused for whoever does not decide, and about somebody who is there on another ground than a yes.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.said_yes" if yes else "family.said_no", at=at) as act:
        record, giver, about = _who_says(act, record_id, account_id)
        follows = next((AIM_OF[Part(row.part)] for row in about if row.part in AIM_OF), None)
        consent = say(
            act, record=record, giver=giver, account_id=account_id, yes=yes, follows=follows if yes else None
        )
        if yes:
            _a_year_more(act, about)
        act.topics.add(f"account:{account_id}")
        act.record(consent, account=account_id, **_for(consent))
    return consent


def read_child_alone(*, actor: Actor, record_id: UUID, account_id: UUID, yes: bool, at: datetime) -> Consent:
    """Somebody who is here by a yes reads no more than what is about the child, or all that is shared again.

    It holds at once, for what was written before too. One of those who decide is enough. Refused for whoever
    does not decide, about who raises the child or is here on another ground, and for who says no to them.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.reads_child_alone" if yes else "family.reads_all", at=at) as act:
        record, giver, about = _who_says(act, record_id, account_id)
        said = Consent.objects.standing(at).filter(record=record, giver=giver, account_id=account_id)
        require(sharing.why_not_narrowed(record.child, about, said_no=said.filter(yes=False).exists()))
        items = Items.CHILD if yes else Items.ALL
        consent = say(act, record=record, giver=giver, account_id=account_id, yes=True, items=items)
        act.topics.add(f"account:{account_id}")
        act.record(consent, account=account_id)
    return consent


def read_sort(
    *, actor: Actor, record_id: UUID, account_id: UUID, sort: Sort, yes: bool, at: datetime
) -> Consent:
    """Somebody who is here by a yes reads a sort of pieces again, or not any more; what was before is kept.

    It holds at once, for what was written before too. One of those who decide is enough to leave it out.
    Refused for whoever does not decide, about who is here on another ground, and for who says no to them.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.reads_more" if yes else "family.reads_less", at=at) as act:
        record, giver, about = _who_says(act, record_id, account_id)
        said = Consent.objects.standing(at).filter(record=record, giver=giver, account_id=account_id)
        before = said.order_by("id").last()
        require(sharing.why_not_left_out(about, said_no=before is not None and not before.yes))
        left_out = {*before.leaves_out} if before is not None else set[str]()
        now = sorted(left_out - {sort} if yes else left_out | {sort})
        consent = say(act, record=record, giver=giver, account_id=account_id, yes=True, leaves_out=now)
        act.topics.add(f"account:{account_id}")
        facts: dict[str, Any] = {"left_out": sorted(left_out), "leaves_out": now, **_for(consent)}
        act.record(consent, account=account_id, **facts)
    return consent


def _for(consent: Consent) -> dict[str, Any]:
    """What a line of the log says of what a yes is for: the own words stay with the yes."""
    return {"what_for": consent.what_for} if consent.yes and consent.what_for else {}


def _who_says(
    act: Change, record_id: UUID, account_id: UUID
) -> tuple[Record, FamilyMember, InvolvementQuerySet]:
    """A step: the locked record, who acts as one who may say yes there, and how that account is involved."""
    on = local_day(act.at)
    record = act.lock(Record.objects.visible_to, record_id)
    giver = FamilyMember.objects.filter(family_id=record.family_id, account_id=act.actor.account).first()
    about = Involvement.objects.standing(act.at).filter(record=record, account_id=account_id).order_by("id")
    holders = LegalAuthority.objects.standing(on).filter(child=record.child)
    deciding = holders.values_list("holder_id", flat=True)
    require(rules.why_not_say(giver, record.child, holders=deciding, about=about, on=on))
    return record, known(giver), about


def _a_year_more(act: Change, about: InvolvementQuerySet) -> None:
    """A step: what lasts as long as a yes lasts a year from this one."""
    for row in about.select_for_update(of=("self",)):
        if sharing.ends_with_a_yes(row):
            row.until_at = max(act.at + sharing.YES_LASTS, row.until_at or act.at)
            row.save()


def tell_whose_year_ends(*, municipality_id: UUID, at: datetime) -> int:
    """Who sees along by a yes that lasts a month more, and the family, hear of it once; how many of them."""
    system = Actor.system(municipality_id)
    told = Entry.objects.filter(
        family_id=OuterRef("family_id"),
        code="family.yes_ends",
        object_id=OuterRef("pk"),
        at__gt=OuterRef("until_at") - sharing.TOLD_BEFORE - timedelta(days=1),
    )
    rows = Involvement.objects.standing(at).filter(
        ~Exists(told),
        ground=Ground.CONSENT,
        part__in=sharing.INVITED,
        until_at__lte=at + sharing.TOLD_BEFORE,
        municipality_id=municipality_id,
    )
    with reading(system, at):
        soon = list(rows.order_by("id").values_list("pk", flat=True))
    if not soon:
        return 0
    with change(system, "family.yes_ends", at=at) as act, speaking(system, at):
        for row in Involvement.objects.filter(pk__in=soon).select_for_update(of=("self",)).order_by("id"):
            act.record(row, account=row.account_id)
    return len(soon)
