"""An adult of a family died: since when that is known, by what source."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded
from hendig.families.models.filters import OfFamilyQuerySet
from hendig.families.models.persons import Family, FamilyMember
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import OF_OPEN_FAMILY
from hendig.people.models import Account


class DeathSource(models.TextChoices):
    BRP = "brp", _("basisregistratie personen")
    DEED = "deed", _("akte van overlijden")
    TOLD = "told", _("verteld door de familie")


class DeathQuerySet(OfFamilyQuerySet["Death"]):
    def standing(self, at: datetime) -> DeathQuerySet:
        """Those that are known at this moment, and that two did not take back."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)


class Death(Recorded):
    """An adult who raises died. Nothing opens by that person any more, and what was theirs apart for nobody.

    It gives no next of kin anything, and stops nothing of the child: who decides now is looked at anew. It is
    taken back only where it was written by mistake, by two others than who wrote it.
    """

    privacy = Privacy(
        why="To close what was of who died, and ask no yes of them (Civil Code 1:253f, GDPR art. 25).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "died_on": "the day on which somebody died",
            "source": "where that stands, from a list of ours",
            "closed_account": "whether the account of this person was closed by it",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="deaths")
    died_on = models.DateField()
    source = models.CharField(max_length=4, choices=DeathSource)
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    closed_account = models.BooleanField(default=False)
    from_at = models.DateTimeField()
    # Written by mistake: who says so, and who agreed. Until then it stands.
    mistake_at = models.DateTimeField(null=True)
    mistake_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    agreed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    until_at = models.DateTimeField(null=True)

    wall = OF_OPEN_FAMILY

    objects = DeathQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint("member", name="death_once", condition=Q(until_at=None)),
            models.CheckConstraint(
                condition=Q(until_at=None, agreed_by=None)
                | Q(until_at__isnull=False, mistake_by__isnull=False, agreed_by__isnull=False)
                & ~Q(agreed_by=F("mistake_by"))
                & ~Q(agreed_by=F("written_by")),
                name="death_taken_back_by_two",
            ),
        ]
