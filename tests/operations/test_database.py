"""What a database URL means to a process that connects by it."""

from __future__ import annotations

import socket
import time

import psycopg
import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

from hendig.operations.database import CONNECTING_TAKES, PREPARES, django_database


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
