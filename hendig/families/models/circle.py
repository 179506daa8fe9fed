"""Who is around a family (ecogram)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hendig.families.models.filters import OfRecordQuerySet
from hendig.families.models.persons import Family
from hendig.families.models.records import OfRecord
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.keys.models import SealedText


class Bond(models.TextChoices):
    """How the contact is, as the drawing shows it."""

    WARM = "warm", _("goed")
    THIN = "thin", _("weinig contact")
    STRAINED = "strained", _("lastig")


class TieQuerySet(OfRecordQuerySet["Tie"]):
    def present(self) -> TieQuerySet:
        return self.filter(removed_at=None)


class Tie(OfRecord):
    """Somebody in the own circle (ecogram): who, how near, how the contact is, and what they give."""

    privacy = Privacy(
        why="To see who is around before professionals are asked (Youth Act art. 2.1; the family's consent).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "name": "the first name of somebody in the own circle, who may not know it is here",
            "relation": "who that is to the family",
            "distance": "how near they are, from 1 to 3",
            "gives": "what they give, in the family's words",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="ties")
    name = SealedText(max_length=60)
    relation = SealedText(max_length=60)
    distance = models.PositiveSmallIntegerField(default=2)
    bond = models.CharField(max_length=8, choices=Bond, default=Bond.WARM)
    gives = SealedText(max_length=120, blank=True)
    removed_at = models.DateTimeField(null=True)
    # How this one stood before somebody changed it, for who undoes that.
    was = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # Of a youth's own circle: the row by which the youth shows it in that of the family.
    shown = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    # Shown by a youth who took it back: whatever others made of it, nobody puts it back.
    taken_back = models.BooleanField(default=False, db_default=False)

    objects = TieQuerySet.as_manager()

    class Meta:
        ordering = ["distance", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(distance__gte=1, distance__lte=3), name="tie_distance_1_to_3"),
            models.CheckConstraint(
                condition=Q(taken_back=False) | Q(removed_at__isnull=False), name="taken_back_tie_stays_away"
            ),
        ]
