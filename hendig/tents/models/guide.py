"""The municipality's own words for the talk in a tent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hendig.audit.models import Recorded, RecordedManager
from hendig.kernel.privacy import Privacy
from hendig.people.models import Account


class Guide(Recorded):
    """An edition of the guide: for each phase its name, its question cards and who speaks.

    Nothing in it is about a person. An edition never changes, so that a talk keeps the one it began with;
    what is left empty is said as Hendig says it.
    """

    privacy: ClassVar[Privacy] = Privacy(
        why="To lead the talk in the municipality's own words. Nothing about a person.",
        kept="as long as the municipality works with Hendig",
        goes="deleted with the municipality's installation",
        fields={
            "phases": "the municipality's own texts for each phase",
            "note": "where the text comes from, or why it changed",
        },
    )

    number = models.PositiveSmallIntegerField()
    phases = models.JSONField(default=dict)
    note = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    from_at = models.DateTimeField()

    objects = RecordedManager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("municipality_id", "number", name="guide_edition_once")]
