"""Tents that come back: on which weekday, where or by which link, and for how many families."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedManager
from hendig.kernel.privacy import Privacy

# How long a meeting is, where nobody said otherwise.
MINUTES = 90


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("maandag")
    TUESDAY = 1, _("dinsdag")
    WEDNESDAY = 2, _("woensdag")
    THURSDAY = 3, _("donderdag")
    FRIDAY = 4, _("vrijdag")
    SATURDAY = 5, _("zaterdag")
    SUNDAY = 6, _("zondag")


class RecurringTent(Recorded):
    """A tent that comes back: on this weekday, here or by this link, so many families one after the other."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To plan meetings ahead, so that a family knows when it can come. Nothing about a person.",
        kept="as long as the municipality works with Hendig",
        goes="deleted with the municipality's installation",
        fields={
            "name": "what it is called",
            "place": "the building where it is",
            "video_link": "the way into the call, the same for each family that comes",
        },
    )

    name = models.CharField(max_length=60)
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    every_weeks = models.PositiveSmallIntegerField(default=1)
    starts_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=MINUTES)
    families = models.PositiveSmallIntegerField(default=3)
    place = models.CharField(max_length=120, blank=True)
    video_link = models.CharField(max_length=200, blank=True, default="", db_default="")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    objects = RecordedManager()

    class Meta:
        ordering = ["weekday", "starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every_weeks__gte=1, minutes__gte=15, families__gte=1), name="recurring_has_slots"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="recurring_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(place="") | ~Q(video_link=""), name="recurring_is_somewhere"),
        ]
