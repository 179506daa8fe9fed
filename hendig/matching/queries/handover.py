"""Whose help an office can hand over, and to whom: numbers and codes, never a family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Count, Func, IntegerField, Q, When

from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible
from hendig.matching import rules
from hendig.matching.models import Match
from hendig.people.models import Professional


@dataclass(frozen=True, slots=True)
class OfPartner:
    """Somebody who works for the own partner, and how many matches they have."""

    id: UUID
    name: str
    title: str
    matches: int


@dataclass(frozen=True, slots=True)
class HandedCase:
    """One match as its office knows it."""

    match_id: UUID
    number: str
    code: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody who could be proposed, and for how many families there is a place."""

    id: UUID
    name: str
    partner: str
    left: int


@dataclass(frozen=True, slots=True)
class HandoverPage:
    leaving: OfPartner
    cases: tuple[HandedCase, ...]
    successors: tuple[Successor, ...]


def who_helps(actor: Actor, *, at: datetime) -> tuple[OfPartner, ...]:
    """Who of the own partners helps, with how many matches that have no last day yet. 1 query."""
    mine = Count("matches", filter=Q(matches__ends_on=None))
    rows = Professional.objects.visible_to(actor, at=at).filter(partner__in=actor.offices).annotate(n=mine)
    return tuple(
        OfPartner(one.pk, one.account.name, one.title, one.n)  # type: ignore[attr-defined]  # annotated
        for one in rows.select_related("account").order_by("account__first_name", "pk")
    )


def handover_page(actor: Actor, professional_id: UUID, *, at: datetime) -> HandoverPage:
    """The help of one who stops, and who could be proposed; `NotVisible` for another partner's. 3 queries."""
    leaving = next((one for one in who_helps(actor, at=at) if one.id == professional_id), None)
    if leaving is None:
        raise NotVisible
    cases = Match.objects.filter(
        professional=professional_id, partner_id__in=actor.offices, ends_on=None
    ).order_by("number")
    return HandoverPage(
        leaving,
        tuple(
            HandedCase(*row) for row in cases.values_list("pk", "number", "service_code__name", "starts_on")
        ),
        _successors(actor, professional_id, at),
    )


def _successors(actor: Actor, besides: UUID, at: datetime) -> tuple[Successor, ...]:
    """Who has a place: first of the own partners, then of others."""
    on = local_day(at)
    families = Func("pk", on, None, function="hendig_families_of", output_field=IntegerField())
    rows = (
        Professional.objects.visible_to(actor, at=at)
        .filter(account__is_active=True)
        .exclude(pk=besides)
        .annotate(n=families, ours=Case(When(partner__in=actor.offices, then=0), default=1))
        .select_related("account", "partner")
        .order_by("ours", "account__first_name", "pk")
    )
    found = (
        Successor(one.pk, one.account.name, one.partner.name, rules.room_left(one.families_max, one.n))  # type: ignore[attr-defined]
        for one in rows
    )
    return tuple(one for one in found if one.left)
