"""The measuring: laps, counted laps, syncs, streams and eight clients at once."""

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from uuid import UUID

import psycopg

from hendig.operations.bench.client import COUNT, Answer, Client, connected, message, read_head
from hendig.operations.bench.station import Station
from hendig.operations.bench.targets import TARGETS, Target
from hendig.operations.failure import Failure

WARM = 12
COUNTED = 12
SYNCED = 20
STREAMS = 200
SETTLING_TAKES = 1.0
CLIENTS = 8
AIMS = {"walls": 2.0, "spread": 1.8, "growth": 1.3, "memory": 200.0, "syncs": 1.0}

SYNCS = "SELECT wal_sync FROM pg_stat_wal"
# From PostgreSQL 18 on it tells for whom: the process that writes behind everybody's back is nobody's wait.
SYNCS_18 = """
    SELECT coalesce(sum(fsyncs), 0) FROM pg_stat_io WHERE object = 'wal' AND backend_type = 'client backend'
"""
END_SESSIONS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename <> current_user
"""


@dataclass
class Series:
    """What one target took in one municipality."""

    seconds: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    # The same without what was waited for a processor.
    busy: list[float] = field(default_factory=list)
    floor_busy: list[float] = field(default_factory=list)
    statements: int = 0
    sql: float = 0.0
    size: int = 0

    @property
    def p50(self) -> float:
        return at_part(self.seconds, 0.50)

    @property
    def p95(self) -> float:
        return at_part(self.seconds, 0.95)

    @property
    def ratio(self) -> float:
        return self.p50 / at_part(self.floor, 0.50)

    @property
    def floor_spread(self) -> float:
        """What the machine itself makes of p95: nothing in a floor varies."""
        return at_part(self.floor, 0.95) / at_part(self.floor, 0.50)


def at_part(seconds: Iterable[float], part: float) -> float:
    """The value that this part of them stays at or under."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def asked(client: Client, target: Target, words: bytes, status: int) -> Answer:
    """The answer; a Failure when it is not the one that is measured."""
    answer = client.ask(words)
    if answer.status != status:
        raise Failure(f"“{target.name}” answered {answer.status} where {status} is measured.")
    return answer


def laps(
    stations: Sequence[Station],
    number: int,
    tell: Callable[[str], None],
    targets: Sequence[Target] = TARGETS,
) -> dict[tuple[int, str], Series]:
    """One client asks each target, each floor and each size in turn, in another order every lap.

    Only figures that were taken together can be compared: minutes later the machine is another one.
    """
    found = {(at.town.families, one.name): Series() for at in stations for one in targets}
    clients = {at.town.families: Client(at.port) for at in stations}
    order = random.Random(1)  # noqa: S311 - an order, not a secret
    steps = [(at, one, is_floor) for at in stations for one in targets for is_floor in (False, True)]
    for lap in range(-min(WARM, number), number):
        order.shuffle(steps)
        for at, one, is_floor in steps:
            words = (one.floor if is_floor else one.page)(at, lap)
            before = at.spent()
            answer = asked(clients[at.town.families], one, words, 200 if is_floor else one.status)
            series = found[at.town.families, one.name]
            if lap >= 0:
                (series.floor if is_floor else series.seconds).append(answer.seconds)
                (series.floor_busy if is_floor else series.busy).append(at.spent() - before)
                series.size = series.size if is_floor else answer.size
        if lap % 10 == 0:
            tell(f"lap {lap} of {number}")
    for at in stations:
        for one in targets:
            count(at, clients[at.town.families], one, found[at.town.families, one.name], min(COUNTED, number))
    for client in clients.values():
        client.close()
    return found


def walls(
    shut: Station, open_up: Station, number: int, tell: Callable[[str], None]
) -> dict[str, tuple[Series, Series]]:
    """Each page with all walls and without any, by turns; what is written is behind none."""
    pages = [one for one in TARGETS if one.status == 200]
    found = {one.name: (Series(), Series()) for one in pages}
    places = [(at, Client(at.port)) for at in (shut, open_up)]
    order = random.Random(1)  # noqa: S311 - an order, not a secret
    steps = [(one, which) for one in pages for which in (0, 1)]
    for lap in range(-min(WARM, number), number):
        order.shuffle(steps)
        for one, which in steps:
            at, client = places[which]
            answer = asked(client, one, one.page(at, lap), one.status)
            if lap >= 0:
                found[one.name][which].seconds.append(answer.seconds)
                found[one.name][which].size = answer.size
        if lap % 10 == 0:
            tell(f"lap {lap} of {number}")
    for one in pages:
        for series, (at, client) in zip(found[one.name], places, strict=True):
            count(at, client, one, series, min(COUNTED, number))
    for _at, client in places:
        client.close()
    return found


def count(at: Station, client: Client, target: Target, series: Series, number: int) -> None:
    """Statements (the most that were seen) and their time, in laps of their own: counting costs something."""
    seen = []
    for lap in range(number):
        words = target.page(at, lap).replace(b"\r\nCookie", f"\r\n{COUNT}: 1\r\nCookie".encode(), 1)
        answer = asked(client, target, words, target.status)
        seen.append((int(answer.headers["x-bench-statements"]), float(answer.headers["x-bench-seconds"])))
    series.statements = max(statements for statements, _seconds in seen)
    series.sql = median(seconds for _statements, seconds in seen)


def syncs(at: Station, target: Target) -> dict[str, float]:
    """How often PostgreSQL waited for the disk, for each request of the page."""
    client = Client(at.port)
    before = synced(at.owner)
    for lap in range(SYNCED):
        asked(client, target, target.page(at, lap), target.status)
    found = {"page": (synced(at.owner) - before) / SYNCED}
    client.close()
    return found


def synced(owner: psycopg.Connection[tuple[object, ...]]) -> int:
    """Syncs of the write-ahead log so far. Sessions are ended first: only then they tell all they counted."""
    owner.execute(END_SESSIONS)
    time.sleep(0.3)
    row = owner.execute(SYNCS if owner.info.server_version < 180000 else SYNCS_18).fetchone()
    assert row is not None
    return int(str(row[0]))


@contextmanager
def streams(at: Station, number: int) -> Iterator[None]:
    """Inside the block that many live streams are open, on the records of as many families as there are.

    One or two for each: a page that is opened tells all who look on, and of one family these are few.
    """
    opened = []
    for place in range(number):
        turns, which = divmod(place, len(at.coaches))
        coach = at.coaches[which]
        family = UUID(coach.families[turns % len(coach.families)])
        words = message(f"/live/?topic=family:{family}", session=coach.session)
        line = connected(at.port)
        line.sendall(words)
        head, _begun = read_head(line)
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise Failure("A live stream could not be opened.")
        opened.append(line)
    try:
        yield
    finally:
        for line in opened:
            line.close()


def with_streams(
    at: Station, number: int, blocks: int, tell: Callable[[str], None]
) -> dict[str, tuple[float, float]]:
    """The p50 of each target without and with open streams, in blocks by turns."""
    without: dict[str, list[float]] = {one.name: [] for one in TARGETS}
    beside: dict[str, list[float]] = {one.name: [] for one in TARGETS}
    for block in range(blocks):
        tell(f"live streams, {block + 1} of {blocks}")
        # In turns, and each time the server may first settle: opening and closing them is work of its own.
        for opened, into in (
            ((0, without), (STREAMS, beside)) if block % 2 else ((STREAMS, beside), (0, without))
        ):
            with streams(at, opened):
                time.sleep(SETTLING_TAKES)
                some_laps(at, number, into)
    return {name: (at_part(without[name], 0.5), at_part(beside[name], 0.5)) for name in without}


def some_laps(at: Station, number: int, into: dict[str, list[float]]) -> None:
    client = Client(at.port)
    for lap in range(-3, number):
        for one in TARGETS:
            seconds = asked(client, one, one.page(at, lap), one.status).seconds
            if lap >= 0:
                into[one.name].append(seconds)
    client.close()


def throughput(at: Station, target: Target, seconds: float) -> float:
    """Requests per second with eight clients at once."""
    done = [0] * CLIENTS
    until = time.perf_counter() + seconds

    def ask_on(which: int) -> None:
        client = Client(at.port)
        while time.perf_counter() < until:
            asked(client, target, target.page(at, which + done[which]), target.status)
            done[which] += 1
        client.close()

    asking = [threading.Thread(target=ask_on, args=(which,)) for which in range(CLIENTS)]
    began = time.perf_counter()
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return sum(done) / (time.perf_counter() - began)
