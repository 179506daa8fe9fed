"""Somebody was invited to see along, and did not come in yet."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from hendig.audit.models import LockedText, Recorded
from hendig.families.models.filters import OfFamilyQuerySet
from hendig.families.models.involvement import WhatFor
from hendig.families.models.persons import Family
from hendig.families.models.records import Record
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import OF_OPEN_FAMILY
from hendig.people.models import Account


class InvitationQuerySet(OfFamilyQuerySet["Invitation"]):
    def open(self, at: datetime) -> InvitationQuerySet:
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, taken_back_at=None, tries_left__gt=0, expires_at__gt=at)


class Invitation(Recorded):
    """Who decides invited an adult by mail; it opens nothing until that person typed the code.

    The code is told in person or by telephone, so that a mail at a wrong address lets nobody in. Only its
    hash is kept.
    """

    privacy = Privacy(
        why="To let in the person who was meant, and nobody else who reads the mail (GDPR art. 32).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "first_name": "what who invited calls the adult, locked",
            "what_for": "what this one is to see along for, from a list of ours",
            "aim": "the same in the family's own words, locked",
            "code_hash": "a hash of the code; the code itself is not kept",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    first_name = LockedText(max_length=60)
    # For what this one is to see along; it is said with the yes that begins when the code was right.
    what_for = models.CharField(max_length=9, choices=WhatFor, blank=True, default="", db_default="")
    aim = LockedText(max_length=80, blank=True, default="", db_default="")
    # The family's own GP: works here already, and becomes no person of the family.
    as_gp = models.BooleanField(default=False, db_default=False)
    code_hash = models.BinaryField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, help_text="the invited person saw the page of the code")
    accepted_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    wall = OF_OPEN_FAMILY.and_also(
        "Who is invited, the own invitation.", "account_id = (SELECT hendig_who())"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["record", "-id"], name="invitations_of_record")]
