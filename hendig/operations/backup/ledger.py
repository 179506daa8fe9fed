"""The ledger: what a backup must hear of that happened after it.

It holds the keys of the compartments as they are now, each still wrapped, and every row that ends something:
an involvement, an authority, a membership, an account, a way to sign in. The dump itself has no keys at all.
So a small file that is written often is enough to bring a backup of last night up to date with what was taken
away today.
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
# What takes something away when it changes, by table. The newest state holds, also for who came back.
ENDS: dict[str, tuple[str, ...]] = {
    "families_involvement": ("kinds", "until_at", "passes_on", "passes_by_id"),
    "families_legalauthority": ("until_on", "lapses_on", "checked_on"),
    "people_membership": ("until_on", "ended_at"),
    "people_account": ("is_active",),
    "families_consent": ("until_at",),
    "families_block": ("until_at",),
    "families_incapacity": ("until_at",),
    "families_record": ("frozen_at",),
    "safety_secretaddress": ("until_at",),
    "safety_safetyhold": ("until_at", "released_at"),
    "mfa_authenticator": ("data",),
    "safety_erasure": ("pieces", "agreed_by_id", "agreed_at", "compartments", "done_at"),
    "rights_destruction": ("stage", "done_at"),
}
# Rows that take something away by being there: whoever was shut out, or said no, after the backup; an address
# that became secret, what the family does not read for somebody's safety, the proof of what was destroyed.
ADDED = (
    "families_consent",
    "families_block",
    "safety_secretaddress",
    "safety_safetyhold",
    "safety_erasure",
)
# Rows that give something by being there: a passkey or an app that was taken off signs nobody in again.
GIVES = ("mfa_authenticator",)


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

    def packed(self) -> bytes:
        return zlib.compress(orjson.dumps(self), 6)

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        read = orjson.loads(zlib.decompress(packed))
        added = {name: Rows(**rows) for name, rows in read["added"].items()}
        return cls(datetime.fromisoformat(read["made_at"]), read["tables"], added)


def taken(owner: Connection) -> Ledger:
    """The ledger of this database at this moment."""
    tables = {KEYS: _copied(owner, KEYS, KEY_COLUMNS)}
    there = _tables(owner)
    for table, columns in ENDS.items():
        if table in there:
            tables[table] = _copied(owner, table, ("id", *columns))
    added = {table: _whole(owner, table) for table in ADDED if table in there}
    return Ledger(datetime.now(UTC), tables, added)


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
            if table in later.tables and table in GIVES:
                _take_away(owner, table)
        for table, rows in later.added.items():
            _add(owner, table, rows)
        _empty(owner)
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
    name = _later(table)
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


def _take_away(owner: Connection, table: str) -> None:
    """The rows are gone that `_end` did not find any more."""
    owner.execute(
        sql.SQL("DELETE FROM {} AS t WHERE NOT EXISTS (SELECT FROM {} AS l WHERE l.id = t.id)").format(
            sql.Identifier(table), sql.Identifier(_later(table))
        )
    )


def _later(table: str) -> str:
    return f"later_{table}"


# What a row points at, when the backup is too old to have it: then there is nothing to take away either.
POINTS = """
SELECT a.attname, c.confrelid::regclass::text FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.conrelid = %s::regclass AND c.contype = 'f'
"""


def _add(owner: Connection, table: str, rows: Rows) -> None:
    """The rows that are not there yet, as far as what they point at is."""
    columns, name = tuple(rows.columns), f"added_{table}"
    _load(owner, name, table, columns, rows.rows)
    there = [
        sql.SQL("({0} IS NULL OR EXISTS (SELECT FROM {1} AS p WHERE p.id = l.{0}))").format(
            sql.Identifier(str(column)), sql.Identifier(str(target))
        )
        for column, target in owner.execute(POINTS, [table]).fetchall()
    ]
    owner.execute(
        sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM {2} AS l WHERE {3} ON CONFLICT DO NOTHING").format(
            sql.Identifier(table), _names(columns), sql.Identifier(name), sql.SQL(" AND ").join(there)
        )
    )


PIECES: LiteralString = """
SELECT split_part(piece, ':', 1), array_agg(split_part(piece, ':', 2)::uuid)
FROM safety_erasure, unnest(pieces) AS piece WHERE done_at IS NOT NULL GROUP BY 1
"""
SEALED: LiteralString = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND atttypid = 'bytea'::regtype
"""


def _empty(owner: Connection) -> None:
    """The pieces of records that were destroyed lose their texts here too."""
    for table, keys in owner.execute(PIECES).fetchall():
        for (column,) in owner.execute(SEALED, [table]).fetchall():
            words = sql.SQL("UPDATE {} SET {} = '' WHERE id = ANY(%s)")
            owner.execute(words.format(sql.Identifier(str(table)), sql.Identifier(str(column))), [keys])


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
