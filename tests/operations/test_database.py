"""What a database URL means to a process that connects by it."""

from __future__ import annotations

import socket
import time
from typing import Any

import psycopg
import pytest
from django.db import connection
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


@pytest.mark.django_db
def test_what_a_connection_is_asked_often_it_plans_once() -> None:
    words = "SELECT pg_catalog.upper(%s)"
    with connection.cursor() as cursor:
        for number in range(8):
            cursor.execute(words, [f"a{number}"])
            assert cursor.fetchone() == (f"A{number}",)
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%pg_catalog.upper(%%'"
        )
        assert cursor.fetchone() == (1,)
