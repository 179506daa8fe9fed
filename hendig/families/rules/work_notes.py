"""Who keeps notes for the own work, and until when these last."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Part
from hendig.kernel.refusal import Refusal

# Who helps a family for longer. Who looks for an hour or comes by for one task remembers nothing by it.
KEEPS = frozenset({Part.COACH, Part.PROFESSIONAL, Part.SUPERVISOR})
# A note for the own work is no part of the record, because it does not last (Youth Act art. 7.3.8): what has
# to be remembered for longer belongs in the record, where the family reads it.
LASTS = timedelta(days=90)


def why_no_work_note(parts: Collection[str]) -> Refusal | None:
    """Why somebody who is involved in these parts keeps no note for the own work here."""
    if KEEPS.isdisjoint(parts):
        return Refusal("own_note.not_at_work", _("Alleen wie dit gezin helpt, bewaart hier iets."))
    return None


def gone_at(written_at: datetime) -> datetime:
    """When a note is destroyed at the latest."""
    return written_at + LASTS
