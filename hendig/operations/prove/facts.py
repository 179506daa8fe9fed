"""What the oracle judges: who there is, and what stands of them. Plain facts, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import Period, local_day


class Lasting(Protocol):
    @property
    def from_at(self) -> datetime: ...
    @property
    def until_at(self) -> datetime | None: ...


@dataclass(slots=True)
class Job:
    role: str
    days: Period
    ended_at: datetime | None


@dataclass(slots=True)
class Account:
    id: UUID
    town: UUID
    active: bool
    jobs: list[Job]


@dataclass(slots=True)
class Person:
    id: UUID
    kind: str
    born_on: date | None
    account: UUID | None
    # Of whom belongs to the side of one parent alone: the room of that parent.
    side: UUID | None = None


@dataclass(slots=True)
class Authority:
    child: UUID
    holder: UUID
    source: str
    days: Period
    lapses_on: date | None
    checked_on: date | None


@dataclass(slots=True)
class Room:
    """A compartment."""

    id: UUID
    kind: str
    person: UUID | None = None
    author: UUID | None = None


@dataclass(slots=True)
class Involvement:
    """An involvement."""

    account: UUID
    person: Person | None
    part: str
    ground: str
    kinds: list[str]
    from_at: datetime
    until_at: datetime | None
    # Whom a deputy stands in for, and under whom a trainee works.
    behind: UUID | None = None


@dataclass(slots=True)
class Answer:
    """A yes or a no of somebody of the family."""

    giver: UUID
    about: UUID
    yes: bool
    from_at: datetime
    until_at: datetime | None
    # A yes for what is about the child, and for no more of what is shared.
    child_alone: bool = False
    # What of what is shared the yes is not for: by the names that the family chooses from.
    without: tuple[str, ...] = ()


@dataclass(slots=True)
class Shut:
    """A block."""

    account: UUID
    kinds: list[str]
    from_at: datetime
    until_at: datetime | None


@dataclass(slots=True)
class Held:
    """Two professionals hold that the youth cannot decide."""

    from_at: datetime
    until_at: datetime


@dataclass(slots=True)
class Died:
    """Somebody of the family died: known from a moment on, unless it was a mistake."""

    person: UUID
    from_at: datetime
    until_at: datetime | None


@dataclass(slots=True)
class Hidden:
    """Where somebody of the family lives is secret."""

    person: UUID
    from_at: datetime
    until_at: datetime | None


@dataclass(slots=True)
class Lent:
    """Pieces of a record that the family lets somebody outside read."""

    account: UUID
    from_at: datetime
    until_at: datetime | None
    ended_at: datetime | None
    # Who said yes, and when last.
    yes: dict[UUID, datetime]


@dataclass(slots=True)
class Record:
    id: UUID
    family: UUID
    town: UUID
    child: Person | None
    frozen_at: datetime | None
    people: list[Person]
    authorities: list[Authority]
    deaths: list[Died] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    ways: list[Involvement] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    shut: list[Shut] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)


def lasts(row: Lasting, moment: datetime) -> bool:
    return row.from_at <= moment and (row.until_at is None or moment < row.until_at)


def actor_of(account: Account, at: datetime) -> Actor:
    """Who asks, as a request knows it: with the jobs that stand at this moment, none for a closed account."""
    roles = {
        Role(job.role)
        for job in account.jobs
        if account.active and job.days.covers(local_day(at)) and (job.ended_at is None or at < job.ended_at)
    }
    return Actor(
        municipality_id=account.town,
        account_id=account.id,
        roles=frozenset({Role.ANYONE, *roles}),
        offices=frozenset({account.town} if Role.OFFICE in roles else ()),
        professional_id=account.id if Role.PROFESSIONAL in roles else None,
    )
