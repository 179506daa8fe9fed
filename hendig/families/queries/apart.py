"""The child's own part: its pieces, and who can read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import (
    CompartmentKind,
    FamilyMember,
    Involvement,
    MemberKind,
    Note,
    Part,
    Record,
    told_to,
)
from hendig.families.queries import PART_WORDS, opening
from hendig.families.queries.about import Named, SaidOf, said_of, the_child
from hendig.families.rules import sharing
from hendig.families.rules.about import why_not_say_whom
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Refusal, Words


@dataclass(frozen=True, slots=True)
class Piece:
    note_id: UUID
    words: str
    author: str
    at: datetime
    mine: bool
    # Whether it is what the child said, and whether the reader can take it away.
    told: bool
    may_go: bool
    # Whom it is about, when that is not the child.
    about: Words
    # Why it is kept; nobody asks that of the child.
    kept: Words
    not_say_whom: Refusal | None


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
    # Whether the child has no way in yet, so that who was told speaks for it.
    speaks: bool
    pieces: tuple[Piece, ...]
    readers: tuple[Reader, ...]
    # Of whom a piece can be: the child, and who else is of the family.
    whose: Named | None
    people: tuple[Named, ...]


@contextmanager
def opening_apart(
    actor: Actor, family_id: UUID, *, at: datetime, record_id: UUID | None = None
) -> Iterator[Viewing]:
    """A look at a child's own part, of this record or else the first; `NotVisible` without one. 2 queries."""
    kinds = (CompartmentKind.CHILD,)
    with opening(actor, "child.notes_seen", family_id, at=at, kinds=kinds, record_id=record_id) as look:
        yield look


def apart(look: Viewing) -> Apart:
    """The pieces, newest first, and who can read them. 4 queries."""
    records = Record.objects.filter(pk__in=look.records).order_by("pk")
    record = records.values_list("pk", "child_id").first()
    if record is None:
        raise NotVisible
    family = list(FamilyMember.objects.within(look))
    child = next((one for one in family if one.pk == record[1]), None)
    mine = child is not None and child.account_id == look.actor.account_id
    people = tuple((str(one.pk), one.first_name) for one in family if one.kind != MemberKind.CONFIDANT)
    rows = Note.objects.within(look).filter(told_to(look.actor, look.at), record_id=record[0])
    own = child.account_id if child else None
    pieces = [(_piece(look, one, own), one) for one in rows.select_related("author", "about").order_by("-id")]
    return Apart(
        record_id=record[0],
        family_id=look.family_id,
        child=child.first_name if child else "",
        mine=mine,
        speaks=child is not None and child.account_id is None,
        pieces=tuple(piece for piece, row in pieces if row.taken_back_at is None),
        readers=_readers(look, record[0]),
        whose=the_child(people, record[1]),
        people=people,
    )


def note_about(look: Viewing, note_id: UUID) -> SaidOf:
    """One piece and whom it is about. `NotVisible` for who does not read it. 2 queries."""
    rows = Note.objects.within(look).filter(told_to(look.actor, look.at), taken_back_at=None, pk=note_id)
    note = rows.select_related("compartment__record").first()
    if note is None:
        raise NotVisible
    return said_of(look, note, note.words, wrote=note.author_id == look.actor.account_id)


def family_of_note(actor: Actor, note_id: UUID, *, at: datetime) -> UUID:
    """Whose piece it is. `NotVisible` for who does not read it. 1 query."""
    rows = Note.objects.visible_to(actor, at=at).filter(pk=note_id, taken_back_at=None)
    family_id = rows.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    return family_id


def _piece(look: Viewing, note: Note, own: UUID | None) -> Piece:
    mine = note.author_id == look.actor.account_id
    return Piece(
        note_id=note.pk,
        words=note.words,
        author=note.author.first_name,
        at=note.at,
        mine=mine,
        told=note.told,
        may_go=mine or (note.told and own == look.actor.account_id),
        about=note.about_words,
        kept="" if note.author_id == own else note.because_said,
        not_say_whom=why_not_say_whom(wrote=mine, part=look.part),
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
