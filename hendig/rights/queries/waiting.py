"""What families asked of their record, and nobody answered or carried out: for who does, and in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Place, reading, viewing
from hendig.audit.models import Entry
from hendig.families.models import Ground, MemberKind, OfRecordQuerySet
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Words
from hendig.keys import queries as keys
from hendig.rights import rules
from hendig.rights.models import Destruction, DestructionStage, OwnStage, OwnWords, Piece, Reminded
from hendig.rights.models.own import OwnWordsQuerySet
from hendig.rights.queries.who import with_a_coach

GRANTED = (DestructionStage.GRANTED, DestructionStage.PARTLY)
# Of each kind of day: what is told when it comes near, and what when it is over.
CODES = {
    "answer": ("destruction.answer_soon", "destruction.answer_late"),
    "correction": ("own.answer_soon", "own.answer_late"),
    "carry_out": ("destruction.due_soon", "destruction.due_late"),
    "backup": ("destruction.backup_soon", "destruction.backup_late"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that was asked of a record without a coach: no name, and no word of the record."""

    asked_id: UUID
    correction: bool
    asked_on: date
    due_on: date
    late: bool


@dataclass(frozen=True, slots=True)
class AskedOfOfficer:
    """What a family without a coach asked, for the privacy officer who answers it."""

    asked_id: UUID
    by: Words
    by_child: bool
    asked_on: date
    due_on: date
    # Of a correction: which piece it is about, and the words of who asks.
    topic: Words
    words: str


def waiting_without_coach(actor: Actor, *, at: datetime) -> tuple[Waiting, ...]:
    """What waits for the privacy officer, the first day first. 2 queries; Hendig looks, and says which."""
    today = local_day(at)
    with reading(Actor.system(actor.municipality_id), at):
        found = [
            Waiting(pk, False, local_day(asked_at), due_on, due_on < today)
            for pk, asked_at in _destructions(actor, at).values_list("pk", "at")
            for due_on in [rules.destruction_answer_due(local_day(asked_at))]
        ]
        found += [
            Waiting(pk, True, local_day(asked_at), due_on, due_on < today)
            for pk, asked_at, due_on in _corrections(actor, at).values_list("pk", "at", "due_on")
            if due_on is not None
        ]
    return tuple(sorted(found, key=lambda one: (one.due_on, str(one.asked_id))))


def _destructions(actor: Actor, at: datetime) -> OfRecordQuerySet[Destruction]:
    rows = Destruction.objects.filter(municipality_id=actor.municipality_id, stage=DestructionStage.ASKED)
    return rows.exclude(compartment__in=with_a_coach(at=at))


def _corrections(actor: Actor, at: datetime) -> OwnWordsQuerySet:
    rows = OwnWords.objects.filter(municipality_id=actor.municipality_id, stage=OwnStage.ASKED)
    return rows.exclude(compartment__in=with_a_coach(at=at))


def asked_of_officer(actor: Actor, asked_id: UUID, *, correction: bool, at: datetime) -> AskedOfOfficer:
    """One of them; the look is in the log of the family. 3 queries."""
    with reading(Actor.system(actor.municipality_id), at):
        if correction:
            own = _corrections(actor, at).select_related("member", "compartment__record").filter(pk=asked_id)
            row: Destruction | OwnWords | None = own.first()
        else:
            asked = _destructions(actor, at).select_related("asked_by", "compartment").filter(pk=asked_id)
            row = asked.first()
        if row is None:
            raise NotVisible
        page = _of_correction(row) if isinstance(row, OwnWords) else _of_destruction(row)
    places = [Place(row.compartment_id, row.compartment.record_id)]
    with viewing(
        actor, "own.asked_seen", row.family_id, part="", ground=Ground.YOUTH_ACT, at=at, places=places
    ):
        return page


def _of_destruction(row: Destruction) -> AskedOfOfficer:
    asked_on = local_day(row.at)
    return AskedOfOfficer(
        asked_id=row.pk,
        by=MemberKind(row.asked_by.kind).label,
        by_child=row.asked_by_id == row.child_id,
        asked_on=asked_on,
        due_on=rules.destruction_answer_due(asked_on),
        topic="",
        words="",
    )


def _of_correction(row: OwnWords) -> AskedOfOfficer:
    return AskedOfOfficer(
        asked_id=row.pk,
        by=MemberKind(row.member.kind).label,
        by_child=row.member_id == row.compartment.record.child_id,
        asked_on=local_day(row.at),
        due_on=row.due_on or local_day(row.at),
        topic=Piece(row.topic).label,
        words=str(row.words),
    )


@dataclass(frozen=True, slots=True)
class ToRemind:
    """A day that comes near or is over, which nobody was told of yet."""

    municipality_id: UUID
    asked_id: UUID
    code: str


def requests_to_remind(*, at: datetime) -> tuple[ToRemind, ...]:
    """The month in which to answer, and the three in which to destroy: each told near its day, and after it.

    7 queries.
    """
    today = local_day(at)
    with reading(Actor.system(UUID(int=0)), at):
        due = [
            ToRemind(town, pk, CODES[what][level == Reminded.OVERDUE])
            for what, town, pk, day, soon in _days()
            if (level := rules.reminder(day, today, soon)) != Reminded.NOT
        ]
        asked, codes = {one.asked_id for one in due}, {one.code for one in due}
        lines = Entry.objects.filter(object_id__in=asked, code__in=codes)
        told = set(lines.values_list("object_id", "code"))
    return tuple(one for one in due if (one.asked_id, one.code) not in told)


def _days() -> Iterator[tuple[str, UUID, UUID, date, timedelta]]:
    asked = Destruction.objects.filter(stage=DestructionStage.ASKED).order_by("id")
    for town, pk, asked_at in asked.values_list("municipality_id", "pk", "at"):
        answer_by = rules.destruction_answer_due(local_day(asked_at))
        yield "answer", town, pk, answer_by, rules.ANSWER_SOON
    words = OwnWords.objects.filter(stage=OwnStage.ASKED).order_by("id")
    for town, pk, due_on in words.values_list("municipality_id", "pk", "due_on"):
        if due_on is not None:
            yield "correction", town, pk, due_on, rules.ANSWER_SOON
    granted = Destruction.objects.filter(stage__in=GRANTED, done_at=None).order_by("id")
    for town, pk, due_on in granted.values_list("municipality_id", "pk", "due_on"):
        yield "carry_out", town, pk, due_on, rules.DECISION_SOON
    # Destroyed is promised of the backups too: for as long as the root key of then is there, they open it,
    # and the names that were destroyed with a whole record stand in each file of before.
    there = Q(done_at__gt=keys.roots()[-1].since)
    if oldest := keys.oldest_backup():
        there |= Q(done_at__gt=oldest, stage=DestructionStage.GRANTED)
    done = Destruction.objects.filter(there, stage__in=GRANTED).order_by("id")
    for town, pk, due_on in done.values_list("municipality_id", "pk", "due_on"):
        yield "backup", town, pk, due_on, rules.DECISION_SOON
