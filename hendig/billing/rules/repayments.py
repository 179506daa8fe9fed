"""What a partner is to give back is kept off what is paid next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class KeptOff:
    """So much of this note comes off what is paid of that invoice; below nothing it goes on top."""

    note_id: UUID
    invoice_id: UUID
    cents: int


def kept_off(owed: Iterable[tuple[UUID, int]], paid: Iterable[tuple[UUID, int]]) -> tuple[KeptOff, ...]:
    """What comes off which invoice of one partner: the oldest note first, and never more than is paid.

    `owed` are notes and `paid` invoices, each with cents. What came back too much is paid on top first.
    """
    left = dict(paid)
    found = []
    for note_id, cents in sorted(owed, key=lambda one: one[1] > 0):
        rest = cents
        for invoice_id, room in left.items():
            part = min(rest, room)
            if part:
                left[invoice_id], rest = room - part, rest - part
                found.append(KeptOff(note_id, invoice_id, part))
    return tuple(found)
