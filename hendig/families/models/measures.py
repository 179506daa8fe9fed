"""What was imposed over a child: supervision by a court, or juvenile probation; on which day, until which."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from hendig.families.models.filters import OfRecordQuerySet
from hendig.families.models.persons import Family
from hendig.families.models.records import OfRecord, Record
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy


class MeasureKind(models.TextChoices):
    """What was imposed: one of each kind can stand at a time, beside one of the other."""

    SUPERVISION = "supervision", _("ondertoezichtstelling")
    PROBATION = "probation", _("jeugdreclassering")


class Court(models.TextChoices):
    """The courts that rule about children, the court of appeal, and the prosecutor, who is no court."""

    AMSTERDAM = "amsterdam", _("rechtbank Amsterdam")
    DEN_HAAG = "den_haag", _("rechtbank Den Haag")
    GELDERLAND = "gelderland", _("rechtbank Gelderland")
    LIMBURG = "limburg", _("rechtbank Limburg")
    MIDDEN_NEDERLAND = "midden_nederland", _("rechtbank Midden-Nederland")
    NOORD_HOLLAND = "noord_holland", _("rechtbank Noord-Holland")
    NOORD_NEDERLAND = "noord_nederland", _("rechtbank Noord-Nederland")
    OOST_BRABANT = "oost_brabant", _("rechtbank Oost-Brabant")
    OVERIJSSEL = "overijssel", _("rechtbank Overijssel")
    ROTTERDAM = "rotterdam", _("rechtbank Rotterdam")
    ZEELAND_WEST_BRABANT = "zeeland_west_brabant", _("rechtbank Zeeland-West-Brabant")
    APPEAL = "appeal", _("gerechtshof")
    # Who imposes juvenile probation without a court, and never supervision.
    PROSECUTOR = "prosecutor", _("officier van justitie")


def measured_until(child: F, kind: F | Value, at: datetime) -> Func:
    """Until when a measure of this kind stands over this child at that moment; null when none does.

    The same answer for everyone who has a say, also for a parent whose view of the record rests.
    """
    moment = models.DateTimeField(null=True)
    return Func(child, kind, at, function="hendig_measured_until", output_field=moment)


class MeasureQuerySet(OfRecordQuerySet["Measure"]):
    def standing(self, at: datetime) -> MeasureQuerySet:
        """Those that hold at this moment: after the last day a measure lapses by itself, at 00:00."""
        return self.filter(from_at__lte=at, until_at__gt=at)


class Measure(OfRecord):
    """Supervision (ondertoezichtstelling) or juvenile probation of a child: by which ruling, until which day.

    Help that carries it out needs no yes (Youth Act art. 7.3.4 lid 1), where the institution that carries out
    the measure decided so (art. 3.5 lid 1); all else of the family is asked as always.
    """

    privacy = Privacy(
        why="To know on which ruling help without a yes rests, until when (Youth Act art. 3.5 and 7.3.4).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "kind": "whether it is supervision or juvenile probation",
            "court": "which court ruled, or the prosecutor, from a list of ours; no number of the case",
            "ruled_on": "the day of the ruling",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="measures")
    kind = models.CharField(
        max_length=11,
        choices=MeasureKind,
        default=MeasureKind.SUPERVISION,
        db_default=MeasureKind.SUPERVISION,
    )
    court = models.CharField(max_length=20, choices=Court)
    ruled_on = models.DateField()
    until_on = models.DateField(help_text="the last day, as the court said")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["record", "until_at"], name="measure_of_record")]
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gte=F("from_at")), name="measure_ends_after_start")
        ]
