"""What the coach wrote down of a first talk, and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import Whom, WhyKept, told_to
from hendig.families.queries.about import SaidOf, said_of
from hendig.helprequests.models import TalkNote, TalkNoteQuerySet
from hendig.kernel.refusal import NotVisible, Words


@dataclass(frozen=True, slots=True)
class Note:
    """What the coach wrote down of a first talk, about whom if not the child, and why it is kept."""

    request_id: UUID
    words: str
    whom: Whom
    about: Words
    reason: WhyKept
    kept: Words


def notes(look: Viewing) -> tuple[Note, ...]:
    """The notes of each first talk, newest first: the family may read them too. 1 query."""
    return tuple(as_note(row) for row in _told(look).order_by("-request"))


def as_note(row: TalkNote) -> Note:
    """A row that was read with whom it is about. No query."""
    return Note(row.request_id, row.words, row.whom, row.about_words, row.reason, row.because_said)


def note_about(look: Viewing, request_id: UUID) -> SaidOf:
    """The note of a first talk and whom it is about. `NotVisible` while there is none. 2 queries."""
    row = _told(look).filter(request=request_id).select_related("compartment__record").first()
    if row is None:
        raise NotVisible
    return said_of(look, row, row.words, wrote=row.author_id == look.actor.account_id)


def _told(look: Viewing) -> TalkNoteQuerySet:
    """Those that are told to the reader, but for what was destroyed."""
    rows = TalkNote.objects.within(look).exclude(words="").filter(told_to(look.actor, look.at))
    return rows.select_related("about")
