"""Two professionals held that a youth of 16 or 17 cannot decide about something, until a day."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Func, Q, Value

from hendig.families.models.filters import OfRecordQuerySet
from hendig.families.models.persons import Family
from hendig.families.models.records import OfRecord, Record
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.keys.models import SealedText
from hendig.people.models import Account


def instead(child: F, at: datetime) -> Func:
    """Whether others decide in the place of this child at that moment, and whether a no of it stops that.

    The same answer for everyone who has a say, also for a parent whose view of the record rests.
    """
    text = models.CharField(null=True)
    return Func(child, Value(at), function="hendig_instead", output_field=text)


def parents_say(child: F, at: datetime) -> Func:
    """Whether those with authority have a say about help for this child at that moment.

    Until 16, and for a youth of 16 or 17 only while they decide in its place.
    """
    truth = models.BooleanField()
    return Func(child, Value(at), function="hendig_parents_say", output_field=truth)


class IncapacityQuerySet(OfRecordQuerySet["Incapacity"]):
    def standing(self, at: datetime) -> IncapacityQuerySet:
        """Those by which the parents decide at this moment."""
        return self.filter(from_at__lte=at, until_at__gt=at)


class Incapacity(OfRecord):
    """Two registered professionals, each apart, hold that a youth of 16 or 17 cannot weigh one matter.

    From the second yes until the end of the last day those with authority decide about help in the youth's
    place. An objection of the youth ends it at once, unless it was set to prevent serious harm.
    """

    privacy = Privacy(
        why="To let parents decide only where a youth cannot (Youth Act art. 7.3.15, Civil Code 7:465).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "matter": "what it is that the youth cannot weigh now",
            "harm": "which serious harm must be prevented, after an objection",
            "first_why": "what the first professional saw",
            "second_why": "what the second professional saw",
            "second_agrees": "whether the second professional holds the same",
            "objection": "why the youth objects, in own words",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="incapacities")
    matter = SealedText(max_length=300)
    until_on = models.DateField(help_text="the last day")
    harm = SealedText(max_length=1000, blank=True)
    despite_no = models.BooleanField(default=False)
    first = models.ForeignKey(Account, models.PROTECT, related_name="+")
    first_why = SealedText(max_length=2000)
    first_at = models.DateTimeField()
    second = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    second_why = SealedText(max_length=2000, blank=True)
    second_agrees = models.BooleanField(null=True)
    second_at = models.DateTimeField(null=True)
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    objection = SealedText(max_length=1000, blank=True)
    objected_at = models.DateTimeField(null=True)

    objects = IncapacityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "incapacities"
        ordering = ["-id"]
        indexes = [models.Index(fields=["record", "until_at"], name="incapacity_of_record")]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_at=None)
                | Q(second__isnull=False, second_agrees=True, until_at__isnull=False),
                name="incapacity_by_two_with_an_end",
            ),
            models.CheckConstraint(condition=~Q(second=F("first")), name="incapacity_by_two_others"),
        ]
