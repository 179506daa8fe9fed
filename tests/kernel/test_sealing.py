"""What is sealed opens with its key, as its column and row, unharmed; and in no other case."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.kernel.sealing import (
    KEY_BYTES,
    DataKey,
    Ring,
    UnknownRoot,
    Unopened,
    key_of,
    new_secret,
    open_sealed,
    root_of,
    row_of,
    seal,
    unwrap,
    wrap,
)

COLUMN = "helprequests_helprequest.words"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def key() -> DataKey:
    return DataKey(uuid4(), new_secret())


def ring(size: int = 1) -> Ring:
    return Ring(tuple(key() for _ in range(size)))


@given(text=TEXTS, row=st.uuids())
def test_what_was_sealed_opens_again(text: str, row: UUID) -> None:
    mine = key()
    sealed = seal(text, mine, column=COLUMN, row=row)
    assert open_sealed(sealed, mine, column=COLUMN, row=row) == text
    assert (key_of(sealed), row_of(sealed)) == (mine.id, row)
    assert len(text) < 8 or text.encode() not in sealed


@given(text=TEXTS, place=st.integers(0), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(text: str, place: int, bit: int) -> None:
    mine, row = key(), uuid4()
    sealed = bytearray(seal(text, mine, column=COLUMN, row=row))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(Unopened):
        open_sealed(bytes(sealed), mine, column=COLUMN, row=row)


def test_every_single_bit_counts() -> None:
    mine, row = key(), uuid4()
    sealed = seal("Ze slaapt slecht.", mine, column=COLUMN, row=row)
    for position in range(len(sealed) * 8):
        harmed = bytearray(sealed)
        harmed[position // 8] ^= 1 << position % 8
        with pytest.raises(Unopened):
            open_sealed(bytes(harmed), mine, column=COLUMN, row=row)


@given(text=TEXTS, cut=st.integers(1))
def test_what_was_cut_short_or_made_longer_does_not_open(text: str, cut: int) -> None:
    mine, row = key(), uuid4()
    sealed = seal(text, mine, column=COLUMN, row=row)
    for other in (sealed[: -(cut % len(sealed) or 1)], sealed + b"\0", b""):
        with pytest.raises(Unopened):
            open_sealed(other, mine, column=COLUMN, row=row)


def test_another_row_another_column_and_another_key_do_not_open_it() -> None:
    mine, row = key(), uuid4()
    sealed = seal("Ze slaapt slecht.", mine, column=COLUMN, row=row)
    with pytest.raises(Unopened):
        open_sealed(sealed, mine, column=COLUMN, row=uuid4())
    with pytest.raises(Unopened):
        open_sealed(sealed, mine, column="helprequests_helprequest.note", row=row)
    for other in (key(), DataKey(mine.id, new_secret())):
        with pytest.raises(Unopened):
            open_sealed(sealed, other, column=COLUMN, row=row)


def test_a_row_id_that_was_rewritten_in_the_header_does_not_help() -> None:
    mine, row, other = key(), uuid4(), uuid4()
    sealed = seal("Ze slaapt slecht.", mine, column=COLUMN, row=row)
    moved = sealed[:17] + other.bytes + sealed[33:]
    with pytest.raises(Unopened):
        open_sealed(moved, mine, column=COLUMN, row=other)


def test_the_same_text_is_never_sealed_alike() -> None:
    mine, row = key(), uuid4()
    assert len({seal("Ja", mine, column=COLUMN, row=row) for _ in range(100)}) == 100


@given(size=st.integers(1, 6), turns=st.integers(0, 3))
def test_what_an_older_root_wrapped_opens_after_each_rotation(size: int, turns: int) -> None:
    roots, mine, compartment = ring(size), key(), uuid4()
    wrapped = wrap(mine, roots, compartment=compartment)
    for _ in range(turns):
        roots = roots.with_new(key())
    assert unwrap(wrapped, roots, key_id=mine.id, compartment=compartment) == mine
    again = wrap(mine, roots, compartment=compartment)
    assert root_of(again) == roots.newest.id


def test_a_wrapped_key_opens_as_its_own_key_of_its_own_compartment_only() -> None:
    roots, mine, compartment = ring(), key(), uuid4()
    wrapped = wrap(mine, roots, compartment=compartment)
    with pytest.raises(Unopened):
        unwrap(wrapped, roots, key_id=uuid4(), compartment=compartment)
    with pytest.raises(Unopened):
        unwrap(wrapped, roots, key_id=mine.id, compartment=uuid4())
    with pytest.raises(Unopened):
        unwrap(wrapped[:-1], roots, key_id=mine.id, compartment=compartment)
    with pytest.raises(UnknownRoot):
        unwrap(wrapped, ring(), key_id=mine.id, compartment=compartment)
    for position in range(len(wrapped) * 8):
        harmed = bytearray(wrapped)
        harmed[position // 8] ^= 1 << position % 8
        with pytest.raises(Unopened):
            unwrap(bytes(harmed), roots, key_id=mine.id, compartment=compartment)


def test_a_root_that_was_thrown_away_opens_nothing_more() -> None:
    roots, mine, compartment = ring(), key(), uuid4()
    wrapped = wrap(mine, roots, compartment=compartment)
    later = roots.with_new(key())
    with pytest.raises(UnknownRoot):
        unwrap(wrapped, later.keep([later.newest.id]), key_id=mine.id, compartment=compartment)


def test_a_ring_is_read_as_it_was_written() -> None:
    roots = ring(3)
    assert Ring.read("# kept apart from backups\n\n" + roots.written()) == roots


@pytest.mark.parametrize("text", ["", "# nothing", "no ring", f"{UUID(int=1)} c2hvcnQ=", "x" * KEY_BYTES])
def test_what_is_no_ring_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Ring.read(text)


def test_a_key_that_is_printed_tells_nothing() -> None:
    mine = key()
    assert repr(mine) == f"DataKey({mine.id})"
    assert repr(mine.secret) not in repr(Ring((mine,)))
