"""What lies at hand at a table, and what asks a registration: how the municipality set it, and when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hendig.audit.models import Recorded, RecordedManager
from hendig.kernel.privacy import Privacy
from hendig.people.models import Account


class Knowledge(Recorded):
    """An edition of the knowledge cards and of the expertises that ask a registration. It never changes."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To see which knowledge lay at hand when, and for what a registration was asked. No person.",
        kept="as long as the municipality works with Hendig",
        goes="deleted with the municipality's installation",
        fields={
            "cards": "the title and the words of each card",
            "registered": "the names of the expertises that ask a registration",
            "note": "where it comes from, or why it changed",
        },
    )

    number = models.PositiveSmallIntegerField()
    cards = models.JSONField(default=list)
    registered = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    from_at = models.DateTimeField()

    objects = RecordedManager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("municipality_id", "number", name="knowledge_edition_once")]
