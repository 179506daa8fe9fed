"""What the financial system of the municipality takes in, month by month."""

from __future__ import annotations

from django.db import models

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.billing.models.books import sees_books
from hendig.kernel.actor import Actor
from hendig.kernel.privacy import BOOKS_7_YEARS, Privacy
from hendig.people.models import Account


class JournalQuerySet(RecordedQuerySet["Journal"]):
    def visible_to(self, actor: Actor) -> JournalQuerySet:
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if sees_books(actor) else rows.none()


class Journal(Recorded):
    """A month for the financial system, written once: whoever fetches it again gets the same bytes."""

    privacy = Privacy(
        why="To enter in the books what was invoiced and paid (Youth Act art. 7.4.0). No family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "number": "the number of the journal",
            "csv": "documents, codes and amounts of partners, as a table",
            "json": "the same as data",
        },
    )

    month = models.DateField()
    number = models.CharField(max_length=20)
    entries = models.PositiveIntegerField()
    csv = models.TextField()
    json = models.TextField()
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = JournalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("municipality_id", "month", name="journal_once_a_month"),
            models.UniqueConstraint("municipality_id", "number", name="journal_number_once"),
        ]
