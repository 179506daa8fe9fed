"""Killing web, worker or database at any moment of the story loses no acknowledged step and doubles none.

Nor does sending each of its forms twelve times at once.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from psycopg import sql

from hendig.kernel.periods import AMSTERDAM, local_day
from tests.operations.machine import eventually, ready
from tests.operations.town import Town, mails_left_once, quiet
from tests.operations.visitor import Visitor
from tests.support.smtp import Sink

pytestmark = pytest.mark.kills

KILLS = 50
PRESSES = 12
# So many stories are struck in each of their steps; with the payment of both that is enough.
STRUCK = 2
WORDS = "Mijn dochter slaapt slecht en wil niet naar school."
CHILDREN = ("Noor", "Bas", "Lotte", "Fien", "Joep")
WORKS = "SELECT p.id FROM people_professional p JOIN people_account a ON a.id = account_id"
# What one story leaves. Receipts, tries and sessions go by themselves, the log is counted by its codes, and
# when it was sealed is a matter of minutes. A table without a log of its own is empty after each kill.
TABLES = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT LIKE 'procrastinate%%' AND relname NOT LIKE 'django%%'
    AND relname NOT IN ('audit_entry', 'audit_receipt', 'audit_tally', 'audit_seal', 'audit_sealedentry')
    AND relpersistence = 'p'
"""
# How often a mail was claimed and let go says how often somebody died, and nothing about the story.
CODES = """
    SELECT code, count(*) FROM audit_entry WHERE kind = 'change' AND code NOT LIKE 'letter.%%' GROUP BY code
"""

Steps = Iterator[Callable[[], str]]


def today() -> date:
    return local_day(datetime.now(UTC))


@dataclass
class Story:
    """One family's story; each step is a post that ends with an answer."""

    town: Town
    number: int

    def steps(self) -> Steps:
        yield from self.ask()
        yield from self.on_the_board()
        yield from self.in_a_tent()
        yield from self.match()
        yield from self.geweest()
        yield from self.end()

    def ask(self) -> Steps:
        self.sanne, email = Visitor(self.town.port), f"sanne{self.number}@gezin.example"
        asked = {"words": WORDS, "first_name": f"Sanne{self.number}", "email": email}
        yield lambda: self.sanne.post("/hulp/", **asked)
        question = self.town.one("SELECT id FROM helprequests_asked WHERE email = %s", email)
        code = re.findall(r"\b\d{6}\b", self.town.letter(email))[0]
        yield lambda: self.sanne.post(f"/hulp/{question}/", code=code)
        self.request, self.family = self.town.ask(
            "SELECT r.id, r.family_id FROM helprequests_helprequest r"
            " JOIN families_familymember m ON m.id = r.asked_by_id WHERE m.first_name = %s",
            f"Sanne{self.number}",
        )[0]
        self.ellen, self.anouk = self.town.person("Ellen"), self.town.person("Anouk")
        yield lambda: self.ellen.post(f"/gezinnen/vraag/{self.request}/oppakken/")
        # Nobody who could be one of another family: that would first be asked about.
        child = {"child_first_name": CHILDREN[self.number], "child_born_on": f"2018-05-{4 + self.number:02}"}
        talk = {"result": "Weer naar school.", "child": "new", "decides": "asker", **child}
        yield lambda: self.ellen.post(f"/gezinnen/vraag/{self.request}/", **talk)

    def on_the_board(self) -> Steps:
        on_board = {"title": "Wie loopt er mee?", "text": "Een meisje loopt graag met een hond."}
        yield lambda: self.sanne.post(f"/open-tent/vraag/{self.request}/nieuw/", **on_board)
        post = self.town.one("SELECT id FROM opentent_post WHERE request_id = %s", self.request)
        piet = self.town.person("Piet")
        yield lambda: piet.post(f"/open-tent/{post}/antwoord/", words="Mijn hond en ik lopen graag mee.")
        answer = self.town.one("SELECT id FROM opentent_response WHERE post_id = %s", post)
        yield lambda: self.sanne.post(f"/open-tent/antwoord/{answer}/ja/")
        yield lambda: piet.post(f"/open-tent/antwoord/{answer}/ik-doe-het/")

    def in_a_tent(self) -> Steps:
        fear = str(self.town.one("SELECT id FROM people_expertise WHERE slug = 'angst'"))
        anouk = str(self.town.one(f"{WORKS} WHERE first_name = 'Anouk'"))
        # So soon that the talk may begin at once.
        soon = (datetime.now(UTC) + timedelta(minutes=45)).astimezone(AMSTERDAM)
        when = {"slot": "other", "starts_at": f"{soon:%Y-%m-%dT%H:%M}", "place": "De Linde"}
        call = {"people": f"{fear} {anouk}", **when}
        yield lambda: self.ellen.post(f"/tenten/nieuw/{self.request}/", **call)
        tent = self.town.one("SELECT id FROM tents_tent WHERE request_id = %s", self.request)
        seat = self.town.one("SELECT id FROM tents_seat WHERE tent_id = %s", tent)
        yield lambda: self.anouk.post(f"/tenten/stoel/{seat}/antwoord/", can="1")
        yield lambda: self.sanne.post(f"/tenten/{tent}/iedereen-welkom/")
        yield lambda: self.ellen.post(f"/tenten/{tent}/begin/")
        yield lambda: self.anouk.post(f"/tenten/{tent}/fase/", phase="understand")
        # Written down and on to the next phase: two changes by one button.
        factor = {"text": "Noor slaapt slecht.", "kind": "factor", "phase": "goes_well"}
        yield lambda: self.anouk.post(f"/tenten/{tent}/", **factor)
        yield lambda: self.sanne.post(f"/tenten/{tent}/begrepen/", yes="1")
        yield lambda: self.anouk.post(f"/tenten/{tent}/fase/", phase="agree")
        agreed = {"text": "Anouk oefent met Noor.", "kind": "agreement", "phase": "look_back"}
        yield lambda: self.anouk.post(f"/tenten/{tent}/", **agreed)
        yield lambda: self.anouk.post(f"/tenten/{tent}/afronden/")
        edition = str(self.town.one("SELECT edition FROM tents_page WHERE tent_id = %s", tent))
        yield lambda: self.sanne.post(f"/tenten/{tent}/blad/akkoord/", edition=edition)

    def match(self) -> Steps:
        talk = {
            "professional_id": str(self.town.one(f"{WORKS} WHERE first_name = 'Anouk'")),
            "child_id": str(
                self.town.one(
                    "SELECT id FROM families_familymember WHERE kind = 'child' AND family_id = %s",
                    self.family,
                )
            ),
            "service_code_id": str(self.town.one("SELECT id FROM people_servicecode WHERE code = 'H2'")),
            "purpose": "Weer naar school.",
        }
        yield lambda: self.ellen.post(f"/match/nieuw/{self.request}/", **talk)
        talking = self.town.one("SELECT id FROM matching_matchtalk WHERE request_id = %s", self.request)
        for person in (self.anouk, self.sanne, self.ellen):
            yield partial(person.post, f"/match/{talking}/", yes="1")
        match = self.town.one("SELECT id FROM matching_match WHERE family_id = %s", self.family)
        when = {"day": str(today() + timedelta(days=1)), "time": f"{9 + self.number}:00"}
        yield lambda: self.anouk.post(
            f"/plan/{self.family}/afspraak/{match}/", minutes="45", repeat_weeks="0", **when
        )

    def geweest(self) -> Steps:
        """Those of Fenna; the appointment of this story is still ahead."""
        long, short = (
            "SELECT id FROM plans_appointment WHERE stage = 'planned' AND minutes = 60 ORDER BY id",
            "SELECT id FROM plans_appointment WHERE felt IS NULL AND minutes = 45 AND starts_at < now()",
        )
        been, unsaid = self.town.one(long), self.town.one(short)
        yield lambda: self.anouk.post(f"/plan/afspraken/{been}/geweest/")
        fenna = self.town.person("Fenna")
        yield lambda: fenna.post(f"/plan/afspraken/{unsaid}/hoe-was-het/", felt="5")

    def end(self) -> Steps:
        """The help ends, with what was still ahead, and the family answers the two questions."""
        last = {"reason": "01", "looking_back": "Noor gaat weer.", "if_it_returns": "Dan bellen we Ellen."}
        yield lambda: self.anouk.post(f"/plan/{self.family}/afronden/{self.request}/", **last)
        two = {"useful": "9", "onward": "04"}
        yield lambda: self.sanne.post(f"/plan/twee-vragen/{self.request}/", **two)


def pay(town: Town) -> Steps:
    """The month of last month is sent, and paid."""
    partner = str(town.one("SELECT partner_id FROM billing_agreement"))
    month = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    jolanda, henk = town.person("Jolanda"), town.person("Henk")
    yield lambda: jolanda.post("/uren/versturen/", partner_id=partner, month=str(month))
    yield lambda: henk.post("/betalen/alles/")


def counted(town: Town) -> Counter[str]:
    """How many rows each table has, and how many lines of each code the log."""
    count = sql.SQL("SELECT count(*) FROM {}")
    names = [str(name) for (name,) in town.ask(TABLES)]
    rows = [(name, town.one(count.format(sql.Identifier(name)))) for name in names]
    return Counter({str(what): int(str(many)) for what, many in [*rows, *town.ask(CODES)]})


def told_once(town: Town) -> tuple[Counter[str], Counter[str]]:
    """What there was before and after one story that nobody disturbed."""
    # Whoever signs in for the first time leaves a user, and only then.
    for name in ("Ellen", "Anouk", "Piet", "Fenna"):
        town.person(name)
    quiet(town)
    before = counted(town)
    for step in Story(town, 0).steps():
        step()
    quiet(town)
    return before, counted(town)


def test_fifty_kills_in_the_story_lose_nothing_and_double_nothing(town: Town, sink: Sink) -> None:
    """Each story that was struck leaves exactly what the first one left, which nobody disturbed."""
    before, undisturbed = told_once(town)
    assert town.one("SELECT count(*) FROM procrastinate_events WHERE type = 'deferred_for_retry'") == 0
    for number in range(1, STRUCK + 1):
        for step in Story(town, number).steps():
            town.struck(step)
    eventually(lambda: ready(town.port), 60)
    quiet(town)
    left_by_one = undisturbed - before
    assert len(left_by_one) > 40
    assert counted(town) - undisturbed == Counter({what: n * STRUCK for what, n in left_by_one.items()})

    for step in pay(town):
        town.struck(step)
    quiet(town)
    kept = "SELECT count(*) FROM plans_appointment WHERE stage = 'kept'"
    paid = "SELECT count(*) FROM billing_invoicedappointment a JOIN billing_invoiceline l ON l.id = a.line_id"
    assert town.ask("SELECT stage, batch_id IS NOT NULL FROM billing_invoice") == [("paid", True)]
    assert town.one("SELECT count(*) FROM billing_paymentbatch") == 1
    assert town.one(kept) == town.one(paid) == STRUCK + 1
    mails_left_once(town, sink)
    assert town.kills >= KILLS
    assert town.killed_in_a_post > KILLS / 3


@dataclass
class Impatient(Visitor):
    """Presses each button twelve times at once, and is given one answer."""

    def _once(self, path: str, body: bytes, kind: str) -> str:
        with ThreadPoolExecutor(PRESSES) as pool:
            answers = set(
                pool.map(lambda _press: super(Impatient, self)._once(path, body, kind), range(PRESSES))
            )
        assert len(answers) == 1, (path, answers)
        return answers.pop()


def test_each_form_of_the_story_sent_twelve_times_at_once_counts_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, once = told_once(town)
    monkeypatch.setattr("tests.operations.test_kills.Visitor", Impatient)
    monkeypatch.setattr("tests.operations.town.Visitor", Impatient)
    for step in Story(town, 1).steps():
        step()
    quiet(town)
    assert counted(town) - once == once - before
    for step in pay(town):
        step()
    assert town.one("SELECT count(*) FROM billing_paymentbatch") == 1
