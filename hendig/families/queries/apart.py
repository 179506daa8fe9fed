"""The own part of a child, or of one parent: its pieces, and who can read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    FamilyMember,
    Involvement,
    MemberKind,
    Note,
    Part,
    opened,
    told_to,
)
from hendig.families.queries import PART_WORDS, opening
from hendig.families.queries.about import Named, SaidOf, said_of, the_child
from hendig.families.queries.whos_who import Adult, who_belongs
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
    """Somebody who helps, and whether they were named for the own part."""

    account_id: UUID
    first_name: str
    function: Words
    named: bool
    coaches: bool


@dataclass(frozen=True, slots=True)
class Apart:
    """The own part of one child or parent, as that person or somebody who was named there sees it."""

    record_id: UUID
    family_id: UUID
    # Whose part it is: of a parent, or else of the child of the record.
    person_id: UUID | None
    name: str
    mine: bool
    # Whether the child has no way in yet, so that who was told speaks for it.
    speaks: bool
    # Whether the reader may name others: whose it is, and in the part of a parent the coach.
    names: bool
    # A parent to whom nothing else is open always reads what is of that parent.
    outside: bool
    pieces: tuple[Piece, ...]
    readers: tuple[Reader, ...]
    # Of whom a piece can be: the child, and who else is of the family.
    whose: Named | None
    people: tuple[Named, ...]

    @property
    def not_read_by(self) -> tuple[str, ...]:
        """Which coaches of whose it is do not read it, where nobody who coaches does."""
        coaches = [one for one in self.readers if one.coaches]
        if not self.mine or any(one.named for one in coaches):
            return ()
        return tuple(one.first_name for one in coaches)


@contextmanager
def opening_apart(
    actor: Actor, family_id: UUID, *, at: datetime, record_id: UUID | None = None
) -> Iterator[Viewing]:
    """A look at a child's own part, of this record or else the first; `NotVisible` without one. 2 queries."""
    kinds = (CompartmentKind.CHILD,)
    with opening(actor, "child.notes_seen", family_id, at=at, kinds=kinds, record_id=record_id) as look:
        yield look


def part_of(actor: Actor, person_id: UUID, *, at: datetime) -> Compartment | None:
    """What is of this parent alone, where that is open to the actor: in the oldest record. 1 query."""
    rows = Compartment.objects.visible_to(actor, at=at).filter(
        kind=CompartmentKind.PARENT, person=person_id, pk__in=opened("compartment_id", actor, at)
    )
    return rows.select_related("person", "record__child").order_by("record__begun_at", "record_id").first()


@contextmanager
def opening_place(actor: Actor, place: Compartment, *, at: datetime) -> Iterator[Viewing]:
    """A look at this own part, and at no other. 2 queries."""
    kinds = (CompartmentKind.CHILD, CompartmentKind.PARENT)
    with opening(actor, "child.notes_seen", place.family_id, at=at, kinds=kinds, only=place.pk) as look:
        yield look


def apart(look: Viewing) -> Apart:
    """The pieces, newest first, and who can read them. 4 queries."""
    places = Compartment.objects.filter(pk__in=look.compartments).order_by("record_id")
    found = places.values_list("record_id", "person_id", "record__child_id").first()
    if found is None:
        raise NotVisible
    record_id, person, child_id = found
    person_id: UUID | None = person
    family = list(FamilyMember.objects.within(look))
    whose = next((one for one in family if one.pk == (person_id or child_id)), None)
    own = whose.account_id if whose else None
    mine = own is not None and own == look.actor.account_id
    outside = CompartmentKind.SHARED not in look.open
    # Who is kept out of all else here is not told by a list who came since.
    told = (one for one in family if one.kind != MemberKind.CONFIDANT and (not outside or one == whose))
    people = tuple((str(one.pk), one.first_name) for one in told)
    rows = Note.objects.within(look).filter(told_to(look.actor, look.at), record_id=record_id)
    pieces = [(_piece(look, one, own), one) for one in rows.select_related("author", "about").order_by("-id")]
    return Apart(
        record_id=record_id,
        family_id=look.family_id,
        person_id=person_id,
        name=whose.first_name if whose else "",
        mine=mine,
        speaks=person_id is None and whose is not None and whose.account_id is None,
        names=mine or (person_id is not None and look.part == Part.COACH),
        outside=outside,
        pieces=tuple(piece for piece, row in pieces if row.taken_back_at is None),
        readers=_readers(look, record_id, person_id),
        whose=the_child(people, child_id),
        people=people,
    )


def who_could_be_read(look: Viewing, person_id: UUID) -> Adult:
    """The parent whose part a coach may come to read; `NotVisible` for who is no coach here. 5 queries."""
    if look.part != Part.COACH:
        raise NotVisible
    return who_belongs(look).adult(person_id)


def first_readers(place: Compartment, *, at: datetime) -> tuple[str, ...]:
    """The first names of who comes to read it where nobody was ever named. At most 2 queries."""
    here = Involvement.objects.filter(record=place.record_id)
    if here.filter(
        member=place.person_id, part__in=sharing.CAN_BE_NAMED, kinds__contains=[place.kind]
    ).exists():
        return ()
    coaches = here.standing(at).filter(part=Part.COACH, member=None).order_by("account__first_name")
    return tuple(coaches.values_list("account__first_name", flat=True).distinct())


def readers_of(place: Compartment, *, at: datetime) -> tuple[str, ...]:
    """The first names of who was named for this part of a parent. 1 query."""
    rows = Involvement.objects.standing(at).filter(
        record=place.record_id,
        member=place.person_id,
        part__in=sharing.CAN_BE_NAMED,
        kinds__contains=[place.kind],
    )
    names = rows.order_by("account__first_name").values_list("account__first_name", flat=True)
    return tuple(names.distinct())


def note_about(look: Viewing, note_id: UUID) -> SaidOf:
    """One piece and whom it is about. `NotVisible` for who does not read it. 2 queries."""
    rows = Note.objects.within(look).filter(told_to(look.actor, look.at), taken_back_at=None, pk=note_id)
    note = rows.select_related("compartment__record").first()
    if note is None:
        raise NotVisible
    return said_of(look, note, note.words, wrote=note.author_id == look.actor.account_id)


def place_of_note(actor: Actor, note_id: UUID, *, at: datetime) -> Compartment:
    """In whose part the piece lies. `NotVisible` for who does not read it. 1 query."""
    rows = Note.objects.visible_to(actor, at=at).filter(pk=note_id, taken_back_at=None)
    note = rows.select_related("compartment").first()
    if note is None:
        raise NotVisible
    return note.compartment


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


def _readers(look: Viewing, record_id: UUID, person_id: UUID | None) -> tuple[Reader, ...]:
    rows = (
        Involvement.objects.standing(look.at)
        .filter(record_id=record_id, part__in=sharing.CAN_BE_NAMED)
        .select_related("account")
        .order_by("from_at", "id")
    )
    kind = CompartmentKind.CHILD if person_id is None else CompartmentKind.PARENT
    found: dict[UUID, Reader] = {}
    for row in rows:
        before = found.get(row.account_id)
        named = sharing.reads(row, kind, person_id) or (before is not None and before.named)
        coaches = row.part == Part.COACH or (before is not None and before.coaches)
        found[row.account_id] = Reader(
            row.account_id, row.account.first_name, PART_WORDS[Part(row.part)], named, coaches
        )
    return tuple(found.values())
