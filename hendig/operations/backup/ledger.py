"""The ledger: what a backup must hear of that happened after it.

It holds the keys of the compartments as they are now, each still wrapped, and every row that ends something:
an involvement, an authority, a membership, an account, a way to come in (`ends.py`). The dump has no keys
at all.
So a small file that is written often is enough to bring a backup of last night up to date with what was taken
away today.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import LiteralString, Self

import orjson
import psycopg
from psycopg import sql

from hendig.operations.backup.ends import ADDED, ENDS, GIVES

Connection = psycopg.Connection[tuple[object, ...]]

KEYS = "keys_compartmentkey"
KEY_COLUMNS = (
    "id",
    "municipality_id",
    "family_id",
    "compartment_id",
    "wrapped",
    "root_id",
    "made_at",
    "destroyed_at",
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Whole rows of a table, with the names of their columns: a later version may have more."""

    columns: list[str]
    rows: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rows as PostgreSQL copies them, by table; `made_at` says until when it knows what happened."""

    made_at: datetime
    tables: dict[str, str]
    added: dict[str, Rows]
    # By what people still come in, and what they still can, by identifier.
    gives: dict[str, str] = field(default_factory=dict)
    # The newest line of the log, and the one that says what was restored last: by these two databases are
    # told apart that went on from the same backup.
    last: str = ""
    restored: str = ""

    def packed(self) -> bytes:
        return zlib.compress(orjson.dumps(self), 6)

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        read = orjson.loads(zlib.decompress(packed))
        added = {name: Rows(**rows) for name, rows in read["added"].items()}
        return cls(**read | {"made_at": datetime.fromisoformat(read["made_at"]), "added": added})


def taken(owner: Connection) -> Ledger:
    """The ledger of this database at this moment."""
    tables = {KEYS: _copied(owner, KEYS, KEY_COLUMNS)}
    there = _tables(owner)
    tables |= {
        one.name: _copied(owner, one.table, ("id", *one.columns), one.only)
        for one in ENDS
        if one.table in there
    }
    gives = {
        table: _copied(owner, table, ("id",), one.which) for table, one in GIVES.items() if table in there
    }
    added = {table: _whole(owner, table) for table in ADDED if table in there}
    newest = [_newest_line(owner, which) for which in ("true", RESTORED)]
    return Ledger(datetime.now(UTC), tables, added, gives, *newest)


RESTORED: LiteralString = "code = 'log.restored'"


def _newest_line(owner: Connection, which: LiteralString) -> str:
    words = sql.SQL("SELECT id::text FROM audit_entry WHERE {} ORDER BY id DESC LIMIT 1")
    row = owner.execute(words.format(sql.SQL(which))).fetchone()
    return str(row[0]) if row else ""


def _tables(owner: Connection) -> set[str]:
    rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {str(name) for (name,) in rows}


def _whole(owner: Connection, table: str) -> Rows:
    found = owner.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    columns = [str(name) for (name,) in found]
    return Rows(columns, _copied(owner, table, tuple(columns)))


def _copied(owner: Connection, table: str, columns: tuple[str, ...], which: LiteralString = "true") -> str:
    # By a query: COPY of a table itself is refused where policies guard its rows.
    words = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT").format(
        names_of(columns), sql.Identifier(table), sql.SQL(which)
    )
    with owner.cursor() as cursor, cursor.copy(words) as rows:
        return b"".join(bytes(row) for row in rows).decode()


def names_of(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
