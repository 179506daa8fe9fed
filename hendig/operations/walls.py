"""The walls in the database: the gate as a function, and a policy on each table that names a wall."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import psycopg
from django.apps import apps
from psycopg import sql

from hendig.families.rules.gate import limited, predicate
from hendig.kernel.walls import Wall
from hendig.operations.roles import GATE, GROUP

FUNCTIONS = Path(__file__).with_name("walls.sql")

# Hendig without a person: the worker, and what a command sets up.
_ITSELF = "(SELECT hendig_by_itself())"
# On no way a row of another municipality, and none at all for a closed account; a visitor has what began.
_HERE = "(municipality_id = (SELECT hendig_town()) OR (SELECT hendig_who()) IS NULL)"

# Which transactions wrote to what the gate rests on: read by whoever kept its answer (`hendig_known`). After
# a crash nobody kept one, so it may be empty then, and no disk is waited for.
MOVED = (
    "CREATE UNLOGGED TABLE IF NOT EXISTS hendig_moved (by xid8 PRIMARY KEY)",
    f"REVOKE ALL ON hendig_moved FROM {GROUP}",
    f"GRANT SELECT ON hendig_moved TO {GROUP}",
    f"GRANT SELECT, INSERT, DELETE ON hendig_moved TO {GATE}",
)

Owner = psycopg.Connection[tuple[object, ...]]


def walls() -> dict[str, Wall]:
    """The tables that have a wall, with it."""
    models = sorted(apps.get_models(), key=lambda model: model._meta.db_table)
    return {
        model._meta.db_table: model.wall.of_sort(getattr(model, "sort", ""))
        for model in models
        if hasattr(model, "wall")
    }


def rests_on() -> list[str]:
    """The tables that the gate and the functions beside it read: after a change there all is asked anew."""
    words = predicate() + limited() + FUNCTIONS.read_text()
    tables = (model._meta.db_table for model in apps.get_models())
    return sorted(table for table in tables if re.search(rf"\b{table}\b", words))


def statements() -> list[str]:
    """All that is to be in the database, as SQL that may be run again and again.

    The functions that look past the policies belong to a role that nobody can come in by; what they answer is
    written out in them.
    """
    made = [*MOVED, predicate(), limited(), FUNCTIONS.read_text()]
    made += [
        f"CREATE OR REPLACE TRIGGER forget AFTER INSERT OR UPDATE OR DELETE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION hendig_forget()"
        for table in rests_on()
    ]
    for table, wall in walls().items():
        seen, written = (
            f"{_ITSELF} OR {_HERE} AND ({clause})" for clause in (wall.seen, wall.written or wall.seen)
        )
        made += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS gate ON {table}",
            f"CREATE POLICY gate ON {table} TO {GATE} USING (true) WITH CHECK (true)",
            f"DROP POLICY IF EXISTS wall ON {table}",
            f"CREATE POLICY wall ON {table} TO {GROUP} USING ({seen}) WITH CHECK ({written})",
        ]
    return made


def fingerprint() -> str:
    """A hash of the walls as this code wants them."""
    return hashlib.sha256("\n".join(statements()).encode()).hexdigest()


def raise_walls(owner: Owner) -> None:
    """The database has exactly these walls; nothing is done when it has them already."""
    mark = fingerprint()
    if standing(owner) == mark:
        return
    with owner.transaction():
        ensure_gate(owner)
        for statement in statements():
            owner.execute(statement)  # our own words, no values in them
        for (function,) in owner.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.prosecdef"
            " AND p.proname LIKE 'hendig\\_%' AND p.pronamespace = 'public'::regnamespace"
        ).fetchall():
            owner.execute(
                sql.SQL("ALTER FUNCTION {} OWNER TO {}").format(sql.SQL(str(function)), sql.Identifier(GATE))
            )
        owner.execute(
            sql.SQL("COMMENT ON FUNCTION hendig_open(uuid, timestamptz) IS {}").format(sql.Literal(mark))
        )


def standing(owner: Owner) -> str:
    """The mark of the walls that the database has; empty when it has none."""
    row = owner.execute(
        "SELECT obj_description(to_regprocedure('hendig_open(uuid, timestamptz)')::oid, 'pg_proc')"
    ).fetchone()
    return str(row[0]) if row and row[0] else ""


def ensure_gate(owner: Owner) -> None:
    """The role of the gate reads what it must, and is the owner's to give functions to."""
    gate, schema = sql.Identifier(GATE), sql.Identifier("public")
    owner.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(schema, gate))
    owner.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(schema, gate))
