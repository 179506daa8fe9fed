"""Seals text and keys: which key, row and column they belong to stands in them and cannot be exchanged.

AES-256-GCM-SIV (RFC 8452): should a nonce ever come twice, it tells that two texts are equal, and no more.
A sealed text is `1 | key id | row id | nonce | text and tag`; its associated data are all that stands before
the nonce, and the column. A wrapped key is `2 | root id | nonce | key and tag`; its associated data are what
stands before the nonce, the key's id and the compartment.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

KEY_BYTES = 32
TEXT, WRAPPED = b"\x01", b"\x02"
_ID, _NONCE, _TAG = 16, 12, 16
_TEXT_HEAD = 1 + _ID + _ID + _NONCE
WRAPPED_BYTES = 1 + _ID + _NONCE + KEY_BYTES + _TAG


class Unopened(Exception):
    """It does not open: damaged, cut short, brought over from another place, or another key."""


class UnknownRoot(Unopened):
    """The root key that wrapped it is not on the ring."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one compartment. Its secret never shows where a value is printed."""

    id: UUID
    secret: bytes

    def __repr__(self) -> str:
        return f"DataKey({self.id})"


@dataclass(frozen=True, slots=True)
class Ring:
    """The root keys of an installation, newest first: the newest wraps, each of them opens."""

    roots: tuple[DataKey, ...]

    @property
    def newest(self) -> DataKey:
        return self.roots[0]

    def root(self, root_id: UUID) -> DataKey:
        for root in self.roots:
            if root.id == root_id:
                return root
        raise UnknownRoot(str(root_id))

    def with_new(self, root: DataKey) -> Self:
        return type(self)((root, *self.roots))

    def keep(self, ids: Iterable[UUID]) -> Self:
        """Without the roots that are not named: what they wrapped can be read by nobody any more."""
        kept = set(ids)
        return type(self)(tuple(root for root in self.roots if root.id in kept))

    @classmethod
    def read(cls, text: str) -> Self:
        """From the lines of a key file, `id secret`. ValueError when it is none."""
        lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        roots = tuple(DataKey(UUID(name), base64.urlsafe_b64decode(secret)) for name, secret in lines)
        if not roots or any(len(root.secret) != KEY_BYTES for root in roots):
            raise ValueError("no ring of root keys")
        return cls(roots)

    def written(self) -> str:
        """The lines that `read` takes."""
        lines = (f"{root.id} {base64.urlsafe_b64encode(root.secret).decode()}\n" for root in self.roots)
        return "".join(lines)


def new_secret() -> bytes:
    return os.urandom(KEY_BYTES)


def seal(text: str, key: DataKey, *, column: str, row: UUID) -> bytes:
    """`text`, readable only with `key` and only as this column of this row."""
    return seal_bytes(text.encode(), key, column=column, row=row)


def open_sealed(sealed: bytes, key: DataKey, *, column: str, row: UUID) -> str:
    """The text that was sealed as this column of this row. `Unopened` when anything differs."""
    return open_bytes(sealed, key, column=column, row=row).decode()


def seal_bytes(plain: bytes, key: DataKey, *, column: str, row: UUID) -> bytes:
    """The same for what is no text: a file, a letter as it was sent."""
    nonce = os.urandom(_NONCE)
    head = TEXT + key.id.bytes + row.bytes
    return head + nonce + AESGCMSIV(key.secret).encrypt(nonce, plain, _about(head, column))


def open_bytes(sealed: bytes, key: DataKey, *, column: str, row: UUID) -> bytes:
    """What was sealed as this column of this row. `Unopened` when anything differs."""
    if len(sealed) < _TEXT_HEAD + _TAG or sealed[:1] != TEXT or key_of(sealed) != key.id:
        raise Unopened
    if row_of(sealed) != row:
        raise Unopened
    head, nonce = sealed[: 1 + 2 * _ID], sealed[1 + 2 * _ID : _TEXT_HEAD]
    return _decrypt(key, nonce, sealed[_TEXT_HEAD:], _about(head, column))


def key_of(sealed: bytes) -> UUID:
    """Which key opens it, as it says itself."""
    return UUID(bytes=sealed[1 : 1 + _ID])


def row_of(sealed: bytes) -> UUID:
    """Which row it belongs to, as it says itself."""
    return UUID(bytes=sealed[1 + _ID : 1 + 2 * _ID])


def wrap(key: DataKey, ring: Ring, *, compartment: UUID) -> bytes:
    """The key, readable only with the newest root of the ring and only as the key of this compartment."""
    root, nonce = ring.newest, os.urandom(_NONCE)
    head = WRAPPED + root.id.bytes
    about = head + key.id.bytes + compartment.bytes
    return head + nonce + AESGCMSIV(root.secret).encrypt(nonce, key.secret, about)


def unwrap(wrapped: bytes, ring: Ring, *, key_id: UUID, compartment: UUID) -> DataKey:
    """The key that was wrapped. `UnknownRoot` without its root, `Unopened` when anything else differs."""
    if len(wrapped) != WRAPPED_BYTES or wrapped[:1] != WRAPPED:
        raise Unopened
    head, nonce = wrapped[: 1 + _ID], wrapped[1 + _ID : 1 + _ID + _NONCE]
    root = ring.root(root_of(wrapped))
    about = head + key_id.bytes + compartment.bytes
    return DataKey(key_id, _decrypt(root, nonce, wrapped[1 + _ID + _NONCE :], about))


def root_of(wrapped: bytes) -> UUID:
    """Which root wrapped it, as it says itself."""
    return UUID(bytes=wrapped[1 : 1 + _ID])


def _about(head: bytes, column: str) -> bytes:
    return head + column.encode()


def _decrypt(key: DataKey, nonce: bytes, body: bytes, about: bytes) -> bytes:
    try:
        return AESGCMSIV(key.secret).decrypt(nonce, body, about)
    except InvalidTag as wrong:
        raise Unopened from wrong
