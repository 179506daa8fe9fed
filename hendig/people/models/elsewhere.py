"""A professional of one municipality who can be asked in another as well."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.kernel.actor import Role
from hendig.kernel.privacy import WHILE_WORKING, Privacy
from hendig.people.models.everyone import Account, Membership, Municipality


class ElsewhereQuerySet(RecordedQuerySet["Elsewhere"]):
    def standing(self) -> Self:
        """What was offered and neither declined nor ended, answered or not."""
        return self.filter(ended_at=None)

    def taken(self) -> Self:
        """Those by which somebody can be asked elsewhere."""
        return self.standing().filter(account__isnull=False)

    def lasting(self, on: date, *, asked: bool = False) -> Self:
        """Those by which help is given at both ends on that day; with `asked` also those that wait."""
        helps = Membership.objects.standing(on).filter(role=Role.PROFESSIONAL, account__is_active=True)
        at_home = self.standing().filter(Exists(helps.filter(account=OuterRef("home"))))
        there = Q(Exists(helps.filter(account=OuterRef("account"))))
        return at_home.filter(there | Q(account=None) if asked else there)

    def with_town(self) -> Self:
        """Each with the name of the municipality from which it comes (`town`)."""
        town = Municipality.objects.filter(pk=OuterRef("municipality_id")).values("name")
        return self.annotate(town=Subquery(town))

    def of(self, actor: Any) -> Self:
        """Those by which the actor works elsewhere, or from elsewhere here."""
        return self.filter(Q(home=actor.account) | Q(account=actor.account))

    def visible_to(
        self,
        actor: Any,
        *,
        at: datetime,  # noqa: ARG002 - every `visible_to` is asked for a moment
    ) -> Self:
        """To whose it is, in both places; and to who answers for the municipality to which it was offered."""
        rows = self.of(actor) if actor.signed_in else self.none()
        if actor.has(Role.POLICY):
            rows = rows | self.filter(there=actor.municipality_id)
        return rows


class Elsewhere(Recorded):
    """A professional offers to be asked in another municipality as well; somebody there answers.

    Who is taken has an account there, apart from the one at home: nobody sees both municipalities at once,
    and no wall between them knows an exception.
    """

    privacy = Privacy(
        why="To find people by expertise across municipalities (contract); the person's own choice.",
        kept=WHILE_WORKING,
        goes="deleted with the account",
    )

    home = models.ForeignKey(Account, models.PROTECT, related_name="+")
    there = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # Who the person is there, once somebody said yes.
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, help_text="taken back, declined or stopped")

    objects = ElsewhereQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("home", "there", condition=Q(ended_at=None), name="elsewhere_once"),
            models.CheckConstraint(
                condition=Q(account=None) | Q(answered_by__isnull=False) & ~Q(answered_by=F("account")),
                name="elsewhere_is_answered_by_another",
            ),
        ]
        indexes = [models.Index(fields=["account"], name="elsewhere_of_account")]

    def far_from(self, account_id: UUID) -> tuple[UUID, UUID | None]:
        """The other end, for whose it is: which municipality, and who they are there."""
        if account_id == self.home_id:
            return self.there_id, self.account_id
        return self.municipality_id, self.home_id
