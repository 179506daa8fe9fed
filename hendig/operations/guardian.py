"""The process that keeps one embedded PostgreSQL running as long as somebody uses it."""

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg

from hendig.operations import programs
from hendig.operations.failure import Failure
from hendig.operations.postgres import SOCKET, SUPERUSER, Place, locked
from hendig.operations.processes import start

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "fsync": "on",
    "timezone": "UTC",
    # A failed statement may carry what somebody wrote about a person: nothing of it goes into the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FULL = "No space left on device"
LARGEST_LOG = 10 * 1024 * 1024
STARTING_TAKES = 60
# A server that falls this often shortly after its start will not stay up the next time either.
FALLS = 3
SHORTLY = 10


def main() -> int:
    """Runs until nobody uses the server; the first line on standard output is `ready` or what went wrong."""
    place = Place.of(Path(sys.argv[1]))
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    with locked(place.desk / "guardian.lock", fcntl.LOCK_EX):
        try:
            guard(place)
        except Failure as failure:
            print(failure, flush=True)
            return 1
        except OSError as problem:
            if problem.errno != errno.ENOSPC:
                raise
            print(full_disk(place), flush=True)
            return 1
    return 0


def guard(place: Place) -> None:
    """The server runs, is started again when it falls, and is stopped when its last user has gone."""
    stop_left_over(place)
    folder = find_programs(place)
    create(place, folder)
    place.private_folder(place.socket)
    server = launch(place, folder)
    say_ready()
    falls = 0
    began = time.monotonic()
    with (place.desk / "users.lock").open("ab") as users:
        while not nobody_left(users.fileno()):
            if server.poll() is not None:
                falls = falls + 1 if time.monotonic() - began < SHORTLY else 1
                if falls >= FALLS:
                    return
                began = time.monotonic()
                stop_left_over(place)
                server = launch(place, folder)
            time.sleep(0.1)
        stop(server)
    if place.socket.parent != place.root:
        # A folder in a shared place is not left lying about.
        shutil.rmtree(place.socket)


def say_ready() -> None:
    """Whoever waits for us goes on; from here nothing is written to a pipe that nobody reads."""
    print("ready", flush=True)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def nobody_left(users: int) -> bool:
    """Whether the last user has gone; then the lock is ours and newcomers wait until we are through."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def find_programs(place: Place) -> Path:
    """The programs that fit the data that is there."""
    stamp = place.data / "PG_VERSION"
    made_by = int(stamp.read_text()) if stamp.exists() else None
    return programs.find(place.root, made_by=made_by, uid=place.uid)


def create(place: Place, folder: Path) -> None:
    """The cluster exists. It is made beside its place and moved there whole: never half."""
    if place.data.exists():
        return
    unfinished = place.root / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    place.private_folder(unfinished)
    password = unfinished / "password"
    password.touch(mode=0o600)
    password.write_text(place.secret(SUPERUSER))
    if place.uid is not None:
        os.chown(password, place.uid, -1)
    # The same order of words on every machine; the older versions know only what the system offers.
    builtin = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    locale = builtin if programs.version(folder) >= 17 else ["--locale=C.UTF-8"]
    with (place.desk / "initdb.log").open("wb") as log:
        made = start(
            [
                folder / "initdb",
                f"--pgdata={unfinished / 'data'}",
                f"--username={SUPERUSER}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--data-checksums",
                *locale,
            ],
            death=signal.SIGKILL,
            env=environment(),
            uid=place.uid,
            output=log,
        )
        failed = made.wait()
    password.unlink()
    if failed:
        why = (place.desk / "initdb.log").read_text(errors="replace")
        shutil.rmtree(unfinished, ignore_errors=True)
        raise Failure(
            full_disk(place) if FULL in why else f"PostgreSQL could not make its data folder: {last(why)}"
        )
    (unfinished / "data").rename(place.data)
    unfinished.rmdir()


def launch(place: Place, folder: Path) -> subprocess.Popen[bytes]:
    """The server answers, or a Failure says why not."""
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
        place.log.unlink()
    settings = {**SETTINGS, "unix_socket_directories": f'"{place.socket}"'}
    with place.log.open("ab") as log:
        before = log.tell()
        server = start(
            [folder / "postgres", "-D", place.data, *(f"--{key}={value}" for key, value in settings.items())],
            # A fast shutdown: sessions end, what was committed stays.
            death=signal.SIGINT,
            env=environment(),
            uid=place.uid,
            output=log,
        )
    began = time.monotonic()
    while time.monotonic() - began < STARTING_TAKES:
        if answers(place):
            return server
        if server.poll() is not None:
            break
        time.sleep(0.02)
    stop(server)
    said = place.log.read_bytes()[before:].decode(errors="replace")
    raise Failure(full_disk(place) if FULL in said else f"PostgreSQL did not start: {last(said)}")


def answers(place: Place) -> bool:
    """Whether the server takes connections."""
    try:
        psycopg.connect(place.url(SUPERUSER, "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError as refused:
        if "password authentication failed" in str(refused):
            raise Failure(
                f"The data in {place.data} has another password than {place.desk} remembers; "
                "move the data away, or bring its password file back."
            ) from refused
        return False
    return True


def stop(server: subprocess.Popen[bytes]) -> None:
    """The server has stopped."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        # Immediate: what was committed is in the write-ahead log.
        server.send_signal(signal.SIGQUIT)
        server.wait()


def stop_left_over(place: Place) -> None:
    """No server of these data runs any more, even if the guardian before us was killed."""
    pid_file = place.data / "postmaster.pid"
    try:
        number = pid_file.read_text().partition("\n")[0]
    except FileNotFoundError:
        return
    asked = time.monotonic()
    # One that was struck before it wrote its number down left an empty file, by which no other would start.
    while number.isdecimal() and serves(int(number), place.data):
        with suppress(ProcessLookupError):
            os.kill(int(number), signal.SIGINT if time.monotonic() - asked < 10 else signal.SIGQUIT)
        time.sleep(0.1)
    end_orphans(place.data)
    # The number may belong to somebody else by now, and PostgreSQL would take that one for itself.
    for left in (pid_file, place.socket / f"{SOCKET}.lock"):
        left.unlink(missing_ok=True)


def end_orphans(data: Path) -> None:
    """No session goes on of a server that was killed: until the last has gone, no other can start.

    Nobody hears them any more, and the log of the new server undoes what they had not committed.
    """
    asked = time.monotonic()
    while left := [pid for pid in processes() if serves(pid, data)]:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM if time.monotonic() - asked < 1 else signal.SIGKILL)
        time.sleep(0.05)


def processes() -> Iterator[int]:
    return (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))


def serves(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL that serves these data (a server stands in its data folder)."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == data.resolve()
    except OSError:
        return False


def environment() -> dict[str, str]:
    """What the programs need to know of the world, and no more: nothing of ours leaks into a server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def full_disk(place: Place) -> str:
    """The sentence for a disk on which PostgreSQL cannot write."""
    return f"The disk is full: PostgreSQL cannot write in {place.root}."


def last(text: str) -> str:
    """The last line that says something."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


if __name__ == "__main__":
    sys.exit(main())
