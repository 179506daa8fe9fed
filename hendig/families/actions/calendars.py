"""Who begins or stops to go along with a family: what is planned with it goes into their calendar, or out."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from procrastinate.contrib.django import app as jobs

from hendig.audit.actions import Change


def tell_calendars(act: Change, family_ids: Iterable[UUID]) -> None:
    """A step: as soon as this change counts a worker tells the calendars of who comes and of who stops."""
    for family_id in sorted(set(family_ids)):
        jobs.configure_task("tents.tell_calendars").defer(
            municipality_id=str(act.actor.municipality_id), family_id=str(family_id)
        )
