"""What a database URL means to a process that connects by it."""

from __future__ import annotations

import socket
import time
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.utils import ConnectionHandler

from hendig.operations.database import CONNECTING_TAKES, PREPARES, changed, conninfo, django_database
from hendig.operations.installation import WEB_POOL
from tests.support.database import TestDatabase


def test_a_server_that_takes_a_connection_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"postgresql://somebody:secret@127.0.0.1:{deaf.getsockname()[1]}/hendig"
        assert django_database(url)["OPTIONS"] == {"connect_timeout": CONNECTING_TAKES, **PREPARES}
        # The URL wins.
        handler = ConnectionHandler({"default": django_database(f"{url}?connect_timeout=2")})
        began = time.monotonic()
        with pytest.raises(psycopg.errors.ConnectionTimeout):
            psycopg.connect(**handler["default"].get_connection_params())
        assert time.monotonic() - began < int(CONNECTING_TAKES)


@pytest.mark.django_db
def test_who_comes_first_after_the_server_was_away_does_not_wait(test_database: TestDatabase) -> None:
    """One after the other, six dead connections take more time than anybody is given."""
    settings = django_database(changed(test_database.app_url, pool=WEB_POOL))
    pooled: Any = ConnectionHandler({"default": settings})["default"]
    pooled.pool.open()
    held = [pooled.pool.getconn() for _each in range(int(WEB_POOL))]
    dead = [one.info.backend_pid for one in held]
    for one in held:
        pooled.pool.putconn(one)
    with psycopg.connect(conninfo(test_database.owner_url), autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::int[]) pid", [dead])
    with pooled.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] not in dead
    pooled.close()
    pooled.close_pool()


def planned(asked: CursorWrapper) -> int:
    """How many plans of the words below this connection keeps."""
    asked.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%pg_catalog.upper(%%'")
    return int(asked.fetchone()[0])


def ask_often(asked: CursorWrapper) -> None:
    for number in range(8):
        asked.execute("SELECT pg_catalog.upper(%s)", [f"a{number}"])
        assert asked.fetchone() == (f"A{number}",)


@pytest.mark.django_db
def test_what_a_connection_is_asked_often_it_plans_once() -> None:
    with connection.cursor() as cursor:
        ask_often(cursor)
        assert planned(cursor) == 1


@pytest.mark.parametrize("pool", ["0", "1"])
@pytest.mark.django_db
def test_a_refusal_costs_nobody_the_plans_of_a_connection(test_database: TestDatabase, pool: str) -> None:
    """Each 404 is a transaction that is taken back; what follows on this connection is not planned anew."""
    settings = django_database(changed(test_database.app_url, pool=pool))
    apart: Any = ConnectionHandler({"default": settings})["default"]
    with apart.cursor() as cursor:
        ask_often(cursor)
        apart.set_autocommit(False)
        cursor.execute("SELECT set_config('hendig.context', 'system', true)")
        point = apart.savepoint()
        apart.savepoint_rollback(point)
        apart.rollback()
        assert planned(cursor) == 1
        ask_often(cursor)
        assert planned(cursor) == 1
        # What is another thing from now on is not remembered.
        cursor.execute("CREATE TEMPORARY TABLE passing (id int)")
        cursor.execute("DROP TABLE passing")
        assert planned(cursor) == 0
        apart.rollback()
    apart.close()
    if apart.pool:
        apart.close_pool()


@pytest.mark.django_db
def test_a_plan_follows_a_table_that_is_made_anew(test_database: TestDatabase) -> None:
    """The table of a transaction that was taken back is gone, and so is what was planned of it."""
    apart: Any = ConnectionHandler({"default": django_database(test_database.app_url)})["default"]
    with apart.cursor() as cursor:
        apart.set_autocommit(False)
        for rows in (2, 3):
            cursor.execute("CREATE TEMPORARY TABLE passing AS SELECT generate_series(1, %s) AS id", [rows])
            for _each in range(8):
                cursor.execute("SELECT max(id) FROM passing")
                assert cursor.fetchone() == (rows,)
            apart.rollback()
    apart.close()
