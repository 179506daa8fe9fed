"""The real web and worker processes on the test database."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings

from hendig.operations import processes
from hendig.operations.database import changed
from hendig.operations.installation import BY_ITSELF
from tests.support.clock import Clock
from tests.support.database import TestDatabase
from tests.support.home import home
from tests.support.serve_later import CLOCK

STARTING_TAKES = 180
# Milliseconds for what comes by itself: it takes no reload. How soon it comes is a test of its own (tents).
SOON = 20_000
WORK = "tests.support.work_later"
SERVE = "tests.support.serve_later"
BUSY = """
    SELECT count(*) FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND coalesce(scheduled_at, now()) <= now()
"""


@dataclass(frozen=True)
class Live:
    """A running Hendig. `url` is where; what its processes say is in `log`."""

    url: str
    log: Path
    web: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes]
    owner: psycopg.Connection[tuple[object, ...]]

    def wait_for_jobs(self, seconds: float = 60) -> None:
        """Everything that had to happen afterwards has happened: no job waits or runs."""
        until = time.monotonic() + seconds
        while (row := self.owner.execute(BUSY).fetchone()) and row[0]:
            if time.monotonic() > until:
                raise AssertionError(f"{row[0]} jobs wait or run after {seconds} s; see {self.log}")
            time.sleep(0.02)

    def plain_page(self) -> float:
        """Seconds that a page takes here and now: so much may a busy machine add to what comes by itself."""
        began = time.monotonic()
        with closing(http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=60)) as asked:
            asked.request("GET", "/aanmelden/")
            answer = asked.getresponse()
            assert answer.status == http.HTTPStatus.OK
            answer.read()
        return time.monotonic() - began


# The worker of this pytest process, once there is one: it takes every job that waits in the database.
WORKERS: list[subprocess.Popen[bytes]] = []


@contextmanager
def standing_still() -> Iterator[None]:
    """Inside the block no worker but the test's own takes a job."""
    for worker in WORKERS:
        worker.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for worker in WORKERS:
            worker.send_signal(signal.SIGCONT)


@contextmanager
def running(database: TestDatabase, secret_key: str, log: Path, clock: Clock) -> Iterator[Live]:
    """Inside the block web and worker run, the pages by this clock; afterwards they do not.

    Once per database: two workers would take each other's jobs, and write each other's address in the mails.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=512) as opened, log.open("ab") as said:
        port = opened.getsockname()[1]
        env = environment(database, secret_key, port) | {CLOCK: str(clock.file)}
        handle = opened.fileno()
        web = [sys.executable, "-m", SERVE, str(handle)]
        work = [sys.executable, "-m", WORK]
        serving = processes.start(web, death=signal.SIGTERM, env=env, output=said, keep=[handle])
        by_itself = {"HENDIG_DATABASE": changed(database.app_url, options=BY_ITSELF)}
        working = processes.start(work, death=signal.SIGTERM, env=env | by_itself, output=said)
        pair = [serving, working]
        try:
            wait_until_up(port, pair, log)
            WORKERS.append(working)
            yield Live(f"http://localhost:{port}", log, serving, working, database.owner)
        finally:
            stop(pair)


def environment(database: TestDatabase, secret_key: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hendig.settings",
        "HENDIG_DATABASE": changed(database.app_url, pool="4"),
        "HENDIG_HOME": str(home().absolute()),
        "HENDIG_SECRET_KEY": secret_key,
        "HENDIG_SEAL_KEY": settings.SEAL_KEY,
        "HENDIG_SEAL_PUBLIC": " ".join(settings.SEAL_PUBLIC),
        "HENDIG_DEMO": "1",
        "HENDIG_ORIGIN": f"http://localhost:{port}",
    }


def wait_until_up(port: int, pair: list[subprocess.Popen[bytes]], log: Path) -> None:
    until = time.monotonic() + STARTING_TAKES
    while not ready(port):
        if time.monotonic() > until or any(process.poll() is not None for process in pair):
            raise AssertionError(f"Hendig does not start for the tests:\n{log.read_text()[-3000:]}")
        time.sleep(0.05)


def ready(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/readyz", headers={"Host": "localhost"})
        return asked.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def stop(pair: list[subprocess.Popen[bytes]]) -> None:
    for process in pair:
        process.terminate()
    for process in pair:
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
