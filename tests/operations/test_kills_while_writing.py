"""Whatever dies while people write: what was acknowledged is there once, and the log says so and is whole.

Four families draw their circle and make their plan without a pause, while web, worker, database or a session
of the database are killed again and again. `HENDIG_KILLS=1000 make kills` kills a thousand times.
"""

import json
import os
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from tests.operations.machine import eventually, hendig, left_of, ready
from tests.operations.test_kills import Story
from tests.operations.town import Town, kill_all, mails_left_once, quiet
from tests.operations.visitor import Visitor
from tests.support.smtp import Sink

pytestmark = pytest.mark.kills

KILLS = int(os.environ.get("HENDIG_KILLS") or 40)
WRITERS = 4
# One of the sessions of the database, or what works in the background there, takes all of it down at once.
WEB, WORKER, DATABASE, SESSION = "operations.serve", "operations.work", "postgres -D", "postgres: "
VICTIMS = (WEB, WORKER, SESSION, DATABASE, WORKER, SESSION)
# One in so many of the circle stays, to be read again at the end; and one in so many writes is a task.
STAYS, TASK = 25, 5
# A kill that falls on a write takes its answer away; the next may do so again.
PATIENCE = 240
TIES = "SELECT id FROM families_tie WHERE family_id = %s"
LINES = "SELECT code, count(*) FROM audit_entry WHERE object_id = %s GROUP BY code"
TOLD = """
    SELECT count(*) FROM audit_entry e WHERE e.code = 'task.set' AND e.family_id = %s
    AND (SELECT count(*) FROM people_notice n WHERE n.entry_id = e.id) <> 1
"""


@dataclass
class Writer:
    """Somebody who writes without a pause, and remembers what was acknowledged."""

    town: Town
    browser: Visitor
    family: object
    request: object
    coach: object
    acknowledged: int = 0
    ties: dict[UUID, str] = field(default_factory=dict)
    stayed: dict[UUID, str] = field(default_factory=dict)
    tasks: int = 0
    problem: BaseException | None = None

    def write_until(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                self.draw()
                if len(self.ties) % TASK == 0:
                    self.plan()
        except BaseException as problem:  # noqa: BLE001 - the test itself raises it
            self.problem = problem

    def draw(self) -> None:
        """Somebody stands in the circle, and mostly is taken out again."""
        name = f"Buur{len(self.ties)}"
        self.post(f"/gezin/{self.family}/kring/", name=name, relation="buur", distance="2", bond="warm")
        new = {UUID(str(key)) for (key,) in self.town.ask(TIES, self.family)} - self.ties.keys()
        assert len(new) == 1, f"one was added to the circle, and {len(new)} are there"
        tie = new.pop()
        self.ties[tie] = name
        if len(self.ties) % STAYS:
            self.post(f"/gezin/kring/{tie}/weg/")
        else:
            self.stayed[tie] = name

    def plan(self) -> None:
        task = {"request_id": str(self.request), "helper": str(self.coach), "what": "Samen naar school."}
        self.post(f"/plan/{self.family}/taak/", **task)
        self.tasks += 1

    def post(self, path: str, **typed: str) -> None:
        self.browser.post(path, **typed)
        self.acknowledged += 1

    def check(self) -> None:
        """What was acknowledged is there, once; nothing else is; and each has its line in the log."""
        assert {UUID(str(key)) for (key,) in self.town.ask(TIES, self.family)} == self.ties.keys()
        for tie in self.ties:
            lines = Counter({"family.tie_added": 1, "family.tie_removed": int(tie not in self.stayed)})
            told = {str(code): int(str(many)) for code, many in self.town.ask(LINES, tie)}
            assert Counter(told) == +lines
        left = self.town.ask(f"{TIES} AND removed_at IS NULL", self.family)
        assert {UUID(str(key)) for (key,) in left} == self.stayed.keys()
        page = self.browser.page(f"/gezin/{self.family}/kring/")
        assert set(re.findall(r"Buur\d+", page)) == set(self.stayed.values())
        tasks = self.town.one("SELECT count(*) FROM plans_task WHERE family_id = %s", self.family)
        said = "SELECT count(*) FROM audit_entry WHERE code = 'task.set' AND family_id = %s"
        assert tasks == self.town.one(said, self.family) == self.tasks
        assert self.town.one(TOLD, self.family) == 0


def writer(town: Town, number: int) -> Writer:
    story = Story(town, number)
    for step in story.ask():
        step()
    story.sanne.patience = PATIENCE
    coach = town.one("SELECT id FROM people_account WHERE first_name = 'Ellen'")
    return Writer(town, story.sanne, story.family, story.request, coach)


def strike(town: Town, victim: str, chance: random.Random) -> int:
    """Whether somebody of that kind was there to die."""
    pids = list(left_of(town.home, victim))
    return bool(kill_all(chance.sample(pids, min(1, len(pids)))))


def test_kills_while_people_write_lose_nothing_that_was_acknowledged(town: Town, sink: Sink) -> None:
    writers = [writer(town, number) for number in range(1, WRITERS + 1)]
    stop, chance, began = threading.Event(), random.Random(1), time.monotonic()
    threads = [threading.Thread(target=one.write_until, args=[stop]) for one in writers]
    for thread in threads:
        thread.start()
    kills: Counter[str] = Counter()
    try:
        while kills.total() < KILLS and not any(one.problem for one in writers):
            wait_for_a_write(writers)
            time.sleep(chance.uniform(0, 0.2))
            victim = VICTIMS[kills.total() % len(VICTIMS)]
            kills[victim] += strike(town, victim, chance)
    finally:
        stop.set()
        if any(one.problem for one in writers):
            # Before anything else moves: what still runs, and what the database said last.
            print(left_of(town.home), (town.home / "postgres/server.log").read_text()[-4000:], sep="\n")
        for thread in threads:
            thread.join()
    seconds, written = time.monotonic() - began, sum(one.acknowledged for one in writers)
    print(json.dumps({"kills": kills, "acknowledged": written, "seconds": round(seconds)}))
    for one in writers:
        assert one.problem is None, one.problem
    eventually(lambda: ready(town.port), 60)
    quiet(town)
    for one in writers:
        one.check()
    mails_left_once(town, sink)
    proved = hendig(town.home, "prove", "log")
    assert proved.returncode == 0, proved.stdout
    assert kills.total() >= KILLS
    assert written > KILLS


def wait_for_a_write(writers: list[Writer]) -> None:
    """Something was acknowledged since the last kill, so that the next falls among writes."""
    before, until = sum(one.acknowledged for one in writers), time.monotonic() + PATIENCE
    while sum(one.acknowledged for one in writers) == before and not any(one.problem for one in writers):
        assert time.monotonic() < until, "nobody gets an answer any more"
        time.sleep(0.01)
