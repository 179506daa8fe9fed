"""A municipality that is served: web and worker as in production, and people who are signed in."""

import secrets
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from django.contrib.sessions.backends.db import SessionStore

from hendig.operations import processes, running, statics
from hendig.operations.bench.towns import ALONE, Town
from hendig.operations.database import conninfo
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation

PEOPLE = 12
RARE, COMMON = "Quispel", "Vries"

COACHES = """
    SELECT a.id, array(SELECT r.family_id FROM helprequests_helprequest r
        WHERE r.coach_id = a.id AND r.stage <> 'done' ORDER BY r.id LIMIT 10)
    FROM people_account a JOIN people_membership m ON m.account_id = a.id AND m.role = 'coach'
    WHERE EXISTS (SELECT FROM helprequests_helprequest r WHERE r.coach_id = a.id AND r.stage <> 'done')
    ORDER BY a.id LIMIT %s
"""
FINDERS = """
    SELECT DISTINCT r.coach_id FROM helprequests_helprequest r JOIN families_family f ON f.id = r.family_id
    WHERE r.stage <> 'done' AND f.name = %s ORDER BY r.coach_id LIMIT %s
"""
# Who works for the pages in PostgreSQL; the worker's have its name.
WORKER = "hendig bench worker"
SERVING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> %s
        AND backend_type = 'client backend'
"""
PROFESSIONALS = "SELECT account_id, id FROM people_professional ORDER BY id LIMIT %s"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, and what stands in that person's pages."""

    account: str
    session: str
    families: tuple[str, ...] = ()
    works: str = ""


@dataclass
class Station:
    """A served municipality."""

    town: Town
    port: int
    web: subprocess.Popen[bytes]
    owner: psycopg.Connection[tuple[object, ...]]
    municipality: str
    coaches: list[Person]
    finders: list[Person]
    professionals: list[Person]
    worker: subprocess.Popen[bytes] | None = None

    def start_worker(self, mail: int) -> None:
        env = {**environment(self.town.place, mail), **self.town.place.as_worker(), **mail_at(mail)}
        env["PGAPPNAME"] = WORKER
        command = [sys.executable, "-m", "hendig.operations.work"]
        self.worker = processes.start(command, death=signal.SIGTERM, env=env)

    def spent(self) -> float:
        """Processor time that web and PostgreSQL took for pages so far, in seconds.

        Whoever else is busy on the machine, this hardly grows by it: waiting for a processor is not in it.
        """
        serving = [int(str(pid)) for (pid,) in self.owner.execute(SERVING, [WORKER]).fetchall()]
        if not all(runs(pid, "postgres") for pid in serving):
            return float("nan")  # PostgreSQL is on another machine, or we are on one that does not tell
        return sum(map(processor, (*family(self.web.pid), *serving)))

    def memory(self) -> dict[str, float]:
        """Megabytes of the web processes and of the worker: with what is shared counted by each, and once."""
        return {
            "web": measured(self.web, "Rss"),
            "worker": measured(self.worker, "Rss"),
            "web, its share": measured(self.web, "Pss"),
            "worker, its share": measured(self.worker, "Pss"),
        }


def runs(pid: int, program: str) -> bool:
    name = Path(f"/proc/{pid}/comm")
    return name.exists() and name.read_text().startswith(program)


def processor(pid: int) -> float:
    """Seconds of processor time of a process with its threads, also those that ended."""
    return time.clock_gettime((~pid << 3) | 2)  # what clock_getcpuclockid(3) makes of it


def family(pid: int) -> tuple[int, ...]:
    """This process and its children, as the web processes are."""
    born = Path(f"/proc/{pid}/task/{pid}/children")
    return (pid, *(map(int, born.read_text().split()) if born.exists() else ()))


def peak(process: subprocess.Popen[bytes] | None) -> float:
    """Megabytes that a process or a child of it ever held at once; not a number where nobody says."""
    status = [Path(f"/proc/{pid}/status") for pid in family(process.pid)] if process else []
    if not status or not all(one.exists() for one in status):
        return float("nan")
    return max(int(one.read_text().partition("VmHWM:")[2].split()[0]) for one in status) / 1024


def measured(process: subprocess.Popen[bytes] | None, what: str) -> float:
    """Megabytes of a process with its children, by the kernel; not a number where it does not say."""
    rolled = [Path(f"/proc/{pid}/smaps_rollup") for pid in family(process.pid)] if process else []
    if not rolled or not all(one.exists() for one in rolled):
        return float("nan")
    lines = [line for one in rolled for line in one.read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) / 1024


@contextmanager
def serving(town: Town, mail: int) -> Iterator[Station]:
    """Inside the block the municipality is served; its worker is started by who wants it."""
    with (
        socket.create_server(("127.0.0.1", 0), backlog=2048) as opened,
        psycopg.connect(conninfo(town.place.owner_url), autocommit=True) as owner,
    ):
        owner.execute(ALONE)
        # What we write ourselves must not be counted among what the disk was waited for.
        owner.execute("SET synchronous_commit = off")
        port = opened.getsockname()[1]
        place = replace(town.place, port=port, bind="localhost")
        command = [sys.executable, "-m", "hendig.operations.serve", str(opened.fileno())]
        env = {**environment(place, mail), "HENDIG_BENCH": place.owner_url}
        env["HENDIG_BENCH_OPEN"] = "0" if town.walled else "1"
        env["HENDIG_STATIC"] = str(statics.ready(place.home, env))
        web = processes.start(command, death=signal.SIGTERM, env=env, keep=[opened.fileno()])
        station = None
        try:
            wait_until_up(place, web)
            station = Station(
                town, port, web, owner, only(owner, "SELECT id FROM people_municipality"), *people(owner)
            )
            yield station
        finally:
            worker = station.worker if station is not None else None
            running.stop([process for process in (web, worker) if process])


def environment(place: Installation, mail: int) -> dict[str, str]:
    """As in production: no demo, mail that leaves. Nobody is asked whether they are still there."""
    return {**place.as_web(), "HENDIG_DEMO": "0", "HENDIG_IDLE_MINUTES": "0", **mail_at(mail)}


def mail_at(port: int) -> dict[str, str]:
    return {"HENDIG_SMTP_HOST": "127.0.0.1", "HENDIG_SMTP_PORT": str(port)}


def wait_until_up(place: Installation, web: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + running.STARTING_TAKES
    while not running.healthy(place):
        if web.poll() is not None or time.monotonic() > until:
            raise Failure("The web process to measure did not start.")
        time.sleep(0.05)


def people(
    owner: psycopg.Connection[tuple[object, ...]],
) -> tuple[list[Person], list[Person], list[Person]]:
    """Coaches, coaches who know somebody with a rare name, and professionals: all signed in."""
    coaches = [
        Person(str(account), signed_in(owner, account), tuple(map(str, families)))
        for account, families in owner.execute(COACHES, [PEOPLE])
        if isinstance(families, list)
    ]
    finders = [
        Person(str(account), signed_in(owner, account))
        for (account,) in owner.execute(FINDERS, [RARE, PEOPLE])
    ]
    professionals = [
        Person(str(account), signed_in(owner, account), works=str(works))
        for account, works in owner.execute(PROFESSIONALS, [PEOPLE])
    ]
    return coaches, finders or coaches[:1], professionals


def signed_in(owner: psycopg.Connection[tuple[object, ...]], account: object) -> str:
    """The key of a session as signing in makes it."""
    key = secrets.token_hex(16)
    data = SessionStore().encode({"account": str(account), "means": "passkey"})
    until = datetime.now(UTC) + timedelta(hours=12)
    owner.execute(
        "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)",
        [key, data, until],
    )
    owner.execute("INSERT INTO people_user (account_id) VALUES (%s) ON CONFLICT DO NOTHING", [account])
    owner.execute(
        "INSERT INTO usersessions_usersession"
        " (user_id, session_key, ip, user_agent, data, created_at, last_seen_at)"
        " VALUES (%s, %s, '0.0.0.0', 'bench', '{}', now(), now())",
        [account, key],
    )
    return key


def only(owner: psycopg.Connection[tuple[object, ...]], words: str) -> str:
    row = owner.execute(words.encode()).fetchone()
    assert row is not None
    return str(row[0])


class Swallow(socketserver.StreamRequestHandler):
    """Takes every mail and forgets it."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while words := self.rfile.readline():
            if words.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
            self.wfile.write(b"221 bye\r\n" if words.upper().startswith(b"QUIT") else b"250 yes\r\n")


@contextmanager
def mailbox() -> Iterator[int]:
    """Inside the block a port on this machine takes mail."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Swallow) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
