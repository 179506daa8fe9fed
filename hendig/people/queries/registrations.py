"""In which registers professionals stand, what they are asked for, and what waits for the municipality."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.models import (
    Expertise,
    Professional,
    ProfessionalExpertise,
    ProposedExpertise,
    Registration,
    registers_of,
    working,
)
from hendig.people.rules import registered as rules


@dataclass(frozen=True, slots=True)
class ProfessionalLine:
    """Somebody in the list: which registers count, and what asks for a look."""

    professional_id: UUID
    name: str
    title: str
    partner: str
    registers: str
    misses: bool
    unless: str
    waiting: int


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    id: UUID
    register: str
    profession: Words
    number: str
    until: date | None
    over: bool
    counts: bool
    source: Words
    checked_on: date | None
    kept_by: str
    proposed_by: str
    waits: bool


@dataclass(frozen=True, slots=True)
class ProposalLine:
    id: UUID
    expertise: str
    adds: bool
    proposed_by: str


@dataclass(frozen=True, slots=True)
class ProfessionalPage:
    """What is kept of one professional; `keeps` when the reader answers for it, else it is proposed."""

    line: ProfessionalLine
    kept: tuple[RegistrationLine, ...]
    waiting: tuple[RegistrationLine, ...]
    proposals: tuple[ProposalLine, ...]
    # Identifier, name, and whether somebody registered is asked for it.
    expertises: tuple[tuple[UUID, str, bool], ...]
    can: frozenset[UUID]
    keeps: bool
    not_mine: Refusal | None


def professionals(actor: Actor, *, at: datetime) -> tuple[ProfessionalLine, ...]:
    """Who works here and for whom the reader answers, by name. 1 query."""
    return tuple(_line(one) for one in _lines(actor, at))


def professional(actor: Actor, professional_id: UUID, *, at: datetime) -> ProfessionalPage:
    """All that is kept of one of them. `NotVisible` for whom the reader does not answer. 5 queries."""
    row = _lines(actor, at).filter(pk=professional_id).first()
    if row is None:
        raise NotVisible
    rows = Registration.objects.visible_to(actor, at=at).filter(professional=row, ended_at=None)
    lines = [_registration(one, local_day(at)) for one in rows.select_related("kept_by", "proposed_by")]
    proposed = ProposedExpertise.objects.visible_to(actor, at=at).waiting().filter(professional=row)
    all_of_them = Expertise.objects.filter(municipality_id=actor.municipality_id)
    can = ProfessionalExpertise.objects.filter(professional=row)
    return ProfessionalPage(
        line=_line(row),
        kept=tuple(one for one in lines if not one.waits),
        waiting=tuple(one for one in lines if one.waits),
        proposals=tuple(
            ProposalLine(
                one.pk, one.expertise.name, one.adds, one.proposed_by.name if one.proposed_by else ""
            )
            for one in proposed.select_related("expertise", "proposed_by").order_by("id")
        ),
        expertises=tuple(all_of_them.values_list("pk", "name", "registered")),
        can=frozenset(can.values_list("expertise_id", flat=True)),
        keeps=rules.keeps(actor),
        not_mine=rules.why_not_own(own=row.account_id == actor.account_id),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A registration that an office proposed, and of whom."""

    professional_id: UUID
    name: str
    line: RegistrationLine


def waiting(actor: Actor, registration_id: UUID, *, at: datetime) -> Waiting:
    """What waits to be looked up. `NotVisible` once it does not wait any more. 1 query."""
    rows = Registration.objects.visible_to(actor, at=at).waiting().filter(pk=registration_id)
    row = rows.select_related("professional__account", "kept_by", "proposed_by").first()
    if row is None:
        raise NotVisible
    return Waiting(row.professional_id, row.professional.account.name, _registration(row, local_day(at)))


def _lines(actor: Actor, at: datetime) -> QuerySet[Professional]:
    strict = ProfessionalExpertise.objects.filter(professional=OuterRef("pk"), expertise__registered=True)
    return (
        working(actor, at=at)
        .annotate(
            registers=registers_of("pk", local_day(at)),
            needs=Exists(strict),
            waiting=_count(Registration.objects.waiting()) + _count(ProposedExpertise.objects.waiting()),
        )
        .select_related("account", "partner")
        .order_by("account__first_name", "account__last_name", "pk")
    )


def _count(rows: QuerySet[Registration] | QuerySet[ProposedExpertise]) -> Coalesce:
    of_one = rows.filter(professional=OuterRef("pk")).order_by().values("professional")
    return Coalesce(Subquery(of_one.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _line(row: Professional) -> ProfessionalLine:
    registers = row.registers  # type: ignore[attr-defined]  # annotated, like the next
    return ProfessionalLine(
        professional_id=row.pk,
        name=row.account.name,
        title=row.title,
        partner=row.partner.name,
        registers=rules.registers_in_words(registers),
        misses=bool(row.needs and not registers),  # type: ignore[attr-defined]
        unless=row.unless,
        waiting=row.waiting,  # type: ignore[attr-defined]
    )


def _registration(one: Registration, on: date) -> RegistrationLine:
    return RegistrationLine(
        id=one.pk,
        register=one.name,
        profession=one.get_profession_display() if one.profession else "",
        number=one.number,
        until=one.until,
        over=not rules.holds(one, on),
        counts=rules.counts(one),
        source=one.get_source_display() if one.source else "",
        checked_on=one.checked_on,
        kept_by=one.kept_by.name if one.kept_by else "",
        proposed_by=one.proposed_by.name if one.proposed_by else "",
        waits=one.kept_at is None,
    )
