"""What municipality and partner agreed: from when until when, how it pays, and what an hour costs."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedManager, RecordedQuerySet
from hendig.kernel.periods import Period
from hendig.kernel.privacy import BOOKS_7_YEARS, Privacy
from hendig.people.models import Account, FormerCode, Partner, ServiceCode

# Below this an appointment of five minutes would cost nothing, and nothing cannot be paid.
LEAST_CENTS_PER_HOUR = 100
# What an agreement may count for one appointment on top of its own minutes.
MOST_TRAVEL, MOST_PERCENT = 120, 100


class Variant(models.TextChoices):
    """How the agreement pays (Regeling Jeugdwet art. 6c.1)."""

    TASK = "task", _("taakgericht")
    EFFORT = "effort", _("inspanningsgericht")
    GENERIC = "generic", _("inspanningsgericht met een generieke toewijzing")
    OUTPUT = "output", _("outputgericht")
    FIXED = "fixed", _("een vast bedrag per maand voor een algemene opdracht, zonder gezinnen")


# What is paid each month without anybody counting hours; an advance is settled by them afterwards.
BY_MONTH = frozenset({Variant.TASK, Variant.FIXED})


class Agreement(Recorded):
    """What the municipality and a partner agreed, from a day until a day: how it pays and what counts.

    What counts besides the hours that were kept is agreed once and filled in from the appointments, so that
    nobody writes it down: 0 means that it lies within the tariff. In a group each family counts for a part
    of it. Other terms are another agreement.

    Until `settled_until` the advances of a task were settled with what was kept; hours from before that day
    that come later are invoiced like any other.
    """

    privacy = Privacy(
        why="To know what was agreed with a partner (contract). Nothing about a family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={"settled_until": "the day until which advances were settled with what was kept"},
    )

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements")
    variant = models.CharField(max_length=7, choices=Variant, default=Variant.EFFORT)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    indirect_percent = models.PositiveSmallIntegerField(default=0)
    missed_percent = models.PositiveSmallIntegerField(default=0)
    # Of an appointment in a group, for each family that was there.
    group_percent = models.PositiveSmallIntegerField(default=MOST_PERCENT)
    settled_until = models.DateField(null=True)

    objects = RecordedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="agreement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(
                    travel_minutes__lte=MOST_TRAVEL,
                    indirect_percent__lte=MOST_PERCENT,
                    missed_percent__lte=MOST_PERCENT,
                    group_percent__gte=1,
                    group_percent__lte=MOST_PERCENT,
                ),
                name="agreement_counts_within_reason",
            ),
            models.CheckConstraint(
                condition=Q(settled_until=None) | Q(variant=Variant.TASK), name="only_advances_are_settled"
            ),
        ]

    @property
    def period(self) -> Period:
        return Period(self.from_on, self.until_on)

    @property
    def first_unsettled(self) -> date:
        """From which day on its advances wait to be settled."""
        return self.settled_until + timedelta(days=1) if self.settled_until else self.from_on


class TariffQuerySet(RecordedQuerySet["Tariff"]):
    def of(self, partner_id: UUID) -> TariffQuerySet:
        """Everything agreed with the partner, each tariff as `agreed` gives it."""
        return self.agreed().filter(agreement__partner=partner_id)

    def agreed(self) -> TariffQuerySet:
        """Each with its agreement, and the days until which its code was called otherwise."""
        former = FormerCode.objects.filter(service_code=OuterRef("service_code")).order_by()
        days = ArraySubquery(former.values("until_on"))
        return self.select_related("agreement").annotate(called_until=days)


class Tariff(Recorded):
    """What an hour on a code costs under an agreement; dated, never overwritten.

    Without a last day it holds until another takes its place; whether the agreement still stands is a
    question of its own, which the check of an invoice asks.
    """

    privacy = Privacy(
        why="To pay what was agreed (contract). Nothing about a family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
    )

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="tariffs")
    service_code = models.ForeignKey(ServiceCode, models.PROTECT, related_name="tariffs")
    cents_per_hour = models.PositiveIntegerField()
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    # Nobody only of what was agreed before it was kept.
    set_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    objects = TariffQuerySet.as_manager()

    class Meta:
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="tariff_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(cents_per_hour__gte=LEAST_CENTS_PER_HOUR), name="tariff_at_least_a_euro"
            ),
        ]

    @property
    def period(self) -> Period:
        return Period(self.from_on, self.until_on)


class MonthlyAmountQuerySet(RecordedQuerySet["MonthlyAmount"]):
    def on(self, day: date | OuterRef) -> MonthlyAmountQuerySet:
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day)


class MonthlyAmount(Recorded):
    """What each month costs under an agreement that is not paid by the hour; dated, never overwritten.

    No code stands on its invoices, so the field of Iv3 under which it is booked is agreed with it.
    """

    privacy = Privacy(
        why="To pay what was agreed (contract). Nothing about a family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={"iv3_field": "under which field of Iv3 it is booked"},
    )

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="amounts")
    cents = models.PositiveIntegerField()
    # Empty only of what was agreed before there was one.
    iv3_field = models.CharField(max_length=6, db_default="")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    # Nobody only of what was agreed before it was kept.
    set_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    objects = MonthlyAmountQuerySet.as_manager()

    class Meta:
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="amount_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(from_on__day=1), name="amount_from_a_first_day"),
            models.CheckConstraint(
                condition=Q(cents__gte=LEAST_CENTS_PER_HOUR), name="amount_at_least_a_euro"
            ),
        ]

    @property
    def period(self) -> Period:
        return Period(self.from_on, self.until_on)
