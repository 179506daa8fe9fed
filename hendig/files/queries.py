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
    rows = File.objects.visible_to(actor, at=at).filter(pk=file_id)
    found = rows.values_list("family_id", "compartment_id", "compartment__kind").first()
    if found is None:
        raise NotVisible
    return Where(found[0], found[1], CompartmentKind(found[2]))


def content(look: Viewing, file_id: UUID) -> Content:
    """What is in it; `NotVisible` for one that was taken away. 1 query."""
    file = File.objects.within(look).filter(told_to(look.actor), pk=file_id).first()
    if file is None or not file.content:
        raise NotVisible
    return Content(bytes(file.content), file.is_photo)
