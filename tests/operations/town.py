"""A running installation that is struck: a town of people in browsers, whose processes die at any moment."""

import os
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString

import psycopg
from django.test import override_settings
from psycopg import sql

from hendig.audit.models import lock
from hendig.operations.database import conninfo
from hendig.operations.installation import secret_key
from tests.operations.machine import left_of
from tests.operations.visitor import Visitor
from tests.support.smtp import Sink

# The database needs the longest to come back, so it falls ten times and the others twenty each.
VICTIMS = ("operations.serve", "operations.work", "operations.serve", "operations.work", "postgres -D")
# A process that was killed is started again within seconds.
COMES_BACK = 30
BUSY = """
    SELECT task_name, status::text, attempts, scheduled_at - now(), worker_id,
        (SELECT now() - last_heartbeat FROM procrastinate_workers w WHERE w.id = worker_id)
    FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
"""
Words = LiteralString | sql.Composed


@dataclass
class Town:
    """A running installation with the people of the tests, and what was acknowledged so far."""

    home: Path
    port: int
    url: str
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    kills: int = 0
    killed_in_a_post: int = 0

    def ask(self, words: Words, *values: object) -> list[tuple[object, ...]]:
        """Rows, as the owner sees them; asked again while the database is coming back."""
        for _attempt in range(400):
            try:
                with psycopg.connect(conninfo(self.url), connect_timeout=5) as rows:
                    return rows.execute(words, values).fetchall()
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise AssertionError("the database does not come back")

    def one(self, words: Words, *values: object) -> object:
        return self.ask(words, *values)[0][0]

    def letter(self, email: str) -> str:
        """The first letter to this address as it was written: its row is locked."""
        locked = str(self.one('SELECT body FROM people_letter WHERE "to" = %s ORDER BY id', email))
        with override_settings(SECRET_KEY=secret_key(self.home)):
            return lock("people_letter.body").decrypt(locked).decode()

    def person(self, name: str) -> Visitor:
        account = self.one("SELECT id FROM people_account WHERE first_name = %s", name)
        visitor = Visitor(self.port)
        visitor.post(f"/demo/{account}/")
        return visitor

    def struck(self, act: Callable[[], str]) -> str:
        """What `act` brings, while one of the processes dies at some moment in it."""
        victim = VICTIMS[self.kills % len(VICTIMS)]
        begun, done = threading.Event(), threading.Event()

        def strike() -> None:
            begun.wait()
            time.sleep(self.chance.uniform(0, 0.05))
            # One that has fallen is not back yet: what nobody died of is no kill.
            until = time.monotonic() + COMES_BACK
            while not (there := left_of(self.home, victim)) and time.monotonic() < until:
                time.sleep(0.01)
            within = not done.is_set()
            if kill_all(there):
                self.kills += 1
                self.killed_in_a_post += within

        killer = threading.Thread(target=strike)
        killer.start()
        begun.set()
        try:
            return act()
        finally:
            done.set()
            killer.join()


def kill_all(pids: Iterable[int]) -> int:
    """How many of these were there to die, without a goodbye."""
    died = 0
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            died += 1
    return died


def quiet(town: Town) -> None:
    """Everything that had to happen afterwards has happened."""
    until = time.monotonic() + 240
    while busy := town.ask(BUSY):
        assert time.monotonic() < until, busy
        time.sleep(0.1)


def mails_left_once(town: Town, sink: Sink) -> None:
    twice = "SELECT account_id FROM people_notice GROUP BY account_id, entry_id HAVING count(*) > 1"
    assert town.ask(twice) == []
    mails = [re.findall(r"Message-ID: <(.+)@", mail)[0] for mail in sink.mails]
    assert len(mails) == len(set(mails))
    claimed = {str(row[0]) for row in town.ask("SELECT id FROM people_letter WHERE claimed_at IS NOT NULL")}
    assert set(mails) <= claimed
    assert len(claimed) == town.one("SELECT count(*) FROM people_letter")
