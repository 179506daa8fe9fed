"""Who works here, which roles wait for a second person, and what can be asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, QuerySet

from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal, Words
from hendig.people.models import Expertise, Membership, Partner, RoleRequest
from hendig.people.rules import WORKS_HERE
from hendig.people.rules import roles as rules

WORDS = dict(Membership.ROLES)


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A role that waits; `why_not` says why the reader is not the second person."""

    role_id: UUID
    name: str
    email: str
    role: Words
    where: str
    title: str
    can_do: str
    expertises: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    own: bool
    for_self: bool
    why_not: Refusal | None


@dataclass(frozen=True, slots=True)
class WorkerLine:
    name: str
    role: Words
    where: str
    title: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class WorkersPage:
    asked: tuple[AskedLine, ...]
    workers: tuple[WorkerLine, ...]
    may_ask: bool


def workers(actor: Actor, *, at: datetime) -> WorkersPage:
    """Who works where the reader answers for it, and what waits there. 4 queries."""
    rows = RoleRequest.objects.visible_to(actor, at=at).waiting().filter(asked_at__gte=at - rules.WAITS)
    waiting = list(rows.select_related("asked_by", "partner"))
    held = Membership.objects.standing(local_day(at)).filter(municipality_id=actor.municipality_id)
    askers = held.filter(account__in=[one.asked_by_id for one in waiting], role__in=rules.ASKED_BY)
    stay = set(askers.values_list("account_id", "role", "partner_id"))
    known = dict(_expertises(actor).values_list("slug", "name"))
    here = held.filter(role__in=WORKS_HERE, account__is_active=True)
    if not rules.SECOND_ANYWHERE & actor.roles:
        here = here.filter(partner__in=actor.offices)
    return WorkersPage(
        tuple(_asked(actor, one, stay, known, at) for one in waiting),
        tuple(_worker(row) for row in here.select_related("account", "partner").order_by(*BY_NAME)),
        bool(rules.asks_for(actor)),
    )


# The municipality itself first.
BY_NAME = (F("partner__name").asc(nulls_first=True), "account__first_name", "account__last_name", "role")


def _worker(row: Membership) -> WorkerLine:
    where = row.partner.name if row.partner else ""
    return WorkerLine(row.account.name, WORDS[Role(row.role)], where, row.title, row.from_on, row.until_on)


def _asked(
    actor: Actor,
    one: RoleRequest,
    stay: Collection[tuple[UUID, str, UUID | None]],
    known: Mapping[str, str],
    at: datetime,
) -> AskedLine:
    asker = one.asked_by
    stays = any(
        account == asker.pk and (role == Role.POLICY or (partner is not None and partner == one.partner_id))
        for account, role, partner in stay
    )
    mine = actor.account_id == asker.pk
    for_self = one.account_id == asker.pk
    return AskedLine(
        role_id=one.pk,
        name=f"{one.first_name} {one.last_name}".strip(),
        email=one.email,
        role=WORDS[Role(one.role)],
        where=one.partner.name if one.partner else "",
        title=one.title,
        can_do=one.can_do,
        expertises=tuple(known.get(slug, slug) for slug in one.expertises),
        asked_by=asker.name,
        asked_at=one.asked_at,
        own=mine,
        for_self=for_self,
        why_not=rules.why_not_agreed(
            own=mine,
            about_self=one.account_id == actor.account_id,
            asker_stays=stays,
            asked_at=one.asked_at,
            at=at,
        ),
    )


def _expertises(actor: Actor) -> QuerySet[Expertise]:
    return Expertise.objects.filter(municipality_id=actor.municipality_id)


@dataclass(frozen=True, slots=True)
class RoleChoices:
    """What the form of a role offers."""

    roles: tuple[tuple[str, Words], ...]
    partners: tuple[tuple[str, str], ...]
    expertises: tuple[tuple[str, str], ...]
    for_office: bool


def role_choices(actor: Actor) -> RoleChoices:
    """The roles, partners and expertises that the actor may name. 2 queries."""
    partners = Partner.objects.filter(municipality_id=actor.municipality_id)
    if not actor.has(Role.POLICY):
        partners = partners.filter(pk__in=actor.offices)
    expertises = _expertises(actor)
    return RoleChoices(
        tuple((role.value, WORDS[role]) for role in rules.asks_for(actor)),
        tuple((str(pk), name) for pk, name in partners.values_list("pk", "name")),
        tuple(expertises.values_list("slug", "name")),
        not actor.has(Role.POLICY),
    )
