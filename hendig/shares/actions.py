"""Sharing chosen pieces with somebody outside: proposed, agreed to by each who must, stopped by any."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from hendig.audit.actions import Change, change
from hendig.families import rules as families
from hendig.families.actions import shared, signed_in
from hendig.families.models import (
    Block,
    Compartment,
    CompartmentKind,
    FamilyMember,
    LegalAuthority,
    Part,
    Record,
    opened,
)
from hendig.kernel.actor import Actor, Role
from hendig.kernel.ids import new_id
from hendig.kernel.periods import is_over, local_day
from hendig.kernel.refusal import NotVisible, Refusal, require
from hendig.keys.actions import new_keys
from hendig.people.models import Account, Membership
from hendig.people.rules import Permission, require_permission
from hendig.shares import rules
from hendig.shares.models import Share, ShareAnswer, SharedPiece
from hendig.shares.queries.pieces import Chosen, chosen_pieces
from hendig.shares.queries.who import who_must_say

READERS = (Role.HELPER, Role.PROFESSIONAL)


def propose(
    *,
    actor: Actor,
    record_id: UUID,
    email: str,
    pieces: Collection[str],
    purpose: str,
    until_on: date,
    at: datetime,
) -> Share:
    """Each who must say yes is asked whether this person may read these pieces; until then nobody does.

    Refused for whoever neither leads nor decides, for who is not let in here, without a piece, with an
    address in one, and for longer than a year.
    """
    require_permission(actor, Permission.SHARE_PIECES)
    with change(actor, "share.proposed", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        place = _place(actor, record, at)
        require(
            rules.why_no_share(record.child, leads=_leads(actor, place, at), decides=_decides(act, record))
        )
        reader = _reader(actor, email, at)
        require(_why_not_with(reader, record, at))
        require(rules.why_not_until(until_on, local_day(at)) or rules.why_not_for(purpose))
        found = chosen_pieces(actor, place.pk, pieces, at=at)
        texts = [text for one in found for text in one.texts]
        require(rules.why_not_these(chosen=len(set(pieces)), there=len(found), texts=texts))
        assert reader is not None
        share = _made(act, record, place, reader, found, purpose, until_on)
        act.record(share, within=place.pk, account=reader.pk, pieces=len(found))
    return share


def _made(
    act: Change,
    record: Record,
    place: Compartment,
    reader: Account,
    found: Collection[Chosen],
    purpose: str,
    until_on: date,
) -> Share:
    """A step: the share and its pieces, by where they lie."""
    lock = new_id()
    new_keys(act, {lock: record.family_id})
    share = Share(
        compartment_id=lock,
        family_id=record.family_id,
        record=record,
        place=place,
        account=reader,
        purpose=purpose,
        proposed_by_id=signed_in(act.actor),
        proposed_at=act.at,
        until_at=is_over(until_on),
    )
    share.save()
    SharedPiece.objects.bulk_create(
        SharedPiece(
            family_id=record.family_id, compartment=place, share=share, kind=one.kind, piece_id=one.piece_id
        )
        for one in found
    )
    return share


def answer(*, actor: Actor, share_id: UUID, yes: bool, at: datetime) -> Share:
    """Who must say so says yes or no. With the last yes the pieces can be read; a no stops it at once.

    Refused for whoever is not asked, and once it is over.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "share.said_yes" if yes else "share.stopped", at=at) as act:
        share = act.lock(Share.objects.visible_to, share_id)
        giver = FamilyMember.objects.filter(family_id=share.family_id, account_id=actor.account).first()
        must = who_must_say([share], at=at)[share.pk]
        over, of_dead = _is_over(share, at), _is_of_dead(share, at)
        require(rules.why_not_say(giver.pk if giver else None, must, over=over, of_dead=of_dead))
        assert giver is not None
        before = _is_read(share, at)
        ShareAnswer.objects.update_or_create(
            share=share,
            member=giver,
            defaults={"yes": yes, "said_at": at},
            create_defaults={
                "yes": yes,
                "said_at": at,
                "family_id": share.family_id,
                "compartment_id": share.place_id,
            },
        )
        act.record(share, within=share.place_id, account=share.account_id)
        if not yes:
            _end(act, share)
        elif not before and _is_read(share, at):
            act.record(share, within=share.place_id, also="share.began", account=share.account_id)
        act.topics.add(f"account:{share.account_id}")
    return share


def take_back(*, actor: Actor, share_id: UUID, at: datetime) -> Share:
    """The coach stops it: the family is told, and can propose it anew. Refused for others, and when over."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "share.taken_back", at=at) as act:
        share = act.lock(Share.objects.visible_to, share_id)
        require(
            rules.why_not_taken_back(leads=_leads(actor, share.place, at), over=_is_over(share, at)),
        )
        _end(act, share)
        act.topics.add(f"account:{share.account_id}")
        act.record(share, within=share.place_id, account=share.account_id)
    return share


def _leads(actor: Actor, place: Compartment, at: datetime) -> bool:
    """Whether the actor is here as the coach of this record, or in the place of that one."""
    mine = opened("compartment_id", actor, at, parts=[Part.COACH])
    return Compartment.objects.filter(pk=place.pk, pk__in=mine).exists()


def _place(actor: Actor, record: Record, at: datetime) -> Compartment:
    """What is shared of the record, for who has it open."""
    here = Compartment.objects.filter(pk__in=opened("compartment_id", actor, at), record=record)
    if not here.filter(kind=CompartmentKind.SHARED).exists():
        raise NotVisible
    return shared(record)


def _decides(act: Change, record: Record) -> bool:
    """Whether who acts is of the family and decides for the child."""
    giver = FamilyMember.objects.filter(family_id=record.family_id, account_id=act.actor.account).first()
    on = local_day(act.at)
    holders = LegalAuthority.objects.standing(on).filter(child=record.child)
    deciding = holders.values_list("holder_id", flat=True)
    return families.why_not_agree(giver, record.child, holders=deciding, on=on) is None


def _reader(actor: Actor, email: str, at: datetime) -> Account | None:
    """Who is let in here by this address, as a neighbour, a volunteer or a professional, if anybody is."""
    works = Membership.objects.standing(local_day(at)).filter(account=OuterRef("pk"), role__in=READERS)
    rows = Account.objects.filter(Exists(works), municipality_id=actor.municipality_id, is_active=True)
    return rows.filter(email__iexact=email.strip()).first()


def _why_not_with(reader: Account | None, record: Record, at: datetime) -> Refusal | None:
    own = FamilyMember.objects.filter(family_id=record.family_id, account=reader, account__isnull=False)
    shut = Block.objects.standing(at).filter(record=record, account=reader)
    return rules.why_not_with(
        found=reader is not None,
        of_family=reader is not None and own.exists(),
        kept_out=reader is not None and any(not one.kinds or "shared" in one.kinds for one in shut),
    )


def _is_read(share: Share, at: datetime) -> bool:
    """Whether its pieces can be read now: asked of the gate, never reckoned a second time."""
    return Share.objects.read_now(at).filter(pk=share.pk).exists()


def _is_of_dead(share: Share, at: datetime) -> bool:
    """Whether a goal in it is of somebody who died: asked of the gate as well."""
    return Share.objects.holding_of_dead(at).filter(pk=share.pk).exists()


def _is_over(share: Share, at: datetime) -> bool:
    return share.ended_at is not None or share.until_at <= at


def _end(act: Change, share: Share) -> None:
    share.ended_at, share.ended_by_id = act.at, signed_in(act.actor)
    share.save()
