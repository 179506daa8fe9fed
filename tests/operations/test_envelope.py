"""The encrypted file of a backup: whole for its key, and refused when a single byte is not right."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hendig.operations.backup.envelope import CHUNK, HEAD, Opener, Sealer, new_keys, read_private, read_public
from hendig.operations.failure import Failure

KEY = X25519PrivateKey.generate()
SIZES = [0, 1, 17, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5]


def sealed(plain: bytes) -> bytes:
    into = io.BytesIO()
    sealer = Sealer(into, KEY.public_key())
    for start in range(0, len(plain), 100_000):
        sealer.write(plain[start : start + 100_000])
    sealer.close()
    return into.getvalue()


def opened(file: bytes, key: X25519PrivateKey = KEY) -> bytes:
    return b"".join(Opener(io.BytesIO(file), key, "last night").rest())


@pytest.mark.parametrize("size", SIZES)
def test_it_opens_as_it_was(size: int) -> None:
    plain = bytes(range(251)) * (size // 251 + 1)
    assert opened(sealed(plain[:size])) == plain[:size]


def test_it_is_read_in_pieces_of_any_size() -> None:
    plain = b"0123456789" * 200_000
    opener = Opener(io.BytesIO(sealed(plain)), KEY, "last night")
    read = opener.read(3) + opener.read(CHUNK) + opener.read(7)
    assert read + b"".join(opener.rest()) == plain
    with pytest.raises(Failure, match="damaged"):
        opener.read(1)


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    file = sealed(b"Ze slaapt slecht. " * 1000)
    assert b"slaapt" not in file
    with pytest.raises(Failure, match="does not open last night; it was encrypted to another"):
        opened(file, X25519PrivateKey.generate())


@pytest.mark.parametrize("size", [0, 40])
def test_any_byte_that_changed_is_noticed(size: int) -> None:
    file = sealed(b"x" * size)
    for place in range(len(file)):
        harmed = bytearray(file)
        harmed[place] ^= 1
        with pytest.raises(Failure):
            opened(bytes(harmed))


def test_it_cannot_be_cut_at_any_place() -> None:
    file = sealed(b"x" * (2 * CHUNK + 9))
    chunk = 4 + CHUNK + 16
    whole = [HEAD.size, HEAD.size + chunk, HEAD.size + 2 * chunk]
    for end in [
        0,
        5,
        *whole,
        *(place + 1 for place in whole),
        *(place + 4 for place in whole),
        len(file) - 1,
    ]:
        with pytest.raises(Failure):
            opened(file[:end])


def test_chunks_cannot_be_exchanged_left_out_or_repeated() -> None:
    file = sealed(b"x" * (2 * CHUNK + 9))
    head, chunk = HEAD.size, 4 + CHUNK + 16
    first, second, last = (
        file[head : head + chunk],
        file[head + chunk : head + 2 * chunk],
        file[head + 2 * chunk :],
    )
    assert opened(file[:head] + first + second + last) == b"x" * (2 * CHUNK + 9)
    for order in (
        [second, first, last],
        [first, last],
        [first, first, second, last],
        [first, second, last, last],
    ):
        with pytest.raises(Failure, match="damaged"):
            opened(file[:head] + b"".join(order))


def test_what_is_no_backup_and_what_is_newer_is_said() -> None:
    with pytest.raises(Failure, match="not a backup of Hendig"):
        opened(b"PGDMP" + b"x" * 100)
    newer = bytearray(sealed(b"x"))
    newer[8] = 2
    with pytest.raises(Failure, match="newer Hendig"):
        opened(bytes(newer))


def test_a_pair_of_keys_is_written_once(tmp_path: Path) -> None:
    private, public = tmp_path / "private", tmp_path / "public"
    new_keys(private, public)
    assert private.stat().st_mode & 0o777 == 0o600
    assert read_private(private).public_key() == read_public(public)
    with pytest.raises(Failure, match="exists already"):
        new_keys(private, public)
    with pytest.raises(Failure, match="not a private key"):
        read_private(public)
    with pytest.raises(Failure, match="not a public key"):
        read_public(private)
    with pytest.raises(Failure, match="not there"):
        read_private(tmp_path / "nothing")
