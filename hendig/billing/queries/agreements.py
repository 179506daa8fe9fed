"""What was agreed with partners, as the municipality keeps it: what holds, what is to come and what was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count

from hendig.audit.actions import reading
from hendig.billing import rules
from hendig.billing.models import BY_MONTH, Agreement, Tariff, Variant
from hendig.billing.queries.running_out import RunningOut, running_out
from hendig.billing.queries.unpriced import MOST_SHOWN, Bare, unpriced
from hendig.kernel.actor import Actor
from hendig.kernel.periods import Period, local_day
from hendig.kernel.refusal import NotVisible
from hendig.people.models import Partner, ServiceCode, Unit


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement in a list."""

    id: UUID
    partner_id: UUID
    partner: str
    variant: Variant
    period: Period
    codes: int
    stands: rules.Stands


@dataclass(frozen=True, slots=True)
class WaitingHours:
    """Hours that wait for a tariff; without `agreement_id` nothing agreed with the partner can hold it."""

    hours: Bare
    agreement_id: UUID | None


@dataclass(frozen=True, slots=True)
class Agreements:
    """Every agreement by how it stands, the partners without one today, and hours without a tariff."""

    now: tuple[AgreementRow, ...]
    later: tuple[AgreementRow, ...]
    over: tuple[AgreementRow, ...]
    without: tuple[tuple[UUID, str], ...]
    codes: int
    waiting: tuple[WaitingHours, ...]
    more_waits: bool
    # What is nearly too old for an invoice.
    running_out: Sequence[RunningOut]


def agreements(actor: Actor, *, at: datetime) -> Agreements:
    """All agreements of the municipality, by partner, and the hours that wait for a tariff or are nearly too
    old. 5 queries.
    """
    today = local_day(at)
    here = Agreement.objects.filter(municipality_id=actor.municipality_id).select_related("partner")
    counted = here.annotate(codes=Count("tariffs__service_code", distinct=True))
    rows = [_row(one, today) for one in counted.order_by("partner__name", "from_on", "id")]
    partners = Partner.objects.filter(municipality_id=actor.municipality_id).values_list("pk", "name")
    agreed = {row.partner_id for row in rows if row.stands == rules.Stands.NOW}

    with reading(actor, at):
        bare, late = unpriced(actor, at=at), running_out(actor, at=at)

    def those(how: rules.Stands) -> tuple[AgreementRow, ...]:
        return tuple(row for row in rows if row.stands == how)

    return Agreements(
        now=those(rules.Stands.NOW),
        later=those(rules.Stands.LATER),
        over=those(rules.Stands.OVER),
        without=tuple((key, name) for key, name in partners if key not in agreed),
        codes=ServiceCode.objects.filter(municipality_id=actor.municipality_id).count(),
        waiting=tuple(WaitingHours(one, _where_to_price(one, rows)) for one in bare[:MOST_SHOWN]),
        more_waits=len(bare) > MOST_SHOWN,
        running_out=late,
    )


def _where_to_price(bare: Bare, rows: Iterable[AgreementRow]) -> UUID | None:
    """The agreement under which a tariff for these hours can be set: not over, and holding on their day."""
    return next(
        (
            row.id
            for row in rows
            if row.partner_id == bare.partner_id
            and row.stands != rules.Stands.OVER
            and row.period.covers(bare.first_on)
            and rules.why_no_tariff_here(row.variant) is None
        ),
        None,
    )


def _row(agreement: Agreement, today: date) -> AgreementRow:
    return AgreementRow(
        id=agreement.pk,
        partner_id=agreement.partner_id,
        partner=agreement.partner.name,
        variant=Variant(agreement.variant),
        period=agreement.period,
        codes=agreement.codes,  # type: ignore[attr-defined]  # counted by the query
        stands=rules.stands(agreement.period, today),
    )


def partners_to_agree_with(actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """Every partner of the network, by name. 1 query."""
    here = Partner.objects.filter(municipality_id=actor.municipality_id)
    return tuple(here.values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class TariffRow:
    """What an hour or a month costs in a period, within the days of its agreement."""

    cents: int
    period: Period
    stands: rules.Stands
    # Of a month: where it is booked.
    iv3_field: str = ""
    # Of an hour on a code that is counted in something longer: what one of that costs.
    of_unit: int | None = None


@dataclass(frozen=True, slots=True)
class CodeTariffs:
    """A code of the agreement, with every tariff that it had, has and will have; the newest first."""

    code: str
    name: str
    unit: Unit
    tariffs: tuple[TariffRow, ...]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """One agreement: how it pays, what counts, and what an hour costs from when until when."""

    id: UUID
    partner: str
    variant: Variant
    period: Period
    stands: rules.Stands
    terms: rules.Terms
    codes: tuple[CodeTariffs, ...]
    to_choose: tuple[tuple[UUID, str], ...]
    amounts: tuple[TariffRow, ...]
    settled_until: date | None

    @property
    def by_month(self) -> bool:
        return self.variant in BY_MONTH

    @property
    def has_tariffs(self) -> bool:
        return rules.why_no_tariff_here(self.variant) is None


def agreement(actor: Actor, agreement_id: UUID, *, at: datetime) -> AgreementPage:
    """The agreement with its tariffs; `NotVisible` for one of another municipality.

    3 queries, and 1 for the amounts of what is paid by the month.
    """
    here = {"municipality_id": actor.municipality_id}
    row = Agreement.objects.filter(pk=agreement_id, **here).select_related("partner").first()
    if row is None:
        raise NotVisible
    today = local_day(at)
    codes = list(ServiceCode.objects.filter(**here))
    tariffs = list(Tariff.objects.filter(agreement=row).order_by("-from_on"))
    paid = row.amounts.order_by("-from_on") if row.variant in BY_MONTH else ()
    amounts = [(one, rules.within(one.period, row.period)) for one in paid]
    return AgreementPage(
        id=row.pk,
        partner=row.partner.name,
        variant=Variant(row.variant),
        period=row.period,
        stands=rules.stands(row.period, today),
        terms=rules.terms_of(row),
        codes=tuple(found for code in codes if (found := _of_code(code, tariffs, row.period, today)).tariffs),
        to_choose=tuple((code.pk, f"{code.code} {code.name}") for code in codes),
        amounts=tuple(
            TariffRow(one.cents, days, rules.stands(days, today), one.iv3_field)
            for one, days in amounts
            if days
        ),
        settled_until=row.settled_until,
    )


def _of_code(code: ServiceCode, tariffs: Iterable[Tariff], agreed: Period, today: date) -> CodeTariffs:
    held = [
        (one.cents_per_hour, rules.within(one.period, agreed))
        for one in tariffs
        if one.service_code_id == code.pk
    ]
    unit = Unit(code.unit)
    longer = unit.minutes // 60 if unit.minutes > 60 else None
    return CodeTariffs(
        code=code.code,
        name=code.name,
        unit=unit,
        tariffs=tuple(
            TariffRow(cents, period, rules.stands(period, today), of_unit=longer and longer * cents)
            for cents, period in held
            if period
        ),
    )
