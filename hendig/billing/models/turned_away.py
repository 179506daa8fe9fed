"""An invoice that came into the folder and was not booked: nobody sat there to read why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.billing.models.invoices import MOST_NUMBER
from hendig.kernel.actor import Role
from hendig.kernel.privacy import BOOKS_7_YEARS, Privacy
from hendig.people.models import Partner


class TurnedAwayQuerySet(RecordedQuerySet["TurnedAway"]):
    def visible_to(
        self,
        actor: Any,
        *,
        at: datetime,  # noqa: ARG002 - every `visible_to` is asked for a moment
    ) -> TurnedAwayQuerySet:
        """What the own partner's system sent; to finance all of it."""
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.has(Role.FINANCE) else rows.filter(Q(partner__in=actor.offices))


class TurnedAway(Recorded):
    """A file of a system that was not booked: whose, where that could be read, and why not in a sentence.

    The file itself is not kept here, nor what it is called: both may name somebody.
    """

    privacy = Privacy(
        why="To tell a partner why its invoice was not booked (Youth Act art. 7.4.0). No name of a family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "number": "the number that the partner gave it; not where somebody's name or BSN was in it",
            "sha256": "the fingerprint of the file, so that who sends it again is told once",
            "code": "which rule said no",
            "why": "the same in a sentence, which repeats nothing of the file",
        },
    )

    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=MOST_NUMBER, blank=True)
    sha256 = models.CharField(max_length=64)
    code = models.CharField(max_length=40)
    why = models.CharField(max_length=500)
    at = models.DateTimeField()

    objects = TurnedAwayQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "turned away"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint("municipality_id", "sha256", "code", name="turned_away_told_once")
        ]
