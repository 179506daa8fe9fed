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

from hendig.kernel.walls import SEAL
from hendig.operations.backup.ends import ADDED, ENDS, GIVES, OVER, TAKEN_ALONG, Ends

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

    def packed(self) -> bytes:
        return zlib.compress(orjson.dumps(self), 6)

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        read = orjson.loads(zlib.decompress(packed))
        added = {name: Rows(**rows) for name, rows in read["added"].items()}
        return cls(datetime.fromisoformat(read["made_at"]), read["tables"], added, read.get("gives", {}))


def taken(owner: Connection) -> Ledger:
    """The ledger of this database at this moment."""
    tables = {KEYS: _copied(owner, KEYS, KEY_COLUMNS)}
    there = _tables(owner)
    tables |= {
        one.name: _copied(owner, one.table, ("id", *one.columns), one.only)
        for one in ENDS
        if one.table in there
    }
    gives = {table: _copied(owner, table, ("id",), which) for table, which in GIVES.items() if table in there}
    added = {table: _whole(owner, table) for table in ADDED if table in there}
    return Ledger(datetime.now(UTC), tables, added, gives)


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
        _names(columns), sql.Identifier(table), sql.SQL(which)
    )
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
        knows = owner.execute(KNOWS_WHO_IS_GONE).fetchone() is not None
        for one in ENDS:
            if one.name in later.tables and (knows or "gone_at" not in one.columns):
                _end(owner, one, later.tables[one.name])
        for table, which in GIVES.items():
            if table in later.gives:
                _take_away(owner, table, which, later.gives[table])
        for table, rows in later.added.items():
            _add(owner, table, rows)
        _empty(owner)
        if knows:
            for words in TAKEN_ALONG:
                owner.execute(words)
        owner.execute(OVER)


# A backup of before people went with their record has no place to say so. Its destructions are known by their
# proof, and the job `safety.finish_erasures` takes those people away once the database is migrated.
KNOWS_WHO_IS_GONE: LiteralString = """
SELECT 1 FROM pg_attribute WHERE attrelid = 'families_familymember'::regclass AND attname = 'gone_at'
"""
# A compartment that was destroyed since gets no key back. One whose key was replaced since keeps the older
# one too: the texts of that time are sealed with it.
KEYS_OF_NOW: LiteralString = "INSERT INTO keys_compartmentkey ({0}) SELECT {0} FROM later_keys"
KEYS_OF_THEN: LiteralString = """
INSERT INTO keys_compartmentkey ({0}) SELECT {0} FROM then_keys AS k
WHERE NOT EXISTS (SELECT FROM later_keys AS l WHERE l.id = k.id)
  AND NOT EXISTS (SELECT FROM later_keys AS l WHERE l.compartment_id = k.compartment_id
                  AND l.destroyed_at IS NOT NULL)
"""


def _end(owner: Connection, one: Ends, rows: str) -> None:
    """The rows that are there end as they ended; by whom, as far as that one is there as well."""
    name = f"later {one.name}"
    _load(owner, name, one.table, ("id", *one.columns), rows)
    targets = _points(owner, one.table)
    values = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(column), _value(column, targets)) for column in one.columns
    )
    differ = sql.SQL(" OR ").join(
        sql.SQL("t.{0} IS DISTINCT FROM l.{0}").format(sql.Identifier(column)) for column in one.columns
    )
    owner.execute(
        sql.SQL("UPDATE {} AS t SET {} FROM {} AS l WHERE l.id = t.id AND ({})").format(
            sql.Identifier(one.table), values, sql.Identifier(name), differ
        )
    )


def _value(column: str, targets: dict[str, str]) -> sql.Composable:
    """As it is later; what was about a person who is not there yet is about somebody, and not the child."""
    if column == "outside":
        return sql.SQL("l.outside OR NOT {}").format(_there("about_id", targets))
    return sql.SQL("CASE WHEN {} THEN l.{} END").format(_there(column, targets), sql.Identifier(column))


def _take_away(owner: Connection, table: str, which: LiteralString, rows: str) -> None:
    """The rows that give something are gone that do not any more."""
    name = f"gives_{table}"
    _load(owner, name, table, ("id",), rows)
    owner.execute(
        sql.SQL("DELETE FROM {} AS t WHERE {} AND NOT EXISTS (SELECT FROM {} AS l WHERE l.id = t.id)").format(
            sql.Identifier(table), sql.SQL(which), sql.Identifier(name)
        )
    )


# What a row points at, which the backup may be too old to have.
POINTS = """
SELECT a.attname, c.confrelid::regclass::text FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.conrelid = %s::regclass AND c.contype = 'f'
"""


def _points(owner: Connection, table: str) -> dict[str, str]:
    return {str(column): str(target) for column, target in owner.execute(POINTS, [table]).fetchall()}


def _there(column: str, targets: dict[str, str]) -> sql.Composable:
    """That what this column of the later row `l` points at, if it points at anything, is there."""
    if column not in targets:
        return sql.SQL("true")
    return sql.SQL("({0} IS NULL OR EXISTS (SELECT FROM {1} AS p WHERE p.id = {0}))").format(
        sql.Identifier("l", column), sql.Identifier(targets[column])
    )


def _add(owner: Connection, table: str, rows: Rows) -> None:
    """The rows that are not there yet; where what they point at is not, nothing is to be taken away."""
    columns, name = tuple(rows.columns), f"added_{table}"
    _load(owner, name, table, columns, rows.rows)
    targets = _points(owner, table)
    there = [_there(column, targets) for column in columns]
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
    """The pieces of records that were destroyed lose their texts here too, and those of an agreed page."""
    owner.execute("SELECT set_config('hendig.context', %s, true)", [f"system||||{SEAL}|"])
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
