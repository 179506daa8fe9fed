"""What the coach wrote down of a first talk, and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import told_to
from hendig.families.queries.about import SaidOf, said_of
from hendig.helprequests.models import HelpRequest
from hendig.kernel.refusal import NotVisible, Words


@dataclass(frozen=True, slots=True)
class Note:
    """What the coach wrote down of a first talk, and whom it is about when that is not the child."""

    request_id: UUID
    words: str
    about: Words


def notes(look: Viewing) -> tuple[Note, ...]:
    """The notes of each first talk, newest first: the family may read them too. 1 query."""
    rows = HelpRequest.objects.within(look).exclude(note="").order_by("-id")
    told = rows.filter(told_to(look.actor, look.at, author="coach_id")).select_related("about")
    read = told.only("note", "compartment_id", "outside", "about__first_name")
    return tuple(Note(row.pk, row.note, row.about_words) for row in read)


def note_about(look: Viewing, request_id: UUID) -> SaidOf:
    """The note of a first talk and whom it is about. `NotVisible` while there is none. 2 queries."""
    rows = HelpRequest.objects.within(look).exclude(note="").filter(pk=request_id)
    row = rows.select_related("compartment__record").first()
    if row is None:
        raise NotVisible
    return said_of(look, row, row.note, wrote=row.coach_id == look.actor.account_id)
