"""`hendig prove races`: who loses a record while requests run gets no answer that was asked for later.

A served municipality, real connections. While a hundred requests run at any moment, somebody's view of a
record ends: the involvement, the yes, the authority that it rests on, or by a block. What is asked for after
that commit must find nothing: pages, the live stream that stands open, and the mail that waits. Whoever is
told by mail has mail that waits when the view ends: the mail server takes nothing for them until then.
"""

from __future__ import annotations

import argparse
import importlib
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import orjson

from hendig.operations.bench.client import Client, Unmeasured, connected, message, received
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress

AT_ONCE = 100
# So many views end next to each other, each asked for by a share of the requests.
SIDE_BY_SIDE = 20
# So many answers are waited for that were asked for after the end, and so long.
LATER, PATIENCE = 3, 120
STREAM = "/live/?topic=family:{}"
PAGES = ("/gezin/{}/", "/plan/{}/", "/gezin/{}/kring/", STREAM)
CHANGED = b"event: changed"
# A stream that gives nothing cannot be waited for; what comes, comes within this.
QUIET = 1.0
# So long a page waits before it asks for its stream again, as a stream tells it to.
COMES_BACK = 1.0
# A page that is nothing for this kind of person is refused before anything is looked up.
EXPECTED = {HTTPStatus.OK, HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}
# A server that is asked more than it can says so: nothing was looked up, and nothing is proved by it.
TURNED_AWAY = HTTPStatus.SERVICE_UNAVAILABLE
SHOWN = 10


@dataclass(slots=True)
class View:
    """What somebody sees of a family until `end`. Before it something happens there (`stir`), which is heard.

    `ring` tells every stream of the family that something changed.
    """

    kind: str
    family: str
    session: str
    stir: Callable[[], None]
    end: Callable[[], None]
    ring: Callable[[], None]
    # Another view of the family may begin.
    over: Callable[[], None] = lambda: None
    # How many mails about the family wait to leave, of whoever is told by mail; none ends before one does.
    waits: Callable[[], int] | None = None
    # How many mails about the family left after the end; asked when all that could leave has left.
    mailed: Callable[[float], int] = lambda _ended_at: 0


@dataclass(slots=True, eq=False)
class Race:
    """One view that ends among requests: when each was asked for, and what the answer was."""

    view: View
    answers: list[tuple[float, int]] = field(default_factory=list)
    ended_at: float | None = None
    wall_clock: float = 0.0
    late_events: int = 0
    # How many requests for it are on their way.
    under_way: int = 0
    # How many mails waited when it ended.
    waited: int = 0

    def opened(self) -> int:
        return sum(status == HTTPStatus.OK for _asked_at, status in self.answers)

    def later(self) -> list[int]:
        """The answers to what was asked for after the end was committed, of who was not turned away."""
        ended, judged = self.ended_at, [one for one in self.answers if one[1] != TURNED_AWAY]
        return [] if ended is None else [status for asked_at, status in judged if asked_at > ended]

    def late(self) -> int:
        return sum(status == HTTPStatus.OK for status in self.later())


@dataclass(slots=True)
class Outcome:
    races: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    later: int = 0
    waited: int = 0
    # What was asked and never answered, and races that came to no end: of these nothing is proved.
    unanswered: int = 0
    turned_away: int = 0
    broken: list[str] = field(default_factory=list)
    # Answers that were neither the page nor a no, by their status.
    failed: Counter[int] = field(default_factory=Counter)
    late: list[str] = field(default_factory=list)

    def add(self, race: Race) -> None:
        answers, later = list(race.answers), race.later()
        self.races[race.view.kind] += race.ended_at is not None
        self.requests += len(answers)
        self.later += len(later)
        self.turned_away += sum(status == TURNED_AWAY for _at, status in answers)
        self.failed.update(status for _at, status in answers if status not in {*EXPECTED, TURNED_AWAY})
        self.waited += race.waited
        mails = race.view.mailed(race.wall_clock)
        for what, many in (("answers", race.late()), ("events", race.late_events), ("mails", mails)):
            if many:
                self.late.append(f"{race.view.kind} of {race.view.family}: {many} {what} after the end")


def command(place: Installation, asked: argparse.Namespace) -> None:
    """Ends with a line of JSON; a Failure when anything came late."""
    # By name: it asks for the models of a Django that is ready.
    with importlib.import_module("hendig.operations.prove.ending").ending(place) as town:
        began = time.monotonic()
        with Progress("Ending views while requests run") as progress:
            found = run(town.port, town.views(asked.races), progress=progress, settled=town.settled)
        seconds, withheld = round(time.monotonic() - began, 1), town.withheld()
    for words in [*found.late[:SHOWN], *found.broken[:SHOWN]]:
        print(words)
    ends = ", ".join(f"{many} by {kind}" for kind, many in sorted(found.races.items()))
    print(f"{ends}; {withheld:,} mails were withheld; {found.unanswered:,} requests got no answer")
    for status, many in sorted(found.failed.items()):
        print(f"{many} answers with status {status}")
    figures = {
        "races": found.races.total(),
        "requests": found.requests,
        "later": found.later,
        "waited": found.waited,
        "turned_away": found.turned_away,
        "failed": found.failed.total() + len(found.broken),
        "late": len(found.late),
        "seconds": seconds,
    }
    print(orjson.dumps(figures).decode(), flush=True)
    if found.late or found.failed or found.broken:
        raise Failure("Something came after the end, or nothing came of it.")
    if not found.waited:
        raise Failure("No mail waited when a view ended: of mail nothing is proved.")


def run(
    port: int,
    views: Iterable[View],
    *,
    at_once: int = AT_ONCE,
    progress: Callable[[str], None] = lambda _words: None,
    settled: Callable[[], None] = lambda: None,
) -> Outcome:
    """Every one of these views ends while so many requests run."""
    standing = Standing()
    found, turn, source = Outcome(), threading.Lock(), iter(views)
    finished: list[Race] = []

    def race_on() -> None:
        """Race after race, until there is no other view."""
        while True:
            with turn:
                view = next(source, None)
            if view is None:
                return
            race, problem = Race(view), ""
            try:
                with standing.holding(race):
                    raced(port, race)
                answered_all(race)
            except (OSError, Failure) as said:
                problem = f"{view.kind} of {view.family}: {said}"
            view.over()
            with turn:
                finished.append(race)
                found.broken += [problem] if problem else []
                progress(f"{len(finished):,} views ended")

    with (
        asking(port, standing, at_once, found),
        ThreadPoolExecutor(min(SIDE_BY_SIDE, at_once // 3)) as runners,
    ):
        for one in [runners.submit(race_on) for _ in range(min(SIDE_BY_SIDE, at_once // 3))]:
            one.result()
    settled()
    for race in finished:
        found.add(race)
    return found


class Standing:
    """The races that are going on."""

    def __init__(self) -> None:
        self._races: list[Race] = []
        self._one_at_a_time = threading.Lock()

    @contextmanager
    def holding(self, race: Race) -> Iterator[None]:
        with self._one_at_a_time:
            self._races.append(race)
        try:
            yield
        finally:
            with self._one_at_a_time:
                self._races.remove(race)

    @contextmanager
    def one_of_them(self, chance: random.Random) -> Iterator[Race | None]:
        """A race that goes on, for one request; None when there is none."""
        with self._one_at_a_time:
            race = chance.choice(self._races) if self._races else None
            if race:
                race.under_way += 1
        try:
            yield race
        finally:
            if race:
                with self._one_at_a_time:
                    race.under_way -= 1


@contextmanager
def asking(port: int, standing: Standing, at_once: int, found: Outcome) -> Iterator[None]:
    """Inside the block so many connections ask without a pause for pages of whatever stands.

    On a busy machine one may wait too long, or be closed twice: that one asks anew.
    """
    stop = threading.Event()

    def ask() -> int:
        """How many of its requests were never answered."""
        chance, unanswered = random.Random(), 0  # noqa: S311 - which page is asked for next
        with closing(Client(port)) as client:
            while not stop.is_set():
                with standing.one_of_them(chance) as race:
                    if race:
                        unanswered += not answered(client, race, chance.choice(PAGES))
                if not race:
                    time.sleep(0.01)
        return unanswered

    with ThreadPoolExecutor(at_once) as crowd:
        asked = [crowd.submit(ask) for _ in range(at_once)]
        try:
            yield
        finally:
            stop.set()
        found.unanswered += sum(one.result() for one in asked)


def answered(client: Client, race: Race, page: str) -> bool:
    """Whether there came an answer, which is noted with when it was asked for."""
    words = message(page.format(race.view.family), session=race.view.session)
    asked_at = time.monotonic()
    try:
        race.answers.append((asked_at, client.ask(words).status))
    except Unmeasured as answer:
        race.answers.append((asked_at, answer.status))
        client.close()
    except OSError:
        client.close()
        return False
    return True


def raced(port: int, race: Race) -> None:
    """The view is open and is heard of; it ends; and what is asked for then is answered."""
    view = race.view
    with closing(Stream(port, view)) as stream:
        stream.hears(b"retry:")
        until(lambda: race.opened() > 0, f"{view.kind} of {view.family} opens nothing")
        view.stir()
        stream.hears(CHANGED)
        if view.waits:
            waits = view.waits
            until(lambda: waits() > 0, f"no mail of {view.family} waits")
            race.waited = waits()
        view.end()
        race.ended_at, race.wall_clock = time.monotonic(), time.time()
        until(lambda: len(race.later()) >= LATER, f"nothing of {view.family} is answered any more")
        # What a stream was about to tell when it ended may come until now; what moves from here on may not.
        stream.rest()
        view.ring()
        race.late_events = stream.rest().count(CHANGED)


def answered_all(race: Race) -> None:
    """All that was asked for in this race is answered: another may give the view back."""
    until(lambda: race.under_way == 0, f"what was asked of {race.view.family} is not answered")


def until(holds: Callable[[], bool], otherwise: str) -> None:
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > PATIENCE:
            raise Failure(f"{otherwise}, for {PATIENCE} seconds.")
        time.sleep(0.005)


def streamed(line: socket.socket) -> bytes:
    """What came; a ConnectionError also where the stream was turned away."""
    part = received(line)
    if part.startswith(b"HTTP/1.1 503"):
        raise ConnectionError("the stream was turned away")
    return part


class Stream:
    """What a page hears of a family: where the line is lost, it comes back and asks what moved since."""

    def __init__(self, port: int, view: View) -> None:
        self.port = port
        since = time.time_ns() // 1_000_000
        self.words = message(f"{STREAM.format(view.family)}&since={since}", session=view.session)
        self._ask()

    def _ask(self) -> None:
        self.line = connected(self.port)
        self.line.settimeout(PATIENCE)
        self.line.sendall(self.words)

    def hears(self, wanted: bytes) -> None:
        """These bytes came; a ConnectionError where in all that patience no stream stays open."""
        seen, until = b"", time.monotonic() + PATIENCE
        while wanted not in seen:
            try:
                seen += streamed(self.line)
            except ConnectionError:
                if time.monotonic() > until:
                    raise
                seen = b""
                self.line.close()
                time.sleep(COMES_BACK)
                self._ask()

    def rest(self) -> bytes:
        """What still comes on this line, until it is closed or silent."""
        self.line.settimeout(QUIET)
        seen = b""
        try:
            while part := self.line.recv(4096):
                seen += part
        except (TimeoutError, ConnectionError):
            pass
        return seen

    def close(self) -> None:
        self.line.close()
