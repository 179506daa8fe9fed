"""Who works here, which roles wait for a second person, and what can be asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, QuerySet

from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.models import Expertise, Membership, Partner, RoleRequest
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
    membership_id: UUID
    name: str
    role: Words
    where: str
    title: str
    since: date
    until: date | None
    own: bool
    # Why the role does not end now; None where the reader may end it.
    why_stays: Refusal | None


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
    here = list(
        Membership.objects.visible_to(actor, at=at).select_related("account", "partner").order_by(*BY_NAME)
    )
    return WorkersPage(
        tuple(_asked(actor, one, stay, known, here, at) for one in waiting),
        tuple(_worker(actor, row, here) for row in here),
        bool(rules.asks_for(actor)),
    )


# The municipality itself first.
BY_NAME = (F("partner__name").asc(nulls_first=True), "account__first_name", "account__last_name", "role")


def worker(actor: Actor, membership_id: UUID, *, at: datetime) -> WorkerLine:
    """A role of somebody who works here; `NotVisible` where the reader does not answer for it. 2 queries."""
    found = Membership.objects.visible_to(actor, at=at).select_related("account", "partner")
    row = found.filter(pk=membership_id).first()
    if row is None:
        raise NotVisible
    return _worker(actor, row, Membership.objects.standing(local_day(at)).beside(row))


def _worker(actor: Actor, row: Membership, here: Iterable[Membership]) -> WorkerLine:
    """`here` are those among whom the others with this role are."""
    own = row.account_id == actor.account_id
    others = {
        one.account_id
        for one in here
        if one.role == row.role and (row.role != Role.OFFICE or one.partner_id == row.partner_id)
    } - {row.account_id}
    return WorkerLine(
        membership_id=row.pk,
        name=row.account.name,
        role=WORDS[Role(row.role)],
        where=row.partner.name if row.partner else "",
        title=row.title,
        since=row.from_on,
        until=row.until_on,
        own=own,
        why_stays=rules.why_role_stays(role=Role(row.role), own=own, others=len(others)),
    )


def _asked(
    actor: Actor,
    one: RoleRequest,
    stay: Collection[tuple[UUID, str, UUID | None]],
    known: Mapping[str, str],
    here: Iterable[Membership],
    at: datetime,
) -> AskedLine:
    """`here` are those who work here, among whom the one whom it is about may be."""
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
        )
        or rules.why_not_beside(
            Role(one.role),
            [Role(row.role) for row in here if row.account.email.casefold() == one.email.casefold()],
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
