"""What the worker finds to be made of agreements that are paid by the month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from hendig.billing import rules
from hendig.billing.models import BY_MONTH, OF_MONTH, Agreement, Variant
from hendig.kernel.periods import local_day


def advances_due(*, at: datetime) -> Iterator[tuple[UUID, UUID, date]]:
    """Municipality, agreement and month of each amount that was not made yet, the oldest first. 3 queries."""
    rows = Agreement.objects.filter(variant__in=BY_MONTH).prefetch_related("amounts", "invoices")
    for row in rows.order_by("id"):
        made = [one.month for one in row.invoices.all() if one.kind in OF_MONTH]
        amounts = [one.period for one in row.amounts.all()]
        for month in rules.months_due(amounts, row.period, made, local_day(at)):
            yield row.municipality_id, row.pk, month


def settlements_due(*, at: datetime) -> Iterator[tuple[UUID, UUID]]:
    """Municipality and agreement of the advances that can be settled now. 1 query."""
    for row in Agreement.objects.filter(variant=Variant.TASK).order_by("id"):
        if rules.settles_until(row.period, row.first_unsettled, local_day(at)):
            yield row.municipality_id, row.pk
