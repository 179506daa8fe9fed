"""The citizen service number (bsn) of a child: apart from all else, sealed, and found by a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hendig.families.models.filters import OfRecordQuerySet
from hendig.families.models.persons import Family, FamilyMember
from hendig.families.models.records import OfRecord, Record
from hendig.kernel.bsn import DIGITS
from hendig.kernel.privacy import RECORD_20_YEARS, Privacy
from hendig.keys.models import SealedText
from hendig.people.models import Account


class NumberWhy(models.TextChoices):
    """What a number may be written down for: nobody is asked for it before there is help."""

    RECORD = "record", _("Er komt hulp, en zo is zeker over wie dit dossier gaat.")
    EXCHANGE = "exchange", _("Een aanbieder of de huisarts moet zeker weten over wie het gaat.")
    DECISION = "decision", _("Er komt een besluit op papier of een pgb.")


def hashed_number(municipality_id: UUID, number: str) -> bytes:
    """By which a number is found: useless without the secret of the installation, other in each municipality.

    Without a secret a hash of nine digits is no secret at all: all of them are tried in a minute.
    """
    key = hmac.digest(settings.SECRET_KEY.encode(), f"bsn of {municipality_id}".encode(), hashlib.sha256)
    return hmac.digest(key, number.encode(), hashlib.sha256)


class CitizenNumberQuerySet(OfRecordQuerySet["CitizenNumber"]):
    def standing(self) -> Self:
        """Those that were not removed, nor replaced."""
        return self.filter(removed_at=None)

    def called(self, municipality_id: UUID, number: str) -> Self:
        """The one that stands in this municipality with this number."""
        found_by = hashed_number(municipality_id, number)
        return self.standing().filter(municipality_id=municipality_id, found_by=found_by)


class CitizenNumber(OfRecord):
    """The number of the child of a record, for what it was written down, when and by whom.

    It lies in the compartment of the address. Removed or replaced, the row stays without the number.
    """

    privacy = Privacy(
        why="To be sure whom a record is about when help is given (Youth Act art. 7.2.1 to 7.2.3).",
        kept=RECORD_20_YEARS,
        goes="number and hash at once when it is removed or replaced, and when the record is destroyed",
        fields={
            "number": "the citizen service number, sealed",
            "found_by": "a keyed hash of it, by which it is found without being readable",
            "why": "what it was written down for, of a short list",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    number = SealedText(max_length=DIGITS, blank=True)
    found_by = models.BinaryField(null=True)
    why = models.CharField(max_length=8, choices=NumberWhy)
    noted_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    removed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = CitizenNumberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "found_by", name="number_once", condition=Q(removed_at=None)
            ),
            models.UniqueConstraint("record", name="one_number_a_record", condition=Q(removed_at=None)),
            models.CheckConstraint(
                condition=Q(removed_at=None, found_by__isnull=False)
                | Q(removed_at__isnull=False, found_by=None),
                name="removed_number_is_gone",
            ),
        ]
