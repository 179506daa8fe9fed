"""Whoever owns the database may switch the triggers off and alter the log; the proof finds all of it.

A few hundred ways each time; `HENDIG_TAMPERINGS=12000 pytest tests/audit/test_tampering.py` does that many.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from hendig.audit.actions import Place, change, seal_log, viewing
from hendig.audit.models import Entry, Seal
from hendig.audit.rules import chain
from hendig.operations.prove import log
from hendig.operations.prove.log import Anchored
from hendig.people import actions as people
from tests.audit.tampering import TABLES, WAYS, Owner, Thief, cut_the_tail, throw_all_away
from tests.support.database import TestDatabase
from tests.support.world import World, build_world

TAMPERINGS = int(os.environ.get("HENDIG_TAMPERINGS", "300"))
LINES = 240
# Late enough that a line without a seal cannot be waiting for one.
LATER = timedelta(hours=1)


def write_a_log(world: World) -> None:
    """A few hundred lines of all kinds under a dozen seals, two of them anchored."""
    ellen = world.actor("ellen")
    for turn in range(LINES):
        if turn % 3 == 0:
            place = Place(uuid4(), uuid4(), rule="T9", purpose="help")
            with viewing(
                ellen,
                "notice.read",
                world.municipality.pk,
                part="coach",
                ground="x",
                at=world.at,
                places=[place],
            ):
                pass
        else:
            with change(world.system, "settings.changed", at=world.later(seconds=turn)) as act:
                act.record(world.municipality, turn=turn, right=turn % 2 == 0)
        if turn % 20 == 19:
            seal_log(at=datetime.now(UTC))
        if turn in {90, 200}:
            people.anchor_log(actor=world.system, at=world.at)
    seal_log(at=datetime.now(UTC))


@pytest.fixture
def thief(transactional_db: None, test_database: TestDatabase) -> Iterator[Thief]:
    """The owner, with the triggers off, in a transaction that is rolled back."""
    write_a_log(build_world())
    with psycopg.connect(test_database.owner_url) as owner, owner.transaction(force_rollback=True):
        for table in TABLES:
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        yield Thief(owner, random.Random(1))


def broken(db: Owner, anchors: list[Anchored]) -> list[str]:
    found = log.verify_all(db, settings.SEAL_PUBLIC, anchors, datetime.now(UTC) + LATER)
    return [f"{one.what}: {one.why}" for one in found.broken]


def held(thief: Thief) -> list[Anchored]:
    """What a family noted of the last seal."""
    last = thief.seals()[-1]
    return [Anchored(last.number, last.hash().hex())]


def test_everything_that_is_done_to_the_log_is_found(thief: Thief) -> None:
    anchors = held(thief)
    assert Entry.objects.count() > LINES
    assert Seal.objects.count() >= 12
    assert broken(thief.db, anchors) == []
    ways = list(WAYS)
    # Each at least once, then as chance has it.
    chosen = ways + thief.chance.choices(ways, list(WAYS.values()), k=max(0, TAMPERINGS - len(ways)))
    unseen: list[str] = []
    done: Counter[str] = Counter()
    for way in chosen:
        with thief.db.transaction(force_rollback=True):
            way(thief)
            done[way.__name__] += 1
            if not broken(thief.db, anchors):
                unseen.append(way.__name__)
    print(f"{sum(done.values())} tamperings, {len(unseen)} unseen: {dict(done)}")
    assert unseen == []
    assert broken(thief.db, anchors) == []


def test_a_tail_that_was_cut_is_seen_by_the_anchor_alone(thief: Thief) -> None:
    anchors = held(thief)
    cut_the_tail(thief)
    assert broken(thief.db, []) == []
    assert broken(thief.db, anchors) == [
        f"anchor {anchors[0].number}: its seal is gone: the tail was cut off"
    ]


def test_a_tail_that_was_sealed_anew_is_another_one(thief: Thief) -> None:
    """Even with the right key: what was noted of the seal that stood there no longer fits."""
    anchors = held(thief)
    last = thief.seals()[-1]
    later = replace(last, sealed_at=last.sealed_at + timedelta(seconds=1))
    thief.db.execute("DELETE FROM audit_anchor WHERE number = %s", [last.number])
    thief.store(chain.signed(later, chain.private_key(settings.SEAL_KEY)), last.number)
    assert broken(thief.db, []) == []
    assert broken(thief.db, anchors) == [f"anchor {last.number}: its seal is another one now"]


def test_an_empty_log_is_whole_until_somebody_holds_an_anchor(thief: Thief) -> None:
    anchors = held(thief)
    throw_all_away(thief)
    assert broken(thief.db, []) == []
    assert len(broken(thief.db, anchors)) == 1
