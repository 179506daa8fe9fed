"""An emergency as who opened it sees it, and as the privacy officer judges it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from hendig.audit.actions import Place, reading, viewing
from hendig.audit.models import Entry, Kind
from hendig.audit.notices import code as declared
from hendig.families.models import FamilyMember, Ground, Purpose
from hendig.families.queries import Person, opening, persons
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.safety import rules
from hendig.safety.models import REVIEW, Category, Emergency, Outcome


@dataclass(frozen=True, slots=True)
class OpenNow:
    """The record that is open for as long as the hour lasts."""

    emergency_id: UUID
    family_id: UUID
    child: str
    category: Words
    until_at: datetime
    persons: tuple[Person, ...]


def open_now(actor: Actor, emergency_id: UUID, *, at: datetime) -> OpenNow:
    """What the actor opened and is still open; `NotVisible` from the first moment after. 6 queries."""
    rows = Emergency.objects.visible_to(actor, at=at).filter(account_id=actor.account, until_at__gt=at)
    row = (
        rows.filter(pk=emergency_id).values_list("family_id", "record__child", "category", "until_at").first()
    )
    if row is None:
        raise NotVisible
    family_id, child_id, category, until_at = row
    with opening(actor, "emergency.seen", family_id, at=at) as look:
        child = FamilyMember.objects.within(look).filter(pk=child_id).values_list("first_name", flat=True)
        return OpenNow(
            emergency_id, family_id, child.first() or "", Category(category).label, until_at, persons(look)
        )


@dataclass(frozen=True, slots=True)
class StillOpen:
    """The way back to a record whose hour is not over; whose it is, is said on its own page."""

    emergency_id: UUID
    category: Words
    until_at: datetime


def still_open(actor: Actor, *, at: datetime) -> tuple[StillOpen, ...]:
    """What the actor opened and is open at this moment, the last one first. 1 query."""
    rows = Emergency.objects.visible_to(actor, at=at).filter(account_id=actor.account, until_at__gt=at)
    found = rows.order_by("-from_at", "id").values_list("pk", "category", "until_at")
    return tuple(StillOpen(pk, Category(category).label, until_at) for pk, category, until_at in found)


@dataclass(frozen=True, slots=True)
class ToJudge:
    """One emergency in the list of the privacy officer: who, why, and until when it must be judged."""

    emergency_id: UUID
    name: str
    category: Words
    from_at: datetime
    until_at: datetime
    by_on: date
    late: bool
    outcome: Words
    reviewed_at: datetime | None


def to_judge(actor: Actor, *, at: datetime, most: int = 100) -> tuple[ToJudge, ...]:
    """The emergencies of the municipality, those that wait first, the oldest of them on top. 1 query."""
    with reading(actor, at, purpose=REVIEW):
        rows = Emergency.objects.to_judge(actor).select_related("account").defer("reason", "note")
        return tuple(_to_judge(row, at) for row in rows.order_by("-reviewed_at", "id")[:most])


def count_to_judge(actor: Actor, *, at: datetime) -> int:
    """How many emergencies wait for a judgement. 1 query."""
    with reading(actor, at, purpose=REVIEW):
        return Emergency.objects.to_judge(actor).filter(reviewed_at__isnull=True).count()


def _to_judge(row: Emergency, at: datetime) -> ToJudge:
    before = rules.judged_before(row.from_at)
    return ToJudge(
        emergency_id=row.pk,
        name=row.account.name,
        category=Category(row.category).label,
        from_at=row.from_at,
        until_at=row.until_at,
        by_on=local_day(before) - timedelta(days=1),
        late=row.reviewed_at is None and before <= at,
        outcome=Outcome(row.outcome).label if row.outcome else "",
        reviewed_at=row.reviewed_at,
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was looked at or done in that hour: its kind, never what stood there."""

    at: datetime
    words: Words


@dataclass(frozen=True, slots=True)
class Judging:
    """All by which an emergency is judged."""

    head: ToJudge
    reason: str
    note: str
    seen: tuple[Seen, ...]
    why_not: Refusal | None


def judging(actor: Actor, emergency_id: UUID, *, at: datetime) -> Judging:
    """Why somebody opened it, and what was looked at; the look is entered in the log. 5 queries."""
    with reading(actor, at, purpose=REVIEW):
        row = Emergency.objects.to_judge(actor).select_related("account").filter(pk=emergency_id).first()
        if row is None:
            raise NotVisible
        place = Place(row.compartment_id, row.record_id, purpose=Purpose.SAFETY)
        with viewing(
            actor, "emergency.judging", row.family_id, part="", ground=Ground.DUTY, at=at, places=[place]
        ):
            own = row.account_id == actor.account_id
            why = rules.why_not_judged(judged=row.reviewed_at is not None, own=own, wrong=False, note="")
            return Judging(_to_judge(row, at), str(row.reason), str(row.note), _seen(row), why)


def _seen(row: Emergency) -> tuple[Seen, ...]:
    lines = Entry.objects.filter(municipality_id=row.municipality_id, account_id=row.account_id)
    lines = lines.filter(record_id=row.record_id, at__gte=row.from_at, at__lte=row.until_at)
    found = lines.exclude(kind=Kind.REFUSAL).order_by("id").values_list("at", "code")
    return tuple(Seen(when, declared(code).seen_as) for when, code in found)
