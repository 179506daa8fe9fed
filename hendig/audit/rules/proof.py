"""Lines of the log against their leaves, leaves against their seals, seals against the ones before them.

Lines come as `COPY` writes them. Knows no Django: a process that does nothing else starts quickly.
"""

from __future__ import annotations

import hashlib
from binascii import unhexlify
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from hendig.audit.rules import chain, merkle
from hendig.audit.rules.chain import Keys, Sealed

# What `COPY` writes for nothing, for nothing at the end of a line, and in front of bytes.
NULL = b"\\N"
NO_MORE = b"\t\\N"
# The sealer comes every minute; a line that waited longer than this is one that the sealer never saw.
WAITS_AT_MOST = timedelta(minutes=10)
Buffer = bytes | bytearray | memoryview
BYTES = len(rb"\\x")


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that is not as it was sealed: which line or seal, and what is wrong with it."""

    what: str
    why: str


@dataclass(slots=True)
class Outcome:
    """What was found: how many lines were verified, how many wait for their seal, and what is broken."""

    entries: int = 0
    waiting: int = 0
    broken: list[Broken] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.entries += other.entries
        self.waiting += other.waiting
        self.broken += other.broken


def verify_others(lines: Iterable[Buffer], at: datetime) -> Outcome:
    """Lines under no seal of the chain: each to its leaf, and none older than the sealer's round."""
    outcome = Outcome()
    for line in lines:
        held, rest = bytes(line).split(b"\t", 1)
        entry_id = rest.split(b"\t", 1)[0].decode()
        outcome.entries += 1
        if leaf_of(rest) != unhexlify(held[BYTES:]):
            outcome.broken.append(Broken(f"line {entry_id}", "it does not fit its leaf"))
        elif chain.made_at(UUID(entry_id)) < at - WAITS_AT_MOST:
            outcome.broken.append(Broken(f"line {entry_id}", "it stands under no seal"))
        else:
            outcome.waiting += 1
    return outcome


@dataclass(slots=True)
class Batch:
    """The lines that stand under one seal, in the order of their ids."""

    number: int
    first: bytes = b""
    last: bytes = b""
    leaves: list[bytes] = field(default_factory=list)


def verify_lines(
    before: Sealed | None, seals: Sequence[Sealed], lines: Iterable[Buffer], keys: Keys
) -> Outcome:
    """The same for lines as `COPY` gives them: number of the seal, id, leaf, and the line that was hashed."""
    outcome = Outcome()
    batches = {batch.number: batch for batch in read_batches(lines, outcome)}
    for seal in seals:
        batch = batches.pop(seal.number, Batch(seal.number))
        why = chain.why_broken(seal, before, keys) or why_other_lines(seal, before, batch)
        if why:
            outcome.broken.append(Broken(f"seal {seal.number}", why))
        before = seal
    # A seal that was cut out from between others; its lines still say where they stood.
    outcome.broken += [Broken(f"seal {number}", "it is gone") for number in batches]
    return outcome


def why_other_lines(seal: Sealed, before: Sealed | None, batch: Batch) -> str | None:
    """Why the lines are not those that were sealed; None when they are."""
    if len(batch.leaves) != seal.count:
        return f"it sealed {seal.count} lines, and {len(batch.leaves)} are there"
    if (batch.first.decode(), batch.last.decode()) != (str(seal.first_id), str(seal.last_id)):
        return "it sealed other lines than stand under it"
    if merkle.root(batch.leaves) != seal.root:
        return "the leaves under it do not make its root"
    if chain.too_late(seal.first_id, before):
        return "a line under it is so old that it was put in afterwards"
    return None


def read_batches(lines: Iterable[Buffer], outcome: Outcome) -> Iterator[Batch]:
    """Batch by batch; each line is held against its leaf on the way."""
    parts = ((bytes(line).split(b"\t", 3)) for line in lines)
    for number, rows in groupby(parts, itemgetter(0)):
        batch = Batch(int(number))
        for _number, entry_id, leaf, rest in rows:
            batch.first = batch.first or entry_id
            batch.last = entry_id
            if leaf == NULL:
                outcome.broken.append(Broken(f"line {entry_id.decode()}", "it is gone"))
                continue
            held = unhexlify(leaf[BYTES:])
            if leaf_of(rest) != held:
                outcome.broken.append(Broken(f"line {entry_id.decode()}", "it does not fit its leaf"))
            batch.leaves.append(held)
        outcome.entries += len(batch.leaves)
        yield batch


def leaf_of(line: bytes) -> bytes:
    """The leaf of a line as `COPY` wrote it, with its end of line."""
    line = line[:-1]
    while line.endswith(NO_MORE):
        line = line[: -len(NO_MORE)]
    return hashlib.sha256(merkle.LEAF + line).digest()
