"""Hours that are nearly too old for an invoice are told of, while they still can go on one."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.billing.queries.running_out import on_no_invoice
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day, month_of
from hendig.kernel.refusal import NotVisible
from hendig.people.models import Partner


def tell_running_out(*, municipality_id: UUID, partner_id: UUID, month: date, at: datetime) -> None:
    """The office, finance and each professional whose hours they are heard of the hours of that month.

    Twice: when two months are left, and in the last. `NotVisible` when it was told, or nothing waits.
    """
    actor, code = Actor.system(municipality_id), "hours.running_out"
    with change(actor, code, at=at) as act:
        partner = act.lock(Partner.objects.filter(municipality_id=municipality_id), partner_id)
        rows = on_no_invoice(municipality_id, at=at).filter(partner_id=partner.pk).during(month_of(month))
        whose = sorted(set(rows.order_by().values_list("professional_id", flat=True)))
        of, told_in = f"{month:%Y-%m}", f"{local_day(at):%Y-%m}"
        told = Entry.objects.filter(object_id=partner.pk, code=code)
        if not whose or told.filter(facts__month=of, facts__told_in=told_in).exists():
            raise NotVisible
        act.record(partner, partner=partner.pk, month=of, told_in=told_in)
        for professional_id in whose:
            act.record(partner, also="hours.own_running_out", professional=professional_id, month=of)
