"""The GP of a family writes apart, and shares a piece where who decides over that lets it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families.actions import involve, own_practice, shared, signed_in
from hendig.families.actions.sharing import who_decides
from hendig.families.models import (
    NO_REASON,
    Compartment,
    CompartmentKind,
    Ground,
    Involvement,
    InvolvementQuerySet,
    LegalAuthority,
    Note,
    NoteQuerySet,
    Part,
    Record,
    WhyKept,
    opened,
)
from hendig.families.rules import gp as rules
from hendig.families.rules.further import why_no_further_note
from hendig.families.rules.gate import MOST
from hendig.families.rules.invitations import GP_LOOKS_ALONG
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission


def write_as_gp(
    *, actor: Actor, record_id: UUID, words: str, at: datetime, reason: WhyKept = NO_REASON
) -> Note:
    """The piece lies in what the practice writes: nobody else reads it, nor sees a page move.

    Refused without a reason why it must be kept.
    """
    require_permission(actor, Permission.WRITE_AS_GP)
    with change(actor, "gp.note_written", at=at) as act:
        rows = Compartment.objects.filter(
            record_id=record_id, kind=CompartmentKind.GP, pk__in=opened("compartment_id", actor, at)
        )
        place = rows.first()
        if place is None:
            raise NotVisible
        record = act.lock(Record.objects.all(), record_id)
        require(why_no_further_note(reason))
        note = Note.objects.create(
            compartment=place,
            family_id=record.family_id,
            record=record,
            author_id=actor.account,
            words=words,
            because=reason.because_kept,
            because_words=reason.words_kept,
            at=at,
        )
        _quietly(act, note)
    return note


def share_note(*, actor: Actor, note_id: UUID, at: datetime) -> Note:
    """The own piece can be read by whoever sees what is shared. Refused until who decides said yes."""
    require_permission(actor, Permission.WRITE_AS_GP)
    with change(actor, "gp.note_shared", at=at) as act:
        note, record = _own(act, note_id)
        way = _way(record, signed_in(actor), at).first()
        if way is None:
            raise NotVisible
        require(rules.why_not_shared(way, _who_say(record, at)))
        copy = Note.objects.filter(shared_from=note).order_by("id").first() or Note(
            compartment=shared(record),
            family_id=record.family_id,
            record=record,
            author_id=actor.account,
            words=note.words,
            because=note.because,
            because_words=note.because_words,
            at=note.at,
            shared_from=note,
        )
        copy.taken_back_at = None
        copy.save()
        act.record(copy)
    return note


def keep_note(*, actor: Actor, note_id: UUID, at: datetime) -> Note:
    """The own piece is not shared any more."""
    require_permission(actor, Permission.WRITE_AS_GP)
    with change(actor, "gp.note_kept", at=at) as act:
        note, _record = _own(act, note_id)
        if not _take_back(act, Note.objects.filter(shared_from=note)):
            raise NotVisible
    return note


def say_may_share(*, actor: Actor, record_id: UUID, account_id: UUID, yes: bool, at: datetime) -> Involvement:
    """The child from 12, or who has authority until then, says whether the GP may share what it writes.

    A no takes back at once what was shared. Refused for anybody else, and for a yes beside another's no.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.gp_may_share" if yes else "family.gp_may_not_share", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        giver, say = who_decides(act, record), _who_say(record, at)
        require(rules.why_not_yours_to_say(giver.pk, say))
        row = _way(record, account_id, at).select_for_update(of=("self",)).first()
        if row is None:
            raise NotVisible
        if yes:
            require(rules.why_not_yes(row, giver.pk, say))
        row.passes_on, row.passes_by = yes, giver
        row.save()
        if not yes:
            _take_back(
                act, Note.objects.filter(record=record, author_id=account_id, shared_from__isnull=False)
            )
        act.topics.add(f"account:{account_id}")
        act.record(row, account=account_id)
    return row


def joins(act: Change, record: Record, account_id: UUID) -> Involvement:
    """A step: this is the GP of the child for a year, who writes in a place that no other GP opens."""
    own_practice(act, record, account_id)
    return involve(
        act,
        record=record,
        account_id=account_id,
        part=Part.GP,
        ground=Ground.CONSENT,
        kinds=MOST[Part.GP],
        until=act.at + GP_LOOKS_ALONG,
    )


def _own(act: Change, note_id: UUID) -> tuple[Note, Record]:
    """A piece that who acts wrote as the GP, and its record, both locked."""
    mine = Note.objects.visible_to(act.actor, at=act.at).filter(
        author_id=act.actor.account, compartment__kind=CompartmentKind.GP
    )
    found = mine.filter(pk=note_id).values_list("record_id", flat=True).first()
    if found is None:
        raise NotVisible
    # The record first: a no of the family and a sharing at the same moment come one after the other.
    record = act.lock(Record.objects.all(), found)
    return act.lock(mine, note_id), record


def _way(record: Record, account_id: UUID, at: datetime) -> InvolvementQuerySet:
    rows = Involvement.objects.standing(at).filter(record=record, account_id=account_id, part=Part.GP)
    return rows.order_by("id")


def _who_say(record: Record, at: datetime) -> frozenset[UUID]:
    today = local_day(at)
    holders = LegalAuthority.objects.standing(today).filter(child=record.child)
    return rules.who_say(record.child, list(holders.values_list("holder_id", flat=True)), today)


def _take_back(act: Change, copies: NoteQuerySet) -> int:
    """A step: these are shared no more; how many that were."""
    gone = list(copies.filter(taken_back_at=None).select_for_update(of=("self",)))
    for copy in gone:
        copy.taken_back_at = act.at
        copy.save()
        act.record(copy, also="gp.note_kept")
    return len(gone)


def _quietly(act: Change, note: Note) -> None:
    act.quiet = True
    act.topics.add(f"gp:{note.compartment_id}")
    act.record(note)
