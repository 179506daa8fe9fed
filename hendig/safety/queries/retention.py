"""How long records are kept, which stand still, what was destroyed: identifiers, never a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from hendig.audit.actions import reading
from hendig.audit.models import Entry, Kind
from hendig.families.models import Compartment, Death, OfRecordQuerySet, Record
from hendig.families.rules.deaths import why_not_taken_back
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.keys import queries as keys
from hendig.keys.models import CompartmentKey
from hendig.rights import models as rights
from hendig.rights.queries.waiting import Waiting, waiting_without_coach
from hendig.safety import rules
from hendig.safety.models import Erasure, ErasureWhy

MOST = 100
GRANTED = (rights.DestructionStage.GRANTED, rights.DestructionStage.PARTLY)


@dataclass(frozen=True, slots=True)
class PastTerm:
    """A record of which nothing changed for twenty years."""

    record_id: UUID
    last_change: datetime


@dataclass(frozen=True, slots=True)
class Granted:
    """A record whose destruction was asked and granted, or of so many pieces: done before that day."""

    record_id: UUID
    due_on: date
    pieces: int


@dataclass(frozen=True, slots=True)
class Frozen:
    record_id: UUID
    frozen_at: datetime


@dataclass(frozen=True, slots=True)
class Mistaken:
    """A death of which the coach says that it was written down by mistake."""

    death_id: UUID
    doubted_at: datetime
    why_not: Refusal | None


@dataclass(frozen=True, slots=True)
class Proof:
    """A erasure: who asked, who agreed, when it was done, and what is left (nothing)."""

    erasure_id: UUID
    record_id: UUID
    why: Words
    asked_by: str
    asked_at: datetime
    agreed_by: str
    done_at: datetime | None
    compartments: int
    pieces: int
    why_not: Refusal | None
    # The backup files in which names of it may stand, and when the last of them must be gone.
    backups: int = 0
    last_on: date | None = None
    # The day that was promised to who asked, where the last of them goes later.
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class ProofPage:
    proof: Proof
    keys_left: int
    keys_destroyed: int
    lines: tuple[tuple[UUID, datetime, str], ...]
    # Those files, also what is gone of them.
    backups: tuple[keys.Backup, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    # What families without a coach asked: the officer answers it.
    asked: tuple[Waiting, ...]
    past_term: tuple[PastTerm, ...]
    granted: tuple[Granted, ...]
    frozen: tuple[Frozen, ...]
    mistaken: tuple[Mistaken, ...]
    proofs: tuple[Proof, ...]
    # An older backup still opens something of what was destroyed: the root key of then is there yet.
    in_backups: bool
    backups: tuple[keys.Backup, ...]


def last_changes(actor: Actor, records: Mapping[UUID, UUID], *, at: datetime) -> dict[UUID, datetime]:
    """When something of these records, given with their families, changed last, from the log. 2 queries.

    Each child's record has a term of its own (Jeugdwet 7.3.8 lid 3): what is written about a brother or
    sister does not begin it anew. What the log knows of the family as a whole counts for each.
    """
    families = set(records.values())
    places: dict[UUID | None, UUID] = dict(
        Compartment.objects.filter(family__in=families).values_list("pk", "record_id")
    )
    rows = Entry.objects.filter(municipality_id=actor.municipality_id, kind=Kind.CHANGE, at__lte=at)
    newest = rows.filter(family_id__in=families).order_by().values("family_id", "record_id", "compartment_id")
    of: dict[UUID | None, datetime] = {}
    for row in newest.annotate(last=Max("at")):
        whose = row["record_id"] or places.get(row["compartment_id"]) or row["family_id"]
        of[whose] = max(row["last"], of.get(whose, row["last"]))
    found = {one: [of[key] for key in (one, records[one]) if key in of] for one in records}
    return {one: max(times) for one, times in found.items() if times}


def past_terms(actor: Actor, *, at: datetime) -> list[PastTerm]:
    """The records past their term that nobody asked to destroy yet, the longest first. 4 queries."""
    with reading(Actor.system(actor.municipality_id), at):
        rows = Record.objects.filter(
            municipality_id=actor.municipality_id, begun_at__lt=rules.years_before(at, rules.KEPT_YEARS)
        ).exclude(pk__in=Erasure.objects.filter(pieces=[]).values("record_id"))
        old = {
            pk: (family_id, begun_at)
            for pk, family_id, begun_at in rows.values_list("pk", "family_id", "begun_at")
        }
        changed = last_changes(actor, {pk: family_id for pk, (family_id, _begun) in old.items()}, at=at)
    last = {pk: changed.get(pk, begun_at) for pk, (_family, begun_at) in old.items()}
    past = [PastTerm(pk, when) for pk, when in last.items() if rules.over_term(when, at)]
    return sorted(past, key=lambda one: one.last_change)


def retention(actor: Actor, *, at: datetime) -> Retention:
    """What is asked, past its term, stands still, was destroyed, and in which backups. 14 queries.

    The privacy officer opens no record: Hendig looks for them, and gives identifiers and dates only.
    """
    with reading(Actor.system(actor.municipality_id), at):
        rows = Record.objects.filter(municipality_id=actor.municipality_id)
        frozen = rows.filter(frozen_at__isnull=False).order_by("frozen_at").values_list("pk", "frozen_at")
        asked_of = (
            _to_carry_out(actor)
            .order_by("due_on")
            .values_list("compartment__record", "due_on", "pieces")[:MOST]
        )
        granted = tuple(Granted(record_id, due_on, len(pieces)) for record_id, due_on, pieces in asked_of)
        still = tuple(Frozen(pk, frozen_at) for pk, frozen_at in frozen[:MOST] if frozen_at)
        doubted = Death.objects.standing(at).filter(
            municipality_id=actor.municipality_id, mistake_at__isnull=False
        )
        mistaken = tuple(
            Mistaken(row.pk, row.mistake_at, why_not_taken_back(row, actor.account_id))
            for row in doubted.order_by("mistake_at")[:MOST]
            if row.mistake_at
        )
        proofs = Erasure.objects.filter(municipality_id=actor.municipality_id)
        found = list(proofs.select_related("asked_by", "agreed_by")[:MOST])
        told = _asked(found)
        oldest, files = keys.roots()[-1].since, keys.backups(actor, at=at)
    past = tuple(past_terms(actor, at=at)[:MOST])
    asked = waiting_without_coach(actor, at=at)
    done = tuple(_proof(actor, row, told, files) for row in found)
    in_backups = any(row.done_at and row.done_at > oldest for row in found)
    return Retention(asked, past, granted, still, mistaken, done, in_backups, files)


def _to_carry_out(actor: Actor) -> OfRecordQuerySet[rights.Destruction]:
    """What was granted, and for which nobody asked a second person yet."""
    asked = rights.Destruction.objects.filter(municipality_id=actor.municipality_id)
    taken = Erasure.objects.filter(destruction_id__isnull=False).values("destruction_id")
    return asked.filter(stage__in=GRANTED, done_at=None).exclude(pk__in=taken)


def count_waiting(actor: Actor, *, at: datetime) -> int:
    """How much waits for the privacy officer: to answer, to carry out, for a second person, or to be gone.

    5 queries.
    """
    asked = waiting_without_coach(actor, at=at)
    with reading(Actor.system(actor.municipality_id), at):
        second = Erasure.objects.filter(municipality_id=actor.municipality_id, agreed_at=None)
        back = rights.Destruction.objects.filter(stage=rights.DestructionStage.TAKEN_BACK).values("pk")
        waits = second.exclude(destruction_id__in=back)
        late = keys.count_late_backups(actor, at=at)
        return len(asked) + _to_carry_out(actor).count() + waits.count() + late


def granted_for(record_id: UUID) -> rights.Destruction | None:
    """What was asked to be destroyed of this record, granted, and not done yet. 1 query."""
    asked = rights.Destruction.objects.filter(compartment__record=record_id, done_at=None)
    return asked.filter(stage__in=GRANTED).first()


def parts_destroyed(since: datetime) -> int:
    """How often a part of a record was destroyed since this moment: older backups still hold it. 1 query."""
    return Erasure.objects.filter(done_at__gte=since).exclude(pieces=[]).count()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked and granted: whether it was taken back, and the day by which it was promised."""

    taken_back: bool
    due_on: date


def _asked(rows: Iterable[Erasure]) -> dict[UUID | None, _Asked]:
    """What these were asked by, by its identifier. 1 query."""
    asked = rights.Destruction.objects.filter(pk__in=[row.destruction_id for row in rows])
    return {
        pk: _Asked(stage == rights.DestructionStage.TAKEN_BACK, due_on)
        for pk, stage, due_on in asked.values_list("pk", "stage", "due_on")
    }


def _names_went(row: Erasure) -> datetime | None:
    """When what stands readable in a backup went: with a whole record. Of pieces the texts alone go."""
    return None if row.pieces else row.done_at


def _proof(
    actor: Actor, row: Erasure, told: Mapping[UUID | None, _Asked], files: Iterable[keys.Backup]
) -> Proof:
    gone_at = _names_went(row)
    left = [one for one in files if gone_at and one.destroyed_at is None and one.holds(gone_at)]
    last_on = max((one.until_on for one in left), default=None)
    asked = told.get(row.destruction_id)
    return Proof(
        erasure_id=row.pk,
        record_id=row.record_id,
        why=ErasureWhy(row.why).label,
        asked_by=row.asked_by.name,
        asked_at=row.asked_at,
        agreed_by=row.agreed_by.name if row.agreed_by else "",
        done_at=row.done_at,
        compartments=row.compartments,
        pieces=len(row.pieces),
        why_not=rules.why_not_destroyed(
            asked_by=row.asked_by_id,
            actor=actor,
            done=row.done_at is not None,
            taken_back=asked is not None and asked.taken_back,
        ),
        backups=len(left),
        last_on=last_on,
        promised_on=asked.due_on if asked and last_on and last_on > asked.due_on else None,
    )


def proof(actor: Actor, erasure_id: UUID, *, at: datetime) -> ProofPage:
    """The proof of one erasure: its lines in the log, how many keys are left, in which backups. 6 queries."""
    rows = Erasure.objects.filter(municipality_id=actor.municipality_id)
    row = rows.select_related("asked_by", "agreed_by").filter(pk=erasure_id).first()
    if row is None:
        raise NotVisible
    codes = ["erasure.asked", "erasure.agreed", "erasure.cleared", "erasure.emptied", "erasure.done"]
    with reading(Actor.system(actor.municipality_id), at):
        places = Record.objects.filter(pk=row.record_id).values("compartments")
        wrapped = CompartmentKey.objects.filter(compartment_id__in=places)
        left = wrapped.standing().count()
        gone = list(wrapped.exclude(destroyed_at=None).values_list("pk", flat=True))
        told = _asked([row])
        gone_at = _names_went(row)
        files = keys.backups_of(actor, gone_at, at=at) if gone_at else ()
    lines = Entry.objects.filter(municipality_id=actor.municipality_id, object_id__in=[row.pk, *gone])
    found = lines.filter(code__in=[*codes, "key.destroyed"]).order_by("id").values_list("pk", "at", "code")
    return ProofPage(_proof(actor, row, told, files), left, len(gone), tuple(found), files)
