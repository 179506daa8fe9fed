"""Both walls against the oracle, and the oracle against a gate that somebody altered."""

from __future__ import annotations

import pytest

from hendig.families.models import OWN_PARTS, CompartmentKind, Ground, Part
from hendig.families.rules.gate import ALLOW, limited, predicate
from hendig.operations.prove import access, mutants, rows
from hendig.operations.prove.atoms import mutants as altered
from hendig.operations.prove.atoms import split
from hendig.operations.prove.worlds import GROUNDS, KINDS, WORK, world
from tests.support.database import TestDatabase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_both_walls_decide_as_the_oracle_does(test_database: TestDatabase) -> None:
    judged = access.judge(test_database.owner, 7, range(2))
    assert judged.decisions > 20_000
    assert judged.opened > 500
    assert judged.differences == []


def test_a_difference_is_told_with_identifiers_and_the_rule(test_database: TestDatabase) -> None:
    made = world(7, 0)
    # The database knows nothing of a job that the oracle knows of, and the other way around.
    rows.write(test_database.owner, [made])
    who = next(one for one in made.accounts.values() if any(made.open_to(one.id, at) for at in made.moments))
    who.active = False
    made.accounts = {who.id: who}
    found = access.judge_world(made, "seed 7, world 0").differences
    assert found
    assert "opens what the design does not" in found[0]
    assert f"account {who.id} active=False" in found[0]
    assert "rules: ['T" in found[0]


def test_worlds_are_the_same_for_the_same_number() -> None:
    assert world(3, 4) == world(3, 4)
    assert world(3, 4) != world(3, 5)


def test_the_worlds_know_every_part_ground_and_compartment() -> None:
    assert set(WORK) == set(Part) - OWN_PARTS
    assert set(GROUNDS) == set(Ground)
    assert set(KINDS) == set(CompartmentKind)


def test_the_worlds_know_who_raises_without_a_bond_who_works_elsewhere_and_two_municipalities() -> None:
    """A stepfather; a parent who works for another family; somebody named in another municipality."""
    worlds = [world(1, number) for number in range(6)]
    records = [(made, record) for made in worlds for record in made.records]
    decide = {(one.child, one.holder) for _made, record in records for one in record.authorities}
    assert any(
        person.kind == "parent" and (record.child.id, person.id) not in decide and way.person is person
        for _made, record in records
        if record.child
        for person in record.people
        for way in record.ways
    )
    own = {(person.account, record.family) for _made, record in records for person in record.people}
    assert any(
        way.part == "professional" and family != record.family and way.account == account
        for _made, record in records
        for way in record.ways
        for account, family in own
    )
    assert any(
        made.accounts[way.account].town != record.town for made, record in records for way in record.ways
    )


def test_a_condition_is_taken_apart_down_to_its_atoms() -> None:
    assert split("a = 1 AND (b OR c AND d) AND NOT e", "AND") == ["a = 1", "(b OR c AND d)", "NOT e"]
    found = [
        one.sql for one in altered("a AND (b OR EXISTS (SELECT FROM t WHERE c = 1 AND k IN ('x', 'y')))")
    ]
    assert "(b OR EXISTS (SELECT FROM t WHERE c = 1 AND k IN ('x', 'y')))" in found
    assert "a AND ((b))" in found
    assert "a AND (((b OR (EXISTS (SELECT FROM t WHERE c = 1 AND (k IN ('y')))))))".count("'y'") == 1
    assert any("k IN ('y')" in one for one in found)
    assert any("NOT (c = 1)" in one for one in found)
    # Every rule has atoms, and each alteration is another gate than ours.
    gates = [one.sql for one in mutants.altered()]
    assert predicate(name=mutants.NAME) not in gates
    assert len(gates) > 20 * len(ALLOW)


@pytest.mark.mutants
def test_every_atom_of_every_rule_is_missed_when_it_is_altered(test_database: TestDatabase) -> None:
    asked_of = mutants.prepare(test_database.owner, mutants.SEED)
    assert not mutants.noticed(test_database.owner, predicate(name=mutants.NAME), asked_of[False])
    unnoticed = [
        f"{one.rule}: {one.what}"
        for one in mutants.altered()
        if not mutants.noticed(test_database.owner, one.sql, asked_of[False])
    ]
    assert unnoticed == []


@pytest.mark.mutants
def test_every_atom_of_what_a_yes_leaves_out_is_missed_when_it_is_altered(
    test_database: TestDatabase,
) -> None:
    asked = mutants.prepare(test_database.owner, mutants.SEED)[True]
    assert not mutants.noticed(test_database.owner, limited(name=mutants.NAME_OF_LIMITS), asked)
    gates = list(mutants.altered_limits())
    assert len(gates) > 30
    assert [
        f"{one.rule}: {one.what}" for one in gates if not mutants.noticed(test_database.owner, one.sql, asked)
    ] == []
