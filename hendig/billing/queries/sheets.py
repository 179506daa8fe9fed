"""The spreadsheet of the smallest partner: what a row can be about, and what the sheet does not say."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hendig.billing import rules
from hendig.billing.adapters import sheet
from hendig.billing.models import Tariff, partners_run_by
from hendig.billing.queries.received import SentFile
from hendig.files.rules import MEDIA_TYPES, XLSX
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day, month_of
from hendig.kernel.refusal import NotVisible
from hendig.matching.models import Match
from hendig.people.models import Municipality


def sheet_template(
    actor: Actor, partner_id: UUID | None, *, at: datetime, as_workbook: bool = False
) -> SentFile:
    """The form to fill in, with each match that stood in the month that can be sent. 3 queries.

    As CSV, or as a workbook (XLSX).
    """
    today = local_day(at)
    rows = partners_run_by(actor, today).order_by("name")
    partner = (rows.filter(pk=partner_id) if partner_id else rows).first()
    if partner is None:
        raise NotVisible
    month = month_of(rules.latest_month(today))
    assert month.last is not None
    prices = [rules.price_of(row) for row in Tariff.objects.of(partner.pk)]
    standing = Match.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=month.first),
        municipality_id=actor.municipality_id,
        partner_id=partner.pk,
        starts_on__lte=month.last,
    )
    offered = []
    for match in standing.select_related("service_code").order_by("number"):
        first, last = max(month.first, match.starts_on), min(month.last, match.ends_on or month.last)
        price = rules.price_on(prices, match.service_code_id, last)
        offered.append(
            sheet.Offered(
                match.number, match.service_code.code, first, last, price.cents_per_hour if price else None
            )
        )
    name = f"uren-{month.first:%Y-%m}"
    if as_workbook:
        return SentFile(f"{name}.xlsx", MEDIA_TYPES[XLSX].partition(",")[0], sheet.workbook(offered))
    return SentFile(f"{name}.csv", "text/csv", sheet.template(offered))


def sheet_head(actor: Actor, partner_id: str, number: str, *, at: datetime) -> sheet.Head:
    """Whose invoice a spreadsheet is, and to whom. `NotVisible` for another partner's office. 2 queries."""
    today = local_day(at)
    partner = partners_run_by(actor, today).filter(pk=partner_id).first()
    if partner is None:
        raise NotVisible
    town = Municipality.objects.get(pk=actor.municipality_id)
    return sheet.Head(
        number=number.strip(),
        issued_on=today,
        partner=partner.name,
        kvk=partner.kvk,
        town=town.name,
        town_kvk=town.kvk,
        town_oin=town.oin,
    )
