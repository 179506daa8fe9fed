"""A meeting as a calendar needs it: when, perhaps where, and not a word about whom or what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.kernel.refusal import Words


@dataclass(frozen=True, slots=True)
class Meeting:
    """What goes into a calendar. `edition` counts up with every change, so that the newest one wins.

    `place` is left empty where it would say where somebody lives; `tentative` while it is not sure to be.
    """

    id: UUID
    starts_at: datetime
    ends_at: datetime
    summary: Words
    url: str
    place: str = ""
    edition: int = 0
    tentative: bool = False
    cancelled: bool = False
