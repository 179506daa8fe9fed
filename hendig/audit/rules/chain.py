"""The chain of seals: each signs the root of its batch and the hash of the seal before it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEAL = b"\x02"
BEFORE_THE_FIRST = bytes(32)
NOT_OURS = "a key that is not ours signed it"
# A line is sealed within a minute of its commit, or by the round of the next night. One that is said to be
# older than that did not come in by the door.
LATEST = timedelta(days=2)
LAST_SECOND = datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp()

Keys = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True, slots=True)
class Sealed:
    """One seal as it is signed."""

    number: int
    previous: bytes
    first_id: UUID
    last_id: UUID
    count: int
    root: bytes
    sealed_at: datetime
    key_id: str
    signature: bytes = b""

    def text(self) -> bytes:
        """What is signed. No field can run over into the next: none holds a space."""
        moment = self.sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
        return (
            f"hendig seal 1 {self.number} {self.previous.hex()} {self.first_id} {self.last_id} {self.count} "
            f"{self.root.hex()} {moment} {self.key_id}"
        ).encode()

    def hash(self) -> bytes:
        """What the next seal, an anchor and a word code hold on to: all of the seal, and so all before it."""
        return hashlib.sha256(SEAL + self.text()).digest()


def signed(seal: Sealed, key: Ed25519PrivateKey) -> Sealed:
    return replace(seal, signature=key.sign(seal.text()))


def why_broken(seal: Sealed, before: Sealed | None, keys: Keys) -> str | None:
    """What is wrong with a seal by itself and with its place in the chain; None when it is whole."""
    if seal.number != (before.number + 1 if before else 1):
        return "its number does not follow"
    if seal.previous != (before.hash() if before else BEFORE_THE_FIRST):
        return "it does not hold on to the seal before it"
    if before and seal.sealed_at < before.sealed_at:
        return "it is older than the seal before it"
    if seal.key_id not in keys:
        return NOT_OURS
    try:
        keys[seal.key_id].verify(seal.signature, seal.text())
    except InvalidSignature:
        return "its signature is not right"
    return None


def too_late(entry_id: UUID, before: Sealed | None) -> bool:
    """Whether a line claims an age at which an earlier seal should have had it: it was put in afterwards."""
    return before is not None and made_at(entry_id) < before.sealed_at - LATEST


def made_at(entry_id: UUID) -> datetime:
    """The moment in an identifier of ours (UUID version 7); of any other a moment that exists."""
    return datetime.fromtimestamp(min((entry_id.int >> 80) / 1000, LAST_SECOND), UTC)


def earliest_id(moment: datetime) -> UUID:
    """No identifier made at or after the moment is lower."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


def new_key() -> str:
    """The secret half of a new pair, as text."""
    return base64.urlsafe_b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def private_key(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(text.strip()))


def public_text(key: Ed25519PrivateKey) -> str:
    """The public half, as text: what may be shown, and what the proof is done with."""
    return base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode()


def key_id(public: str) -> str:
    return hashlib.sha256(base64.urlsafe_b64decode(public)).hexdigest()[:16]


def public_keys(texts: Iterable[str]) -> dict[str, Ed25519PublicKey]:
    """The keys that are trusted, by the name that a seal calls them."""
    return {
        key_id(text): Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(text)) for text in texts
    }
