"""What somebody wrote down for the own work with a family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, Involvement, Note, Record
from hendig.families.queries import NOT_KNOWN, opening
from hendig.families.rules.work_notes import KEEPS, gone_at
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Words


@dataclass(frozen=True, slots=True)
class WorkNote:
    note_id: UUID
    words: str
    child: Words
    at: datetime
    # By then it is destroyed, or earlier when the writer does not help any more.
    gone_at: datetime


@dataclass(frozen=True, slots=True)
class WorkNotes:
    """The own notes about one family, newest first, and the children about whom one can be written."""

    family_id: UUID
    children: tuple[tuple[UUID, Words], ...]
    notes: tuple[WorkNote, ...]


def work_notes(actor: Actor, family_id: UUID, *, at: datetime) -> WorkNotes:
    """The own notes; `NotVisible` for whoever does not help this family. 4 queries, 2 while there is none.

    Who never wrote one opens nothing by coming here.
    """
    works = Involvement.objects.standing(at).filter(account_id=actor.account, part__in=KEEPS)
    records = Record.objects.visible_to(actor, at=at).filter(
        family_id=family_id, pk__in=works.values("record")
    )
    found = [
        (one.pk, one.child.first_name if one.child else NOT_KNOWN)
        for one in records.select_related("child").order_by("pk")
    ]
    if not found:
        raise NotVisible
    notes: tuple[WorkNote, ...] = ()
    try:
        with opening(actor, "own_note.seen", family_id, at=at, kinds=(CompartmentKind.OWN_NOTE,)) as look:
            notes = _notes(look, dict(found))
    except NotVisible:
        # Nothing was written yet: nothing was opened, and nothing is shown.
        notes = ()
    return WorkNotes(family_id, tuple(found), notes)


def _notes(look: Viewing, children: dict[UUID, Words]) -> tuple[WorkNote, ...]:
    rows = Note.objects.within(look).filter(
        compartment__kind=CompartmentKind.OWN_NOTE, author_id=look.actor.account, taken_back_at=None
    )
    return tuple(
        WorkNote(one.pk, one.words, children.get(one.record_id, NOT_KNOWN), one.at, gone_at(one.at))
        for one in rows.order_by("-id")
    )
