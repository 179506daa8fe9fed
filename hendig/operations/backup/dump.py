"""PostgreSQL's own dump and restore, as streams: nothing of them is ever on a disk in the clear."""

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile

from hendig.operations import programs
from hendig.operations.backup.ledger import KEYS
from hendig.operations.database import conninfo, join, split
from hendig.operations.failure import Failure

PIECE = 256 * 1024
FULL = "No space left on device"


def dumped(url: str, server: int, snapshot: str) -> Iterator[bytes]:
    """The database as that snapshot sees it, without the keys: those travel in the ledger."""
    words = [
        str(programs.client("pg_dump", server)),
        "--format=custom",
        "--no-owner",
        # The owner may look past the policies by a policy, and not by stepping over them.
        "--enable-row-security",
        f"--snapshot={snapshot}",
        f"--exclude-table-data=public.{KEYS}",
        "--no-unlogged-table-data",
        f"--dbname={without_password(url)}",
    ]
    with TemporaryFile() as said:
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=said, env=environment(url)) as process:
            assert process.stdout is not None
            try:
                while piece := process.stdout.read(PIECE):
                    yield piece
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            said.seek(0)
            raise Failure(f"The database could not be copied: {last(said.read())}")


def restored(url: str, server: int, pieces: Iterable[bytes], told: Callable[[int], None]) -> None:
    """The empty database at `url` holds the dump, or a Failure says what went wrong."""
    words = [
        str(programs.client("pg_restore", server)),
        "--no-owner",
        f"--dbname={without_password(url)}",
    ]
    with TemporaryFile() as said:
        with running(words, url, said.fileno()) as process:
            assert process.stdin is not None
            size = 0
            for piece in pieces:
                try:
                    process.stdin.write(piece)
                except BrokenPipeError:
                    break
                size += len(piece)
                told(size)
        said.seek(0)
        check(said.read(), process.returncode)


@contextmanager
def running(words: list[str], url: str, said: int) -> Iterator[subprocess.Popen[bytes]]:
    """Inside the block the program reads what we write; it is gone afterwards, by force when we fail."""
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=said, env=environment(url)) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def check(said: bytes, status: int) -> None:
    wrong = [
        line for line in said.decode(errors="replace").splitlines() if line.startswith("pg_restore: error:")
    ]
    if FULL in said.decode(errors="replace"):
        raise Failure("The disk of the database is full.")
    real = [line for line in wrong if "role" not in line or "does not exist" not in line]
    if real or (status and not wrong):
        raise Failure(f"The backup could not be restored: {last(said)}")


def last(said: bytes) -> str:
    """The first error in what a program said, without the rows that PostgreSQL may quote after it."""
    text = said.decode(errors="replace")
    if FULL in text:
        return "the disk is full"
    errors = [line.split("error:", 1)[1].strip() for line in text.splitlines() if "error:" in line]
    return errors[0] if errors else "its program stopped"


def without_password(url: str) -> str:
    """What may stand in the list of processes."""
    return join({key: value for key, value in split(conninfo(url)).items() if key != "password"})


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "PGPASSWORD": split(url).get("password", ""), "PGAPPNAME": "hendig backup"}
