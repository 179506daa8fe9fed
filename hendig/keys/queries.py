"""What there is of keys and backups: how many under which root, what rotation has yet to do, which files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from hendig.kernel.actor import Actor
from hendig.kernel.ids import made_at
from hendig.kernel.periods import local_day
from hendig.keys.models import BackupFile, CompartmentKey
from hendig.keys.models.roots import ring


@dataclass(frozen=True, slots=True)
class Root:
    """One root key: since when, and how many keys of compartments it wraps."""

    root_id: UUID
    since: datetime
    keys: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a rotation has yet to do in a municipality."""

    to_wrap: int
    to_renew: int
    left_over: int


# A destruction is of the moment at which it began, and it takes a while until the last name is gone.
EMPTYING_TAKES = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file: of when, where it lies, and until when; or since when it is gone."""

    mark: str
    made_at: datetime
    size: int
    lies: str
    until_on: date
    destroyed_at: datetime | None
    late: bool

    def holds(self, destroyed_at: datetime) -> bool:
        """Whether what was destroyed at that moment may still stand in it."""
        return self.made_at < destroyed_at + EMPTYING_TAKES


def backups(actor: Actor, *, at: datetime) -> tuple[Backup, ...]:
    """The backup files that are there, as far as anybody said, the oldest first. 1 query."""
    rows = BackupFile.objects.standing().filter(municipality_id=actor.municipality_id)
    return tuple(_backup(row, at) for row in rows.order_by("made_at"))


def backups_of(actor: Actor, destroyed_at: datetime, *, at: datetime) -> tuple[Backup, ...]:
    """Those in which something stood that was destroyed then, also those that are gone since. 1 query."""
    rows = BackupFile.objects.filter(
        Q(destroyed_at=None) | Q(destroyed_at__gt=destroyed_at),
        municipality_id=actor.municipality_id,
        made_at__lt=destroyed_at + EMPTYING_TAKES,
    )
    return tuple(_backup(row, at) for row in rows.order_by("made_at"))


def count_late_backups(actor: Actor, *, at: datetime) -> int:
    """How many files are there past their last day. 1 query."""
    rows = BackupFile.objects.filter(municipality_id=actor.municipality_id)
    return rows.past(local_day(at)).count()


def oldest_backup() -> datetime | None:
    """Of when the oldest backup is that is there yet. 1 query."""
    return BackupFile.objects.standing().order_by("made_at").values_list("made_at", flat=True).first()


def _backup(row: BackupFile, at: datetime) -> Backup:
    return Backup(
        mark=row.fingerprint[:12],
        made_at=row.made_at,
        size=row.size,
        lies=row.lies,
        until_on=row.until_on,
        destroyed_at=row.destroyed_at,
        late=row.destroyed_at is None and row.until_on < local_day(at),
    )


def roots() -> tuple[Root, ...]:
    """The root keys, newest first. 1 query."""
    counted = CompartmentKey.objects.standing().values_list("root_id").annotate(Count("pk"))
    keys = dict(counted.order_by())
    return tuple(Root(root.id, made_at(root.id), keys.get(root.id, 0)) for root in ring().roots)


def unknown_roots() -> int:
    """Keys that no root key of this installation opens. 1 query."""
    return CompartmentKey.objects.standing().exclude(root_id__in=[root.id for root in ring().roots]).count()


def in_older_backups() -> int:
    """Keys that were destroyed here, and that a root key on the ring still opens in a backup. 1 query."""
    oldest = min(made_at(root.id) for root in ring().roots)
    return CompartmentKey.objects.filter(destroyed_at__gt=oldest).count()


def destroyed_under_the_newest() -> bool:
    """Whether the newest root key may have wrapped a key that was destroyed since. 1 query."""
    return CompartmentKey.objects.filter(destroyed_at__gte=made_at(ring().newest.id)).exists()


def waiting(actor: Actor) -> Waiting:
    """How far a rotation is. 3 queries."""
    newest = ring().newest.id
    return Waiting(
        to_wrap=CompartmentKey.objects.under_older_roots(actor, newest).count(),
        to_renew=CompartmentKey.objects.to_renew(actor, newest).count(),
        left_over=CompartmentKey.objects.left_over(actor).count(),
    )


def compartments_to_renew(actor: Actor, size: int) -> list[UUID]:
    """The next whose key is older than the newest root. 1 query."""
    rows = CompartmentKey.objects.to_renew(actor, ring().newest.id)
    return list(rows.order_by("id").values_list("compartment_id", flat=True)[:size])


def compartments_left_over(actor: Actor, size: int, *, after: UUID) -> list[UUID]:
    """The next that have more than one key. 1 query."""
    rows = CompartmentKey.objects.left_over(actor).filter(compartment_id__gt=after)
    return list(rows.order_by("compartment_id").values_list("compartment_id", flat=True).distinct()[:size])
