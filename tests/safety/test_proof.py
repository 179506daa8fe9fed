"""Each night the log is held against its seals, and not by whoever keeps the database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.urls import reverse
from psycopg import sql

from hendig.audit.actions import change, prove_log, proving, seal_log
from hendig.audit.models import Entry, Seal
from hendig.kernel.actor import Role
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.safety import actions, jobs
from tests.audit.tampering import TABLES, WAYS, Thief, cut_the_tail, throw_all_away
from tests.support.database import TestDatabase
from tests.support.world import World, build_world


@pytest.fixture
def world(transactional_db: None) -> World:
    """A log under a dozen seals, one of which lies with others."""
    world = build_world()
    world.add_worker("hanna", Role.AUDITOR)
    for turn in range(12):
        with change(world.system, "settings.changed", at=world.at) as act:
            act.record(world.municipality, turn=turn)
        seal_log(at=datetime.now(UTC))
    people.anchor_log(actor=world.system, at=world.at)
    seal_log(at=datetime.now(UTC))
    return world


@pytest.fixture
def thief(world: World, test_database: TestDatabase) -> Iterator[Thief]:
    """The owner of the database, with the triggers off."""
    with psycopg.connect(test_database.owner_url, autocommit=True) as owner:
        turn = "ALTER TABLE {} {} TRIGGER USER"
        for table in TABLES:
            owner.execute(sql.SQL(turn).format(sql.Identifier(table), sql.SQL("DISABLE")))
        yield Thief(owner, random.Random(1))
        for table in TABLES:
            owner.execute(sql.SQL(turn).format(sql.Identifier(table), sql.SQL("ENABLE")))


def told() -> list[str]:
    """Who heard that the log does not fit; each as often as they did."""
    lines = Entry.objects.filter(code="log.broken").order_by("id")
    people.tell(entry_ids=list(lines.values_list("pk", flat=True)), at=datetime.now(UTC))
    heard = Notice.objects.filter(code="log.broken")
    return sorted(heard.values_list("account__first_name", flat=True))


def page(world: World, who: str = "karin") -> str:
    answer = world.client(who).get(reverse("seal"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_night_finds_a_line_that_the_owner_of_the_database_edited_and_tells_both_once(
    world: World, thief: Thief
) -> None:
    assert "Het gebeurt elke nacht vanzelf." in page(world)
    jobs.prove_log(timestamp=0)
    assert told() == []
    whole = page(world)
    assert "Regels nagekeken" in whole
    assert "Het logboek klopt niet" not in whole

    (line,) = thief.lines()
    thief.do("UPDATE audit_entry SET code = 'notice.read', facts = '{}' WHERE id = %s", line)
    jobs.prove_log(timestamp=0)
    assert told() == ["Hanna", "Karin"]
    assert Entry.objects.get(code="log.broken").facts == {"broken": 1, "places": [f"line:{line}"]}
    assert "Op 1 plek is iets veranderd" in page(world)
    assert "Op 1 plek is iets veranderd" in page(world, "hanna")
    jobs.prove_log(timestamp=0)
    assert told() == ["Hanna", "Karin"]
    # Another place is another alarm.
    thief.do("DELETE FROM audit_entry WHERE id = %s", thief.lines()[0])
    jobs.prove_log(timestamp=0)
    assert told() == ["Hanna", "Hanna", "Karin", "Karin"]


# Who takes away all that the database knew leaves nothing to find: only what lies with others shows it.
ELSEWHERE_ALONE = {cut_the_tail, throw_all_away}


@pytest.mark.parametrize("block", [256, 3])
def test_whatever_way_the_log_is_altered_the_night_finds_it(
    world: World, test_database: TestDatabase, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(proving, "BLOCK", block)
    later = datetime.now(UTC) + timedelta(hours=1)
    seal_log(at=datetime.now(UTC), everything=True)
    assert prove_log(at=later).broken == []
    for number, way in enumerate(WAYS):
        with psycopg.connect(test_database.owner_url) as owner:
            for table in TABLES:
                owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        kept = {table: _rows(test_database, table) for table in TABLES}
        with psycopg.connect(test_database.owner_url) as owner:
            way(Thief(owner, random.Random(number)))
        found = prove_log(at=later).broken
        with psycopg.connect(test_database.owner_url) as owner:
            for table, rows in kept.items():
                name = sql.Identifier(table)
                owner.execute(sql.SQL("DELETE FROM {}").format(name))
                with owner.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as into:
                    into.write(rows)
                owner.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))
        assert bool(found) is (way not in ELSEWHERE_ALONE), way.__name__
    assert prove_log(at=later).broken == []


def _rows(test_database: TestDatabase, table: str) -> bytes:
    words = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(table))
    with psycopg.connect(test_database.owner_url) as owner, owner.cursor().copy(words) as rows:
        return b"".join(bytes(row) for row in rows)


def test_of_a_long_log_each_night_sees_what_is_new_and_a_month_sees_all_of_it(
    world: World, thief: Thief, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "AT_ONCE", 0)
    monkeypatch.setattr(proving, "BLOCK", 2)
    now = datetime.now(UTC)
    seals = list(Seal.objects.order_by("number").values_list("number", "count"))
    everything = sum(count for _number, count in seals)
    # After the last seal somebody may have put a line: so the end is looked at each night.
    end = sum(count for number, count in seals if number // 2 == seals[-1][0] // 2)
    old = Entry.objects.order_by("id").values_list("pk", flat=True)[0]
    thief.do("UPDATE audit_entry SET object_type = 'x' WHERE id = %s", old)
    assert len(prove_log(at=now).broken) == 1, "what is new is looked at each night"
    nights = [prove_log(at=now + timedelta(days=4 + night)) for night in range(30)]
    found = [one.what for night in nights for one in night.broken]
    assert found == [f"line {old}"], "what is old once a month"
    assert sum(night.entries - night.waiting for night in nights) == everything + 29 * end
    assert max(night.entries for night in nights) < everything


def test_an_alarm_names_places_and_nobody(world: World, thief: Thief) -> None:
    thief.do("UPDATE audit_entry SET code = 'Sanne Jansen woont aan de Kade 3'")
    found = prove_log(at=datetime.now(UTC))
    assert actions.tell_proof(municipality_id=world.municipality.pk, found=found, at=datetime.now(UTC))
    facts = Entry.objects.get(code="log.broken").facts
    assert len(facts["places"]) == min(100, facts["broken"]) > 10
    assert all(place.partition(":")[0] in {"line", "seal", "anchor"} for place in facts["places"])
