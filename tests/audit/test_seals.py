"""The log is sealed: every line once, also one that is committed late, also by two sealers at once."""

from __future__ import annotations

import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from hendig.audit import jobs
from hendig.audit.actions import NoSealKey, change, seal_log, sealing
from hendig.audit.models import Entry, Seal, SealedEntry, WriteOutsideChange
from hendig.audit.queries import newest_seal
from hendig.audit.rules import chain, merkle, words
from hendig.kernel.ids import new_id
from hendig.operations.prove import log
from tests.audit.tampering import Thief
from tests.support.database import TestDatabase
from tests.support.world import World, build_world

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
LEAVES = st.lists(st.binary(min_size=32, max_size=32), max_size=70)
# The inputs and roots of the reference tests of Certificate Transparency.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def by_the_rfc(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1 as it is written: split at the largest power of two that is smaller."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + by_the_rfc(leaves[:split]) + by_the_rfc(leaves[split:])).digest()


@given(LEAVES)
def test_a_root_is_the_one_of_the_rfc(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == by_the_rfc(leaves)


@pytest.mark.parametrize("count", ROOTS)
def test_a_root_is_the_one_that_others_find(count: int) -> None:
    leaves = [merkle.leaf(bytes.fromhex(one)) for one in INPUTS[:count]]
    assert merkle.root(leaves).hex() == ROOTS[count]


@given(LEAVES.filter(bool), st.data())
def test_another_leaf_makes_another_root(leaves: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    other = list(leaves)
    other[place] = hashlib.sha256(other[place]).digest()
    assert merkle.root(other) != merkle.root(leaves)
    assert merkle.root(leaves[:place] + leaves[place + 1 :]) != merkle.root(leaves)


def test_a_leaf_is_never_a_node() -> None:
    left, right = merkle.leaf(b"a"), merkle.leaf(b"b")
    assert merkle.leaf(left + right) != merkle.root([left, right])


# Words


@hypothesis.settings(max_examples=10)
@given(st.integers(1, 10**12), st.binary(min_size=32, max_size=32))
def test_a_code_is_read_as_it_was_written(number: int, seal_hash: bytes) -> None:
    code = words.code(number, seal_hash)
    assert words.read(code) == (number, code)
    assert words.read(f" Zegel {code.upper().replace(' ', ' - ')}. ") == (number, code)
    assert words.unknown(code) == []
    assert words.code(number, seal_hash) == code


def test_the_words_are_short_plain_and_each_there_once() -> None:
    assert len(words.WORDS) == len(set(words.WORDS)) == 1 << words.BITS
    assert all(word.isascii() and word.islower() and 2 < len(word) < 8 for word in words.WORDS)


@pytest.mark.parametrize("typed", ["", "12", "anker boon", "x mei mei mei mei mei", "1 mei mei mei mei"])
def test_what_is_no_code_is_not_read_as_one(typed: str) -> None:
    assert words.read(typed) is None


def test_a_slip_of_the_pen_is_named() -> None:
    assert words.unknown("12 anker bloon kelder mei zon") == ["bloon"]


# Sealing


def act(world: World, times: int = 1) -> None:
    for _time in range(times):
        with change(world.system, "settings.changed", at=world.at) as made:
            made.record(world.municipality)


def sealed_ids() -> list[UUID]:
    return list(SealedEntry.objects.values_list("entry_id", flat=True))


def test_every_line_stands_under_one_seal(world: World) -> None:
    assert seal_log(at=NOW) == Entry.objects.count() > 10
    seal = newest_seal()
    assert seal is not None
    rows = list(Entry.objects.order_by("id").values_list("id", "leaf"))
    assert (seal.number, seal.count, seal.first_id, seal.last_id) == (1, len(rows), rows[0][0], rows[-1][0])
    assert seal.root == by_the_rfc([bytes(row[1]) for row in rows])
    assert sorted(sealed_ids()) == [row[0] for row in rows]


def test_sealing_again_seals_nothing(world: World) -> None:
    seal_log(at=NOW)
    assert seal_log(at=NOW) == 0
    assert seal_log(at=NOW, everything=True) == 0
    assert Seal.objects.count() == 1


def test_each_seal_holds_on_to_the_one_before(world: World) -> None:
    for turn in range(3):
        act(world, 2)
        seal_log(at=NOW + timedelta(minutes=turn))
    with psycopg_of() as raw:
        seals = log.look(raw, settings.SEAL_PUBLIC).seals
    keys = chain.public_keys(settings.SEAL_PUBLIC)
    assert [seal.number for seal in seals] == [1, 2, 3]
    assert [seal.previous for seal in seals] == [bytes(32), seals[0].hash(), seals[1].hash()]
    assert [
        chain.why_broken(one, before, keys) for one, before in zip(seals, [None, *seals], strict=False)
    ] == [None] * 3


def psycopg_of() -> OpenConnection:
    return OpenConnection()


class OpenConnection:
    """Django's own connection as psycopg knows it."""

    def __enter__(self) -> psycopg.Connection[tuple[object, ...]]:
        connection.ensure_connection()
        raw: psycopg.Connection[tuple[object, ...]] = connection.connection
        return raw

    def __exit__(self, *_: object) -> None:
        pass


def test_a_big_log_is_sealed_in_several_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "AT_ONCE", 7)
    count = Entry.objects.count()
    assert seal_log(at=NOW) == count
    counts = list(Seal.objects.order_by("number").values_list("count", flat=True))
    assert sum(counts) == count
    assert set(counts[:-1]) == {7}


def test_two_clocks_do_not_make_the_chain_go_back(world: World) -> None:
    seal_log(at=NOW)
    act(world)
    seal_log(at=NOW - timedelta(minutes=3))
    assert Seal.objects.get(number=2).sealed_at == NOW


def test_without_the_key_nothing_is_sealed(world: World, settings: Settings) -> None:
    settings.SEAL_KEY = ""
    with pytest.raises(NoSealKey):
        seal_log(at=NOW)


def test_the_whole_log_proves_to_be_whole(world: World) -> None:
    act(world, 3)
    seal_log(at=datetime.now(UTC))
    act(world, 2)
    with psycopg_of() as raw:
        found = log.verify_all(raw, settings.SEAL_PUBLIC, [], datetime.now(UTC))
    assert (found.entries, found.waiting, found.broken) == (Entry.objects.count(), 2, [])


def test_a_line_that_never_got_a_seal_is_broken_after_a_while(world: World) -> None:
    seal_log(at=datetime.now(UTC))
    act(world)
    with psycopg_of() as raw:
        found = log.verify_all(raw, settings.SEAL_PUBLIC, [], datetime.now(UTC) + timedelta(minutes=11))
    assert [one.why for one in found.broken] == ["it stands under no seal"]


@pytest.mark.parametrize("table", ["audit_seal", "audit_sealedentry", "audit_anchor"])
@pytest.mark.parametrize("words", ["UPDATE {} SET number = 9", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_cannot_alter_a_seal(world: World, table: str, words: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(words.format(table))


@pytest.mark.parametrize(
    "words", ["UPDATE audit_seal SET count = 9", "DELETE FROM audit_seal", "TRUNCATE audit_seal"]
)
def test_even_the_owner_is_refused_a_seal(
    owner_connection: psycopg.Connection[tuple[object, ...]], words: str
) -> None:
    owner_connection.execute(
        "INSERT INTO audit_seal VALUES (1, '', gen_random_uuid(), gen_random_uuid(), 1, '', now(), '', '')"
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="cannot be altered"):
        owner_connection.execute(words)


def test_the_models_of_seals_cannot_be_written(world: World) -> None:
    seal_log(at=NOW)
    seal, line = Seal.objects.get(), SealedEntry.objects.first()
    assert line is not None
    writes = (seal.save, seal.delete, line.save, line.delete, Seal.objects.all().delete)
    for write in (*writes, lambda: SealedEntry.objects.update(number=9)):
        with pytest.raises(WriteOutsideChange):
            write()


# At the same time


@pytest.fixture
def apart(transactional_db: None) -> World:
    """Peelrand, committed: others see it."""
    return build_world()


def insert_line(other: psycopg.Connection[tuple[object, ...]], entry_id: UUID) -> None:
    other.execute(
        "INSERT INTO audit_entry (id, municipality_id, at, kind, code, roles, part, ground, purpose, rule,"
        " object_type, facts, touched, leaf)"
        " VALUES (%s, %s, now(), 'change', 'x', '', '', '', '', '', '', '{}', '[]', '')",
        [entry_id, uuid4()],
    )


def test_a_line_that_is_committed_late_is_sealed_late_and_nobody_waits(
    apart: World, test_database: TestDatabase
) -> None:
    late, early = new_id(), new_id()
    with psycopg.connect(test_database.owner_url) as slow:
        insert_line(slow, late)
        with psycopg.connect(test_database.owner_url) as quick:
            quick.execute("SET lock_timeout = '2s'")
            insert_line(quick, early)
        seal_log(at=datetime.now(UTC))
        assert early in sealed_ids()
        assert late not in sealed_ids()
        slow.execute("SET lock_timeout = '2s'")
        insert_line(slow, new_id())
    assert seal_log(at=datetime.now(UTC)) == 2
    assert late in sealed_ids()
    assert len(sealed_ids()) == len(set(sealed_ids())) == Entry.objects.count()


def test_writers_write_while_the_log_is_being_sealed(apart: World, test_database: TestDatabase) -> None:
    with transaction.atomic():
        seal_log(at=datetime.now(UTC))
        with psycopg.connect(test_database.owner_url) as writer:
            writer.execute("SET lock_timeout = '2s'")
            insert_line(writer, new_id())
    assert seal_log(at=datetime.now(UTC)) == 1


def test_what_was_committed_hours_late_is_sealed_in_the_night(
    apart: World, test_database: TestDatabase
) -> None:
    now = datetime.now(UTC)
    seal_log(at=now)
    old = UUID(int=chain.earliest_id(now - timedelta(hours=5)).int | 7 << 76 | 2 << 62)
    with psycopg.connect(test_database.owner_url) as slow:
        insert_line(slow, old)
    jobs.seal(timestamp=0)
    assert old not in sealed_ids()
    jobs.seal_everything(timestamp=0)
    assert old in sealed_ids()


def test_a_line_that_was_put_in_afterwards_is_not_made_good_by_the_night(
    apart: World, test_database: TestDatabase
) -> None:
    now = datetime.now(UTC)
    seal_log(at=now)
    forged = UUID(int=chain.earliest_id(now - timedelta(days=5)).int | 7 << 76 | 2 << 62)
    with psycopg.connect(test_database.owner_url) as owner:
        insert_line(owner, forged)
        owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        Thief(owner, random.Random(1)).fit_leaf(forged)
        owner.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    assert seal_log(at=now, everything=True) == 1
    with psycopg_of() as raw:
        found = log.verify_all(raw, settings.SEAL_PUBLIC, [], now)
    assert [one.why for one in found.broken] == ["a line under it is so old that it was put in afterwards"]


def test_two_sealers_at_once_seal_each_line_once(apart: World) -> None:
    def seal(_turn: int) -> int:
        try:
            return seal_log(at=datetime.now(UTC))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        for _turn in range(10):
            act(apart, 5)
            assert sum(pool.map(seal, range(4))) >= 5
    numbers = list(Seal.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 11))
    assert len(sealed_ids()) == Entry.objects.count()
    with psycopg_of() as raw:
        assert log.verify_all(raw, settings.SEAL_PUBLIC, [], datetime.now(UTC)).broken == []
