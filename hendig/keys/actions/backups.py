"""The register of backup files: who runs the installation says what there is, and what is gone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.audit.models import Entry
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible
from hendig.keys.models import BackupFile
from hendig.people.rules import Permission, require_permission


@dataclass(frozen=True, slots=True)
class Copied:
    """A backup file as it was written, or as it was met again."""

    fingerprint: str
    reader: str
    size: int
    lies: str
    made_at: datetime
    until_on: date


def register_backup(*, actor: Actor, file: Copied, at: datetime) -> BackupFile:
    """The register says that this file is there, before anybody can take it along."""
    require_permission(actor, Permission.KEEP_BACKUPS)
    with change(actor, "backup.made", at=at) as act:
        row = BackupFile.objects.create(**asdict(file))
        act.record(row, size=row.size)
    return row


def meet_backup(act: Change, file: Copied) -> None:
    """A step: a file that somebody had in hand is there, whatever the register said of it."""
    rows = BackupFile.objects.filter(municipality_id=act.actor.municipality_id, fingerprint=file.fingerprint)
    row = rows.select_for_update().first()
    if row is None:
        row = BackupFile.objects.create(**asdict(file))
    elif row.destroyed_at is None:
        return
    else:
        row.destroyed_at = None
        row.save()
    act.record(row, also="backup.found", size=row.size)


def destroy_backups(*, actor: Actor, mark: str, at: datetime) -> int:
    """The register says that no copy is left of what goes by this mark; how many files that were.

    The mark is the beginning of a file's fingerprint, or that of the private key which was thrown away.
    """
    require_permission(actor, Permission.KEEP_BACKUPS)
    with change(actor, "backup.destroyed", at=at) as act:
        rows = BackupFile.objects.standing().filter(municipality_id=actor.municipality_id).called(mark)
        return _gone(act, list(rows.select_for_update().order_by("id")))


def overwrite_backup(*, actor: Actor, lies: str, by: str, at: datetime) -> int:
    """What lay at this very place before that file came there is destroyed; how many files that were."""
    require_permission(actor, Permission.KEEP_BACKUPS)
    rows = BackupFile.objects.standing().filter(municipality_id=actor.municipality_id, lies=lies)
    older = rows.exclude(fingerprint=by)
    if not older.exists():
        return 0
    with change(actor, "backup.destroyed", at=at) as act:
        return _gone(act, list(older.select_for_update().order_by("id")))


def _gone(act: Change, rows: list[BackupFile]) -> int:
    if not rows:
        raise NotVisible
    for row in rows:
        row.destroyed_at = act.at
        row.save()
        act.record(row)
    return len(rows)


def warn_of_backups(*, municipality_id: UUID, at: datetime) -> int:
    """The privacy officers hear of each file that is there past its last day, once; of how many."""
    past = BackupFile.objects.filter(municipality_id=municipality_id).past(local_day(at))
    told = Entry.objects.filter(municipality_id=municipality_id, code="backup.overdue")
    new = past.exclude(pk__in=told.values("object_id"))
    if not new.exists():
        return 0
    with change(Actor.system(municipality_id), "backup.overdue", at=at) as act:
        rows = list(new.select_for_update().order_by("id"))
        for row in rows:
            act.record(row)
    return len(rows)
