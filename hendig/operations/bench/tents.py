"""Many tents at once: how soon each device shows what another did, what is lost, and what memory it takes.

Each device does what the script of a page does: it listens to its tent, and fetches its own page when
something changed. Whoever writes posts the form of the page. First they talk at the pace of a real table;
then as much as in a whole hour goes by as fast as it can, to see whether the server stays as it was.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import LiteralString
from uuid import uuid4

import orjson
import psycopg

from hendig.operations.bench.client import message, parsed
from hendig.operations.bench.measure import at_part
from hendig.operations.bench.report import columns
from hendig.operations.bench.station import Station, mailbox, serving, signed_in
from hendig.operations.bench.towns import Town
from hendig.operations.failure import Failure
from hendig.operations.progress import Progress

FAMILIES = 3_500
TENTS, DEVICES = 50, 12
# Between two changes at one table, in seconds: a note, a hand, a turn. Of twelve people one speaks at a time.
PACE = (20.0, 60.0)
AN_HOUR = 4_500
AIM_MS, AIM_LOST, AIM_GROWTH = 500.0, 0, 1.10
# As the script of the page: several changes in this time are one fetch.
GATHERS = 0.06
TOO_LONG = 60.0
# So many tables talk on at once where it goes as fast as it can; after each part of it memory is looked at.
HURRYING, PARTS = 2, 4
# The pieces of the page, and those that alone show something (`data-live-piece`).
LIVE = "clock talk understood heard write on-the-table who"
PIECES = {"turns": "talk"}
# What the page says while somebody has the floor because of a hand, and while hands are up.
HAND, FLOOR = b'class="list hands"', b"Wilde iets zeggen"

# Who sits there: the family and its coach, and guests whom the family made welcome, as real actions would.
AGAIN: tuple[LiteralString, ...] = (
    """CREATE TEMPORARY TABLE talks AS SELECT t.id, t.family_id, t.compartment_id, t.municipality_id,
        t.starts_at, t.called_by_id AS coach, r.asked_by_id, row_number() OVER (ORDER BY t.id) AS n
        FROM tents_tent t JOIN helprequests_helprequest r ON r.id = t.request_id
        JOIN families_familymember child ON child.id = r.child_id
        WHERE t.stage IN ('planned', 'meeting') AND child.born_on > current_date - interval '12 years'
        ORDER BY t.id LIMIT %(tents)s""",
    "DELETE FROM tents_gesture WHERE tent_id IN (SELECT id FROM talks)",
    "DELETE FROM tents_talk WHERE tent_id IN (SELECT id FROM talks)",
    "DELETE FROM tents_piece WHERE tent_id IN (SELECT id FROM talks)",
    # It is time for it: earlier than an hour before no talk begins.
    """UPDATE tents_tent SET stage = 'planned', phase = 'arrive', chair_id = NULL, starts_at = now()
        WHERE id IN (SELECT id FROM talks)""",
    "DELETE FROM tents_seat WHERE tent_id IN (SELECT id FROM talks)",
    """CREATE TEMPORARY TABLE works AS SELECT id, account_id, row_number() OVER (ORDER BY id) - 1 AS n,
        count(*) OVER () AS all_of_them FROM people_professional""",
    """CREATE TEMPORARY TABLE guests AS SELECT talks.*, works.id AS professional, works.account_id AS account
        FROM talks, generate_series(0, %(guests)s - 1) AS g JOIN works ON true
        WHERE works.n = (talks.n * 7 + g) %% works.all_of_them""",
    """INSERT INTO tents_seat (id, municipality_id, family_id, compartment_id, tent_id, expertise_id,
            professional_id, stage, asked_at, answered_at)
        SELECT gen_random_uuid(), municipality_id, family_id, compartment_id, id,
            (SELECT e.id FROM people_expertise e ORDER BY e.id LIMIT 1), professional, 'welcome', now(), now()
        FROM guests""",
    """INSERT INTO families_involvement (id, municipality_id, family_id, record_id, account_id, part, purpose,
            ground, kinds, from_at, until_at)
        SELECT gen_random_uuid(), g.municipality_id, g.family_id, c.record_id, account, 'guest', 'help',
            'consent', '{shared}', now() - interval '1 minute', now() + interval '14 days'
        FROM guests g JOIN families_compartment c ON c.id = g.compartment_id
        WHERE NOT EXISTS (SELECT FROM families_involvement i WHERE i.record_id = c.record_id
            AND i.account_id = account AND i.part = 'guest' AND i.until_at > now())""",
    """INSERT INTO families_consent
            (id, municipality_id, family_id, record_id, giver_id, account_id, yes, from_at, until_at)
        SELECT gen_random_uuid(), g.municipality_id, g.family_id, r.id, asked_by_id, account, true,
            now() - interval '1 minute', NULL
        FROM guests g JOIN families_compartment c ON c.id = g.compartment_id
        JOIN families_record r ON r.id = c.record_id
        WHERE NOT EXISTS (SELECT FROM families_consent i WHERE i.record_id = r.id
            AND i.account_id = account AND i.giver_id = asked_by_id)""",
)
TABLES: LiteralString = """
    SELECT talks.id::text, talks.coach::text, m.account_id::text,
        array(SELECT account::text FROM guests WHERE guests.id = talks.id ORDER BY account)
    FROM talks JOIN families_familymember m ON m.id = asked_by_id ORDER BY talks.n
"""


@dataclass(slots=True)
class Change:
    """Something that was done, how one sees it on a page, and who saw it when."""

    shows: Callable[[bytes], bool]
    sent: float
    seen: dict[int, float] = field(default_factory=dict)


@dataclass
class Device:
    """A page of this tent that is open somewhere."""

    number: int
    session: str
    page: bytes = b""
    moved: set[str] = field(default_factory=set)
    listens: asyncio.Event = field(default_factory=asyncio.Event)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    fetches: int = 0


@dataclass
class Table:
    """One tent: who leads, the devices at it, and what is on its way."""

    id: str
    chair: str
    devices: list[Device]
    pending: list[Change] = field(default_factory=list)
    done: list[Change] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)
    steps: Iterator[int] = field(default_factory=count)
    all_saw: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self, device: Device, page: bytes, began: float) -> None:
        """What stands on this page was seen; what came later than it, is still on its way."""
        device.page = page
        at = perf_counter()
        shown = False
        for change in reversed(self.pending):
            # Whoever sees the later state of the table has seen all that was before it.
            shown = shown or (change.sent <= began and change.shows(page))
            if shown:
                change.seen.setdefault(device.number, at)
        for change in [one for one in self.pending if len(one.seen) == len(self.devices)]:
            self.pending.remove(change)
            self.done.append(change)
        if not self.pending:
            self.all_saw.set()

    def lost(self) -> int:
        """Changes that not every device shows in the end."""
        notes = sum(not all(note in device.page for device in self.devices) for note in self.notes)
        return notes + len(self.pending)


@dataclass(frozen=True, slots=True)
class Talked:
    """How a stretch of talking went."""

    name: str
    changes: int
    seconds: float
    # Processor time of web and PostgreSQL.
    busy: float
    seen: tuple[float, ...]

    def row(self) -> tuple[str, ...]:
        p50, p95 = (at_part(self.seen, part) * 1000 for part in (0.50, 0.95))
        return (
            self.name,
            f"{self.changes:,}",
            f"{self.changes / self.seconds:.1f}",
            f"{self.busy / self.changes * 1000:.0f}",
            f"{p50:.0f}",
            f"{p95:.0f}",
            f"{max(self.seen) * 1000:.0f}",
        )


def main(
    town: Town, *, tents: int = TENTS, minutes: float = 3.0, changes: int = AN_HOUR, json: Path | None = None
) -> None:
    """Prints how soon changes are seen, what was lost, and the memory of the server before and after."""
    with mailbox() as mail, serving(town, mail) as at, Progress("Talking") as progress:
        at.start_worker(mail)
        progress(f"{tents} tents of {DEVICES} devices")
        tables = laid(at, tents)
        found = asyncio.run(talked(at, tables, minutes * 60, changes, progress))
    natural, hurried, memory, lost, fetches = found
    before, after = memory[0], memory[-1]
    print(f"{tents} tents, {DEVICES} devices each; load of the machine {os.getloadavg()[0]:.1f}\n")
    head = ("", "changes", "a second", "CPU ms each", "p50 ms", "p95 ms", "most ms")
    print("\n".join(columns([head, natural.row(), hurried.row()])))
    p95 = at_part(natural.seen, 0.95) * 1000
    aims = [
        ("change seen, p95 ms", f"{p95:.0f}", f"≤ {AIM_MS:.0f}", said(p95 <= AIM_MS)),
        ("changes lost", f"{lost}", f"{AIM_LOST}", said(lost <= AIM_LOST)),
        (
            "memory of web, times the start",
            f"{after / before:.2f}",
            f"≤ {AIM_GROWTH}",
            said(after <= before * AIM_GROWTH),
        ),
    ]
    print("\n" + "\n".join(columns([("", "measured", "aim", "met"), *aims])))
    held = ", ".join(f"{one:.0f}" for one in memory[1:])
    print(f"\nweb: {before:.0f} MB at the start; {held} MB with each quarter of the hour; {fetches:,} pages")
    if json:
        kept = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "tents": tents,
            "devices": DEVICES,
            "changes": natural.changes + hurried.changes,
            "seen_p50_ms": at_part(natural.seen, 0.50) * 1000,
            "seen_p95_ms": p95,
            "lost": lost,
            "web_mb": memory,
        }
        json.write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2))


def said(met: bool) -> str:
    return "yes" if met else "NO"


def laid(at: Station, tents: int) -> list[Table]:
    """Tents with as many people at each, all of them signed in."""
    owner = psycopg.ClientCursor(at.owner)
    for words in AGAIN:
        owner.execute(words, {"tents": tents, "guests": DEVICES - 2})
    owner.execute(TABLES)
    tables = []
    for tent, coach, parent, guests in owner.fetchall():
        assert isinstance(guests, list)
        people = (guests[0], coach, parent, *guests[1:]) if guests else (coach, parent)
        devices = [Device(number, signed_in(at.owner, one)) for number, one in enumerate(people)]
        tables.append(Table(str(tent), str(people[0]), devices))
    if len(tables) < tents or any(len(table.devices) < DEVICES for table in tables):
        raise Failure("This municipality is too small for so many tents.")
    return tables


async def talked(
    at: Station, tables: list[Table], seconds: float, changes: int, progress: Progress
) -> tuple[Talked, Talked, list[float], int, int]:
    """Everybody arrives; they talk at the pace of a table, and then as much as in an hour.

    Also what web holds in memory before, and after each quarter of the hour: what is held for good grows with
    each, what a busy moment needs does not.
    """
    for table in tables:
        await arrive(at, table)
    listening: list[asyncio.Task[None]] = []
    for table in tables:
        listening += [asyncio.create_task(watch(at, table, device)) for device in table.devices]
        await listened(table)
    # Each opens its page, as everybody does who comes in: what comes after is what a talk costs.
    await arrived(at, tables)
    progress("at the pace of a table")
    memory = [at.memory()["web"]]
    natural = await stretch(at, tables, "as at a table", until=perf_counter() + seconds, pace=PACE)
    progress(f"{changes:,} changes, as many as in an hour")
    each = max(1, (changes - natural.changes) // len(tables))
    quarters = []
    for part in range(PARTS):
        most = each * (part + 1) // PARTS - each * part // PARTS
        quarters.append(await stretch(at, tables, "as fast as it goes", most=most, pace=(0.0, 0.0)))
        await arrived(at, tables)
        memory.append(at.memory()["web"])
        progress(f"{part + 1} of {PARTS} quarters")
    for one in listening:
        one.cancel()
    broken = [one for one in await asyncio.gather(*listening, return_exceptions=True) if one is not None]
    failed = [one for one in broken if not isinstance(one, asyncio.CancelledError)]
    if failed:
        raise Failure(f"A device could not go on: {failed[0]!r}")
    fetches = sum(device.fetches for table in tables for device in table.devices)
    return natural, together(quarters), memory, sum(table.lost() for table in tables), fetches


def together(parts: list[Talked]) -> Talked:
    """The same stretch, whole."""
    return Talked(
        parts[0].name,
        sum(part.changes for part in parts),
        sum(part.seconds for part in parts),
        sum(part.busy for part in parts),
        tuple(seen for part in parts for seen in part.seen),
    )


async def stretch(
    at: Station,
    tables: list[Table],
    name: str,
    *,
    pace: tuple[float, float],
    until: float | None = None,
    most: int | None = None,
) -> Talked:
    """All tables talk until then, or until each did so much."""
    before = {table.id: len(table.done) for table in tables}
    began, spent = perf_counter(), at.spent()
    room = asyncio.Semaphore(len(tables) if until is not None else HURRYING)
    await asyncio.gather(*(talk(at, table, room, pace, until, most) for table in tables))
    done = [change for table in tables for change in table.done[before[table.id] :]]
    seen = tuple(moment - change.sent for change in done for moment in change.seen.values())
    return Talked(name, len(done), perf_counter() - began, at.spent() - spent, seen)


async def talk(
    at: Station,
    table: Table,
    room: asyncio.Semaphore,
    pace: tuple[float, float],
    until: float | None,
    most: int | None,
) -> None:
    """One does something, everybody sees it, and after a while somebody does something else."""
    chance = random.Random(table.id)  # noqa: S311 - a pace, not a secret
    if until is not None:
        await asyncio.sleep(chance.uniform(0, max(0.0, min(pace[1], until - perf_counter()))))
    for _ in range(most) if most is not None else count():
        async with room:
            await happen(at, table)
            try:
                await asyncio.wait_for(table.all_saw.wait(), TOO_LONG)
            except TimeoutError as late:
                raise Failure(f"Not every device saw a change within {TOO_LONG:.0f} s.") from late
        pause = chance.uniform(*pace)
        if until is not None and perf_counter() + pause > until:
            return
        await asyncio.sleep(pause)


async def happen(at: Station, table: Table) -> None:
    """The next thing at this table: a note, a hand, the floor for who raised it, and then the next turn."""
    step = next(table.steps)
    here, kind = f"/tenten/{table.id}/", step % 4
    someone, leads = table.devices[1 + (step // 4) % (DEVICES - 1)], table.devices[0]
    path, fields, who = f"{here}hand/", {}, someone
    shows: Callable[[bytes], bool] = lambda page: HAND in page  # noqa: E731
    if kind == 0:
        mark = f"Briefje {uuid4().hex[:12]} van deze tafel".encode()
        table.notes.append(mark)
        path, fields = here, {"text": mark.decode(), "kind": "factor", "voice_of": "", "about": ""}
        shows = lambda page: mark in page  # noqa: E731
    elif kind == 2:
        path, who = cut(leads.page, b'action="', b'"', b"/beurt/"), leads
        shows = lambda page: FLOOR in page  # noqa: E731
    elif kind == 3:
        path, fields, who = f"{here}beurt/", {"turn": "1"}, leads
        shows = lambda page: FLOOR not in page  # noqa: E731
    table.all_saw.clear()
    change = Change(shows, perf_counter())
    table.pending.append(change)
    await post(at, who, path, fields)
    # Who posts gets the page as it is now in the same breath.
    await fetch(at, table, who)


def cut(page: bytes, begins: bytes, ends: bytes, holding: bytes) -> str:
    """The first address on the page with this in it, under a hand."""
    for part in page.split(begins)[1:]:
        address = part.partition(ends)[0]
        if holding in address and b"/hand/" in address:
            return address.decode()
    raise Failure("Nobody can be given the floor: no hand is up on the page of who leads.")


async def listened(table: Table) -> None:
    """Every device hears the tent: fifty tables do not sit down within the same second."""
    try:
        async with asyncio.timeout(TOO_LONG):
            await asyncio.gather(*(device.listens.wait() for device in table.devices))
    except TimeoutError as late:
        raise Failure(f"Not every device listened within {TOO_LONG:.0f} s.") from late


async def arrived(at: Station, tables: list[Table]) -> None:
    """Every device has its whole page, table by table."""
    for table in tables:
        await asyncio.gather(*(fetch(at, table, device) for device in table.devices))


async def arrive(at: Station, table: Table) -> None:
    """The talk begins, and goes on to understanding."""
    leads, coach, *_others = table.devices
    here = f"/tenten/{table.id}/"
    await post(at, coach, f"{here}begin/", {"arrived": "1", "account_id": table.chair})
    await post(at, leads, f"{here}fase/", {"phase": "understand"})


async def watch(at: Station, table: Table, device: Device) -> None:
    """Listens to the tent, and fetches the page a moment after something changed."""
    fetching = asyncio.create_task(fetch_when_stirred(at, table, device))
    reader, writer = await line(at)
    try:
        writer.write(message(f"/live/?topic=tent:{table.id}", session=device.session))
        if (status := parsed((await reader.readuntil(b"\r\n\r\n"))[:-4])[0]) != 200:
            raise Failure(f"The live stream of device {device.number} answered {status}.")
        device.listens.set()
        while words := await reader.readline():
            if words.startswith(b"data:"):
                piece = words[5:].strip().decode()
                device.moved |= set(PIECES.get(piece, LIVE).split())
                device.stirred.set()
        raise Failure("A live stream ended.")
    finally:
        fetching.cancel()
        writer.close()


async def fetch_when_stirred(at: Station, table: Table, device: Device) -> None:
    while True:
        await device.stirred.wait()
        await asyncio.sleep(GATHERS)
        device.stirred.clear()
        moved, device.moved = device.moved, set()
        await fetch(at, table, device, " ".join(sorted(moved)))


async def fetch(at: Station, table: Table, device: Device, pieces: str = LIVE) -> None:
    began = perf_counter()
    words = message(f"/tenten/{table.id}/", session=device.session, X_Hendig_Live=pieces)
    page = await answered(at, words, 200)
    device.fetches += 1
    table.look(device, page, began)


async def post(at: Station, device: Device, path: str, fields: dict[str, str]) -> None:
    words = message(path, session=device.session, fields={"_key": str(uuid4()), **fields})
    await answered(at, words, 302)


async def answered(at: Station, words: bytes, status: int) -> bytes:
    """The body of the answer. By a line of its own: between two changes the server closes an idle one."""
    reader, writer = await line(at)
    try:
        writer.write(words)
        got, headers = parsed((await reader.readuntil(b"\r\n\r\n"))[:-4])
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    finally:
        writer.close()
    if got != status:
        raise Failure(f"{words.split(b' ', 2)[1].decode()} answered {got} where {status} is measured.")
    return body


async def line(at: Station) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", at.port, limit=1 << 20)
