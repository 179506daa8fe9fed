"""The ledger: what a backup must hear of that happened after it.

It holds the keys of the compartments as they are now, each still wrapped, and every row that ends something:
an involvement, an authority, a membership, an account. The dump itself has no keys at all. So a small file
that is written often is enough to bring a backup of last night up to date with what was taken away today.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString, Self

import orjson
import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[object, ...]]

KEYS = "keys_compartmentkey"
KEY_COLUMNS = ("id", "municipality_id", "compartment_id", "wrapped", "root_id", "made_at", "destroyed_at")
# What takes something away when it is filled, by table. The newest state holds, also for who came back.
ENDS: dict[str, tuple[str, ...]] = {
    "families_involvement": ("until_at",),
    "families_legalauthority": ("until_on", "lapses_on", "checked_on"),
    "people_membership": ("until_on",),
    "people_account": ("is_active",),
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rows as PostgreSQL copies them, by table; `made_at` says until when it knows what happened."""

    made_at: datetime
    tables: dict[str, str]

    def packed(self) -> bytes:
        return zlib.compress(orjson.dumps({"made_at": self.made_at, "tables": self.tables}), 6)

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        read = orjson.loads(zlib.decompress(packed))
        return cls(datetime.fromisoformat(read["made_at"]), read["tables"])


def taken(owner: Connection) -> Ledger:
    """The ledger of this database at this moment."""
    tables = {KEYS: _copied(owner, KEYS, KEY_COLUMNS)}
    for table, columns in ENDS.items():
        tables[table] = _copied(owner, table, ("id", *columns))
    return Ledger(datetime.now(UTC), tables)


def _copied(owner: Connection, table: str, columns: tuple[str, ...]) -> str:
    # By a query: COPY of a table itself is refused where policies guard its rows.
    words = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(_names(columns), sql.Identifier(table))
    with owner.cursor() as cursor, cursor.copy(words) as rows:
        return b"".join(bytes(row) for row in rows).decode()


def _names(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def apply(owner: Connection, *, then: Ledger, later: Ledger) -> None:
    """The restored database knows the keys of its time that still exist, and what ended since."""
    with owner.transaction():
        _load(owner, "later_keys", KEYS, KEY_COLUMNS, later.tables[KEYS])
        _load(owner, "then_keys", KEYS, KEY_COLUMNS, then.tables[KEYS])
        for words in (KEYS_OF_NOW, KEYS_OF_THEN):
            owner.execute(sql.SQL(words).format(_names(KEY_COLUMNS)))
        for table, columns in ENDS.items():
            if table in later.tables:
                _end(owner, table, columns, later.tables[table])
        # Whoever was signed in, and what was answered, belongs to a time that is over.
        owner.execute("TRUNCATE django_session, audit_receipt")


# A compartment that was destroyed since gets no key back. One whose key was replaced since keeps the older
# one too: the texts of that time are sealed with it.
KEYS_OF_NOW: LiteralString = "INSERT INTO keys_compartmentkey ({0}) SELECT {0} FROM later_keys"
KEYS_OF_THEN: LiteralString = """
INSERT INTO keys_compartmentkey ({0}) SELECT {0} FROM then_keys AS k
WHERE NOT EXISTS (SELECT FROM later_keys AS l WHERE l.id = k.id)
  AND NOT EXISTS (SELECT FROM later_keys AS l WHERE l.compartment_id = k.compartment_id
                  AND l.destroyed_at IS NOT NULL)
"""


def _end(owner: Connection, table: str, columns: tuple[str, ...], rows: str) -> None:
    name = f"later_{table}"
    _load(owner, name, table, ("id", *columns), rows)
    values = sql.SQL(", ").join(sql.SQL("{0} = l.{0}").format(sql.Identifier(column)) for column in columns)
    differ = sql.SQL(" OR ").join(
        sql.SQL("t.{0} IS DISTINCT FROM l.{0}").format(sql.Identifier(column)) for column in columns
    )
    owner.execute(
        sql.SQL("UPDATE {} AS t SET {} FROM {} AS l WHERE l.id = t.id AND ({})").format(
            sql.Identifier(table), values, sql.Identifier(name), differ
        )
    )


def _load(owner: Connection, name: str, table: str, columns: tuple[str, ...], rows: str) -> None:
    """The rows stand in a table of this transaction, with these columns of that table."""
    owner.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            sql.Identifier(name), _names(columns), sql.Identifier(table)
        )
    )
    words = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))
    with owner.cursor() as cursor, cursor.copy(words) as into:
        into.write(rows)
