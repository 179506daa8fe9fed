"""`hendig run`: web and worker as our children, kept up, and stopped with us."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

import psycopg

from hendig.operations import postgres, processes, statics
from hendig.operations.current import current
from hendig.operations.database import conninfo
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation, answering

COMMAND = [sys.executable, "-m", "hendig.operations.command"]
# A process that falls so often so soon will not stay up the next time either.
FALLS = 3
SHORTLY = 10
STARTING_TAKES = 60
STOPPING_TAKES = 15


class Stopped(Exception):
    """Somebody asked us to stop."""


class Child:
    """One process that is kept up."""

    def __init__(
        self, name: str, command: Sequence[str], env: Mapping[str, str], keep: Sequence[int] = ()
    ) -> None:
        self.name, self.command, self.env, self.keep = name, command, env, keep
        self.falls = 0
        self.was_up = False
        self.start()

    def start(self) -> None:
        """The process loads, and waits for `go`."""
        self.began = time.monotonic()
        self.process = processes.start(
            self.command, death=signal.SIGTERM, env=self.env, keep=self.keep, waits=True
        )

    def go(self) -> None:
        processes.go(self.process)

    def keep_up(self) -> None:
        """The process runs, started again if it fell; a Failure when it never was up and keeps falling.

        What was up once comes up again: the database may be away for a while, and returns.
        """
        if self.process.poll() is None:
            return
        self.falls = self.falls + 1 if time.monotonic() - self.began < SHORTLY else 1
        if self.falls >= FALLS and not self.was_up:
            raise Failure(
                f"The {self.name} process stops again and again (status {self.process.returncode})."
            )
        time.sleep(min(0.2 * self.falls, 2))
        self.start()
        self.go()


class Database:
    """The embedded server, which a guardian keeps up as long as we keep up the guardian."""

    def __init__(self, home: Path) -> None:
        self.home, self.falls = home, 0

    def keep_up(self) -> None:
        """There is a guardian; a Failure when the server does not start, however often it is tried.

        What made it fall can make its next start fall as well: once says nothing of the time after.
        """
        try:
            postgres.keep_up(postgres.Place.of(self.home))
        except psycopg.OperationalError:
            # While it comes back it answers nobody; the next round looks again.
            return
        except Failure:
            self.falls += 1
            if self.falls >= FALLS:
                raise
            return
        self.falls = 0


def listen(bind: str, port: int) -> list[socket.socket]:
    """Sockets on which the web process will answer; opened first, so that a taken port is told at once."""
    hosts = ["127.0.0.1", "::1"] if bind == "localhost" else [bind]
    opened = []
    for host in hosts:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            opened.append(socket.create_server((host, port), family=family, backlog=2048))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise Failure(
                    f"Port {port} is in use; stop what uses it, or choose another with PORT."
                ) from problem
            if problem.errno == errno.EACCES:
                raise Failure(
                    f"Port {port} may not be used by this user; choose another with PORT."
                ) from problem
            # A machine without IPv6 still has the other address.
            if opened and family == socket.AF_INET6:
                continue
            raise Failure(
                f"Nothing can listen on {host} port {port}: {os.strerror(problem.errno or 0)}."
            ) from problem
    return opened


def run(place: Installation, sockets: list[socket.socket]) -> None:
    """Everything runs until Ctrl-C or SIGTERM; then nothing of it does."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop_asked)
    children: list[Child] = []
    try:
        # They load while the database starts: loading is more than half of a start.
        load(place, sockets, children)
        with answering(place):
            try:
                serve(place, children)
            finally:
                # Before the database goes.
                let_go(children)
    except Stopped:
        print("Stopping", flush=True)
    finally:
        let_go(children)


def load(place: Installation, sockets: list[socket.socket], children: list[Child]) -> None:
    """Web and worker load what they need, and wait."""
    handles = [opened.fileno() for opened in sockets]
    web = [sys.executable, "-m", "hendig.operations.serve", *map(str, handles)]
    pages = {**place.as_web(), "HENDIG_STATIC": str(statics.ready(place.home, place.as_web()))}
    children.append(Child("web", web, pages, handles))
    children.append(Child("worker", [sys.executable, "-m", "hendig.operations.work"], place.as_worker()))


def serve(place: Installation, children: list[Child]) -> None:
    """The database stands as this code needs it; web and worker are kept up until somebody stops us."""
    bring_up_to_date(place)
    if place.demo and not has_municipality(place):
        step(place, "demo")
    for child in children:
        child.go()
    wait_until_up(place, children)
    for child in children:
        child.was_up = True
    print(
        f"\n  Hendig runs: {place.origin}{'/demo/' if place.demo else '/'}\n  Ctrl-C stops it.\n",
        flush=True,
    )
    database = Database(place.home) if place.embedded else None
    while True:
        keep_up(children)
        if database:
            database.keep_up()
        time.sleep(0.2)


def let_go(children: list[Child]) -> None:
    """None of them runs any more, and nobody interrupts us while they stop."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    stop([child.process for child in children])


def stop_asked(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def bring_up_to_date(place: Installation) -> None:
    """The database is what this code expects, and the application's login can come in."""
    if not current(place):
        step(place, "migrate")


def step(place: Installation, name: str) -> None:
    """A command of ours ran to its end in a process of its own; its memory goes with it."""
    env = {**place.as_owner(), "DATABASE_URL": place.owner_url, "HENDIG_SEAL_KEY": place.seal}
    process = processes.start([*COMMAND, name], death=signal.SIGTERM, env=env)
    try:
        status = process.wait()
    except Stopped:
        stop([process])
        raise
    if status:
        # It has said why.
        raise SystemExit(1)


def has_municipality(place: Installation) -> bool:
    with psycopg.connect(conninfo(place.owner_url)) as owner:
        return owner.execute("SELECT 1 FROM people_municipality LIMIT 1").fetchone() is not None


def wait_until_up(place: Installation, children: list[Child]) -> None:
    began = time.monotonic()
    while not healthy(place):
        if time.monotonic() - began > STARTING_TAKES:
            raise Failure("The web process did not answer within a minute.")
        keep_up(children)
        time.sleep(0.05)


def healthy(place: Installation) -> bool:
    """Whether the web process answers."""
    host = "127.0.0.1" if place.bind in {"localhost", "0.0.0.0"} else place.bind  # noqa: S104
    asked = http.client.HTTPConnection(host, place.port, timeout=1)
    try:
        asked.request("GET", "/healthz", headers={"Host": "localhost"})
        return asked.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def keep_up(children: list[Child]) -> None:
    for child in children:
        child.keep_up()


def stop(running: list[subprocess.Popen[bytes]]) -> None:
    """None of them runs any more; each had time to finish what it had begun."""
    for process in running:
        process.terminate()
    until = time.monotonic() + STOPPING_TAKES
    for process in running:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
