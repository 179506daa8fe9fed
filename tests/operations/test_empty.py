"""A migrated database without rows is made once for each schema; all others are copies of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from hendig.operations import empty, running, walls
from hendig.operations.database import changed, conninfo, drop
from hendig.operations.empty import empty_database, fingerprint
from hendig.operations.installation import Installation
from tests.support.database import TestDatabase
from tests.support.home import home

Owner = psycopg.Connection[tuple[object, ...]]
# Stands for the migrations, which take seconds: it leaves a table.
MIGRATES = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as owner:
    owner.execute("CREATE TABLE migrated (id int)")
"""


@pytest.fixture
def keeper(test_database: TestDatabase) -> Iterator[Owner]:
    """A connection to a database for which nothing is kept yet; what is made beside it goes."""
    with psycopg.connect(conninfo(test_database.owner_url), autocommit=True) as owner:
        yield owner
        for name in beside(owner):
            drop(owner, name)


@pytest.fixture
def made(test_database: TestDatabase, keeper: Owner) -> Installation:
    url = changed(test_database.owner_url, dbname=f"{keeper.info.dbname}_made")
    return Installation(home(), 8000, "localhost", "only for this test", url)


def beside(owner: Owner) -> set[str]:
    mine = owner.info.dbname
    found = owner.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) OR starts_with(datname, %s)",
        [f"{empty.PREFIX}{mine[:20]}", f"{mine}_made"],
    )
    return {str(name) for (name,) in found.fetchall()}


def migrating_by(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(running, "COMMAND", [sys.executable, "-c", script])


def test_the_databases_of_the_tests_are_what_the_migrations_and_the_walls_make(
    test_database: TestDatabase,
) -> None:
    owner = test_database.owner
    applied = owner.execute("SELECT app, name FROM django_migrations").fetchall()
    assert set(applied) == set(MigrationLoader(None).disk_migrations)
    assert walls.standing(owner) == walls.fingerprint()


def test_it_is_migrated_once_and_then_copied_and_its_login_can_come_in(
    keeper: Owner, made: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrating_by(monkeypatch, MIGRATES)
    empty_database(keeper, made)
    with psycopg.connect(conninfo(made.app_url)) as app:
        assert app.execute("SELECT to_regclass('migrated')::text").fetchone() == ("migrated",)
    migrating_by(monkeypatch, "raise SystemExit('it was migrated again')")
    another = replace(made, owner_url=changed(made.owner_url, dbname=f"{keeper.info.dbname}_made2"))
    empty_database(keeper, another)
    with psycopg.connect(conninfo(another.app_url)) as app:
        assert app.execute("SELECT to_regclass('migrated')::text").fetchone() == ("migrated",)


def test_a_database_goes_whoever_is_still_in_it(keeper: Owner, made: Installation) -> None:
    name = f"{keeper.info.dbname}_made"
    keeper.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with psycopg.connect(conninfo(made.owner_url), autocommit=True) as somebody:
        drop(keeper, name)
        assert name not in beside(keeper)
        with pytest.raises(psycopg.OperationalError):
            somebody.execute("SELECT 1")


def test_what_could_not_be_migrated_is_not_kept_and_an_older_schema_goes(
    keeper: Owner, made: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrating_by(monkeypatch, MIGRATES)
    empty_database(keeper, made)
    older = beside(keeper)
    monkeypatch.setattr(empty, "fingerprint", lambda _user: "another")
    migrating_by(monkeypatch, "raise SystemExit(1)")
    again = replace(made, owner_url=changed(made.owner_url, dbname=f"{keeper.info.dbname}_made2"))
    with pytest.raises(SystemExit):
        empty_database(keeper, again)
    assert not any(name.endswith("another") for name in beside(keeper))
    migrating_by(monkeypatch, MIGRATES)
    empty_database(keeper, again)
    kept = {name for name in beside(keeper) if name.startswith(empty.PREFIX)}
    assert [name.rpartition("_")[2] for name in kept] == ["another"]
    assert not kept & older


def test_another_migration_and_another_owner_have_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "migrations").mkdir()
    migration = tmp_path / "migrations/0001_initial.py"
    migration.write_text("one")
    monkeypatch.setattr(apps, "get_app_configs", lambda: [SimpleNamespace(path=tmp_path)])
    monkeypatch.setattr(walls, "fingerprint", lambda: "the same")
    first = fingerprint("hendig")
    assert fingerprint("hendig") == first
    assert fingerprint("another") != first
    migration.write_text("two")
    second = fingerprint("hendig")
    assert second != first
    monkeypatch.setattr(walls, "fingerprint", lambda: "other walls")
    assert fingerprint("hendig") != second
