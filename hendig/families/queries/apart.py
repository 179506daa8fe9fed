"""The child's own part: its pieces, and who can read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, FamilyMember, Involvement, Note, Part, Record
from hendig.families.queries import PART_WORDS, opening
from hendig.families.rules import sharing
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Words


@dataclass(frozen=True, slots=True)
class Piece:
    note_id: UUID
    words: str
    author: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who helps, and whether the child named them for the own part."""

    account_id: UUID
    first_name: str
    function: Words
    named: bool


@dataclass(frozen=True, slots=True)
class Apart:
    """The own part of one child, as the child or somebody whom the child named sees it."""

    record_id: UUID
    family_id: UUID
    child: str
    mine: bool
    pieces: tuple[Piece, ...]
    readers: tuple[Reader, ...]


@contextmanager
def opening_apart(actor: Actor, family_id: UUID, *, at: datetime) -> Iterator[Viewing]:
    """A look at the child's own part; `NotVisible` for everybody else. 2 queries."""
    with opening(actor, "child.notes_seen", family_id, at=at, kinds=(CompartmentKind.CHILD,)) as look:
        yield look


def apart(look: Viewing) -> Apart:
    """The pieces, newest first, and who can read them. 4 queries."""
    records = Record.objects.filter(pk__in=look.records).order_by("pk")
    record = records.values_list("pk", "child_id").first()
    if record is None:
        raise NotVisible
    child = FamilyMember.objects.filter(pk=record[1]).first()
    mine = child is not None and child.account_id == look.actor.account_id
    rows = Note.objects.within(look).filter(record_id=record[0]).select_related("author").order_by("-id")
    pieces = [
        (Piece(one.pk, one.words, one.author.first_name, one.at, one.author_id == look.actor.account_id), one)
        for one in rows
    ]
    return Apart(
        record_id=record[0],
        family_id=look.family_id,
        child=child.first_name if child else "",
        mine=mine,
        pieces=tuple(piece for piece, row in pieces if row.taken_back_at is None),
        readers=_readers(look, record[0]),
    )


def _readers(look: Viewing, record_id: UUID) -> tuple[Reader, ...]:
    rows = (
        Involvement.objects.standing(look.at)
        .filter(record_id=record_id, part__in=sharing.CAN_BE_NAMED)
        .select_related("account")
        .order_by("from_at", "id")
    )
    found: dict[UUID, Reader] = {}
    for row in rows:
        before = found.get(row.account_id)
        named = CompartmentKind.CHILD in row.kinds or (before is not None and before.named)
        found[row.account_id] = Reader(
            row.account_id, row.account.first_name, PART_WORDS[Part(row.part)], named
        )
    return tuple(found.values())
