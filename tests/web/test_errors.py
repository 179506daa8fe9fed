"""Who meets Hendig when it cannot answer now is told to come back, and not that something is broken."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection
from django.test import Client


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_no_fault_of_ours(
    owner_connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    owner_connection.execute("LOCK TABLE people_municipality IN ACCESS EXCLUSIVE MODE")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
        answer = Client(raise_request_exception=False).get("/")
        cursor.execute("RESET lock_timeout")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "We zijn zo terug" in answer.content.decode()
