"""The log is held against its seals in parts: what is new each night, and all of it within a month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from hendig.audit.models import Anchor, Seal
from hendig.audit.queries import newest_seal, seals_of, whole
from hendig.audit.rules import chain, leaf, proof
from hendig.audit.rules.proof import Broken, Outcome

# So many lines are held against their seals each night; of a longer log what is new, and the rest in turns.
AT_ONCE = 1_000_000
NEW = timedelta(days=3)
NIGHTS = 30
# Seals that are looked at together.
BLOCK = 256
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)

SEALED_LINES = """
    COPY (
        SELECT s.number, s.entry_id, e.leaf, {line}
        FROM audit_sealedentry s LEFT JOIN audit_entry e ON e.id = s.entry_id AND e.id BETWEEN %s AND %s
        WHERE s.number BETWEEN %s AND %s ORDER BY s.number, s.entry_id
    ) TO STDOUT
"""
OTHER_LINES = """
    COPY (
        SELECT e.leaf, {line} FROM audit_entry e WHERE e.id >= %s AND e.id <= %s AND NOT EXISTS (
            SELECT FROM audit_sealedentry s JOIN audit_seal a ON a.number = s.number WHERE s.entry_id = e.id
        )
    ) TO STDOUT
"""


def prove_log(*, at: datetime) -> Outcome:
    """Tonight's part of the log is as it was sealed, or this says what is not; so are all anchors.

    Lines and seals that stand do not change, so what is written meanwhile is no matter.
    """
    last = newest_seal()
    outcome = Outcome()
    for block in _tonight(last.number, at) if last else [0]:
        outcome.add(_proved(block, last.number if last else 0, at))
    outcome.broken += _broken_anchors()
    return outcome


def _tonight(newest: int, at: datetime) -> list[int]:
    """Which blocks of seals: all of a log that is not long; else those with something new, and some."""
    blocks = range(newest // BLOCK + 1)
    lines = Seal.objects.aggregate(lines=Sum("count"))["lines"] or 0
    if lines <= AT_ONCE:
        return list(blocks)
    new = Seal.objects.filter(sealed_at__gte=at - NEW).order_by("number").values_list("number", flat=True)
    since = (new.first() or newest) // BLOCK
    turn = at.date().toordinal() % NIGHTS
    return [block for block in blocks if block >= since or block % NIGHTS == turn]


def _proved(block: int, newest: int, at: datetime) -> Outcome:
    """The seals of this block, the lines under them, and lines among those that stand under none."""
    first, last = max(1, block * BLOCK), min(newest, block * BLOCK + BLOCK - 1)
    near = {seal.number: seal for seal in seals_of(range(first - 1, last + 2))}
    seals = [near[number] for number in range(first, last + 1) if number in near]
    if not seals and newest:
        return Outcome(broken=[Broken(f"seal {first}", "it is gone")])
    low = seals[0].first_id if block else FIRST
    high = near[last + 1].first_id if last + 1 in near else LAST
    outcome = Outcome()
    if seals:
        ends = [min(one.first_id for one in seals), max(one.last_id for one in seals), first, last]
        keys = chain.public_keys(settings.SEAL_PUBLIC)
        with _copied(SEALED_LINES, ends) as lines:
            outcome.add(proof.verify_lines(near.get(first - 1), seals, lines, keys))
    with _copied(OTHER_LINES, [low, high]) as lines:
        outcome.add(proof.verify_others(lines, at))
    return outcome


@contextmanager
def _copied(words: str, values: Sequence[object]) -> Iterator[Iterator[proof.Buffer]]:
    """The lines as PostgreSQL writes them down, in the way that their leaves were made."""
    line = ", ".join(f'e."{column}"' for column in leaf.columns())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(leaf.FOR_NOW)
        with cursor.copy(words.format(line=line), values) as lines:
            yield iter(lines)


def _broken_anchors() -> list[Broken]:
    """What was handed to others, and the chain has not or not any more. 2 queries."""
    anchors = list(Anchor.objects.values_list("number", "hash").order_by("number"))
    found = whole([number for number, _held in anchors])
    return [
        Broken(f"anchor {number}", "its seal is gone or another one now")
        for number, held in anchors
        if found.get(number) != bytes(held)
    ]
