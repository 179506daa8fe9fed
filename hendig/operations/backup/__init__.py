"""Backups that only the holder of a private key can read, and that are tried before they are trusted.

A file is one encrypted stream (`envelope.py`): the manifest, the ledger, and PostgreSQL's own dump without
the keys. A ledger file is the same without the dump. See docs/adr/0018-keys-per-compartment.md.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from hendig.operations import roles
from hendig.operations.backup import dump
from hendig.operations.backup.applied import Known, apply
from hendig.operations.backup.envelope import Opener, Outside, Sealer, new_keys, read_public
from hendig.operations.backup.ledger import Ledger, taken
from hendig.operations.backup.manifest import Manifest, strings, written_down
from hendig.operations.database import changed, conninfo, drop, split
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress

Connection = psycopg.Connection[tuple[object, ...]]

# Looks a restored database through, at this URL, and tells how much it saw.
Look = Callable[[str], str]
# Brings the database at this URL to what this code expects.
Lift = Callable[[str], None]
# Writes into the log of the database that was looked through that a backup of then was restored, by how many
# ledgers.
Note = Callable[[datetime, int], None]
# Hears of a backup of then that is whole: before it has its name, and once more when it has it.
Register = Callable[[datetime, Outside], None]
Named = Callable[[Outside], None]

PUBLIC = "backup.pub"
SIZE = struct.Struct(">Q")
MEGABYTE = 1024 * 1024

__all__ = ["backup", "make_keys", "restore", "verify", "write_ledger"]


def make_keys(place: Installation, private: Path) -> None:
    """A new pair; older backups keep needing their own private key."""
    new_keys(private, place.home / PUBLIC)
    print(f"The private key is {private}. Keep it elsewhere, never beside backups.")


def backup(place: Installation, file: Path, register: Register, named: Named) -> None:
    """The whole database in one encrypted file, which the register knows, and the ledger of now in it."""
    made_at = datetime.now(UTC)
    with (
        Progress("Making a backup") as progress,
        source(place) as owner,
        written(place, file, lambda seen: register(made_at, seen), named) as into,
    ):
        into.write(head(owner, made_at))
        size = 0
        for piece in dump.dumped(place.owner_url, server(owner), exported(owner)):
            into.write(piece)
            size += len(piece)
            progress(f"{size // MEGABYTE} MB")


def write_ledger(place: Installation, file: Path) -> None:
    """The ledger of now: small, and to be written as often as something may not be lost."""
    with source(place) as owner, written(place, file) as into:
        into.write(head(owner, datetime.now(UTC)))


# Tables whose rows policies may hide from us: those with forced policies, unless one is for a role of ours
# and hides nothing. A backup is complete or it is none.
HIDDEN = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity
  AND NOT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)
  AND (c.relforcerowsecurity OR NOT pg_has_role(c.relowner, 'USAGE'))
  AND NOT EXISTS (
    SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('*', 'r')
      AND pg_get_expr(p.polqual, p.polrelid) = 'true'
      AND EXISTS (SELECT FROM unnest(p.polroles) AS r WHERE r = 0 OR pg_has_role(r, 'USAGE')))
"""


@contextmanager
def source(place: Installation) -> Iterator[Connection]:
    """Inside the block the owner sees one moment of the database, whatever happens meanwhile."""
    with roles.connect_owner(place.owner_url) as owner, owner.transaction():
        owner.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if strings(owner, HIDDEN):
            raise Failure("The user of DATABASE_URL cannot see every row; run `hendig migrate` as the owner.")
        try:
            yield owner
        except (psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedTable):
            raise Failure("The database is older than this code; run `hendig migrate` first.") from None


def head(owner: Connection, made_at: datetime) -> bytes:
    """What stands before the dump: the manifest and the ledger, each after its size."""
    parts = (written_down(owner, made_at).packed(), taken(owner).packed())
    return b"".join(SIZE.pack(len(one)) + one for one in parts)


def exported(owner: Connection) -> str:
    return strings(owner, "SELECT pg_export_snapshot()")[0]


def server(owner: Connection) -> int:
    return owner.info.server_version // 10000


@contextmanager
def written(
    place: Installation, file: Path, whole: Named | None = None, named: Named | None = None
) -> Iterator[Sealer]:
    """Inside the block the file is written, encrypted; it is there only when it is whole, and that is heard.

    Killed in between a file is in the register that is not there; never one there that is not in it.
    """
    reader = read_public(place.home / PUBLIC)
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with unfinished.open("wb") as into:
            unfinished.chmod(0o600)
            sealer = Sealer(into, reader)
            yield sealer
            seen = sealer.close()
        if whole is not None:
            whole(seen)
        unfinished.replace(file)
        if named is not None:
            named(seen)
    except FileNotFoundError as missing:
        raise Failure(f"{file.parent} is not there.") from missing
    finally:
        unfinished.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup or ledger file, read as far as its dump."""

    manifest: Manifest
    ledger: Ledger
    rest: Opener


@contextmanager
def opened(file: Path, key: Path) -> Iterator[Opened]:
    if not file.exists():
        raise Failure(f"{file} is not there.")
    with file.open("rb") as source_file:
        opener = Opener.of(source_file, key, file.name)
        parts = [opener.read(SIZE.unpack(opener.read(SIZE.size))[0]) for _ in range(2)]
        yield Opened(Manifest.unpacked(parts[0]), Ledger.unpacked(parts[1]), opener)


@dataclass(frozen=True, slots=True)
class Aside:
    """A backup that was restored beside the database in use."""

    url: str
    manifest: Manifest
    ledger: Ledger


@contextmanager
def restored_aside(
    place: Installation, file: Path, key: Path, lift: Lift, later: Sequence[Known]
) -> Iterator[Aside]:
    """Inside the block the backup is in a database of its own, brought up to date by all that is known.

    It has the tables of this code before it hears of them: what ended since may have none in an older backup.
    What differs from what the backup says of itself is a Failure. The database is gone afterwards, unless it
    was given another name meanwhile.
    """
    name = f"{split(place.owner_url)['dbname'][:40]}_aside_{secrets.token_hex(4)}"
    url = changed(place.owner_url, dbname=name)
    with opened(file, key) as found, keeper_of(place) as keeper:
        roles.ensure_roles(keeper, place.app_url)
        keeper.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            with Progress("Restoring") as progress:
                pieces = found.rest.rest()
                dump.restored(url, server(keeper), pieces, lambda size: progress(f"{size // MEGABYTE} MB"))
            with psycopg.connect(conninfo(url), autocommit=True) as owner:
                owner.execute(DEFAULTS)
                compare(found.manifest, written_down(owner, datetime.now(UTC)))
                lift(url)
                apply(owner, then=found.ledger, later=later or [Known(file.name, found.ledger, goes_on=True)])
            yield Aside(url, found.manifest, found.ledger)
        finally:
            with suppress(psycopg.Error):
                drop(keeper, name)


def keeper_of(place: Installation) -> Connection:
    """The owner, in no database of ours: so that ours can be given another name."""
    return psycopg.connect(conninfo(changed(place.owner_url, dbname="postgres")), autocommit=True)


# As the first migration says it; in the dump it names the owner of the server that was backed up.
DEFAULTS: LiteralString = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hendig_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO hendig_app;
"""


def compare(said: Manifest, found: Manifest) -> None:
    if differ := said.differences(found):
        raise Failure(f"What was restored is not what was backed up: {'; '.join(differ[:5])}.")


def verify(place: Installation, file: Path, key: Path, lift: Lift, look: Look) -> None:
    """The backup was restored beside the database as it would be today, compared, and thrown away again."""
    with restored_aside(place, file, key, lift, known(place, file, key)) as aside:
        print(f"{file.name} is whole: {look(aside.url)}, as of {aside.manifest.made_at[:16]} UTC.")


def restore(
    place: Installation,
    file: Path,
    key: Path,
    lift: Lift,
    look: Look,
    note: Note,
    *,
    ledgers: Sequence[Path],
    nothing_later: bool,
) -> None:
    """The database is what the backup holds, without what was taken away since; the old one is kept aside."""
    later = known(place, file, key, ledgers)
    if not later and not nothing_later:
        raise Failure(
            "Nothing tells what was withdrawn or destroyed after this backup: give --ledger FILE, or say "
            "--nothing-later when you know that there is no newer ledger."
        )
    with restored_aside(place, file, key, lift, later) as aside:
        seen = look(aside.url)
        note(datetime.fromisoformat(aside.manifest.made_at), len(later))
        kept = exchange(place, aside.url)
    print(f"Restored as of {aside.manifest.made_at[:16]} UTC: {seen}.")
    print(told(later))
    print(f"The database from before is kept as “{kept}”; drop it when you are satisfied.")


def known(place: Installation, file: Path, key: Path, ledgers: Sequence[Path] = ()) -> list[Known]:
    """All that knows what happened since: the database that is there, and each ledger file."""
    with opened(file, key) as found:
        ours, then = set(found.manifest.municipalities), found.ledger
    known: list[Known] = []
    with roles.connect_owner(place.owner_url) as owner:
        there = here(owner)
        if there and not ours & set(there):
            raise Failure("The database that is there belongs to another municipality; nothing was touched.")
        if there:
            # One that was set back to before the backup has not its last line.
            goes_on = not then.last or bool(strings(owner, LINE_OF.format(UUID(then.last))))
            known.append(Known("the database that was here", taken(owner), goes_on))
    for ledger in ledgers:
        with opened(ledger, key) as read:
            if not ours & set(read.manifest.municipalities):
                raise Failure(f"{ledger.name} belongs to another municipality than the backup.")
            since = read.ledger
            goes_on = since.made_at >= then.made_at and since.restored == then.restored
            known.append(Known(ledger.name, since, goes_on))
    return known


LINE_OF = "SELECT id FROM audit_entry WHERE id = '{}'"


def told(later: Sequence[Known]) -> str:
    """What the restored database heard of since, and from whom."""
    if not later:
        return (
            "Nothing told what was withdrawn or destroyed since: all of it is there again. "
            "Everybody signs in anew."
        )
    whose = "; ".join(f"{one.whose}, as of {one.ledger.made_at:%Y-%m-%d %H:%M} UTC" for one in later)
    return (
        f"What was withdrawn or destroyed since is applied, as known by: {whose}. Whatever ended in one of "
        "these ended. Everybody signs in anew."
    )


def here(owner: Connection) -> list[str]:
    """The municipalities of the database that is there; none when it is empty."""
    try:
        return strings(owner, "SELECT id::text FROM people_municipality")
    except psycopg.errors.UndefinedTable:
        return []


def exchange(place: Installation, url: str) -> str:
    """The restored database has the name of ours, and ours another one, which this tells."""
    ours, new = split(place.owner_url)["dbname"], split(url)["dbname"]
    kept = f"{ours[:40]}_before_{datetime.now(UTC):%Y%m%d%H%M%S}"
    rename: LiteralString = "ALTER DATABASE {} RENAME TO {}"
    with keeper_of(place) as keeper:
        try:
            keeper.execute(sql.SQL(rename).format(sql.Identifier(ours), sql.Identifier(kept)))
        except psycopg.errors.ObjectInUse:
            raise Failure("Hendig still runs on this database; stop it, and restore again.") from None
        keeper.execute(sql.SQL(rename).format(sql.Identifier(new), sql.Identifier(ours)))
    return kept
