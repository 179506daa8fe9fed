"""A start knows by one look whether this code has migrated the database; in doubt it says no."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from psycopg import sql

from hendig.operations import current, roles, running
from hendig.operations.database import conninfo
from hendig.operations.installation import Installation, secret_key
from hendig.operations.postgres import embedded
from hendig.operations.prove.scratch import scratch
from tests.conftest import SECRET_KEY
from tests.support.database import TestDatabase, server
from tests.support.home import home as home_of_tests

Owner = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def place(test_database: TestDatabase) -> Iterator[Installation]:
    """A database of its own as `hendig migrate` leaves it."""
    with server() as url, roles.connect_owner(url) as keeper:
        ours = Installation(home_of_tests(), 8000, "localhost", SECRET_KEY, url)
        with scratch(ours, f"current{os.getpid()}") as made:
            with psycopg.connect(conninfo(made.owner_url), autocommit=True) as owner:
                current.leave_mark(owner)
            yield made
        keeper.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(roles.login(made.owner_url))))


@pytest.fixture
def owner(place: Installation) -> Iterator[Owner]:
    with psycopg.connect(conninfo(place.owner_url), autocommit=True) as made:
        yield made


def test_what_was_migrated_by_this_code_is_current(home: Path) -> None:
    with embedded(home) as url:
        assert current.current(Installation(home, 8000, "localhost", secret_key(home), url))


@pytest.mark.parametrize(
    "done",
    [
        "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '9999_later', now())",
        "DELETE FROM django_migrations WHERE app = 'audit' AND name = '0001_initial'",
        "COMMENT ON FUNCTION hendig_open(uuid, timestamptz) IS 'walls of another code'",
        "COMMENT ON TABLE hendig_moved IS NULL",
        "DROP TABLE django_migrations",
        "DROP TABLE hendig_moved CASCADE",
    ],
)
def test_a_database_that_somebody_else_changed_is_not(place: Installation, owner: Owner, done: str) -> None:
    owner.execute(done.encode())
    assert not current.current(place)


@pytest.mark.parametrize("name", ["walls.sql", "people/migrations/0002_more.py"])
def test_another_code_looks_for_itself(
    place: Installation, owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(current, "PACKAGE", tmp_path)
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("as it was")
    current.leave_mark(owner)
    assert current.current(place)
    file.write_text("as it is.")
    assert not current.current(place)


def test_a_command_migrates_only_what_is_not_current(
    place: Installation, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "COMMAND", [sys.executable, "-c", "raise SystemExit('it was migrated')"])
    running.bring_up_to_date(place)
    owner.execute("COMMENT ON TABLE hendig_moved IS NULL")
    with pytest.raises(SystemExit):
        running.bring_up_to_date(place)


def test_the_login_comes_in_with_a_new_secret_key_too(place: Installation) -> None:
    other = replace(place, secret="another secret key")
    assert current.current(other)
    psycopg.connect(conninfo(other.app_url)).close()


def test_every_library_that_brings_migrations_counts() -> None:
    whose = metadata.packages_distributions()
    bring = {
        name.lower()
        for app in apps.get_app_configs()
        if not Path(app.path).is_relative_to(current.PACKAGE) and (Path(app.path) / "migrations").is_dir()
        for name in whose[app.name.partition(".")[0]]
    }
    assert bring == set(current.LIBRARIES)
