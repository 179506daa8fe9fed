"""Whether a restored database can be used: every key and text opens, and the log is as it was sealed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.db import connections

from hendig.audit.actions import change
from hendig.audit.models import RESTORED
from hendig.audit.queries import newest_seal
from hendig.audit.rules.chain import NOT_OURS
from hendig.kernel.actor import Actor
from hendig.kernel.sealing import Unopened
from hendig.keys.actions import sealed_models
from hendig.keys.actions.backups import meet_backup
from hendig.keys.models import CompartmentKey, Unreadable, UnreadableBytes, sealed_fields
from hendig.operations.backup import register
from hendig.operations.database import conninfo
from hendig.operations.failure import Failure
from hendig.operations.prove.log import verify_all
from hendig.people.models import Municipality

PIECE = 2000
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def usable(url: str, seals: Sequence[str], told: Callable[[str], None]) -> str:
    """How much was looked at, in a few words; a Failure when any of it is not as it should be."""
    try:
        keys, texts, lines = _keys(told), _texts(told), _lines(url, seals)
    finally:
        connections.close_all()
    return f"{keys} keys, {texts} texts and {lines}"


def _keys(told: Callable[[str], None]) -> int:
    number = wrong = 0
    for key in CompartmentKey.objects.standing().iterator(PIECE):
        number += 1
        try:
            key.opened()
        except Unopened:
            wrong += 1
        if number % PIECE == 0:
            told(f"{number} keys")
    if wrong:
        raise Failure(
            f"{wrong} of {number} keys do not open: the root keys of that time are not in the file of root "
            "keys (HENDIG_ROOT_KEYS); put them back first."
        )
    return number


def _texts(told: Callable[[str], None]) -> int:
    number = wrong = 0
    destroyed = set(
        CompartmentKey.objects.exclude(destroyed_at=None).values_list("compartment_id", flat=True)
    )
    for model in sealed_models():
        names = [field.name for field in sealed_fields(model)]
        manager = model._meta.default_manager
        assert manager is not None
        for compartment_id, *texts in manager.values_list("compartment_id", *names).iterator(PIECE):
            number += len(texts)
            unreadable = sum(isinstance(text, Unreadable | UnreadableBytes) for text in texts)
            wrong += 0 if compartment_id in destroyed else unreadable
        told(f"{number} texts")
    if wrong:
        raise Failure(f"{wrong} of {number} texts do not open, though their compartment was not destroyed.")
    return number


def _lines(url: str, seals: Sequence[str]) -> str:
    """How many lines of the log fit their leaves, and those their seals, the chain and the anchors.

    A line without a seal is none that was altered: the backup was made before the sealer came. Seals of which
    the key is not here are told: it is lost with the machine, and the records are not.
    """
    with psycopg.connect(conninfo(url)) as connection:
        found = verify_all(connection, seals, (), LONG_AGO)
    strange = [one for one in found.broken if one.why == NOT_OURS]
    if wrong := [one for one in found.broken if one.why != NOT_OURS]:
        places = "; ".join(f"{one.what}: {one.why}" for one in wrong[:3])
        raise Failure(f"In {len(wrong)} places the log is not as it was sealed: {places}.")
    lines = f"{found.entries} lines of the log"
    if strange:
        lines += f" ({len(strange)} seals are of a key that is not in seal.public: put it back to prove them)"
    return lines


def note(*, file: Path, made_at: datetime, ledgers: int, days: int) -> None:
    """The log of each municipality says that this backup took its place, and after which seal it goes on.

    The register knows the file from here on, also where nobody had said that it is there.
    """
    try:
        last, met = newest_seal(), register.met(file, made_at=made_at, days=days)
        for town_id in Municipality.objects.order_by("id").values_list("pk", flat=True):
            with change(Actor.system(town_id), RESTORED, at=datetime.now(UTC)) as act:
                town = act.lock(Municipality.objects.all(), town_id)
                act.record(town, made=made_at.isoformat(), seal=last.number if last else 0, ledgers=ledgers)
                meet_backup(act, met)
    finally:
        connections.close_all()
