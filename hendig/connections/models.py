"""A system of a partner or of the municipality that comes in by itself, with a token."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.privacy import WHILE_WORKING, Privacy
from hendig.people.models import Account, Membership


class Purpose(models.TextChoices):
    """For what a system comes in: a closed list, and nothing else is open to it."""

    SEND = "send", _("facturen insturen, en lezen hoe het ermee staat")
    FOLLOW = "follow", _("alleen lezen hoe het met facturen staat")
    JOURNAL = "journal", _("het journaal van een maand ophalen")
    CHAIN = "chain", _("een betaling volgen tot de afspraken waarvoor zij is")


class ConnectionQuerySet(RecordedQuerySet["Connection"]):
    def standing(self, at: datetime) -> ConnectionQuerySet:
        """Those that open at that moment: not ended, not run out, and its maker still has the same role."""
        today = local_day(at)
        return self.filter(
            ended_at=None,
            until_on__gte=today,
            membership__in=Membership.objects.standing(today),
            membership__account__is_active=True,
        )

    def visible_to(
        self,
        actor: Any,
        *,
        at: datetime,  # noqa: ARG002 - every `visible_to` is asked for a moment
    ) -> ConnectionQuerySet:
        """Those of the own organisation: of the partners whose office one runs, or of finance."""
        office = Q(membership__role=Role.OFFICE, membership__partner__in=actor.offices)
        finance = Q(membership__role=Role.FINANCE) if actor.has(Role.FINANCE) else Q(pk=None)
        return self.filter(office | finance, municipality_id=actor.municipality_id)


class Connection(Recorded):
    """A system may come in with a token, in the role of who made it and for nothing but its purposes.

    It hangs on that very role: when that ends, the token is dead, and stays so when the role is given again.
    The token itself is shown once and kept nowhere.
    """

    privacy = Privacy(
        why="To let a system of a partner or of the municipality in, and to end that (GDPR art. 32).",
        kept=WHILE_WORKING,
        goes="deleted with the account",
        fields={
            "name": "what the office calls its system",
            "purposes": "for what it comes in, from a closed list",
            "token_hash": "a hash of the token; the token itself is not kept",
        },
    )

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="connections")
    name = models.CharField(max_length=60)
    purposes = ArrayField(models.CharField(max_length=8, choices=Purpose))
    token_hash = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    until_on = models.DateField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(purposes=[]), name="connection_for_something"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="connection_ended_by_somebody",
            ),
        ]
