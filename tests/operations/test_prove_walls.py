"""With one wall down the other still stands: for every table that names a wall."""

from __future__ import annotations

import pytest
from django.apps import apps

from hendig.operations.prove import lying, walls
from hendig.operations.walls import walls as named
from tests.support.database import TestDatabase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_one_wall_alone_shows_what_the_oracle_allows_and_nothing_less(test_database: TestDatabase) -> None:
    found = walls.prove(test_database.owner, 5, 0, every=6)
    assert found.leaks == []
    assert found.missing == []
    left = {table for table in set(named()) - found.tables if not table.startswith(("safety_", "rights_"))}
    assert left <= {"families_note", "families_logquestion"}


def test_something_lies_in_every_table_that_has_a_compartment() -> None:
    lain = {model._meta.db_table for model in lying.content()}
    of_record = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "compartment_id" for field in model._meta.concrete_fields)
    }
    decides = {table for table in of_record if table.startswith(lying.DECIDES)}
    assert lain == (of_record & set(named())) - decides
    # Notes, questions, safety and rights have walls like the others; the made worlds hold none yet.
    assert {table for table in decides if not table.startswith(("safety_", "rights_"))} == {
        "families_tie",
        "families_familymember",
        "families_note",
        "families_logquestion",
    }
