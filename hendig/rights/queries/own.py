"""What the family itself put beside its record, and what it asked of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Viewing
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    FamilyMember,
    Involvement,
    MemberKind,
    Part,
    Record,
    told_to,
)
from hendig.families.queries.about import Named, SaidOf, said_of
from hendig.families.queries.aims import listed
from hendig.families.queries.apart import first_readers, part_of, readers_of
from hendig.families.rules.about import why_not_say_whom
from hendig.files.queries import FileLine
from hendig.helprequests.queries.notes import Note, notes
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Words
from hendig.keys.models import Unreadable
from hendig.people.models import Municipality
from hendig.rights import rules
from hendig.rights.models import Destruction, DestructionStage, OwnKind, OwnStage, OwnWords, Piece
from hendig.rights.queries.decisions import (
    ApplicationLine,
    Child,
    applications_of,
    children_shown,
)
from hendig.rights.queries.pieces import Destructible, destructible
from hendig.rights.queries.who import own_member

# A parent reads this page also while the view of the shared part rests.
OWN_KINDS = (CompartmentKind.SHARED, CompartmentKind.PARENT)
OWN_SHORT: dict[OwnKind, Words] = {
    OwnKind.ADDITION: _("Toegevoegd"),
    OwnKind.ANSWER: _("Antwoord"),
    OwnKind.CORRECTION: _("Klopt niet"),
    OwnKind.STATEMENT: _("Verklaring"),
}
OWN_TONES = {
    OwnStage.STANDS: "done",
    OwnStage.ASKED: "waiting",
    OwnStage.CORRECTED: "good",
    OwnStage.NOT_CORRECTED: "stopped",
    OwnStage.TAKEN_BACK: "quiet",
}
DESTRUCTION_TONES = {
    DestructionStage.ASKED: "waiting",
    DestructionStage.GRANTED: "good",
    DestructionStage.PARTLY: "busy",
    DestructionStage.REFUSED: "stopped",
    DestructionStage.TAKEN_BACK: "quiet",
}


@dataclass(frozen=True, slots=True)
class Counsellor:
    """The independent confidential counsellor of the municipality, and whom to call where none is named."""

    name: str
    phone: str
    email: str
    town: str
    town_phone: str


@dataclass(frozen=True, slots=True)
class OwnLine:
    own_id: UUID
    by: str
    kind: Words
    topic: Words
    # Whom it is about, when that is not the child.
    about: Words
    words: str
    stage: str
    stage_words: Words
    tone: str
    reply: str
    file: FileLine | None
    at: datetime
    due_on: date | None
    may_take_back: bool
    may_say_whom: bool
    # Of one parent alone, and of who was named there.
    apart: bool

    @property
    def waits(self) -> bool:
        return self.stage == OwnStage.ASKED


@dataclass(frozen=True, slots=True)
class DestructionLine:
    destruction_id: UUID
    child: str
    by: str
    stage: str
    stage_words: Words
    tone: str
    keep: tuple[Words, ...]
    reply: str
    at: datetime
    due_on: date
    done_at: datetime | None
    pieces: int
    may_take_back: bool

    @property
    def waits(self) -> bool:
        return self.stage == DestructionStage.ASKED

    @property
    def will_go(self) -> bool:
        return self.stage in {DestructionStage.GRANTED, DestructionStage.PARTLY} and self.done_at is None


@dataclass(frozen=True, slots=True)
class ToTake:
    """A record that can be taken along.

    The child has no name here for who sees nothing of what is shared of it, nor while it is not known which
    child it is.
    """

    record_id: UUID
    child: str | None


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything that is of the family, for the family and for who is involved."""

    family_id: UUID
    of_family: bool
    coaches: bool
    lines: tuple[OwnLine, ...]
    # What the coach wrote down of each first talk.
    notes: tuple[Note, ...]
    applications: tuple[ApplicationLine, ...]
    destructions: tuple[DestructionLine, ...]
    children: tuple[Child, ...]
    always_kept: tuple[Words, ...]
    may_be_kept: tuple[Words, ...]
    counsellor: Counsellor
    to_take: tuple[ToTake, ...]
    # Of the family, and nothing of what is shared is open: a parent may ask how it goes, who helps answers.
    outside: bool
    rests: bool
    informs: bool

    @property
    def asks(self) -> bool:
        """Whether there is a child for whom the reader could ask something."""
        return self.of_family and (not self.outside or bool(self.children))


def own_page(look: Viewing) -> OwnPage:
    """The page "Van ons". 9 queries, and 2 for each child."""
    member = own_member(look.actor, look.family_id)
    mine = member.pk if member else None
    destructions = _destructions(look, mine)
    outside = member is not None and CompartmentKind.SHARED not in look.open
    return OwnPage(
        family_id=look.family_id,
        of_family=mine is not None,
        coaches=look.part == Part.COACH,
        lines=_lines(look, mine),
        notes=notes(look) if mine or look.part == Part.COACH else (),
        applications=applications_of(look),
        destructions=destructions,
        children=_children(look, mine) if mine else (),
        always_kept=tuple(rules.KEEP[one] for one in rules.ALWAYS_KEPT),
        may_be_kept=tuple(words for one, words in rules.KEEP.items() if one not in rules.ALWAYS_KEPT),
        counsellor=counsellor(look.actor),
        to_take=_to_take(look) if mine else (),
        outside=outside,
        rests=outside and member is not None and member.kind == MemberKind.PARENT,
        informs=mine is None and look.part != Part.TRAINEE,
    )


def _to_take(look: Viewing) -> tuple[ToTake, ...]:
    """The records of which this reader can take a copy along: never as a confidant.

    Who has nothing left but what is about themself reads no name of a child there.
    """
    own = Involvement.objects.standing(look.at).filter(account=look.actor.account, part=Part.FAMILY)
    shared = Compartment.objects.filter(
        record=OuterRef("pk"), kind=CompartmentKind.SHARED, pk__in=look.compartments
    )
    rows = Record.objects.filter(pk__in=look.records, involvements__in=own).distinct().order_by("id")
    found = rows.annotate(seen=Exists(shared)).values_list("pk", "child__first_name", "seen")
    return tuple(ToTake(pk, first_name if seen else None) for pk, first_name, seen in found)


def counsellor(actor: Actor) -> Counsellor:
    """Whom to call in confidence. It asks nothing about who asks. 1 query."""
    row = (
        Municipality.objects.filter(pk=actor.municipality_id)
        .values_list("counsellor", "counsellor_phone", "counsellor_email", "name", "phone")
        .first()
    )
    return Counsellor(*(row or ("", "", "", "", "")))


def own_words(look: Viewing, own_id: UUID) -> OwnLine:
    """One correction to answer; `NotVisible` for another family's. 1 query."""
    found = next((one for one in _lines(look, None) if one.own_id == own_id), None)
    if found is None:
        raise NotVisible
    return found


def to_destroy(look: Viewing, destruction_id: UUID) -> tuple[Destructible, ...]:
    """What of the record can go by itself. 14 queries."""
    rows = Destruction.objects.within(look).filter(family_id=look.family_id, pk=destruction_id)
    record_id = rows.values_list("compartment__record", flat=True).first()
    return destructible(look.actor, record_id, at=look.at) if record_id else ()


def destruction(look: Viewing, destruction_id: UUID) -> DestructionLine:
    """One question to destroy; `NotVisible` for another family's. 1 query."""
    found = next((one for one in _destructions(look, None) if one.destruction_id == destruction_id), None)
    if found is None:
        raise NotVisible
    return found


def family_of_own(actor: Actor, own_id: UUID, *, at: datetime) -> UUID:
    """The family of these words; `NotVisible` for whoever is not involved. 1 query."""
    rows = OwnWords.objects.visible_to(actor, at=at).filter(pk=own_id)
    return _family(rows.values_list("family_id", flat=True).first())


def own_about(look: Viewing, own_id: UUID) -> SaidOf:
    """Own words and whom they are about. `NotVisible` for who does not read them. 4 queries."""
    rows = OwnWords.objects.within(look).filter(told_to(look.actor, look.at), pk=own_id)
    own = rows.exclude(stage=OwnStage.TAKEN_BACK).select_related("compartment__record").first()
    if own is None:
        raise NotVisible
    said = said_of(look, own, own.words, wrote=own.author_id == look.actor.account_id)
    return replace(said, people=whom_to_choose(look))


def whom_to_choose(look: Viewing) -> tuple[Named, ...]:
    """Whom own words can be about: no child whose record rests for the reader, nor the name of it. 2 queries.

    A youth knows the own brothers and sisters; whom nothing shared is open to, knows only themself.
    """
    here = list(FamilyMember.objects.within(look).exclude(kind=MemberKind.CONFIDANT))
    shared = Compartment.objects.filter(pk__in=look.compartments, kind=CompartmentKind.SHARED)
    seen = set(shared.values_list("record__child", flat=True))
    if not seen:
        here = [one for one in here if one.account_id == look.actor.account_id]
    youth = any(one.account_id == look.actor.account_id and one.kind == MemberKind.CHILD for one in here)
    named = [one for one in here if one.kind != MemberKind.CHILD or youth or one.pk in seen]
    return tuple((str(one.pk), one.first_name) for one in named)


def apart_with(look: Viewing) -> Words | None:
    """Who would read what the reader says apart; None for who has nothing of that. At most 5 queries.

    The first time that is who coaches the child; who was named no more does not come back by it.
    """
    member = own_member(look.actor, look.family_id)
    if member is None or CompartmentKind.SHARED not in look.open:
        return None
    place = part_of(look.actor, member.pk, at=look.at)
    if place is None:
        return None
    names = readers_of(place, at=look.at) or first_readers(place, at=look.at)
    return format_lazy(_("Alleen ik en {names}"), names=listed(names, _("en"))) if names else _("Alleen ik")


def family_of_destruction(actor: Actor, destruction_id: UUID, *, at: datetime) -> UUID:
    """The family that asked this; `NotVisible` for whoever is not involved. 1 query."""
    rows = Destruction.objects.visible_to(actor, at=at).filter(pk=destruction_id)
    return _family(rows.values_list("family_id", flat=True).first())


def _family(found: UUID | None) -> UUID:
    if found is None:
        raise NotVisible
    return found


def _lines(look: Viewing, mine: UUID | None) -> tuple[OwnLine, ...]:
    rows = (
        OwnWords.objects.within(look)
        .filter(told_to(look.actor, look.at), family_id=look.family_id)
        .exclude(stage=OwnStage.TAKEN_BACK)
        .select_related("member", "file", "about", "compartment")
        .defer("file__content")
    )
    return tuple(
        OwnLine(
            own_id=one.pk,
            by=one.member.first_name,
            kind=OWN_SHORT[OwnKind(one.kind)],
            topic=Piece(one.topic).label,
            about=one.about_words,
            words=one.words,
            stage=one.stage,
            stage_words=OwnStage(one.stage).label,
            tone=OWN_TONES[OwnStage(one.stage)],
            reply=one.reply,
            file=None if _is_destroyed(one) else FileLine.of(one.file),
            at=one.at,
            due_on=one.due_on,
            may_take_back=rules.why_not_taken_back(one.stage, mine=one.member_id == mine) is None,
            may_say_whom=why_not_say_whom(wrote=one.member_id == mine, part=look.part) is None,
            apart=one.compartment.kind == CompartmentKind.PARENT,
        )
        for one in rows
    )


def _is_destroyed(own: OwnWords) -> bool:
    """Nobody writes nothing: the words are gone, and what stood beside them went along."""
    return not own.words and not isinstance(own.words, Unreadable)


def _destructions(look: Viewing, mine: UUID | None) -> tuple[DestructionLine, ...]:
    rows = (
        Destruction.objects.within(look).filter(family_id=look.family_id).select_related("child", "asked_by")
    )
    return tuple(
        DestructionLine(
            destruction_id=one.pk,
            child=one.child.first_name,
            by=one.asked_by.first_name,
            stage=one.stage,
            stage_words=_("vernietigd") if one.done_at else DestructionStage(one.stage).label,
            tone="done" if one.done_at else DESTRUCTION_TONES[DestructionStage(one.stage)],
            keep=tuple(rules.KEEP[code] for code in one.keep),
            reply=one.reply,
            at=one.at,
            due_on=one.due_on,
            done_at=one.done_at,
            pieces=len(one.pieces),
            may_take_back=rules.why_destruction_not_taken_back(
                one.stage, mine=one.asked_by_id == mine, done=one.done_at is not None
            )
            is None,
        )
        for one in rows
    )


def _children(look: Viewing, mine: UUID) -> tuple[Child, ...]:
    """Each child with why this reader cannot ask that its record is destroyed."""
    standing = set(
        Destruction.objects.within(look)
        .filter(
            family_id=look.family_id,
            stage__in=[DestructionStage.ASKED, DestructionStage.GRANTED, DestructionStage.PARTLY],
        )
        .values_list("child_id", flat=True)
    )
    return tuple(
        Child(
            pk,
            first_name,
            rules.why_no_destruction(who, pk, mine, standing=pk in standing),
        )
        for pk, first_name, who in children_shown(look, mine)
    )
