"""What a family shares with somebody outside is judged by the database as by the oracle, on every edge."""

from __future__ import annotations

import pytest

from hendig.operations.prove import walls
from hendig.operations.prove.walls import Standing
from tests.support.database import TestDatabase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_who_reads_and_who_must_say_yes_is_as_the_oracle_says(test_database: TestDatabase) -> None:
    found, read = Standing(), 0
    for number in range(4):
        facts = walls.lay(test_database.owner, 5, number)
        for who, account in facts.world.accounts.items():
            found.add(walls.prove_lending(test_database.owner, facts, who))
            shares = facts.lending.shares.values()
            read += sum(
                facts.lending.is_with(one, account, at) for one in shares for at in facts.world.moments
            )
    assert found.leaks == []
    assert found.missing == []
    # Not by never saying yes.
    assert read > 50
