"""A GP asked a family, once, to be invited."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded
from hendig.families.models.filters import OfFamilyQuerySet
from hendig.families.models.persons import Family, FamilyMember
from hendig.families.models.records import Record
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import OF_OPEN_FAMILY
from hendig.people.models import Account


class GpAskStage(models.TextChoices):
    ASKED = "asked", _("gevraagd")
    AGREED = "agreed", _("mag meedoen")
    REFUSED = "refused", _("niet nu")


class GpAskQuerySet(OfFamilyQuerySet["GpAsk"]):
    def waiting(self) -> GpAskQuerySet:
        return self.filter(stage=GpAskStage.ASKED)

    def again(self, account_id: object, said: bytes) -> GpAskQuerySet:
        """What this GP asked before in the same words."""
        return self.filter(account_id=account_id, said=said)


class GpAsk(Recorded):
    """The family reads it and says yes or no; the GP never sees this row, nor whether a family does.

    It is kept as well where no child is called so: asked is asked, and nothing tells one from the other.
    """

    privacy = Privacy(
        why="To let a GP ask a family once to be invited, without showing who is here (GDPR art. 25).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"said": "a keyed hash of the name and birth date that the GP typed; these are not kept"},
    )

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    said = models.BinaryField()
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    stage = models.CharField(max_length=8, choices=GpAskStage, default=GpAskStage.ASKED)
    answered_by = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    wall = OF_OPEN_FAMILY

    objects = GpAskQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("account", "said", name="a_gp_asks_once")]
        indexes = [models.Index(fields=["record", "-id"], name="gp_asks_of_record")]
