"""Identifiers: time-ordered so that indexes stay small and warm, random enough not to be guessed."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from threading import Lock
from uuid import UUID

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_CHANCE = 74  # bits of it beside the time, the version and the variant
_STEP = 1 << 48

_lock = Lock()
_last = (0, 0)


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562 §5.7), greater than every one this process made before.

    Rows of one moment are read in the order in which they were written; within a millisecond chance alone
    would shuffle them, so there the next one is the last plus a large step of chance (RFC 9562 §6.2).
    """
    global _last  # noqa: PLW0603 - the order of a whole process is one thing to remember
    with _lock:
        now = time.time_ns() // 1_000_000
        # The top bit stays free for the steps.
        fresh = (now, secrets.randbits(_CHANCE - 1))
        _last = fresh if now > _last[0] else _after(*_last)
        moment, chance = _last
    value = moment << 80 | (chance >> 62) << 64 | chance & ((1 << 62) - 1)
    return UUID(int=value | _VERSION_7 | _VARIANT)


def made_at(identifier: UUID) -> datetime:
    """When `new_id` made it, to the millisecond."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def _after(moment: int, chance: int) -> tuple[int, int]:
    chance += 1 + secrets.randbelow(_STEP)
    return (moment, chance) if chance < 1 << _CHANCE else (moment + 1, secrets.randbits(_CHANCE - 1))
