"""A backup that was restored hears of all that is known to have ended since.

What is known may come from several sides: a database that is there, and ledgers. Of two that went on from the
same backup neither knows what the other does, and the youngest may be a database that was itself brought back
without a ledger. So an end in any of them holds. What was given holds when the one that knows the backup and
was written last has it; an older one cannot know of it, and says nothing about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql

from hendig.kernel.walls import SEAL
from hendig.operations.backup.ends import ADDED, ENDS, GIVES, OVER, TAKEN_ALONG, Ends
from hendig.operations.backup.ledger import KEY_COLUMNS, KEYS, Ledger, Rows, names_of

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """A ledger, whose it is, and whether it goes on from the backup: all that was there then it knows."""

    whose: str
    ledger: Ledger
    goes_on: bool


def apply(owner: Connection, *, then: Ledger, later: Sequence[Known]) -> None:
    """The restored database knows the keys of its time that still exist, and what ended since."""
    told = Told(then, tuple(sorted(later, key=lambda one: one.ledger.made_at)))
    with owner.transaction():
        _keys(owner, told)
        for one in ENDS:
            _end(owner, one, told)
        for table in GIVES:
            _take_away(owner, table, told)
        for table in ADDED:
            _add_all(owner, table, told)
        _empty(owner)
        for words in TAKEN_ALONG:
            owner.execute(words)
        owner.execute(OVER)


@dataclass(frozen=True, slots=True)
class Told:
    """The ledger of the backup, and those since by their age: numbered 0, 1, 2."""

    then: Ledger
    since: tuple[Known, ...]

    @property
    def last(self) -> int:
        """The number of the one that says what was given: the youngest that goes on from the backup."""
        return max((number for number, one in enumerate(self.since, 1) if one.goes_on), default=-1)

    def rows(self, name: str) -> list[tuple[int, str]]:
        """What the backup and each ledger that has this table say."""
        ledgers = enumerate([self.then, *(one.ledger for one in self.since)])
        return [(number, one.tables[name]) for number, one in ledgers if name in one.tables]


# A compartment that was destroyed in any ledger has no key, also not one that another ledger still has. Of a
# key that several have it is the youngest that says by which root it opens. Only those come along that the
# backup has, or the youngest ledger: of any other the root may be gone, and no text of the backup needs it.
LATER_KEYS: LiteralString = """
INSERT INTO keys_compartmentkey ({0}) SELECT {0} FROM (
    SELECT DISTINCT ON (id) * FROM known_keys WHERE _ledger > 0 ORDER BY id, destroyed_at, _ledger DESC
) AS k
WHERE destroyed_at IS NOT NULL
   OR EXISTS (SELECT FROM known_keys AS o WHERE o.id = k.id AND o._ledger IN (0, %s))
  AND NOT EXISTS (SELECT FROM known_keys AS d
      WHERE d._ledger > 0 AND d.compartment_id = k.compartment_id AND d.destroyed_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM known_keys AS s WHERE s._ledger = d._ledger AND s.id = k.id))
"""
# One whose key was replaced since keeps the older one too: the texts of that time are sealed with it.
KEYS_OF_THEN: LiteralString = """
INSERT INTO keys_compartmentkey ({0}) SELECT {0} FROM known_keys AS k
WHERE _ledger = 0 AND NOT EXISTS (SELECT FROM known_keys AS l WHERE l._ledger > 0 AND l.id = k.id)
  AND NOT EXISTS (SELECT FROM known_keys AS l WHERE l._ledger > 0 AND l.compartment_id = k.compartment_id
                  AND l.destroyed_at IS NOT NULL)
"""


def _keys(owner: Connection, told: Told) -> None:
    _load(owner, "known_keys", KEYS, KEY_COLUMNS, told.rows(KEYS))
    names = names_of(KEY_COLUMNS)
    owner.execute(sql.SQL(LATER_KEYS).format(names), [len(told.since)])
    owner.execute(sql.SQL(KEYS_OF_THEN).format(names))


# Of each row the state that holds: what was known last, or an end that another ledger has and the backup had
# not, whichever takes away more.
HOLDS: LiteralString = """
SELECT DISTINCT ON (id) * FROM (
    SELECT *, min(_place) FILTER (WHERE _ledger = 0) OVER (PARTITION BY id) AS _before FROM (
        SELECT *, rank() OVER (PARTITION BY id ORDER BY {first}) AS _place FROM {states}
    ) AS placed
) AS compared
WHERE _ledger = {last} OR _ledger > 0 AND (_before IS NULL OR _place < _before)
ORDER BY id, _place, _ledger DESC
"""


def _end(owner: Connection, one: Ends, told: Told) -> None:
    """The rows that are there end as they ended; by whom, as far as that one is there as well."""
    states = f"known {one.name}"
    _load(owner, states, one.table, ("id", *one.columns), told.rows(one.name))
    targets = _points(owner, one.table)
    for columns, first in one.parts:
        holds = sql.SQL(HOLDS).format(
            first=sql.SQL(first), states=sql.Identifier(states), last=sql.Literal(told.last)
        )
        values = [
            sql.SQL("{} = {}").format(sql.Identifier(column), _value(column, targets)) for column in columns
        ]
        differ = [
            sql.SQL("t.{0} IS DISTINCT FROM l.{0}").format(sql.Identifier(column)) for column in columns
        ]
        owner.execute(
            sql.SQL("UPDATE {} AS t SET {} FROM ({}) AS l WHERE l.id = t.id AND ({})").format(
                sql.Identifier(one.table), sql.SQL(", ").join(values), holds, sql.SQL(" OR ").join(differ)
            )
        )


def _value(column: str, targets: dict[str, str]) -> sql.Composable:
    """As it is later; what was about a person who is not there yet is about somebody, and not the child."""
    if column == "outside":
        return sql.SQL("l.outside OR NOT {}").format(_there("about_id", targets))
    return sql.SQL("CASE WHEN {} THEN l.{} END").format(_there(column, targets), sql.Identifier(column))


def _take_away(owner: Connection, table: LiteralString, told: Told) -> None:
    """The rows that give something are gone that a ledger has not, if they were there when it was written.

    One that goes on from the backup knows them all.
    """
    gives = [(number, one) for number, one in enumerate(told.since, 1) if table in one.ledger.gives]
    if not gives:
        return
    name = f"gives_{table}"
    _load(owner, name, table, ("id",), [(number, one.ledger.gives[table]) for number, one in gives])
    ledgers = sql.SQL(", ").join(
        sql.SQL("({}, {}::timestamptz)").format(
            sql.Literal(number), sql.Literal(None if one.goes_on else one.ledger.made_at)
        )
        for number, one in gives
    )
    owner.execute(
        sql.SQL(MISSING).format(
            table=sql.Identifier(table),
            which=sql.SQL(GIVES[table].which),
            made=sql.SQL(GIVES[table].made),
            ledgers=ledgers,
            gives=sql.Identifier(name),
        )
    )


MISSING: LiteralString = """
DELETE FROM {table} AS t WHERE {which} AND EXISTS (
    SELECT FROM (VALUES {ledgers}) AS k (number, until)
    WHERE (k.until IS NULL OR {made} < k.until)
      AND NOT EXISTS (SELECT FROM {gives} AS g WHERE g.id = t.id AND g._ledger = k.number))
"""
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


def _add_all(owner: Connection, table: LiteralString, told: Told) -> None:
    """What takes something away is there that any ledger has; what gives, that the last one has.

    Of a row that the last one has too it knows how it went on. The others come first: where a no and a yes
    exclude each other, the no stays.
    """
    found = [(number, one.ledger.added.get(table)) for number, one in enumerate(told.since, 1)]
    others = [(number, rows) for number, rows in reversed(found) if rows and number != told.last]
    ours = [(number, rows) for number, rows in found if rows and number == told.last]
    for number, rows in (*ours, *others):
        _load(owner, f"added_{table}_{number}", table, tuple(rows.columns), [(number, rows.rows)])
    for number, rows in others:
        which = sql.SQL("NOT ({})").format(sql.SQL(ADDED[table]))
        if ours:
            last = sql.Identifier(f"added_{table}_{told.last}")
            which += sql.SQL(" AND NOT EXISTS (SELECT FROM {} AS n WHERE n.id = l.id)").format(last)
        _add(owner, table, f"added_{table}_{number}", rows, which)
    for number, rows in ours:
        _add(owner, table, f"added_{table}_{number}", rows, sql.SQL("true"))


def _add(owner: Connection, table: str, name: str, rows: Rows, which: sql.Composable) -> None:
    """The rows that are not there yet; where what they point at is not, nothing is to be taken away."""
    columns = tuple(rows.columns)
    targets = _points(owner, table)
    there = [which, *(_there(column, targets) for column in columns)]
    owner.execute(
        sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM {2} AS l WHERE {3} ON CONFLICT DO NOTHING").format(
            sql.Identifier(table), names_of(columns), sql.Identifier(name), sql.SQL(" AND ").join(there)
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


def _load(
    owner: Connection, name: str, table: str, columns: tuple[str, ...], told: Sequence[tuple[int, str]]
) -> None:
    """The rows stand in a table of this transaction, with these columns of that table and whose they are."""
    owner.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {}, 0 AS _ledger FROM {} WITH NO DATA"
        ).format(sql.Identifier(name), names_of(columns), sql.Identifier(table))
    )
    whose = sql.SQL("ALTER TABLE {} ALTER _ledger SET DEFAULT {}")
    words = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), names_of(columns))
    for number, rows in told:
        owner.execute(whose.format(sql.Identifier(name), sql.Literal(number)))
        with owner.cursor() as cursor, cursor.copy(words) as into:
            into.write(rows)
