"""Records, compartments, who is involved, and sealed texts of a municipality for measuring.

The rows of `rows.py` are made by the database, which has no keys. So what lies in a record is first written
in the open, to temporary tables that stand before the real ones, and comes from there: each row in its
compartment, each text sealed with the key of it. In a municipality without walls texts stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from django.apps import apps
from psycopg import sql

from hendig.families.actions import ALWAYS
from hendig.families.models import OfRecord
from hendig.kernel.ids import new_id
from hendig.kernel.sealing import DataKey, Ring, new_secret, seal, wrap
from hendig.keys.actions import sealed_models
from hendig.keys.models import sealed_fields

Connection = psycopg.Connection[tuple[object, ...]]
AT_ONCE = 20_000

# One for each child; the last families ask something of which it is not known yet which child it is about.
# Each has the compartments that a record has from its first day, and one of the parent who signs in.
RECORDS: LiteralString = """
CREATE TEMPORARY TABLE record AS
SELECT f.n, c AS nth, pg_temp.key('record' || c, f.n) AS id, f.id AS family, f.parent, f.account,
    CASE WHEN c > 0 THEN f.since ELSE at END AS begun,
    CASE WHEN c > 0 THEN pg_temp.key('child' || c, f.n) END AS child
FROM town, f, generate_series(0, children) AS c
WHERE c > 0 OR f.n > families - greatest(1, coaches / 3);
INSERT INTO families_record (id, municipality_id, family_id, child_id, begun_at)
SELECT record.id, town.id, family, child, begun FROM record, town;
CREATE TEMPORARY TABLE compartment AS
SELECT pg_temp.key(kind || nth, n) AS id, family, record.id AS record, kind, NULL::uuid AS person
FROM record, unnest(%(always)s::text[]) AS kind
UNION ALL SELECT pg_temp.key('parent' || nth, n), family, id, 'parent', parent FROM record;
INSERT INTO families_compartment (id, municipality_id, family_id, record_id, kind, person_id, author_id)
SELECT compartment.id, town.id, family, record, kind, person, NULL FROM compartment, town;
"""

# A child of 12 or older said that the parent may see along.
INVOLVED: LiteralString = """
INSERT INTO families_involvement (id, municipality_id, family_id, record_id, account_id, member_id, part,
    purpose, ground, kinds, from_at, until_at)
SELECT pg_temp.key('own' || nth, n), town.id, family, record.id, account, parent, 'family', 'help',
    'authority', '{parent,shared}'::text[], begun, NULL::timestamptz FROM record, town
UNION ALL
SELECT pg_temp.key('along' || nth, k), town.id, r.family, record.id, coach, NULL, 'coach', 'help',
    'youth_act', '{address,shared}', asked_at, CASE WHEN open THEN at + interval '200 days' ELSE r.since END
FROM r JOIN record USING (n), town WHERE nth > 0
UNION ALL
SELECT pg_temp.key('helps', k), town.id, family, pg_temp.key('record1', n),
    pg_temp.key('professional', professional), NULL, 'professional', 'help', 'match', '{shared}', asked_at,
    CASE WHEN NOT open THEN since END FROM r, town WHERE stage IN ('help', 'done');
INSERT INTO families_consent
    (id, municipality_id, family_id, record_id, giver_id, account_id, yes, from_at, until_at)
SELECT pg_temp.key('agrees' || nth, n), town.id, family, record.id, child, account, true, begun, NULL
FROM town, record JOIN families_familymember m ON m.id = child WHERE born_on <= today - interval '12 years'
"""

STANDS_BEFORE: LiteralString = "CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING DEFAULTS)"
# The one thing that the database cannot do by itself comes back in a table of its own.
KEYS: LiteralString = """
INSERT INTO keys_compartmentkey (id, municipality_id, compartment_id, family_id, wrapped, root_id, made_at)
SELECT made.key, town.id, compartment.id, family, wrapped, root, at
FROM made JOIN compartment USING (id), town
"""


class Texts:
    """Brings what lies in a record to where it belongs; with `ring` each text is sealed."""

    def __init__(self, inside: Connection, ring: Ring | None) -> None:
        self.inside, self.ring = inside, ring
        # Of the compartments in which the texts lie.
        self.keys: dict[UUID, DataKey] = {}
        self.tables = {
            model._meta.db_table: [str(field.column) for field in model._meta.concrete_fields]
            for model in apps.get_models()
            if issubclass(model, OfRecord)
        }
        self.sealed = {
            model._meta.db_table: [str(field.column) for field in sealed_fields(model)]
            for model in sealed_models()
        }

    def stand_before(self) -> None:
        """From here on what is written to these tables is written to the ones that stand before them."""
        for table, columns in self.tables.items():
            name = sql.Identifier(table)
            self.inside.execute(sql.SQL(STANDS_BEFORE).format(table=name))
            open_now = sql.SQL("ALTER TABLE pg_temp.{} ALTER compartment_id DROP NOT NULL").format(name)
            self.inside.execute(open_now)
            for column in columns:
                if column in self.sealed.get(table, ()):
                    words = sql.SQL("ALTER TABLE pg_temp.{} ALTER {} TYPE text USING ''")
                    self.inside.execute(words.format(name, sql.Identifier(column)))

    def make_keys(self) -> None:
        """Every compartment has a key of its own, wrapped by the root key of this installation."""
        if self.ring is None:
            return
        root = self.ring.newest.id
        with self.inside.transaction():
            self.inside.execute(
                "CREATE TEMPORARY TABLE made (id uuid, key uuid, wrapped bytea, root uuid) ON COMMIT DROP"
            )
            for rows in self._read(sql.SQL("SELECT id, kind = 'shared' FROM compartment")):
                with self.inside.cursor().copy("COPY made FROM STDIN") as copy:
                    for compartment, holds_texts in rows:
                        key = DataKey(new_id(), new_secret())
                        if holds_texts:
                            self.keys[compartment] = key
                        copy.write_row(
                            (compartment, key.id, wrap(key, self.ring, compartment=compartment), root)
                        )
            self.inside.execute(KEYS)

    def settle(self) -> None:
        """What was written since goes to the real tables. Inside a transaction: rows point at each other."""
        for table, columns in self.tables.items():
            texts = self.sealed.get(table, [])
            if self.ring is not None and texts:
                self._seal(table, texts)
                source, from_sealed = sql.SQL(" JOIN sealed USING (id)"), texts
            else:
                source, from_sealed = sql.SQL(""), []
            values = [
                sql.SQL("coalesce(b.compartment_id, f.shared)")
                if column == "compartment_id"
                else sql.Identifier("sealed" if column in from_sealed else "b", column)
                if column not in texts or from_sealed
                else sql.SQL("convert_to({}, 'UTF8')").format(sql.Identifier("b", column))
                for column in columns
            ]
            words = sql.SQL(
                "INSERT INTO public.{name} ({columns}) SELECT {values}"
                " FROM pg_temp.{name} b{source} JOIN f ON f.id = b.family_id"
            )
            comma = sql.SQL(", ")
            self.inside.execute(
                words.format(
                    name=sql.Identifier(table),
                    columns=comma.join(map(sql.Identifier, columns)),
                    values=comma.join(values),
                    source=source,
                )
            )
            self.inside.execute(sql.SQL("TRUNCATE pg_temp.{}").format(sql.Identifier(table)))
            self.inside.execute("DROP TABLE IF EXISTS pg_temp.sealed")

    def _seal(self, table: str, texts: list[str]) -> None:
        """The texts of the table that stands before, sealed, in the temporary table `sealed`."""
        columns = sql.SQL(", ").join(sql.Identifier("b", column) for column in texts)
        made = sql.SQL(", ").join(sql.SQL("{} bytea").format(sql.Identifier(column)) for column in texts)
        self.inside.execute(sql.SQL("CREATE TEMPORARY TABLE sealed (id uuid, {})").format(made))
        words = sql.SQL(
            "SELECT b.id, coalesce(b.compartment_id, f.shared), {} FROM pg_temp.{} b"
            " JOIN f ON f.id = b.family_id"
        )
        names = [f"{table}.{column}" for column in texts]
        for rows in self._read(words.format(columns, sql.Identifier(table))):
            with self.inside.cursor().copy("COPY pg_temp.sealed FROM STDIN") as copy:
                for row, compartment, *said in rows:
                    key = self.keys[compartment]
                    sealed = [
                        seal(text, key, column=name, row=row) if text else text
                        for name, text in zip(names, said, strict=True)
                    ]
                    copy.write_row((row, *sealed))

    def _read(self, words: sql.SQL | sql.Composed) -> Iterator[list[Any]]:
        """The rows of a query, some thousands at a time."""
        with self.inside.cursor("texts") as found:
            found.execute(words)
            while rows := found.fetchmany(AT_ONCE):
                yield rows


PARAMETERS = {"always": list(map(str, ALWAYS)), "": None}
