"""Where somebody of a family lives: dated, apart for each person, and for who needs to come there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from hendig.families.models.filters import OfRecordQuerySet
from hendig.families.models.persons import Family, FamilyMember
from hendig.families.models.records import OfRecord, Record
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.keys.models import SealedText
from hendig.people.models import Account


def hides(person: F, at: datetime) -> Func:
    """Whether the address of this person is secret then: for who reads it, and for Hendig itself."""
    truth = models.BooleanField()
    return Func(person, Value(at), function="hendig_hides_home", output_field=truth)


def asks_who_knows(person: F) -> Func:
    """Whether this is who asks, and the address was made secret before anybody was named for it."""
    truth = models.BooleanField()
    return Func(person, function="hendig_asks_who_knows", output_field=truth)


class HomeSource(models.TextChoices):
    """How it is known where somebody lives."""

    OWN = "own", _("zelf verteld")
    TOLD = "told", _("verteld door een ander")
    REGISTER = "register", _("opgezocht in de basisregistratie")


class HomeQuerySet(OfRecordQuerySet["Home"]):
    def standing(self, day: date) -> Self:
        """Those that are somebody's home on this day, or from a later day on."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), corrected=False)


class Home(OfRecord):
    """Somebody of the family lives here, from a day until a day; two homes of one person stand side by side.

    It lies in the part of that person, in each record in which they belong, under one `told_id`. A correction
    is a new row; the one before stays and says so.
    """

    privacy = Privacy(
        why="To come to somebody's home for help and in danger (Youth Act art. 7.3.8, GDPR art. 6.1 d, e).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "street": "the street, sealed",
            "number": "the house number, sealed",
            "addition": "what follows the number, sealed",
            "postcode": "the postcode, sealed",
            "place": "the town or village, sealed",
            "country": "the country where it is not the Netherlands, sealed",
            "way_in": "how to get in, in a line of their own, sealed",
            "days": "who lives there and when, where a child lives at several homes, sealed",
            "source": "how it is known, of a short list",
            "from_on": "since which day somebody lives there",
            "until_on": "until which day somebody lived there",
            "corrected": "whether another row says it better",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    # What was told in one go, of a parent of two children in the record of each.
    told_id = models.UUIDField()
    street = SealedText(max_length=80)
    number = SealedText(max_length=10, blank=True)
    addition = SealedText(max_length=10, blank=True)
    postcode = SealedText(max_length=12, blank=True)
    place = SealedText(max_length=80)
    country = SealedText(max_length=60, blank=True)
    way_in = SealedText(max_length=200, blank=True)
    days = SealedText(max_length=200, blank=True)
    source = models.CharField(max_length=8, choices=HomeSource)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    corrected = models.BooleanField(default=False, db_default=False)
    noted_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = HomeQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            models.UniqueConstraint("record", "told_id", name="told_once_a_record"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="home_ends_after_it_began"
            ),
        ]
