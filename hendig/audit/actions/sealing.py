"""The log is sealed in batches: no writer waits for it, and a line that came late has a place too."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from hendig.audit.models import Seal
from hendig.audit.queries import newest_seal
from hendig.audit.rules import chain, merkle

# How many lines one seal holds at most.
AT_ONCE = 50_000
# Whoever holds a transaction open for longer than this has its lines sealed in the round of the night.
IN_FLIGHT = timedelta(hours=1)
ONE_SEALER = "SELECT pg_try_advisory_xact_lock(hashtext('hendig seal'))"
NOT_SEALED = """
    SELECT id, leaf FROM audit_entry e
    WHERE id >= %s AND NOT EXISTS (SELECT FROM audit_sealedentry s WHERE s.entry_id = e.id)
    ORDER BY id LIMIT %s
"""
PUT_UNDER = "INSERT INTO audit_sealedentry (entry_id, number) SELECT unnest(%s::uuid[]), %s"


class NoSealKey(RuntimeError):
    """Nothing can be sealed: this process was not given the key."""


def seal_log(*, at: datetime, everything: bool = False) -> int:
    """Every committed line of the log stands under a seal; how many came under one now.

    Writers never wait: what is not committed yet is sealed later. A line that was committed late is found
    among those of the last hour; with `everything` the whole log is searched. Of two sealers at once one does
    nothing.
    """
    if not settings.SEAL_KEY:
        raise NoSealKey
    count = 0
    while done := _seal_batch(at, everything):
        count += done
        if done < AT_ONCE:
            break
    return count


def _seal_batch(at: datetime, everything: bool) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_SEALER)
        if cursor.fetchone() != (True,):
            return 0
        # Read after the lock was had: the seal before this one is committed.
        last = newest_seal()
        since = (
            chain.earliest_id(min(last.sealed_at, chain.made_at(last.last_id)) - IN_FLIGHT) if last else None
        )
        cursor.execute(NOT_SEALED, [UUID(int=0) if everything or since is None else since, AT_ONCE])
        rows = cursor.fetchall()
        if not rows:
            return 0
        seal = _new_seal(last, [row[0] for row in rows], [bytes(row[1]) for row in rows], at)
        models.QuerySet[Seal](Seal).bulk_create([Seal(**asdict(seal))])
        cursor.execute(PUT_UNDER, [[row[0] for row in rows], seal.number])
        return len(rows)


def _new_seal(last: chain.Sealed | None, ids: list[UUID], leaves: list[bytes], at: datetime) -> chain.Sealed:
    key = chain.private_key(settings.SEAL_KEY)
    seal = chain.Sealed(
        number=last.number + 1 if last else 1,
        previous=last.hash() if last else chain.BEFORE_THE_FIRST,
        first_id=ids[0],
        last_id=ids[-1],
        count=len(ids),
        root=merkle.root(leaves),
        # The clocks of two workers differ a little.
        sealed_at=max(at, last.sealed_at) if last else at,
        key_id=chain.key_id(chain.public_text(key)),
    )
    return chain.signed(seal, key)
