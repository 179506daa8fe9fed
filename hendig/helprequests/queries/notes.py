"""What the coach wrote down of a first talk, and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import told_to
from hendig.families.queries.about import SaidOf, said_of
from hendig.helprequests.models import TalkNote, TalkNoteQuerySet
from hendig.kernel.refusal import NotVisible, Words


@dataclass(frozen=True, slots=True)
class Note:
    """What the coach wrote down of a first talk, and whom it is about when that is not the child."""

    request_id: UUID
    words: str
    about: Words


def notes(look: Viewing) -> tuple[Note, ...]:
    """The notes of each first talk, newest first: the family may read them too. 1 query."""
    return tuple(Note(row.request_id, row.words, row.about_words) for row in _told(look).order_by("-request"))


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
