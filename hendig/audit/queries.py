"""The log as the privacy officer reads it: kinds, never content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.models import Entry
from hendig.audit.notices import all_codes
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Words


@dataclass(frozen=True, slots=True)
class Line:
    entry_id: UUID
    at: datetime
    kind: str
    code: str
    words: Words
    account_id: UUID | None
    roles: str
    family_id: UUID | None
    part: str
    ground: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the log, newest first; `older` is where the next one begins."""

    lines: tuple[Line, ...]
    older: UUID | None


def sheet(actor: Actor, *, kind: str = "", before: UUID | None = None, size: int = 50) -> Sheet:
    """The log of the actor's municipality, by key. 1 query."""
    rows = Entry.objects.filter(municipality_id=actor.municipality_id).order_by("-id")
    if kind:
        rows = rows.filter(kind=kind)
    if before:
        rows = rows.filter(pk__lt=before)
    fields = ("pk", "at", "kind", "code", "account_id", "roles", "family_id", "part", "ground")
    found = list(rows.values_list(*fields)[: size + 1])
    codes = all_codes()
    lines = tuple(
        Line(pk, at, what, code, codes[code].seen_as if code in codes else code, *rest)
        for pk, at, what, code, *rest in found[:size]
    )
    return Sheet(lines, lines[-1].entry_id if len(found) > size else None)
