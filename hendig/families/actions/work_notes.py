"""Notes that somebody keeps for the own work: read by the writer alone, and destroyed by themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from hendig.audit.actions import Change, change, reading, speaking
from hendig.families.actions import own_notes
from hendig.families.models import CompartmentKind, Involvement, Note, NoteQuerySet, Record
from hendig.families.rules.work_notes import KEEPS, LASTS, why_no_work_note
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.keys.actions import new_keys
from hendig.people.models import Membership
from hendig.people.rules import Permission, require_permission


def write_work_note(*, actor: Actor, record_id: UUID, words: str, at: datetime) -> Note:
    """It is there for who wrote it alone, for 90 days or as long as the work; no page of the family stirs.

    Refused for whoever does not help the child of this record.
    """
    require_permission(actor, Permission.KEEP_OWN_NOTES)
    with change(actor, "own_note.written", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        standing = Involvement.objects.standing(at).filter(record=record, account_id=actor.account)
        mine = list(standing.select_for_update(of=("self",)).order_by("id"))
        require(why_no_work_note([row.part for row in mine]))
        # Before the place is looked for: what nothing opens yet cannot be found.
        for row in mine:
            if row.part in KEEPS and CompartmentKind.OWN_NOTE not in row.kinds:
                row.kinds = sorted({*row.kinds, CompartmentKind.OWN_NOTE})
                row.save()
        note = Note.objects.create(
            compartment=own_notes(act, record, actor.account),
            family_id=record.family_id,
            record=record,
            author_id=actor.account,
            words=words,
            at=at,
        )
        _quietly(act, note)
    return note


def throw_away(*, actor: Actor, note_id: UUID, at: datetime) -> Note:
    """The writer destroys the note now: nothing of it can be read again."""
    require_permission(actor, Permission.KEEP_OWN_NOTES)
    with change(actor, "own_note.thrown_away", at=at) as act:
        mine = _kept().visible_to(actor, at=at).filter(author_id=actor.account)
        note = act.lock(mine, note_id)
        _destroy(act, note)
    return note


def destroy_work_notes(*, municipality_id: UUID, at: datetime) -> int:
    """Notes of 90 days ago are gone, and those of who does not help this child any more; how many."""
    system = Actor.system(municipality_id)
    reads = Involvement.objects.standing(at).filter(
        record=OuterRef("record_id"),
        account=OuterRef("author_id"),
        part__in=KEEPS,
        kinds__contains=[CompartmentKind.OWN_NOTE],
    )
    works = Membership.objects.standing(local_day(at)).filter(
        account=OuterRef("author_id"), account__is_active=True
    )
    over = Q(at__lte=at - LASTS) | ~Exists(reads) | ~Exists(works)
    # Of a destroyed record nothing can be read any more.
    rows = _kept().filter(over, municipality_id=municipality_id, record__gone_at=None)
    with reading(system, at):
        found = list(rows.order_by("id").values_list("pk", flat=True))
    if not found:
        return 0
    with change(system, "own_note.destroyed", at=at) as act, speaking(system, at):
        for note in rows.filter(pk__in=found).select_for_update(of=("self",)).order_by("id"):
            _destroy(act, note)
    return len(found)


def _kept() -> NoteQuerySet:
    """Notes for the own work that were not destroyed."""
    return Note.objects.filter(compartment__kind=CompartmentKind.OWN_NOTE, taken_back_at=None)


def _destroy(act: Change, note: Note) -> None:
    """A step: the words are gone, and what older backups hold of them loses its key."""
    note.words, note.taken_back_at = "", act.at
    note.save()
    new_keys(act, {note.compartment_id: note.family_id})
    _quietly(act, note)


def _quietly(act: Change, note: Note) -> None:
    act.quiet = True
    act.record(note)
