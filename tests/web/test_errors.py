"""Who meets Hendig when it cannot answer now is told to come back, and not that something is broken."""

from __future__ import annotations

import logging
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test import Client

from tests.support.world import World


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


SECRET = "Noor slaapt slecht"


def test_the_operator_reads_what_went_wrong_and_where_and_nothing_of_anybody(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_asked: object, **_named: object) -> None:
        raise LookupError(SECRET)

    monkeypatch.setattr("hendig.web.pages.family", broken)
    client, family = world.client("ellen"), uuid4()
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, "hendig.errors"):
        answer = client.get(f"/gezin/{family}/", {"zoek": SECRET})
    assert answer.status_code == 500
    [said] = [record.getMessage() for record in caplog.records if record.name == "hendig.errors"]
    assert said.startswith("500 LookupError on family, at ")
    assert SECRET not in said + answer.content.decode()
    assert str(family) not in said
