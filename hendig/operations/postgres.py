"""The embedded PostgreSQL of a HENDIG_HOME: real, private, and gone when nobody uses it.

Everybody who uses it holds a shared lock on the same file. The guardian, a process of its own, waits for that
lock to be free of users and then stops the server: so the server is started once however many come at once,
and stops with the last of them, even when that one was killed.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from hendig.operations.database import join
from hendig.operations.failure import Failure
from hendig.operations.processes import may_reach, unprivileged

SUPERUSER = "postgres"
OWNER = "hendig"
SOCKET = ".s.PGSQL.5432"
# What the kernel takes as the path of a socket, without the closing zero.
LONGEST_SOCKET = 107
# Below this a write-ahead log file (16 MB) and a checkpoint may not fit any more.
LEAST_FREE = 64 * 1024 * 1024
SYSTEM_PLACES = Path("/var/lib/hendig")

# Those that we started, by their home. They outlive our use of the server when others use it too.
guardians: dict[Path, subprocess.Popen[str]] = {}


@dataclass(frozen=True)
class Place:
    """Where everything of one embedded server lies."""

    home: Path
    uid: int | None

    @classmethod
    def of(cls, home: Path) -> "Place":
        """The place that belongs to this HENDIG_HOME, made if it was not there."""
        place = cls(home.resolve(), unprivileged())
        try:
            for folder in (place.home, place.desk):
                folder.mkdir(mode=0o700 if place.uid is None else 0o711, parents=True, exist_ok=True)
            place.check_space()
            place.root.mkdir(mode=0o711, parents=True, exist_ok=True)
        except PermissionError as refused:
            raise Failure(
                f"{refused.filename} cannot be written; set HENDIG_HOME to a folder that can."
            ) from refused
        return place

    @property
    def desk(self) -> Path:
        """Locks, passwords and the server's log: for us only."""
        return self.home / "postgres"

    @property
    def root(self) -> Path:
        """Data and socket: in HENDIG_HOME, or for root where `nobody` cannot come there, elsewhere."""
        # Decided once: a folder above us that is closed or opened later must not look like an empty database.
        return Path(written_once(self.desk / "place", self.choose_root))

    def choose_root(self) -> str:
        if self.uid is None or may_reach(self.desk, self.uid):
            return str(self.desk)
        return str(SYSTEM_PLACES / f"{self.mark}-{secrets.token_hex(4)}")

    @property
    def mark(self) -> str:
        """What tells this home from others in a folder that they share."""
        return hashlib.sha256(str(self.home).encode()).hexdigest()[:12]

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def socket(self) -> Path:
        """The folder of the socket; a short one elsewhere when the path would be too long."""
        near = self.root / "socket"
        if len(str(near / SOCKET).encode()) <= LONGEST_SOCKET:
            return near
        owner = os.geteuid() if self.uid is None else self.uid
        return Path("/tmp") / f"hendig-{owner}-{self.mark}"  # noqa: S108 - checked to be ours alone

    @property
    def log(self) -> Path:
        return self.desk / "server.log"

    def private_folder(self, folder: Path) -> None:
        """The folder exists, is no link, and only the server's user may look into it."""
        owner = os.geteuid() if self.uid is None else self.uid
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.uid is not None and folder.lstat().st_uid == os.geteuid():
            os.chown(folder, self.uid, -1, follow_symlinks=False)
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != owner:
            raise Failure(f"{folder} belongs to somebody else; remove it and start again.")
        folder.chmod(0o700)

    def check_space(self) -> None:
        """There is room to write, or one clear sentence."""
        free = shutil.disk_usage(self.home).free
        if free < LEAST_FREE:
            raise Failure(
                f"The disk is full: {self.home} has {free // 1024**2} MB left and PostgreSQL needs "
                f"{LEAST_FREE // 1024**2} MB."
            )

    def secret(self, name: str) -> str:
        """The password of that name; made at the first call, readable only by us."""
        return secret_file(self.desk / f"{name}.password")

    def url(self, user: str, database: str) -> str:
        """The URL by which `user` reaches `database`."""
        return join(
            {"user": user, "password": self.secret(user), "host": str(self.socket), "dbname": database}
        )


def secret_file(path: Path) -> str:
    """The secret in the file; made at the first call, readable only by us."""
    return written_once(path, lambda: secrets.token_urlsafe(48))


def written_once(path: Path, make: Callable[[], str]) -> str:
    """What the file says; written whole at the first call, readable only by us."""
    if not path.exists():
        handle, unfinished = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as made:
            made.write(make())
        # A link refuses to replace: of two who come at once, both get what the first wrote.
        with suppress(FileExistsError):
            os.link(unfinished, path)
        Path(unfinished).unlink()
    return path.read_text()


@contextmanager
def locked(path: Path, kind: int) -> Iterator[IO[bytes]]:
    """The file is locked inside the block; the kernel lets go when we die."""
    with path.open("ab") as held:
        fcntl.flock(held, kind)
        yield held


def free(path: Path, kind: int) -> bool:
    """Whether the lock could be had at this moment."""
    try:
        with locked(path, kind | fcntl.LOCK_NB):
            return True
    except BlockingIOError:
        return False


def owned(home: Path, database: str = OWNER) -> str:
    """The URL by which the owner reaches this database of the home's server, whether it runs or not."""
    return Place.of(home).url(OWNER, database)


@contextmanager
def embedded(home: Path, database: str = OWNER) -> Iterator[str]:
    """Inside the block the server of this home runs; gives the URL of its `database` as the owner."""
    place = Place.of(home)
    users = place.desk / "users.lock"
    with locked(users, fcntl.LOCK_SH) as using:
        try:
            keep_up(place, database)
            yield place.url(OWNER, database)
        finally:
            leave(place, using)


def keep_up(place: Place, database: str = OWNER) -> None:
    """The server runs and has this database; for users only, whose lock keeps the guardian from leaving."""
    with locked(place.desk / "start.lock", fcntl.LOCK_EX):
        if free(place.desk / "guardian.lock", fcntl.LOCK_EX):
            guardians[place.home] = start_guardian(place)
            prepare(place, database)
        elif place.home not in guardians:
            # Somebody else's: it runs, but perhaps not with our database.
            prepare(place, database)


def start_guardian(place: Place) -> subprocess.Popen[str]:
    """The guardian runs and the server answers, or a Failure says why not."""
    guardian = subprocess.Popen(
        [sys.executable, "-m", "hendig.operations.guardian", str(place.home)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        # Ctrl-C is for us; the guardian goes when nobody needs it.
        start_new_session=True,
        text=True,
    )
    assert guardian.stdout is not None
    with guardian.stdout:
        said = guardian.stdout.readline().strip()
    if said != "ready":
        guardian.wait()
        raise Failure(said or f"PostgreSQL did not start; its last words are in {place.log}.")
    return guardian


def prepare(place: Place, database: str) -> None:
    """The owner's role and the database exist."""
    with psycopg.connect(place.url(SUPERUSER, "postgres"), autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
            # Like the owner on a shared server: may make roles and databases, and is no superuser.
            server.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(
                    sql.Identifier(OWNER), sql.Literal(place.secret(OWNER))
                )
            )
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            server.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(OWNER))
            )


def leave(place: Place, using: IO[bytes]) -> None:
    """We use the server no more; if we were the last, it has stopped when this returns."""
    fcntl.flock(using, fcntl.LOCK_UN)
    asked = time.monotonic()
    looks = 0
    while time.monotonic() - asked < 30:
        if free(place.desk / "guardian.lock", fcntl.LOCK_EX):
            if place.home in guardians:
                guardians.pop(place.home).wait()
            return
        # One look could meet somebody who leaves with us, and looks for others as we do.
        looks = looks + 1 if used_by_others(place) else 0
        if looks > 3:
            return
        time.sleep(0.02)


def used_by_others(place: Place) -> bool:
    """Whether somebody else keeps the server up: not so when the lock is free, or held by the guardian."""
    users = place.desk / "users.lock"
    return not free(users, fcntl.LOCK_EX) and free(users, fcntl.LOCK_SH)
