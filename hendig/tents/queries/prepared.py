"""What somebody prepares for the meeting, and what they brought to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from hendig.audit.actions import Viewing
from hendig.families.models import FamilyMember, Part, Tie
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.tents.models import AHEAD, PieceKind, PreparedKind, PreparedNote, Tent
from hendig.tents.queries.first import OWN_PLAN, First, first
from hendig.tents.queries.slots import Slot, free_slots
from hendig.tents.rules.names import of_family, told_apart
from hendig.tents.rules.prepared import BECOMES, why_no_offer, why_no_own_plan, why_not_prepare


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was written down; `voice` is who of the family said it, when a coach wrote."""

    id: UUID
    kind: PreparedKind
    text: str
    said_by: UUID | None
    voice: str

    @property
    def becomes(self) -> PieceKind:
        """As what it lies on the table."""
        return BECOMES[self.kind]


@dataclass(frozen=True, slots=True)
class Preparing:
    """The page at home: the question, the own notes, who is around, and the offer of a plan of one's own."""

    request_id: UUID
    family_id: UUID
    words: str
    notes: tuple[Note, ...]
    around: int
    first: First
    members: tuple[tuple[UUID, str], ...]
    own: bool
    # The first free place of a tent that comes back, as long as none is planned.
    first_free: Slot | None
    not_prepare: Refusal | None
    not_own_plan: Refusal | None
    not_offer: Refusal | None


def preparing(look: Viewing, request_id: UUID) -> Preparing:
    """The page of a family or its coach; `NotVisible` for who is not involved. 7 queries."""
    ahead = Exists(Tent.objects.filter(request=OuterRef("pk"), stage__in=AHEAD))
    rows = HelpRequest.objects.within(look).select_related(*OWN_PLAN, "compartment").annotate(ahead=ahead)
    request = rows.filter(pk=request_id).first()
    if request is None:
        raise NotVisible
    members = FamilyMember.objects.within(look).order_by("born_on", "id")
    own, free = look.part != Part.COACH, free_slots(look.actor, at=look.at)
    chosen = first(look, request)
    offered = chosen.offered_at is not None
    return Preparing(
        request_id=request.pk,
        family_id=request.family_id,
        words=request.words,
        notes=_notes(look.actor, request_id, at=look.at),
        around=Tie.objects.within(look).present().count(),
        first=chosen,
        members=() if own else tuple(told_apart(map(of_family, members)).items()),
        own=own,
        first_free=None if request.ahead else next(iter(free), None),  # type: ignore[attr-defined]  # annotated
        not_prepare=why_not_prepare(part=look.part, stage=request.stage),
        not_own_plan=why_no_own_plan(part=look.part, stage=request.stage),
        not_offer=why_no_offer(part=look.part, stage=request.stage, offered=offered),
    )


def brought(look: Viewing, request_id: UUID) -> tuple[Note, ...]:
    """What the reader wrote down at home and did not lay on the table yet. 1 query."""
    return _notes(look.actor, request_id, at=look.at)


def own_note(actor: Actor, note_id: UUID, *, at: datetime) -> tuple[Note, UUID]:
    """One of the own notes, and the question for which it is; `NotVisible` for anybody else's. 1 query."""
    row = PreparedNote.objects.visible_to(actor, at=at).select_related("said_by").filter(pk=note_id).first()
    if row is None:
        raise NotVisible
    return _note(row), row.request_id


def _notes(actor: Actor, request_id: UUID, *, at: datetime) -> tuple[Note, ...]:
    rows = PreparedNote.objects.visible_to(actor, at=at).filter(request=request_id)
    return tuple(_note(row) for row in rows.select_related("said_by").order_by("id"))


def _note(row: PreparedNote) -> Note:
    voice = row.said_by.first_name if row.said_by else ""
    return Note(row.pk, PreparedKind(row.kind), row.text, row.said_by_id, voice)
