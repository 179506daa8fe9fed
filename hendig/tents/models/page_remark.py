"""How somebody sees a line of the page that remains: beside what stands there, never in its place."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hendig.families.models import Family, OfRecord, Sort
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import TABLE
from hendig.keys.models import SealedText
from hendig.people.models import Account
from hendig.tents.models.table import OfTentQuerySet, Tent


class PagePart(models.TextChoices):
    """The parts of the page, in the order in which it is read."""

    QUESTION = "question", _("Onze vraag")
    UNDERSTANDING = "understanding", _("Wat we begrijpen")
    GOES_WELL = "goes_well", _("Wat goed gaat")
    AGREEMENTS = "agreements", _("Wat we afspreken")
    PEOPLE = "people", _("Wie er waren")


class PageRemark(OfRecord):
    """Somebody sees a line of this version of the page otherwise. It knows the line by its words.

    So it stays with that line wherever it comes to stand; where the line was amended both can be read.
    """

    privacy = Privacy(
        why="To take home also where people differ, each in the own words (Youth Act art. 7.3.8).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "line": "the line of the page that it is about",
            "text": "how somebody sees it",
            "voice": "the first name of who sees it so",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    tent = models.ForeignKey(Tent, models.PROTECT, related_name="page_remarks")
    # Of which version of the page; the first is 1.
    number = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=13, choices=PagePart)
    line = SealedText()
    text = SealedText(max_length=300)
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    voice = SealedText(max_length=60)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    under = "tent"
    sort = Sort.TENT
    wall = TABLE

    objects = OfTentQuerySet["PageRemark"].as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["tent", "number"], name="remarks_of_page")]
