"""What a family shares with somebody outside is judged by the database as by the oracle, on every edge."""

from __future__ import annotations

import re
from itertools import takewhile

import pytest

from hendig.operations.prove import walls
from hendig.operations.prove.rows import Owner
from hendig.operations.prove.walls import Standing
from hendig.operations.prove.ways import Facts
from hendig.operations.walls import FUNCTIONS
from tests.support.database import TestDatabase

pytestmark = pytest.mark.django_db(transaction=True)
WORLDS = 80


@pytest.mark.slow
def test_who_reads_and_who_must_say_yes_is_as_the_oracle_says(test_database: TestDatabase) -> None:
    found, read = Standing(), 0
    for number in range(5):
        facts = walls.lay(test_database.owner, 5, number)
        for who, account in facts.world.accounts.items():
            found.add(walls.prove_lending(test_database.owner, facts, who))
            shares = [one for one in facts.lending.shares.values() if one["account_id"] == who]
            read += sum(
                facts.lending.is_with(one, account, at) for one in shares for at in facts.world.moments
            )
    assert found.leaks == []
    assert found.missing == []
    # Not by never saying yes.
    assert read > 50


# Each condition of the database in turn as it should not be. That a job is still to begin stands in no world
# beside a share that all agree to: tests/shares has it.
ALTERED = {
    "hendig_shares_open": (
        ("AND c.kind = 'shared'", ""),
        ("AND x.is_active", ""),
        ("AND s.until_at > moment", ""),
        ("s.until_at > moment", "s.until_at >= moment"),
        ("AND (s.ended_at IS NULL OR s.ended_at > moment)", ""),
        ("s.ended_at > moment", "s.ended_at >= moment"),
        ("(r.frozen_at IS NULL OR r.frozen_at > moment) AND", ""),
        ("AND c.id <> ALL (hendig_shut(who, moment))", ""),
        ("o.account_id = who)", "false)"),
        ("w.role IN ('helper', 'professional')", "true"),
        ("'helper', 'professional'", "'professional'"),
        ("(w.until_on IS NULL OR w.until_on >= d.today)", "true"),
        ("(w.ended_at IS NULL OR w.ended_at > moment)", "true"),
        ("d.years < 12 OR", "d.years < 13 OR"),
        ("d.years < 12 OR", ""),
        ("y.member_id = child.id AND y.yes", "y.member_id = child.id"),
        ("THEN 18 ELSE 12", "THEN 12 ELSE 12"),
        ("THEN 18 ELSE 12", "THEN 18 ELSE 0"),
        ("d.years >= 16 OR", "d.years >= 17 OR"),
        ("d.years >= 16 OR", "d.years >= 15 OR"),
        ("bool_and", "bool_or"),
        ("y.member_id = a.holder_id AND y.yes", "y.member_id = a.holder_id"),
        ("a.from_on <= d.today", "true"),
        ("(a.until_on IS NULL OR a.until_on >= d.today)", "true"),
        ("a.checked_on IS NOT NULL OR", "true OR"),
        ("a.lapses_on > d.today", "a.lapses_on >= d.today"),
        ("AND NOT hendig_share_of_dead(s.id, moment)", ""),
    ),
    "hendig_shares_to_say": (
        ("AND x.is_active", ""),
        ("s.until_at > moment AND", ""),
        ("(r.frozen_at IS NULL OR r.frozen_at > moment) AND", ""),
        ("AND s.place_id <> ALL (hendig_shut(who, moment))", ""),
        ("m.id = child.id AND d.years >= 12", "m.id = child.id AND d.years >= 11"),
        ("d.years < 16 AND", "d.years < 17 AND"),
        ("a.holder_id = m.id", "true"),
        ("a.from_on <= d.today", "true"),
        ("(a.until_on IS NULL OR a.until_on >= d.today)", "true"),
        ("a.checked_on IS NOT NULL OR", "true OR"),
        ("g.member_id = m.id AND", ""),
        ("AND m.id <> child.id", ""),
    ),
}


@pytest.mark.mutants
def test_every_condition_of_sharing_is_missed_when_it_is_altered(test_database: TestDatabase) -> None:
    owner = test_database.owner
    left = {(name, one) for name, some in ALTERED.items() for one in some}
    as_they_are = {name: function(name) for name in ALTERED}
    try:
        # Some ages and some yes stand in few worlds: so many as it takes, and never more than these.
        for number in takewhile(lambda _number: left, range(WORLDS)):
            right = expected(walls.lay(owner, 5, number))
            for name, (words, others) in sorted(left):
                assert words in as_they_are[name], words
                owner.execute(as_they_are[name].replace(words, others, 1))
                if decided(owner, name, right[name]) != right[name]:
                    left.discard((name, (words, others)))
                owner.execute(as_they_are[name])
    finally:
        for whole in as_they_are.values():
            owner.execute(whole)
    assert left == set()


Decided = dict[tuple[object, object], set[object]]


def expected(facts: Facts) -> dict[str, Decided]:
    """What the oracle says of each share, for everybody at every moment, by the function that decides it."""
    shares = facts.lending.shares.values()
    judges = {"hendig_shares_open": facts.lending.is_with, "hendig_shares_to_say": facts.lending.is_asked}
    # With nobody else is anything shared, and nobody else is of a family.
    people = {"hendig_shares_open": {one["account_id"] for one in shares}} | {
        "hendig_shares_to_say": {one.account for record in facts.world.records for one in record.people}
    }
    return {
        name: {
            (who, at): {one["id"] for one in shares if judge(one, account, at)}
            for who, account in facts.world.accounts.items()
            for at in facts.world.moments
            if who in people[name]
        }
        for name, judge in judges.items()
    }


def decided(owner: Owner, name: str, asked: Decided) -> Decided:
    people, moments = ({one[place] for one in asked} for place in (0, 1))
    rows = owner.execute(
        f"SELECT a, m, {name}(a, m) FROM unnest(%s::uuid[]) a, unnest(%s::timestamptz[]) m",  # noqa: S608
        [list(people), list(moments)],
    )
    return {(who, at): set(found) for who, at, found in rows.fetchall()}  # type: ignore[call-overload]


def function(name: str) -> str:
    found = re.search(rf"CREATE OR REPLACE FUNCTION {name}\(.*?\n\$\$;", FUNCTIONS.read_text(), re.DOTALL)
    assert found
    return found.group()
