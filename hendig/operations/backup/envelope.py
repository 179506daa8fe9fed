"""Encrypts a stream to a public key: who makes backups cannot read them.

A file is `HENDIGBK`, the version (1 byte), the first 16 bytes of SHA-256 over the reader's public key, and a
public key made for this file alone (X25519, 32 bytes). The key is HKDF-SHA-256 over the shared secret, its
salt both public keys. Then chunks: 4 bytes length, and AES-256-GCM with the head as associated data and as
nonce the number of the chunk (11 bytes) and whether it is the last (1 byte), so that none can be cut, moved
or repeated.
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hendig.operations.failure import Failure

MAGIC, VERSION = b"HENDIGBK", 1
CHUNK = 1024 * 1024
TAG = 16
PRIVATE, PUBLIC = "hendig-backup-private-1", "hendig-backup-public-1"
HEAD = struct.Struct(">8sB16s32s")
LENGTH = struct.Struct(">I")


def new_keys(private: Path, public: Path) -> None:
    """A pair of keys: the private one to be kept elsewhere, the public one stays here and encrypts."""
    if private.exists():
        raise Failure(f"{private} exists already; a key is never written over another.")
    secret = X25519PrivateKey.generate()
    private.touch(mode=0o600)
    private.write_text(f"{PRIVATE} {base64.b64encode(secret.private_bytes_raw()).decode()}\n")
    public.write_text(f"{PUBLIC} {base64.b64encode(secret.public_key().public_bytes_raw()).decode()}\n")


def read_public(path: Path) -> X25519PublicKey:
    if not path.exists():
        raise Failure("There is no key to encrypt a backup to; make one with `hendig backup --new-key FILE`.")
    return X25519PublicKey.from_public_bytes(_key(path, PUBLIC))


def read_private(path: Path) -> X25519PrivateKey:
    if not path.exists():
        raise Failure(f"The private key {path} is not there.")
    return X25519PrivateKey.from_private_bytes(_key(path, PRIVATE))


def _key(path: Path, kind: str) -> bytes:
    try:
        name, text = path.read_text().split()
        key = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        name, key = "", b""
    if name != kind or len(key) != 32:
        raise Failure(f"{path} is not a {kind.split('-')[2]} key for backups.")
    return key


@dataclass(frozen=True, slots=True)
class Outside:
    """What anybody can tell of a file without opening it: its hash, whose key opens it, its size."""

    fingerprint: str
    reader: str
    size: int


def outside(path: Path) -> Outside:
    """The same of a file that is there."""
    with path.open("rb") as source:
        fingerprint = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        mark: bytes = HEAD.unpack(source.read(HEAD.size))[2]
    return Outside(fingerprint, mark.hex(), path.stat().st_size)


class Sealer:
    """Writes what it is given, encrypted, in chunks; `close()` writes the last one."""

    def __init__(self, into: IO[bytes], reader: X25519PublicKey) -> None:
        own = X25519PrivateKey.generate()
        known, made = reader.public_bytes_raw(), own.public_key().public_bytes_raw()
        self.head = HEAD.pack(MAGIC, VERSION, _mark(known), made)
        self.cipher = AESGCM(_derived(own.exchange(reader), made + known))
        self.into, self.waiting, self.number = into, bytearray(), 0
        self.hash, self.size, self.reader = hashlib.sha256(), 0, _mark(known).hex()
        self._put(self.head)

    def write(self, plain: bytes) -> None:
        self.waiting += plain
        # The last chunk is written by `close()`, so one always waits.
        while len(self.waiting) > CHUNK:
            self._chunk(bytes(self.waiting[:CHUNK]), last=False)
            del self.waiting[:CHUNK]

    def close(self) -> Outside:
        self._chunk(bytes(self.waiting), last=True)
        return Outside(self.hash.hexdigest(), self.reader, self.size)

    def _chunk(self, plain: bytes, *, last: bool) -> None:
        body = self.cipher.encrypt(_nonce(self.number, last=last), plain, self.head)
        self._put(LENGTH.pack(len(body)) + body)
        self.number += 1

    def _put(self, sealed: bytes) -> None:
        self.into.write(sealed)
        self.hash.update(sealed)
        self.size += len(sealed)


class Opener:
    """Reads what `Sealer` wrote, whole or with a Failure that says what is wrong."""

    def __init__(self, source: IO[bytes], key: X25519PrivateKey, name: str) -> None:
        self.source, self.name, self.number = source, name, 0
        self.head = source.read(HEAD.size)
        if len(self.head) < HEAD.size or not self.head.startswith(MAGIC):
            raise Failure(f"{name} is not a backup of Hendig.")
        _magic, version, mark, made = HEAD.unpack(self.head)
        if version != VERSION:
            raise Failure(f"{name} was made by a newer Hendig (format {version}); use that one.")
        known = key.public_key().public_bytes_raw()
        if mark != _mark(known):
            raise Failure(f"This key does not open {name}; it was encrypted to another one.")
        try:
            shared = key.exchange(X25519PublicKey.from_public_bytes(made))
        except ValueError:
            raise self.damaged() from None
        self.cipher = AESGCM(_derived(shared, made + known))
        self.chunks = self._chunks()
        self.left = b""

    def damaged(self) -> Failure:
        return Failure(f"{self.name} is damaged: it was cut short or altered. Nothing of it was used.")

    def _chunks(self) -> Iterator[bytes]:
        coming = self._body()
        while coming is not None:
            body, coming = coming, self._body()
            try:
                yield self.cipher.decrypt(_nonce(self.number, last=coming is None), body, self.head)
            except InvalidTag:
                raise self.damaged() from None
            self.number += 1

    def _body(self) -> bytes | None:
        head = self.source.read(LENGTH.size)
        if not head and (self.number or self.source.tell() > HEAD.size):
            return None
        size = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else 0
        body = self.source.read(size) if TAG <= size <= CHUNK + TAG else b""
        if len(body) != size or not body:
            raise self.damaged()
        return body

    def read(self, size: int) -> bytes:
        """Exactly so many bytes."""
        while len(self.left) < size:
            more = next(self.chunks, None)
            if more is None:
                raise self.damaged()
            self.left += more
        taken, self.left = self.left[:size], self.left[size:]
        return taken

    def rest(self) -> Iterator[bytes]:
        """All that comes after what was read."""
        if self.left:
            yield self.left
            self.left = b""
        yield from self.chunks

    @classmethod
    def of(cls, source: IO[bytes], key: Path, name: str) -> Self:
        return cls(source, read_private(key), name)


def _mark(public: bytes) -> bytes:
    return hashlib.sha256(public).digest()[:16]


def _derived(shared: bytes, salt: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=salt, info=b"hendig backup 1").derive(shared)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
