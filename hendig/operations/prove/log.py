"""`hendig prove log`: nobody altered the log, line by line up to the last anchor."""

from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import orjson
import psycopg

from hendig.audit.rules import leaf, words
from hendig.audit.rules.chain import Sealed
from hendig.audit.rules.proof import Broken, Outcome
from hendig.operations.bench.lines import made_log
from hendig.operations.database import conninfo
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress
from hendig.operations.prove.stretch import (
    Stretch,
    verify,
    verify_apart,
    verify_rest,
    verify_rest_apart,
)

Rows = psycopg.Connection[tuple[object, ...]]

LINES_AT_ONCE = 50_000
SHOWN = 20
LINE = ", ".join(f'e."{column}"' for column in leaf.columns())
SEALED_LINES = f"""
    COPY (
        SELECT s.number, s.entry_id, e.leaf, {LINE}
        FROM audit_sealedentry s LEFT JOIN audit_entry e ON e.id = s.entry_id AND e.id BETWEEN %s AND %s
        WHERE s.number BETWEEN %s AND %s ORDER BY s.number, s.entry_id
    ) TO STDOUT
"""  # noqa: S608 - the names of our own columns
OTHER_LINES = f"""
    COPY (
        SELECT e.leaf, {LINE} FROM audit_entry e
        WHERE NOT EXISTS (
            SELECT FROM audit_sealedentry s WHERE s.entry_id = e.id AND s.number BETWEEN %s AND %s
        )
    ) TO STDOUT
"""  # noqa: S608 - the names of our own columns
SEALS = f"SELECT {', '.join(field.name for field in fields(Sealed))} FROM audit_seal ORDER BY number"  # noqa: S608
ANCHORS = "SELECT number, hash FROM audit_anchor ORDER BY number"
# A stretch is sorted in memory, and the cores are ours already.
QUICK = "SET work_mem TO '64MB'; SET max_parallel_workers_per_gather TO 0; SET jit TO off"
RESTORES = """
SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), replace(left(facts->>'made', 16), 'T', ' '),
    facts->>'seal'
FROM audit_entry WHERE code = 'log.restored' GROUP BY 1, 2, 3 ORDER BY 1
"""
HASH = re.compile(r"\b(\d{1,15}):([0-9a-f]{64})\b")


@dataclass(frozen=True, slots=True)
class Anchored:
    """What somebody holds of a seal: its number, and its hash or its words."""

    number: int
    held: str

    def fits(self, seal: Sealed) -> bool:
        found = seal.hash()
        return self.held == found.hex() or self.held == words.code(seal.number, found)


def command(place: Installation, asked: argparse.Namespace) -> None:
    if asked.lines:
        with made_log(place, asked.lines) as made:
            main(made, asked.anchor)
        return
    try:
        main(place, asked.anchor)
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable) as missing:
        # No login of ours, or no tables: nobody migrated here.
        raise Failure("There is no log here yet; `hendig migrate` makes the database.") from missing


def main(place: Installation, named: Sequence[str]) -> None:
    """Tells what is broken, and ends with a line of JSON; a Failure when anything is."""
    began = time.monotonic()
    anchors = [anchor for text in named for anchor in anchors_in(text)]
    url = conninfo(place.app_url)
    at = datetime.now(UTC)
    with (
        Progress("Verifying the log") as progress,
        pictured(url) as (connection, snapshot),
        workers() as pool,
    ):
        outcome = Outcome()
        whole = look(connection, place.seal_public)
        total = sum(seal.count for seal in whole.seals)
        apart = replace(whole, url=url, snapshot=snapshot)
        rest = pool.submit(verify_rest_apart, ends(apart), at)
        for found in pool.map(verify_apart, stretches(apart, LINES_AT_ONCE)):
            outcome.add(found)
            progress(f"{outcome.entries:,} of {total:,} lines")
        outcome.add(rest.result())
        outcome.broken += broken_anchors(whole.seals, [*anchors, *known_anchors(connection)])
        restores = connection.execute(RESTORES).fetchall()
    tell(outcome, whole.seals, anchors)
    tell_restores(restores)
    seconds = round(time.monotonic() - began, 2)
    figures = {"entries": outcome.entries, "seconds": seconds, "broken": len(outcome.broken)}
    print(orjson.dumps(figures).decode(), flush=True)
    if outcome.broken:
        raise Failure("The log is not what it was.")


def tell(outcome: Outcome, seals: Sequence[Sealed], anchors: Sequence[Anchored]) -> None:
    """In words, before the line of JSON."""
    for one in outcome.broken[:SHOWN]:
        print(f"{one.what}: {one.why}")
    if len(outcome.broken) > SHOWN:
        print(f"and {len(outcome.broken) - SHOWN:,} more")
    if seals:
        last = seals[-1]
        print(f"{len(seals):,} seals; the last is {words.code(last.number, last.hash())}")
    if outcome.waiting:
        print(f"{outcome.waiting:,} lines wait for the next seal")
    if not anchors:
        print(
            "No anchor was given (--anchor): a tail that was cut off with its anchors would not be noticed."
        )


def tell_restores(restores: Sequence[Sequence[object]]) -> None:
    """What an anchor of before a restore means."""
    for day, made, number in restores:
        print(
            f"On {day} UTC a backup of {made} UTC was restored: what came between is not in this log. "
            f"An anchor above seal {number} from before that day is of those lines: it fits the database "
            "from before."
        )


def verify_all(connection: Rows, keys: Sequence[str], anchors: Iterable[Anchored], at: datetime) -> Outcome:
    """The whole log over one connection, as that connection sees it."""
    outcome = Outcome()
    whole = look(connection, keys)
    for stretch in stretches(whole, LINES_AT_ONCE):
        outcome.add(verify(stretch, connection))
    outcome.add(verify_rest(ends(whole), at, connection))
    outcome.broken += broken_anchors(whole.seals, [*anchors, *known_anchors(connection)])
    return outcome


def look(connection: Rows, keys: Sequence[str]) -> Stretch:
    """The whole chain, and how its lines are read."""
    connection.execute(leaf.SESSION)
    seals = [Sealed(*row) for row in connection.execute(SEALS).fetchall()]  # type: ignore[arg-type]
    return Stretch(None, seals, keys, (SEALED_LINES, OTHER_LINES), session=f"{leaf.SESSION}; {QUICK}")


def ends(whole: Stretch) -> Stretch:
    """The chain by its first and last seal: enough to know what stands outside it."""
    return replace(whole, seals=[*whole.seals[:1], *whole.seals[-1:]])


def stretches(whole: Stretch, size: int) -> Iterator[Stretch]:
    """The chain in pieces of about so many lines."""
    begin, lines = 0, 0
    for place, seal in enumerate(whole.seals, start=1):
        lines += seal.count
        if lines >= size or place == len(whole.seals):
            before = whole.seals[begin - 1] if begin else None
            yield replace(whole, before=before, seals=whole.seals[begin:place])
            begin, lines = place, 0


def broken_anchors(seals: Sequence[Sealed], anchors: Iterable[Anchored]) -> list[Broken]:
    """What others hold and the chain has not, or not any more."""
    by_number = {seal.number: seal for seal in seals}
    broken = []
    for anchor in anchors:
        seal = by_number.get(anchor.number)
        if seal is None:
            broken.append(Broken(f"anchor {anchor.number}", "its seal is gone: the tail was cut off"))
        elif not anchor.fits(seal):
            broken.append(Broken(f"anchor {anchor.number}", "its seal is another one now"))
    return broken


def known_anchors(connection: Rows) -> list[Anchored]:
    rows = connection.execute(ANCHORS).fetchall()
    return [Anchored(int(str(number)), bytes(held).hex()) for number, held in rows]  # type: ignore[call-overload]


def anchors_in(text: str) -> list[Anchored]:
    """The anchors in a word code, or in a file: a mail that was kept, or a list of codes."""
    path = Path(text)
    said = path.read_text(errors="replace") if path.is_file() else text
    found = [Anchored(int(number), held) for number, held in HASH.findall(said)]
    found += [Anchored(*read) for line in said.splitlines() if (read := words.read(line))]
    if not found:
        raise Failure(
            f"There is no anchor in “{text}”: a number with five words, a number:hash, or a file with those."
        )
    return found


@contextmanager
def pictured(url: str) -> Iterator[tuple[Rows, str]]:
    """A connection whose picture of the database others may share: what is written meanwhile is not in it."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(row[0]) if row else ""


def workers() -> ProcessPoolExecutor:
    """Every core verifies."""
    return ProcessPoolExecutor(max(2, min(8, os.cpu_count() or 2)), get_context("spawn"))
