"""With one wall down the other still stands: for every table that names a wall."""

from __future__ import annotations

import pytest
from django.apps import apps

from hendig.operations.failure import Failure
from hendig.operations.prove import lying, walls
from hendig.operations.walls import walls as named
from tests.support.database import TestDatabase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_one_wall_alone_shows_what_the_oracle_allows_and_nothing_less(test_database: TestDatabase) -> None:
    found = walls.prove(test_database.owner, 5, 0, every=10)
    assert found.leaks == []
    assert found.missing == []
    assert found.tables == found.shown == found.hidden == set(named())


def test_a_wall_around_a_table_in_which_nothing_lies_is_a_failure(
    test_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows_of = lying.rows_of
    without = {"families_note"}
    monkeypatch.setattr(
        lying,
        "rows_of",
        lambda made: {table: rows for table, rows in rows_of(made).items() if table not in without},
    )
    with pytest.raises(Failure, match="Nothing lies in families_note"):
        walls.prove(test_database.owner, 5, 0, every=1000)


def test_something_lies_in_every_table_that_has_a_compartment() -> None:
    lain = {model._meta.db_table for model in lying.content()}
    of_record = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "compartment_id" for field in model._meta.concrete_fields)
    }
    # These are made with the world itself, because they decide or hang on its persons.
    assert lain == (of_record & set(named())) - set(lying.MADE)
