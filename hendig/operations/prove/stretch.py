"""One stretch of the log against its seals, line by line. Knows no Django: a process starts quickly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg

from hendig.audit.rules import chain
from hendig.audit.rules.chain import Sealed
from hendig.audit.rules.proof import Outcome, verify_lines, verify_others

Rows = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seals that follow each other, the one before them, and how to read the lines under them and others."""

    before: Sealed | None
    seals: Sequence[Sealed]
    keys: Sequence[str]
    words: tuple[str, str]
    url: str = ""
    session: str = ""
    snapshot: str = ""


def verify_apart(stretch: Stretch) -> Outcome:
    with apart(stretch) as connection:
        return verify(stretch, connection)


def verify_rest_apart(chain_ends: Stretch, at: datetime) -> Outcome:
    with apart(chain_ends) as connection:
        return verify_rest(chain_ends, at, connection)


@contextmanager
def apart(stretch: Stretch) -> Iterator[Rows]:
    """A connection of our own, on the same picture of the database as all others."""
    with psycopg.connect(stretch.url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute(f"SET TRANSACTION SNAPSHOT '{stretch.snapshot}'")
        connection.execute(stretch.session)
        yield connection


def verify(stretch: Stretch, connection: Rows) -> Outcome:
    """Every line to its leaf, every leaf to its root, every seal to the one before it."""
    # From the seal before on: one that was cut out in between leaves its lines.
    first, last = (stretch.before.number if stretch.before else 0) + 1, stretch.seals[-1].number
    # Only among these ids: a line elsewhere is not the one that was sealed.
    low, high = min(seal.first_id for seal in stretch.seals), max(seal.last_id for seal in stretch.seals)
    with connection.cursor() as cursor, cursor.copy(stretch.words[0], [low, high, first, last]) as lines:
        return verify_lines(stretch.before, stretch.seals, lines, chain.public_keys(stretch.keys))


def verify_rest(chain_ends: Stretch, at: datetime, connection: Rows) -> Outcome:
    """Lines under no seal of the chain: each to its leaf, and none older than the sealer's round."""
    seals = chain_ends.seals
    first, last = (seals[0].number, seals[-1].number) if seals else (0, 0)
    with connection.cursor() as cursor, cursor.copy(chain_ends.words[1], [first, last]) as lines:
        return verify_others(lines, at)
