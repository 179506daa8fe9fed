"""The register of backup files, for who runs the installation: what there is, until when, what is gone."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import ProgrammingError

from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible
from hendig.keys.actions import backups as actions
from hendig.keys.models import BackupFile
from hendig.operations.backup.envelope import Outside, outside
from hendig.operations.failure import Failure
from hendig.people.models import Municipality

# Shorter would name more than one by accident.
SHORTEST_MARK = 8


def towns() -> list[UUID]:
    """Whose rows a file holds: each of them has it in its register. Refused by an older database."""
    try:
        BackupFile.objects.exists()
    except ProgrammingError:
        raise Failure("The database is older than this code; run `hendig migrate` first.") from None
    return list(Municipality.objects.order_by("id").values_list("pk", flat=True))


def place_of(file: Path) -> str:
    """Where a file lies of which nobody says more."""
    return f"{socket.gethostname()}:{file.absolute()}"[:300]


def add(seen: Outside, *, made_at: datetime, lies: str, days: int) -> None:
    """The register of each municipality knows this backup."""
    file = _copied(seen, made_at=made_at, lies=lies, days=days)
    for town in towns():
        actions.register_backup(actor=Actor.system(town), file=file, at=datetime.now(UTC))


def overwrite(file: Path, by: Outside) -> None:
    """What lay here before is gone: another file has its name."""
    for town in towns():
        actions.overwrite_backup(
            actor=Actor.system(town), lies=place_of(file), by=by.fingerprint, at=datetime.now(UTC)
        )


def met(file: Path, *, made_at: datetime, days: int) -> actions.Copied:
    """A file that is here, as the register would have it."""
    return _copied(outside(file), made_at=made_at, lies=place_of(file), days=days)


def _copied(seen: Outside, *, made_at: datetime, lies: str, days: int) -> actions.Copied:
    return actions.Copied(
        fingerprint=seen.fingerprint,
        reader=seen.reader,
        size=seen.size,
        lies=lies,
        made_at=made_at,
        until_on=local_day(made_at) + timedelta(days=days),
    )


def show(at: datetime) -> None:
    """Each file that is there, the oldest first, with the mark by which it is called."""
    rows = BackupFile.objects.standing().order_by("fingerprint", "id").distinct("fingerprint")
    for row in sorted(rows, key=lambda one: one.made_at):
        late = "  past its last day" if row.until_on < local_day(at) else ""
        print(
            f"{row.fingerprint[:12]}  of {row.made_at:%Y-%m-%d %H:%M} UTC  until {row.until_on}  "
            f"opened by {row.reader[:12]}  {row.lies}{late}"
        )


def destroyed(mark: str, at: datetime) -> None:
    """No copy is left of what goes by this mark, as who runs the installation says. Refused where one is."""
    if len(mark) < SHORTEST_MARK:
        raise Failure(f"Give at least {SHORTEST_MARK} signs of the mark; `hendig backup --list` shows them.")
    for row in BackupFile.objects.standing().filter(fingerprint__startswith=mark):
        refuse_there(row)
    gone = [_destroyed_in(town, mark, at) for town in towns()]
    if not any(gone):
        raise Failure(f"No backup that is there goes by “{mark}”; `hendig backup --list` shows them.")
    print(f"The register says that {max(gone)} backup(s) are destroyed. Copies of copies it does not know.")


def refuse_there(row: BackupFile) -> None:
    """A Failure when something lies on this machine where this file is said to lie."""
    host, here = f"{socket.gethostname()}:", row.lies
    if here.startswith(host) and Path(here.removeprefix(host)).exists():
        raise Failure(f"{here} is still there; throw it away first.")


def _destroyed_in(town: UUID, mark: str, at: datetime) -> int:
    try:
        return actions.destroy_backups(actor=Actor.system(town), mark=mark, at=at)
    except NotVisible:
        return 0
