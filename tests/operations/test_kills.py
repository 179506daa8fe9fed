"""Killing web, worker or database at any moment of the story loses no acknowledged step and doubles none."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from hendig.operations.database import conninfo
from hendig.operations.installation import secret_key
from hendig.operations.postgres import embedded
from hendig.operations.roles import app_url
from tests.operations.machine import environment, eventually, free_port, left_of, ready, running
from tests.operations.visitor import Visitor
from tests.support.home import ROOT
from tests.support.smtp import Sink, smtp_sink

pytestmark = pytest.mark.kills

KILLS = 50
# The database needs the longest to come back, so it falls ten times and the others twenty each.
VICTIMS = ("operations.serve", "operations.work", "operations.serve", "operations.work", "postgres -D")
WORDS = "Mijn dochter slaapt slecht en wil niet naar school."
BUSY = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"

Rows = psycopg.Connection[tuple[object, ...]]


@dataclass
class Town:
    """A running installation with the people of the tests, and what was acknowledged so far."""

    home: Path
    port: int
    url: str
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    kills: int = 0
    killed_in_a_post: int = 0

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Rows, as the owner sees them; asked again while the database is coming back."""
        for _attempt in range(400):
            try:
                with psycopg.connect(conninfo(self.url), connect_timeout=5) as rows:
                    return rows.execute(sql, values).fetchall()
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise AssertionError("the database does not come back")

    def one(self, sql: str, *values: object) -> object:
        return self.ask(sql, *values)[0][0]

    def person(self, name: str) -> Visitor:
        account = self.one("SELECT id FROM people_account WHERE first_name = %s", name)
        visitor = Visitor(self.port)
        visitor.post(f"/demo/{account}/")
        return visitor

    def struck(self, act: Callable[[], str]) -> str:
        """What `act` brings, while one of the processes dies at some moment in it."""
        victim = VICTIMS[self.kills % len(VICTIMS)]
        self.kills += 1
        begun, done = threading.Event(), threading.Event()

        def strike() -> None:
            begun.wait()
            time.sleep(self.chance.uniform(0, 0.05))
            self.killed_in_a_post += not done.is_set()
            for pid in left_of(self.home, victim):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue

        killer = threading.Thread(target=strike)
        killer.start()
        begun.set()
        try:
            return act()
        finally:
            done.set()
            killer.join()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as server:
        yield server


@pytest.fixture
def town(home: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    port = free_port()
    for name, value in {
        "HENDIG_DEMO": "1",
        "HENDIG_SMTP_HOST": "127.0.0.1",
        "HENDIG_SMTP_PORT": str(sink.port),
    }.items():
        monkeypatch.setenv(name, value)
    with embedded(home) as url:
        env = environment(
            home,
            HENDIG_DATABASE=app_url(url, secret_key(home)),
            HENDIG_SECRET_KEY=secret_key(home),
            DJANGO_SETTINGS_MODULE="hendig.settings",
        )
        subprocess.run([sys.executable, "-m", "tests.operations.make_world"], env=env, cwd=ROOT, check=True)
    # From here the server is theirs alone: nothing of it may be left when they were stopped.
    with running(home, port, HENDIG_DEMO="1"):
        yield Town(home, port, url)


def story(town: Town, number: int) -> Iterator[Callable[[], str]]:
    """Steps of one family's story; each is a post that ends with an answer."""
    sanne = Visitor(town.port)
    email = f"sanne{number}@gezin.example"
    asked = {"words": WORDS, "first_name": f"Sanne{number}", "email": email}
    yield lambda: sanne.post("/hulp/", **asked)
    question = town.one("SELECT id FROM helprequests_asked WHERE email = %s", email)
    body = str(town.one('SELECT body FROM people_letter WHERE "to" = %s', email))
    code = re.findall(r"\b\d{6}\b", body)[0]
    yield lambda: sanne.post(f"/hulp/{question}/", code=code)
    request = town.one(
        "SELECT r.id FROM helprequests_helprequest r JOIN families_familymember m ON m.id = r.asked_by_id"
        " WHERE m.first_name = %s",
        f"Sanne{number}",
    )
    ellen = town.person("Ellen")
    yield lambda: ellen.post(f"/gezinnen/vraag/{request}/oppakken/")
    talk = {"result": "Weer naar school.", "child": "new", "child_first_name": "Noor", "decides": "asker"}
    yield lambda: ellen.post(f"/gezinnen/vraag/{request}/", child_born_on="2013-05-04", **talk)
    on_board = {"title": "Wie loopt er mee?", "text": "Een meisje van 13 loopt graag met een hond."}
    yield lambda: sanne.post(f"/open-tent/vraag/{request}/nieuw/", **on_board)
    post = town.one("SELECT id FROM opentent_post WHERE request_id = %s", request)
    piet = town.person("Piet")
    yield lambda: piet.post(f"/open-tent/{post}/antwoord/", words="Mijn hond en ik lopen graag mee.")
    answer = town.one("SELECT id FROM opentent_response WHERE post_id = %s", post)
    yield lambda: sanne.post(f"/open-tent/antwoord/{answer}/ja/")
    yield lambda: piet.post(f"/open-tent/antwoord/{answer}/ik-doe-het/")


def test_fifty_kills_in_the_story_lose_nothing_and_double_nothing(town: Town, sink: Sink) -> None:
    stories = 0
    while town.kills < KILLS:
        stories += 1
        for step in story(town, stories):
            town.struck(step)
    eventually(lambda: ready(town.port), 60)
    eventually(lambda: town.one(BUSY) == 0, 240)
    assert town.killed_in_a_post > KILLS / 3

    counted = {
        "asked": "SELECT count(*) FROM helprequests_asked WHERE confirmed_at IS NOT NULL",
        "questions": "SELECT count(*) FROM helprequests_asked",
        "families": "SELECT count(*) FROM families_family",
        "taken up": "SELECT count(*) FROM helprequests_helprequest WHERE coach_id IS NOT NULL",
        "talked": "SELECT count(*) FROM helprequests_helprequest WHERE result <> ''",
        "children": "SELECT count(*) FROM families_familymember WHERE kind = 'child'",
        "posts": "SELECT count(*) FROM opentent_post",
        "connected": "SELECT count(*) FROM opentent_response WHERE stage = 'connected'",
        "responses": "SELECT count(*) FROM opentent_response",
    }
    assert {what: town.one(sql) for what, sql in counted.items()} == dict.fromkeys(counted, stories)

    counts = town.ask("SELECT code, count(*) FROM audit_entry WHERE kind = 'change' GROUP BY code")
    lines = {str(code): count for code, count in counts}
    once_a_story = [code for code in lines if code.startswith(("request.", "opentent."))]
    assert once_a_story
    assert {code: lines[code] for code in once_a_story} == dict.fromkeys(once_a_story, stories)

    twice = "SELECT account_id FROM people_notice GROUP BY account_id, entry_id HAVING count(*) > 1"
    assert town.ask(twice) == []
    mails = [re.findall(r"Message-ID: <(.+)@", mail)[0] for mail in sink.mails]
    assert len(mails) == len(set(mails))
    claimed = {str(row[0]) for row in town.ask("SELECT id FROM people_letter WHERE claimed_at IS NOT NULL")}
    written = town.one("SELECT count(*) FROM people_letter")
    assert set(mails) <= claimed
    assert len(claimed) == written
