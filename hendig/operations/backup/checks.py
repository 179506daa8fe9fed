"""Whether a restored database can be used: every key opens, every text opens, every line of the log fits."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections

from hendig.audit.models import Entry
from hendig.audit.rules.leaf import leaf_hash
from hendig.kernel.sealing import Unopened
from hendig.keys.actions import sealed_models
from hendig.keys.models import CompartmentKey, Unreadable, UnreadableBytes, sealed_fields
from hendig.operations.failure import Failure

PIECE = 2000


def usable(told: Callable[[str], None]) -> str:
    """How much was looked at, in a few words; a Failure when any of it is not as it should be."""
    try:
        keys, texts, lines = _keys(told), _texts(told), _lines(told)
    finally:
        connections.close_all()
    return f"{keys} keys, {texts} texts and {lines} lines of the log"


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


def _lines(told: Callable[[str], None]) -> int:
    number = wrong = 0
    for entry in Entry.objects.order_by("id").iterator(PIECE):
        number += 1
        wrong += bytes(entry.leaf) != leaf_hash(entry)
        if number % (PIECE * 10) == 0:
            told(f"{number} lines of the log")
    if wrong:
        raise Failure(f"{wrong} of {number} lines of the log were altered.")
    return number
