"""Which backup files there are: what was destroyed here stands in them until they are destroyed as well."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.kernel.privacy import Privacy


class BackupFileQuerySet(RecordedQuerySet["BackupFile"]):
    def standing(self) -> BackupFileQuerySet:
        """Those that lie somewhere yet, as far as anybody said."""
        return self.filter(destroyed_at=None)

    def past(self, today: date) -> BackupFileQuerySet:
        """Those whose last day is over, and that are there yet."""
        return self.standing().filter(until_on__lt=today)

    def called(self, mark: str) -> BackupFileQuerySet:
        """What goes by this mark: the first signs of a file, or of the key that opens it."""
        return self.filter(Q(fingerprint__startswith=mark) | Q(reader__startswith=mark))


class BackupFile(Recorded):
    """A backup of the whole installation that lies somewhere until its last day; each municipality has a row.

    What is readable in it (names, birth dates) is destroyed with the file, or with the private key that opens
    it, and not before.
    """

    privacy = Privacy(
        why="To say in which backups something destroyed still stands (Youth Act art. 7.3.9, GDPR art. 17).",
        kept="20 years after the backup was made",
        goes="deleted by the privacy officer",
        fields={
            "fingerprint": "a hash of the file",
            "reader": "a hash of the key to which it is encrypted",
            "lies": "where the operator says that it lies",
        },
    )

    fingerprint = models.CharField(max_length=64)
    reader = models.CharField(max_length=32)
    size = models.BigIntegerField()
    lies = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    until_on = models.DateField()
    destroyed_at = models.DateTimeField(null=True)

    objects = BackupFileQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["municipality_id", "fingerprint"], name="backup_registered_once")
        ]
