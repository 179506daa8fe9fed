"""A file, for whoever sees the words that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, told_to
from hendig.files.models import File
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible


@dataclass(frozen=True, slots=True)
class Where:
    """In which compartment of which family a file lies."""

    family_id: UUID
    compartment_id: UUID
    kind: CompartmentKind
    # What the line of a look says of it: who does not read the file does not read that it was looked at.
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a file."""

    content: bytes
    is_photo: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """What a list says of a file: which it is, and what is on it."""

    file_id: UUID
    is_photo: bool
    words: str

    @classmethod
    def of(cls, file: File | None) -> FileLine | None:
        return cls(file.pk, file.is_photo, file.words) if file is not None else None


def where(actor: Actor, file_id: UUID, *, at: datetime) -> Where:
    """Where the file lies; `NotVisible` for whoever does not have that open. 1 query."""
    rows = File.objects.visible_to(actor, at=at).filter(pk=file_id).defer("content", "words")
    found = rows.select_related("compartment").first()
    if found is None:
        raise NotVisible
    kind = CompartmentKind(found.compartment.kind)
    return Where(found.family_id, found.compartment_id, kind, found.whom.said_of(found.pk))


def content(look: Viewing, file_id: UUID) -> Content:
    """What is in it; `NotVisible` for one that was taken away. 1 query."""
    file = File.objects.within(look).filter(told_to(look.actor, look.at), pk=file_id).first()
    if file is None or not file.content:
        raise NotVisible
    return Content(bytes(file.content), file.is_photo)
