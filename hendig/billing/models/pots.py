"""Pots: what the municipality sets aside for a part of its inhabitants in a year. No family stands in it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Trim

from hendig.audit.models import Recorded, RecordedManager, RecordedQuerySet
from hendig.kernel.actor import Actor
from hendig.kernel.periods import Period
from hendig.kernel.privacy import BOOKS_7_YEARS, Privacy
from hendig.people.models import Account

# Until this age help for a youth may go on (Youth Act art. 1.1).
OLDEST = 22


class PotQuerySet(RecordedQuerySet["Pot"]):
    def standing(self, actor: Actor) -> PotQuerySet:
        """Those of the actor's municipality that nobody took away."""
        return self.filter(municipality_id=actor.municipality_id, stopped_at=None)


class Pot(Recorded):
    """Money for a population in a year: the children of these ages, in one part of the town or in all of it.

    Which help falls under it is found from the matches (`hendig_in_pots`); a pot never stops help.
    """

    privacy = Privacy(
        why="To steer on what help costs, over groups of families (Youth Act art. 2.6 and 2.10).",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "name": "what the municipality calls it",
            "neighbourhood": "the part of the town that it is for; empty for all of it",
        },
    )

    name = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    neighbourhood = models.CharField(max_length=60, blank=True)
    youngest = models.PositiveSmallIntegerField(default=0)
    oldest = models.PositiveSmallIntegerField(default=OLDEST)
    stopped_at = models.DateTimeField(null=True)

    objects = PotQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "year",
                Lower(Trim("name")),
                condition=Q(stopped_at=None),
                name="pot_name_once",
            ),
            models.CheckConstraint(
                condition=Q(youngest__lte=F("oldest"), oldest__lte=OLDEST), name="pot_ages_in_order"
            ),
        ]

    @property
    def period(self) -> Period:
        return Period(date(self.year, 1, 1), date(self.year, 12, 31))


class PotAmount(Recorded):
    """What is in a pot from a day on: set by somebody, never overwritten; the latest holds."""

    privacy = Privacy(
        why="To answer for who set aside what, from when (Youth Act art. 2.10). Nothing about a family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
    )

    pot = models.ForeignKey(Pot, models.PROTECT, related_name="amounts")
    cents = models.BigIntegerField()
    from_on = models.DateField()
    set_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = RecordedManager()

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(cents__gte=0), name="pot_never_below_nothing")]
