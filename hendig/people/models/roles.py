"""A role that somebody asked for and that waits for a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hendig.audit.models import LockedText, Recorded, RecordedQuerySet
from hendig.kernel.actor import Role
from hendig.kernel.privacy import Privacy
from hendig.people.models.everyone import Account, Membership, Partner


class RoleRequestQuerySet(RecordedQuerySet["RoleRequest"]):
    def waiting(self) -> RoleRequestQuerySet:
        return self.filter(answered_at=None)

    def visible_to(
        self,
        actor: Any,
        *,
        at: datetime,  # noqa: ARG002 - every `visible_to` is asked for a moment
    ) -> RoleRequestQuerySet:
        """All of the municipality to who answers for it or checks it; to an office what its partner asks."""
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.POLICY) or actor.has(Role.PRIVACY):
            return rows
        return rows.filter(partner__in=actor.offices)


class RoleRequest(Recorded):
    """Somebody asked that this person gets a role; it is theirs once another person agreed.

    No membership exists before that: whatever asks who works here cannot take one for the other.
    """

    privacy = Privacy(
        why="To let two people decide who works here in which role (GDPR art. 32).",
        kept="a year; the log keeps who asked and who agreed, without a name",
        goes="deleted each night by `people.clear_lapsed`",
        fields={
            "email": "the address at which the person will sign in",
            "first_name": "what the person is called",
            "last_name": "the family name",
            "title": "what the function is called",
            "can_do": "what a professional can do, in words of the office",
            "expertises": "in what a professional is an expert, by their names in an address",
        },
    )

    # Of somebody who may never have an account here.
    email = LockedText(max_length=254)
    first_name = LockedText(max_length=60)
    last_name = LockedText(max_length=80)
    role = models.CharField(max_length=12, choices=Membership.ROLES)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=80, blank=True)
    can_do = models.CharField(max_length=300, blank=True)
    expertises = ArrayField(models.SlugField(), default=list)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # Whom it is about, where that was known when it was asked, and always once it was given.
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    agreed = models.BooleanField(default=False)

    objects = RoleRequestQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed=False)
                | Q(answered_by__isnull=False, account__isnull=False)
                & ~Q(answered_by=F("asked_by"))
                & ~Q(answered_by=F("account")),
                name="a_role_is_given_by_two",
            )
        ]
