"""What the municipality sets: its guiding rules, the codes on which it pays, and the expertises it knows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedManager
from hendig.kernel.privacy import Privacy


class Principle(Recorded):
    """A guiding rule of the municipality (uitgangspunt), in its own words."""

    privacy = Privacy(
        why="To show by which rules the municipality works. Nothing about a person.",
        kept="as long as the municipality works with Hendig",
        goes="deleted with the municipality's installation",
        fields={
            "title": "the rule in a few words",
            "sentence": "the rule in a sentence",
        },
    )

    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    sentence = models.CharField(max_length=300)

    objects = RecordedManager()

    class Meta:
        ordering = ["position"]


class KnowledgeCard(Recorded):
    """Something to know at a table, in the municipality's own words: to talk with, and never a score."""

    privacy = Privacy(
        why="To have knowledge at hand while a family is understood. Nothing about a person.",
        kept="as long as the municipality works with Hendig",
        goes="deleted with the municipality's installation",
        fields={
            "title": "what it is about",
            "words": "what is good to know",
        },
    )

    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    words = models.CharField(max_length=400)

    objects = RecordedManager()

    class Meta:
        ordering = ["position"]


class Unit(models.TextChoices):
    """In what iJw counts help (WJ756), as far as kept appointments say how much there was of it.

    So each has a length: of a piece nobody knows how long it is.
    """

    MINUTE = "01", _("minuten")
    HOUR = "04", _("uren")
    DAY_PART = "16", _("dagdelen van vier uur")
    DAY = "14", _("etmalen")

    @property
    def minutes(self) -> int:
        return _LENGTHS[self]


_LENGTHS = {Unit.MINUTE: 1, Unit.HOUR: 60, Unit.DAY_PART: 4 * 60, Unit.DAY: 24 * 60}


class ServiceCode(Recorded):
    """One of the few codes on which help is paid: the municipality's name, with what iJw and CBS call it."""

    privacy = Privacy(
        why="To pay on few and coarse codes, so that an invoice tells as little as it can (GDPR art. 5.1 c).",
        kept="as long as the municipality works with Hendig",
        goes="deleted with the municipality's installation",
        fields={
            "code": "the municipality's code",
            "name": "its name",
            "sentence": "what falls under it",
            "ijw_category": "its category in iJw",
            "ijw_code": "its product code in iJw",
            "cbs_care_form": "its form of care with Statistics Netherlands",
            "iv3_field": "its field in the municipality's books",
        },
    )

    code = models.CharField(max_length=5)
    name = models.CharField(max_length=80)
    sentence = models.CharField(max_length=200)
    ijw_category = models.CharField(max_length=2, blank=True)
    ijw_code = models.CharField(max_length=5, blank=True)
    unit = models.CharField(max_length=2, choices=Unit, default=Unit.MINUTE)
    cbs_care_form = models.CharField(max_length=2, blank=True)
    iv3_field = models.CharField(max_length=6, blank=True)

    objects = RecordedManager()

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint("municipality_id", "code", name="service_code_once")]


class FormerCode(Recorded):
    """What a code was called until a day, here and by others; what it is called since stands with the code.

    Help of a day goes by what held on it: the first of these that ends on that day or later, else the code.
    """

    privacy = Privacy(
        why="To know what help was called on its day, and where it is booked. Nothing about a person.",
        kept="as long as the municipality works with Hendig",
        goes="deleted with the municipality's installation",
        fields={
            "name": "its name until then",
            "sentence": "what fell under it",
            "ijw_category": "its category in iJw",
            "ijw_code": "its product code in iJw",
            "cbs_care_form": "its form of care with Statistics Netherlands",
            "iv3_field": "its field in the municipality's books",
        },
    )

    service_code = models.ForeignKey(ServiceCode, models.PROTECT, related_name="former")
    until_on = models.DateField()
    name = models.CharField(max_length=80)
    sentence = models.CharField(max_length=200)
    ijw_category = models.CharField(max_length=2, blank=True)
    ijw_code = models.CharField(max_length=5, blank=True)
    unit = models.CharField(max_length=2, choices=Unit)
    cbs_care_form = models.CharField(max_length=2, blank=True)
    iv3_field = models.CharField(max_length=6, blank=True)

    objects = RecordedManager()

    class Meta:
        ordering = ["until_on"]
        constraints = [
            models.UniqueConstraint(fields=["service_code", "until_on"], name="code_changes_once_a_day")
        ]


class Expertise(Recorded):
    """What somebody can do, free of the employer."""

    privacy = Privacy(
        why="To find people by what they can do. Nothing about a person.",
        kept="as long as the municipality works with Hendig",
        goes="deleted with the municipality's installation",
        fields={
            "slug": "the expertise in an address",
            "name": "its name",
            "sentence": "what it is",
        },
    )

    slug = models.SlugField()
    name = models.CharField(max_length=60)
    sentence = models.CharField(max_length=200)
    # For this somebody registered is asked, or there is a reason why it can be somebody else.
    registered = models.BooleanField(default=False, db_default=False)

    objects = RecordedManager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("municipality_id", "slug", name="expertise_once")]
