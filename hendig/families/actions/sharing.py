"""Who may see along, by those who decide: keep out, let in again, take leave; and staying longer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Change, change
from hendig.families import rules
from hendig.families.actions import end_involvement, known
from hendig.families.actions.sides import let_read, side_of
from hendig.families.models import (
    Block,
    Compartment,
    CompartmentKind,
    Family,
    FamilyMember,
    Involvement,
    LegalAuthority,
    Part,
    Record,
    opened,
)
from hendig.families.rules import sharing
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission


def take_leave(*, actor: Actor, record_id: UUID, account_id: UUID, at: datetime) -> Involvement:
    """The confidant or the GP is not involved with this record any more, from this moment."""
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.confidant_left", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        who_decides(act, record)
        standing = Involvement.objects.standing(at).filter(
            record=record, account_id=account_id, part__in=sharing.INVITED
        )
        row = standing.order_by("id").first()
        if row is None:
            raise NotVisible
        end_involvement(act, record_id=record.pk, account_id=account_id, part=Part(row.part))
        act.topics.add(f"account:{account_id}")
        left = "family.gp_left" if row.part == Part.GP else "family.confidant_left"
        act.record(row, also=left, account=account_id)
    return row


def shut_out(*, actor: Actor, record_id: UUID, account_id: UUID, at: datetime) -> Block:
    """This person sees nothing of the record from now on, whatever else says yes.

    Refused for whoever does not decide, and about somebody who is there by law. Once is enough.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.shut_out", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        giver = who_decides(act, record)
        about = Involvement.objects.coming_too(at).filter(record=record, account_id=account_id)
        require(sharing.why_not_shut_out(about.order_by("id")))
        known = Block.objects.standing(at).filter(record=record, account_id=account_id, kinds=[]).first()
        block = known or Block.objects.create(
            family_id=record.family_id, record=record, account_id=account_id, giver=giver, from_at=at
        )
        act.topics.add(f"account:{account_id}")
        act.record(block, account=account_id)
    return block


def let_in_again(*, actor: Actor, record_id: UUID, account_id: UUID, at: datetime) -> Block:
    """This person is not kept out any more. Refused while another of the family wants it to stay so.

    Of blocks that stand beside each other the widest ends. Nobody takes away one of themselves.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.let_in_again", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        giver = who_decides(act, record)
        rows = Block.objects.standing(at).filter(record=record, account_id=account_id)
        rows = rows.exclude(account_id=actor.account).order_by("kinds", "id")
        block = rows.select_for_update(of=("self",)).first()
        if block is None:
            raise NotVisible
        require(sharing.why_not_let_in_again(block, giver.pk, record.child_id))
        block.until_at = at
        block.save()
        act.topics.add(f"account:{account_id}")
        act.record(block, account=account_id)
    return block


def name_for_own_part(
    *, actor: Actor, record_id: UUID, account_id: UUID, at: datetime, person_id: UUID | None = None
) -> Involvement:
    """Somebody who helps reads and writes in the own part of the youth, or of this parent (`person_id`).

    Nobody else of the family hears of it. The youth or the parent says so; in the part of a parent the coach
    may as well who is named there. Refused for somebody who does not help now.
    """
    require_permission(actor, Permission.WRITE_APART)
    with change(actor, "child.named" if person_id is None else "parent.named", at=at) as act:
        place, rows = _own_part(act, record_id, person_id, account_id, by_who_reads=True)
        require(sharing.why_not_named(rows))
        for row in rows:
            if row.part in sharing.CAN_BE_NAMED and row.member_id is None:
                let_read(act, place, row)
        _tell_apart(act, place, rows[0], account_id)
    return rows[0]


def read_along(*, actor: Actor, person_id: UUID, at: datetime) -> Compartment:
    """The coach reads from now on what is of this parent alone, who hears of it: to write it down apart.

    Refused where somebody was named there before and the parent can name the coach.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "parent.coach_reads", at=at) as act:
        person = act.lock(FamilyMember.objects.visible_to, person_id)
        act.quiet = True
        place = side_of(act, person.family_id, person.pk)
        if not act.entries:
            # It was so already: said twice, it is so once.
            act.record(person, within=place.pk, account=actor.account)
    return place


def name_no_more(
    *, actor: Actor, record_id: UUID, account_id: UUID, at: datetime, person_id: UUID | None = None
) -> Involvement:
    """From now on this person does not read this own part of a youth or parent; what was written stays."""
    require_permission(actor, Permission.WRITE_APART)
    with change(actor, "child.named_no_more" if person_id is None else "parent.named_no_more", at=at) as act:
        place, rows = _own_part(act, record_id, person_id, account_id)
        named = [row for row in rows if sharing.reads(row, place.kind, place.person_id)]
        if not named:
            raise NotVisible
        for row in named:
            if place.person_id is None:
                row.kinds = [kind for kind in row.kinds if kind != CompartmentKind.CHILD]
            else:
                row.until_at = at
            row.save()
        _tell_apart(act, place, named[0], account_id)
    return named[0]


def _own_part(
    act: Change, record_id: UUID, person_id: UUID | None, account_id: UUID, *, by_who_reads: bool = False
) -> tuple[Compartment, list[Involvement]]:
    """The own part of the youth who acts, or of this parent, and how somebody else is involved there.

    The record is locked. Of a parent the parent acts, or with `by_who_reads` a coach who reads it.
    """
    child = Q(kind=CompartmentKind.CHILD, record__child__account=act.actor.account)
    parent = Q(
        kind=CompartmentKind.PARENT, person=person_id, pk__in=opened("compartment_id", act.actor, act.at)
    )
    rows = Compartment.objects.filter(child if person_id is None else parent, record_id=record_id)
    place = rows.select_related("record__child", "person").first()
    if place is None:
        raise NotVisible
    act.lock(Record.objects.visible_to, record_id)
    if place.person is None:
        require(rules.why_not_for_the_child_to_say(known(place.record.child), local_day(act.at)))
    elif place.person.account_id != act.actor.account_id and not by_who_reads:
        raise NotVisible
    standing = Involvement.objects.standing(act.at).select_for_update(of=("self",))
    return place, list(standing.filter(record=record_id, account_id=account_id).order_by("id"))


def _tell_apart(act: Change, place: Compartment, row: Involvement, account_id: UUID) -> None:
    """A line in the own part: for whose it is, and for who is named there."""
    act.quiet = True
    act.topics.add(f"account:{account_id}")
    act.record(row, within=place.pk, account=account_id)


def stay_longer(*, actor: Actor, family_id: UUID, at: datetime) -> Family:
    """The coach goes along a year from now; the family is told. Refused where the ground allows no more."""
    require_permission(actor, Permission.STAY_LONGER)
    with change(actor, "family.coach_stays", at=at) as act:
        family = act.lock(Family.objects.visible_to, family_id)
        rows = Involvement.objects.standing(at).select_for_update(of=("self",))
        own = list(rows.filter(family=family, account_id=actor.account).order_by("id"))
        if not own:
            raise NotVisible
        mine = [one for one in own if one.part == Part.COACH] or own
        ends = min((one.until_at for one in mine if one.until_at), default=None)
        require(sharing.why_not_longer(mine[0].part, ends, at))
        for row in mine:
            row.until_at = at + sharing.COACH_LOOKS_ALONG
            row.save()
            # That somebody reads what is of one parent is no line for the other.
            act.record(row, within=_part_of(row), until=local_day(row.until_at))
    return family


def _part_of(row: Involvement) -> UUID | None:
    """What is of the parent for whose part this one is named; None for who is here for all."""
    whose = Compartment.objects.filter(
        record=row.record_id, person=row.member_id, person__isnull=False, kind__in=row.kinds
    )
    return whose.values_list("pk", flat=True).first() if row.member_id else None


def who_decides(act: Change, record: Record) -> FamilyMember:
    """A step: who acts, as a person of the family who decides over this record. Refused for anybody else."""
    giver = FamilyMember.objects.filter(family_id=record.family_id, account_id=act.actor.account).first()
    today = local_day(act.at)
    holders = LegalAuthority.objects.standing(today).filter(child=record.child)
    deciding = holders.values_list("holder_id", flat=True)
    require(rules.why_not_agree(giver, record.child, holders=deciding, on=today))
    if giver is None:
        raise NotVisible
    return giver
