"""What a family puts beside its record, and that it asks the record to be destroyed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families.actions import about_whom, lock_family, record_of, shared, shared_of
from hendig.families.actions.sides import first_reads
from hendig.families.models import (
    CHILD,
    Compartment,
    CompartmentKind,
    FamilyMember,
    Involvement,
    Part,
    Record,
    Whom,
    opened,
)
from hendig.families.queries import deciders
from hendig.families.queries.apart import part_of, readers_of
from hendig.families.rules.about import why_not_say_whom
from hendig.files.actions import keep, take_away
from hendig.files.rules import Brought
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission
from hendig.rights import rules
from hendig.rights.models import Destruction, DestructionStage, OwnKind, OwnStage, OwnWords
from hendig.rights.queries.pieces import destructible
from hendig.rights.queries.who import own_member

STANDING = (DestructionStage.ASKED, DestructionStage.GRANTED, DestructionStage.PARTLY)


def write_own_words(
    *,
    actor: Actor,
    family_id: UUID,
    kind: str,
    topic: str,
    words: str,
    at: datetime,
    record_id: UUID | None = None,
    file: Brought | None = None,
    file_words: str = "",
    about: Whom = CHILD,
    apart: bool = False,
) -> OwnWords:
    """The words stand beside the record as they were written, perhaps with a photo or a letter.

    Mostly they are about the child. A correction waits for an answer. What a parent says `apart` is read by
    that parent and who was named for it, the first time who coaches the child; for the other parent and the
    child it is not there.

    Refused for whoever is not of the family, and when it is not said about which child, and more than one
    record is open; and for a correction apart that nobody reads.
    """
    require_permission(actor, Permission.WRITE_OWN_WORDS)
    with change(actor, "own.written", at=at) as act:
        member = own_member(actor, family_id)
        if member is None:
            lock_family(act, family_id)
        require(rules.why_no_own_words(of_family=member is not None))
        assert member is not None
        compartment = _apart(actor, member, at) if apart else _where(actor, family_id, record_id, at)
        # A parent who decides for nobody here has no family open, and may write beside the own part.
        act.lock(Record.objects.visible_to, compartment.record_id)
        if apart:
            first_reads(act, compartment)
            require(rules.why_not_asked_apart(kind, read=bool(readers_of(compartment, at=at))))
        about = about_whom(act, compartment.record, about, within=compartment.pk)
        kept = None
        if file is not None:
            kept = keep(act, file, member=member, compartment=compartment, words=file_words, about=about)
        own = OwnWords.objects.create(
            family_id=family_id,
            compartment=compartment,
            member=member,
            author_id=actor.account_id,
            about_id=about.member_id,
            outside=about.outside,
            kind=kind,
            topic=topic,
            words=words,
            stage=rules.first_stage(kind),
            file=kept,
            due_on=rules.correction_due(local_day(at)) if kind == OwnKind.CORRECTION else None,
            at=at,
        )
        _tell(act, own, kind=kind, topic=topic, file=own.file_id)
    return own


def _tell(act: Change, own: OwnWords, **facts: Any) -> None:
    """A step: of what is of one parent alone no page of another moves."""
    act.quiet = act.quiet or own.compartment.kind == CompartmentKind.PARENT
    act.record(own, **facts, **own.whom.said_of(own.pk))


def say_whom(*, actor: Actor, own_id: UUID, about: Whom, at: datetime) -> OwnWords:
    """The words, and what stands beside them, are about somebody else than was said.

    Refused for who did not write them and is no coach.
    """
    require_permission(actor, Permission.SAY_ABOUT_WHOM)
    with change(actor, "own.about", at=at) as act:
        rows = OwnWords.objects.visible_to(actor, at=at).exclude(stage=OwnStage.TAKEN_BACK)
        own = act.lock(rows.select_related("compartment__record", "file"), own_id)
        coaches = Involvement.objects.standing(at).filter(
            record=own.compartment.record_id, account_id=actor.account, part=Part.COACH
        )
        part = Part.COACH if coaches.exists() else ""
        require(why_not_say_whom(wrote=own.author_id == actor.account_id, part=part))
        about = about_whom(act, own.compartment.record, about, within=own.compartment_id)
        for row in (own, own.file):
            if row is not None:
                row.about_id, row.outside = about.member_id, about.outside
                row.save()
        _tell(act, own)
        if own.file is not None:
            # Who looked at the file is told to whoever reads the file: by what was said of it last.
            act.record(own.file, also="own.file_about", **about.said_of(own.file.pk))
    return own


def take_back(*, actor: Actor, own_id: UUID, at: datetime) -> OwnWords:
    """Who wrote it no longer wants it there. Refused for others, and once it was answered."""
    require_permission(actor, Permission.WRITE_OWN_WORDS)
    with change(actor, "own.taken_back", at=at) as act:
        own = act.lock(OwnWords.objects.visible_to(actor, at=at).select_related("member"), own_id)
        require(rules.why_not_taken_back(own.stage, mine=own.member.account_id == actor.account_id))
        own.stage, own.settled_at, own.words = OwnStage.TAKEN_BACK, at, ""
        own.save()
        if own.file is not None:
            take_away(act, own.file)
        _tell(act, own)
    return own


def answer_correction(
    *, actor: Actor, own_id: UUID, corrected: bool, at: datetime, reply: str = ""
) -> OwnWords:
    """The coach corrected it, or says why not; what was not corrected stays beside the record as a statement.

    Refused without a reason for a no.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "own.answered", at=at) as act:
        own = act.lock(OwnWords.objects.visible_to, own_id)
        return reply_to(act, own, corrected=corrected, reply=reply)


def reply_to(act: Change, own: OwnWords, *, corrected: bool, reply: str) -> OwnWords:
    """A step: the (locked) correction has its answer."""
    to = OwnStage.CORRECTED if corrected else OwnStage.NOT_CORRECTED
    require(rules.why_no_reply(own.stage, to, reply))
    own.stage, own.reply, own.settled_at = to, reply, act.at
    own.save()
    _tell(act, own, corrected=corrected)
    return own


def ask_destruction(*, actor: Actor, family_id: UUID, child_id: UUID, at: datetime) -> Destruction:
    """It is asked that the child's record is destroyed; it is done within three months.

    Refused for whoever may not ask this by the child's age.
    """
    require_permission(actor, Permission.ASK_DESTRUCTION)
    with change(actor, "destruction.asked", at=at) as act:
        family = lock_family(act, family_id)
        member = own_member(actor, family.pk)
        child = FamilyMember.objects.filter(family=family, pk=child_id, born_on__isnull=False).first()
        if child is None:
            raise NotVisible
        today = local_day(at)
        standing = Destruction.objects.filter(child=child, stage__in=STANDING).exists()
        require(
            rules.why_no_destruction(
                deciders(child.pk, at=at), child.pk, member.pk if member else None, standing=standing
            )
        )
        assert member is not None
        asked = Destruction.objects.create(
            family=family,
            compartment=shared(record_of(act, child)),
            child=child,
            asked_by=member,
            due_on=rules.destruction_due(today),
            at=at,
        )
        act.record(asked, child=child.pk)
    return asked


def answer_destruction(
    *,
    actor: Actor,
    destruction_id: UUID,
    stage: str,
    at: datetime,
    keep: Collection[str] = (),
    pieces: Collection[str] = (),
    reply: str = "",
) -> Destruction:
    """What is destroyed and what stays, with the reason; two others carry it out before its day.

    Refused for a part without the pieces that go, and for pieces that are not of this record.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "destruction.answered", at=at) as act:
        asked = act.lock(Destruction.objects.visible_to, destruction_id)
        to = DestructionStage(stage)
        require(rules.why_destruction_not_answered(asked.stage, to, keep, reply))
        if to is DestructionStage.PARTLY:
            offered = destructible(actor, asked.compartment.record_id, at=at)
            require(rules.why_no_part(pieces, [one.key for one in offered]))
            asked.pieces = sorted(pieces)
        return settle(act, asked, to, keep=keep, reply=reply)


def settle(
    act: Change, asked: Destruction, to: DestructionStage, *, keep: Collection[str], reply: str
) -> Destruction:
    """A step: the (locked) question to destroy has its answer, with what stays by law."""
    asked.stage, asked.reply, asked.settled_at = to, reply, act.at
    asked.keep = sorted({*rules.ALWAYS_KEPT, *keep})
    asked.save()
    act.record(asked, child=asked.child_id, stage=to, pieces=len(asked.pieces))
    return asked


def take_destruction_back(*, actor: Actor, destruction_id: UUID, at: datetime) -> Destruction:
    """Who asked it changed their mind, as long as nothing was destroyed."""
    require_permission(actor, Permission.ASK_DESTRUCTION)
    with change(actor, "destruction.taken_back", at=at) as act:
        rows = Destruction.objects.visible_to(actor, at=at).select_related("asked_by")
        asked = act.lock(rows, destruction_id)
        mine = asked.asked_by.account_id == actor.account_id
        require(rules.why_destruction_not_taken_back(asked.stage, mine=mine, done=asked.done_at is not None))
        asked.stage, asked.settled_at = DestructionStage.TAKEN_BACK, at
        asked.save()
        act.record(asked, child=asked.child_id)
    return asked


def _apart(actor: Actor, member: FamilyMember, at: datetime) -> Compartment:
    place = part_of(actor, member.pk, at=at)
    if place is None:
        raise NotVisible
    return place


def _where(actor: Actor, family_id: UUID, record_id: UUID | None, at: datetime) -> Compartment:
    """Where own words lie: with what all know of that child, or in the own part while that view rests."""
    found = shared_of(actor=actor, family_id=family_id, record_id=record_id, at=at)
    if found is None:
        own = Compartment.objects.filter(family_id=family_id, kind=CompartmentKind.PARENT)
        found = own.filter(pk__in=opened("compartment_id", actor, at)).order_by("-record_id").first()
    if found is None:
        raise NotVisible
    return found
