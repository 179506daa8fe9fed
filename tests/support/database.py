"""A database for one pytest process: copied from the one that `hendig.operations.empty` keeps, then gone."""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from django.db import connections
from psycopg import sql

from hendig.operations import roles
from hendig.operations.database import changed, conninfo, drop, split
from hendig.operations.empty import copy, one_at_a_time, template
from hendig.operations.installation import Installation
from hendig.operations.postgres import embedded, secret_file
from tests.support.home import home

Connection = psycopg.Connection[tuple[object, ...]]

PREFIX = "hendig_test_"


# How often the cleaner tries again: half a minute in all.
PATIENCE = 75
# Truncating makes anew the files of all tables that hang together, which takes ten times as long as to delete
# what one test wrote; not so after many tests, or after one that wrote much.
MUCH = 4_000_000
# The policies of each table are planned with a statement, which takes longer than to follow the plan on the
# few rows of a test: no connection tries five plans first, and what one test asked is planned for the next.
PLANNED_ONCE = sql.SQL("ALTER DATABASE {} SET plan_cache_mode = force_generic_plan")
PLANS_KEPT = 2_000


@dataclass(frozen=True)
class TestDatabase:
    """One database by its two doors."""

    owner_url: str
    app_url: str
    owner: Connection

    __test__ = False


@contextmanager
def server() -> Iterator[str]:
    """The URL of the owner: DATABASE_URL if given, else the embedded PostgreSQL of HENDIG_HOME."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with embedded(home()) as url:
        yield url


@contextmanager
def database_for_tests(worker: str) -> Iterator[TestDatabase]:
    """Inside the block a fresh, migrated database exists that nobody else uses."""
    home().mkdir(mode=0o711, parents=True, exist_ok=True)
    secret = secret_file(home() / "test.key")
    with server() as url, roles.connect_owner(url) as keeper:
        name = f"{PREFIX}{os.getpid()}_{worker}"
        owner_url = changed(url, dbname=name)
        app = app_url(owner_url, secret)
        # Held until the copy is ours: whoever drops left-overs comes before or after.
        with one_at_a_time(keeper):
            copy(keeper, template(keeper, Installation(home(), 8000, "localhost", secret, url)), name)
            owner = psycopg.connect(conninfo(owner_url), autocommit=True)
            drop_left_over(keeper)
        try:
            roles.ensure_roles(owner, app)
            owner.execute(PLANNED_ONCE.format(sql.Identifier(name)))
            yield TestDatabase(owner_url, app, owner)
        finally:
            owner.close()
            drop(keeper, name)


def app_url(owner_url: str, secret: str) -> str:
    """The application's door. One login serves all test databases: roles belong to the server."""
    name = f"{PREFIX}{hashlib.sha256(secret.encode()).hexdigest()[:8]}_web"
    return changed(owner_url, user=name, password=roles.derived(secret, name))


def drop_left_over(keeper: Connection) -> None:
    """Databases of killed test runs are gone; what somebody uses stays."""
    found = keeper.execute(
        # Not those in use: PostgreSQL would wait five seconds for each before it refuses.
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        " AND datname NOT IN (SELECT datname FROM pg_stat_activity WHERE datname IS NOT NULL)",
        [PREFIX],
    ).fetchall()
    for (name,) in found:
        with suppress(psycopg.errors.ObjectInUse):
            keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(str(name))))


class Cleaner:
    """Brings the database back to how the migrations left it; as the owner, for only that one may."""

    def __init__(self, owner: Connection) -> None:
        self.owner = owner
        self.kept = {table: self.read(table) for table in self.filled()}

    def read(self, table: str) -> bytes:
        with self.owner.cursor() as cursor, cursor.copy(self.words("COPY {} TO STDOUT", table)) as rows:
            return b"".join(bytes(row) for row in rows)

    def filled(self) -> list[str]:
        """Tables that hold something or did: their size tells, even where policies hide the rows."""
        rows = self.owner.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND pg_relation_size(oid) > 0"
            # Which migrations ran, and which workers run, is no matter of one test.
            " AND relname NOT IN ('django_migrations', 'procrastinate_workers')"
        )
        return [str(name) for (name,) in rows]

    def guarded(self) -> list[str]:
        """Tables with a trigger of ours that refuses to delete or to truncate."""
        rows = self.owner.execute(
            "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            # Before each row that is deleted, or on truncating.
            " WHERE NOT tgisinternal AND (tgtype & 11 = 11 OR tgtype & 32 > 0)"
            " AND NOT starts_with(tgname, 'procrastinate')"
        )
        return [str(name) for (name,) in rows]

    def clean(self) -> None:
        """Empty again; a worker that is in the middle of something is let through first.

        What it wrote to a table that held nothing when we looked still refers to what we would take away:
        then we look again.
        """
        for _attempt in range(PATIENCE):
            try:
                return self.clean_now()
            except (
                psycopg.errors.LockNotAvailable,
                psycopg.errors.DeadlockDetected,
                psycopg.errors.ForeignKeyViolation,
            ):
                time.sleep(0.1)
        return self.clean_now()

    def clean_now(self) -> None:
        tables = self.filled()
        if not tables:
            return
        guarded = self.guarded()
        with self.owner.transaction():
            # Shorter than PostgreSQL waits before it looks for a deadlock: we give way, not a worker.
            self.owner.execute("SET LOCAL lock_timeout = '300ms'")
            names = sql.SQL(", ").join(map(sql.Identifier, tables))
            # Who writes now, or holds a row to write, is let through before we look; who comes then waits.
            # A worker with many jobs holds a row in each: if we waited for rows, we would never come.
            self.owner.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(names))
            for table in guarded:
                self.owner.execute(self.words("ALTER TABLE {} DISABLE TRIGGER USER", table))
            if self.size(tables) > MUCH:
                self.owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
            for table in tables:
                self.bring_back(table)
            for table in guarded:
                self.owner.execute(self.words("ALTER TABLE {} ENABLE TRIGGER USER", table))

    def size(self, tables: list[str]) -> int:
        """Bytes of rows, also of those that are gone."""
        found = self.owner.execute(
            "SELECT sum(pg_relation_size(c.oid)) FROM pg_class c WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace AND relname = ANY (%s)",
            [tables],
        ).fetchone()
        return int(str(found[0])) if found else 0

    def bring_back(self, table: str) -> None:
        """As it was at first, mostly empty."""
        kept = self.kept.get(table)
        if kept is not None and self.read(table) == kept:
            return
        # The owner is of the role that every policy lets through.
        self.owner.execute(self.words("DELETE FROM {}", table))
        if kept:
            with self.owner.cursor() as cursor, cursor.copy(self.words("COPY {} FROM STDIN", table)) as into:
                into.write(kept)

    @staticmethod
    def words(words: LiteralString, table: str) -> sql.Composed:
        return sql.SQL(words).format(sql.Identifier(table))


# A test reads behind the walls, as the worker does. What people do in it says each time who asks: a request
# by its middleware, an action by its change; a process that a test starts knows nothing of this.
BEHIND_THE_WALLS = "-c hendig.context=system"


def django_settings(app: str) -> dict[str, object]:
    """What Django must know to come in by the application's door."""
    parts = split(app)
    return {
        "OPTIONS": {**connections["default"].settings_dict["OPTIONS"], "options": BEHIND_THE_WALLS},
        "NAME": parts["dbname"],
        "USER": parts["user"],
        "PASSWORD": parts["password"],
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
    }
