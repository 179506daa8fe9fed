"""A log to measure with: its leaves made by the database, and sealed as the worker would have done it.

Like all measuring data it is written by the owner, past the latches: a million real looks would take an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from typing import LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from hendig.audit.rules import chain, leaf, merkle
from hendig.audit.rules.chain import Sealed
from hendig.operations.database import conninfo
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress
from hendig.operations.prove.scratch import scratch

Connection = psycopg.Connection[tuple[object, ...]]

PER_SEAL = 1_000
MADE: LiteralString = "CREATE TEMPORARY TABLE line (LIKE audit_entry)"
# Looks and changes of a few families, one a second until now.
LINES: LiteralString = """
INSERT INTO line (id, municipality_id, at, kind, code, account_id, roles, family_id, purpose, rule, part,
    ground, object_type, object_id, facts, touched, leaf)
SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7' || substr(chance, 1, 3)
        || '8' || substr(chance, 4, 15))::uuid, '01890000-0000-7000-8000-000000000001', moment,
    CASE WHEN n %% 2 = 0 THEN 'look' ELSE 'change' END,
    CASE WHEN n %% 2 = 0 THEN 'family.page_seen' ELSE 'request.taken_up' END, md5('a' || n %% 500)::uuid,
    'anyone,coach', md5('f' || n %% 9000)::uuid, 'help', 'T9', 'coach', 'youth_act',
    CASE WHEN n %% 2 = 0 THEN '' ELSE 'helprequests.HelpRequest' END,
    CASE WHEN n %% 2 = 0 THEN NULL ELSE md5('o' || n)::uuid END,
    CASE WHEN n %% 3 = 0 THEN jsonb_build_object('account', md5('a' || n)::uuid, 'right', true) ELSE '{}' END,
    CASE WHEN n %% 2 = 0 THEN '[]' ELSE
        jsonb_build_array(jsonb_build_array('helprequests.HelpRequest', md5('o' || n)::uuid, 'update'))
    END, ''
FROM generate_series(1, %s) AS n, LATERAL (SELECT now() - make_interval(secs => %s - n) AS moment) AS clock,
    LATERAL (SELECT md5('line' || n) AS chance) AS made
"""
PLACE: LiteralString = "INSERT INTO audit_sealedentry (entry_id, number) SELECT unnest(%s::uuid[]), %s"


def enter(connection: Connection) -> None:
    """The rows of `line` stand in the log, each with its leaf."""
    columns = [sql.Identifier(name) for name in leaf.columns()]
    texts = [sql.SQL("coalesce({}::text, '\\N')").format(name) for name in columns]
    words = sql.SQL(
        "INSERT INTO audit_entry ({names}, leaf) SELECT {names}, sha256('\\x00'::bytea || convert_to("
        "regexp_replace(concat_ws(E'\\t', {texts}), E'(\\t\\\\\\\\N)+$', ''), 'UTF8')) FROM line ORDER BY id"
    )
    connection.execute(leaf.SESSION)
    comma = sql.SQL(", ")
    connection.execute(words.format(names=comma.join(columns), texts=comma.join(texts)))


def seal(connection: Connection, key_text: str) -> None:
    """Everything in the log is sealed, a thousand lines at a time, as if a sealer had come by in between."""
    key = chain.private_key(key_text)
    mine = chain.key_id(chain.public_text(key))
    last: Sealed | None = None
    found = connection.cursor("lines")
    found.execute("SELECT id, leaf FROM audit_entry ORDER BY id")
    while rows := found.fetchmany(PER_SEAL):
        ids = [UUID(str(row[0])) for row in rows]
        made = Sealed(
            number=last.number + 1 if last else 1,
            previous=last.hash() if last else chain.BEFORE_THE_FIRST,
            first_id=ids[0],
            last_id=ids[-1],
            count=len(ids),
            root=merkle.root([bytes(row[1]) for row in rows]),  # type: ignore[call-overload]
            sealed_at=chain.made_at(ids[-1]) + timedelta(minutes=1),
            key_id=mine,
        )
        last = chain.signed(made, key)
        store(connection, last, ids)


def store(connection: Connection, seal: Sealed, ids: Sequence[UUID]) -> None:
    names = [field.name for field in fields(Sealed)]
    words = sql.SQL("INSERT INTO audit_seal ({}) VALUES ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join([sql.Placeholder()] * len(names))
    )
    connection.execute(words, [getattr(seal, name) for name in names])
    connection.execute(PLACE, [list(ids), seal.number])


@contextmanager
def made_log(place: Installation, count: int) -> Iterator[Installation]:
    """Inside the block a database exists with a sealed log of so many lines."""
    with scratch(place, f"log{count}") as made:
        with Progress(f"Making a log of {count:,} lines") as progress:
            fill(made, count, progress)
        yield made


def fill(made: Installation, count: int, progress: Progress) -> None:
    with psycopg.connect(conninfo(made.owner_url), autocommit=True) as inside:
        inside.execute("SET synchronous_commit = off")
        progress("lines")
        with inside.transaction():
            inside.execute(MADE)
            psycopg.ClientCursor(inside).execute(LINES, [count, count])
            enter(inside)
        progress("seals")
        with inside.transaction():
            seal(inside, made.seal)
        progress("statistics")
        inside.execute("VACUUM ANALYZE audit_entry, audit_seal, audit_sealedentry")
