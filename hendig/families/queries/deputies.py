"""Who stands in for whom, who learns beside whom, and who could: of a record no more than the family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from hendig.audit.models import RecordedQuerySet
from hendig.families.models import Family, Ground, Involvement, InvolvementQuerySet, Part
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible
from hendig.people.models import Account, Membership, Registration

ROLE_OF = {Role.COACH: Part.COACH, Role.PROFESSIONAL: Part.PROFESSIONAL}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who does the same work for the same employer, and in which parts."""

    account_id: UUID
    first_name: str
    name: str
    parts: frozenset[Part]


@dataclass(frozen=True, slots=True)
class Case:
    """A family that somebody works with."""

    family_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class StandsIn:
    """Somebody stands in for somebody: the other of the two, and where."""

    account_id: UUID
    first_name: str
    from_at: datetime
    until_at: datetime | None
    families: tuple[Case, ...]
    count: int
    coming: bool


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody in training with the same employer, and until when."""

    account_id: UUID
    first_name: str
    name: str
    until_on: date | None


@dataclass(frozen=True, slots=True)
class DeputyPage:
    """Who is somewhere by me (stands in, or learns), where I am by whom, and who could be."""

    mine: tuple[StandsIn, ...]
    others: tuple[StandsIn, ...]
    cases: tuple[Case, ...]
    colleagues: tuple[Colleague | Trainee, ...]


def deputy_page(actor: Actor, *, at: datetime) -> DeputyPage:
    """The page of who stands in for whom. 5 queries."""
    return _page(actor, Part.DEPUTY, colleagues(actor, at=at), at)


def trainee_page(actor: Actor, *, at: datetime) -> DeputyPage:
    """The page of who learns beside whom. 5 queries."""
    return _page(actor, Part.TRAINEE, trainees(actor, at=at), at)


def _page(actor: Actor, part: Part, could: tuple[Colleague | Trainee, ...], at: datetime) -> DeputyPage:
    pairs = Involvement.objects.coming_too(at).filter(
        Q(account_id=actor.account) | Q(behind_id=actor.account), part=part
    )
    rows = list(pairs.select_related("account", "behind").order_by("from_at", "id"))
    work = list(own_work(actor, at=at).values_list("family_id", flat=True))
    names = _names(actor, {*work, *(row.family_id for row in rows)}, at)
    mine = [(row.account, row) for row in rows if row.behind_id == actor.account]
    others = [(row.behind, row) for row in rows if row.account_id == actor.account and row.behind]
    cases = sorted((Case(pk, names[pk]) for pk in set(work) & names.keys()), key=lambda one: one.name)
    return DeputyPage(_stands_in(mine, names, at), _stands_in(others, names, at), tuple(cases), could)


def own_work(actor: Actor, *, at: datetime) -> InvolvementQuerySet:
    """The involvements in which somebody else can stand in for the actor: as coach, by a match or a measure.

    For what is of one parent nobody does: that is told to who was named.
    """
    return Involvement.objects.standing(at).filter(
        account_id=actor.account,
        member=None,
        part__in=list(ROLE_OF.values()),
        ground__in=[Ground.YOUTH_ACT, Ground.MATCH, Ground.COURT],
    )


def colleagues(actor: Actor, *, at: datetime) -> tuple[Colleague, ...]:
    """Who does the same work for the same employer at this moment. 2 queries."""
    found: dict[UUID, Colleague] = {}
    for row in _of_my_employers(actor, str, at):
        known = found.get(row.account_id)
        parts = (known.parts if known else frozenset()) | {ROLE_OF[Role(row.role)]}
        found[row.account_id] = Colleague(row.account_id, row.account.first_name, row.account.name, parts)
    return tuple(found.values())


def colleague(actor: Actor, account_id: UUID, *, at: datetime) -> Colleague:
    """One of them; `NotVisible` for anybody else. 2 queries."""
    found = next((one for one in colleagues(actor, at=at) if one.account_id == account_id), None)
    if found is None:
        raise NotVisible
    return found


def trainees(actor: Actor, *, at: datetime) -> tuple[Trainee, ...]:
    """Who learns with an employer for whom the actor works. 2 queries."""
    rows = _of_my_employers(actor, lambda _role: Role.TRAINEE, at)
    return tuple(
        Trainee(row.account_id, row.account.first_name, row.account.name, row.until_on) for row in rows
    )


def trainee(actor: Actor, account_id: UUID, *, at: datetime) -> Trainee:
    """One of them; `NotVisible` for anybody else. 2 queries."""
    found = next((one for one in trainees(actor, at=at) if one.account_id == account_id), None)
    if found is None:
        raise NotVisible
    return found


def _of_my_employers(
    actor: Actor, role_of: Callable[[str], str], at: datetime
) -> RecordedQuerySet[Membership]:
    """Who else works, for an employer of the actor, in the role that goes with the actor's there."""
    standing = Membership.objects.standing(local_day(at))
    mine = standing.filter(account_id=actor.account, role__in=list(ROLE_OF))
    same = Q(pk=None)
    for role, partner_id in mine.values_list("role", "partner_id"):
        same |= Q(role=role_of(role), partner_id=partner_id)
    rows = standing.filter(same, municipality_id=actor.municipality_id, account__is_active=True)
    rows = rows.exclude(account_id=actor.account).select_related("account")
    return rows.order_by("account__first_name", "account_id", "role")


def registrations(
    actor: Actor, account_id: UUID
) -> tuple[tuple[Registration, ...], tuple[Registration, ...]]:
    """In which registers the actor and a colleague stand. 1 query."""
    rows = Registration.objects.standing().filter(professional__account__in=[actor.account, account_id])
    known = list(rows.select_related("professional").order_by("id"))
    mine, theirs = (
        tuple(row for row in known if row.professional.account_id == one)
        for one in (actor.account, account_id)
    )
    return mine, theirs


def _names(actor: Actor, family_ids: set[UUID], at: datetime) -> dict[UUID, str]:
    """What these families are called, as far as they are open to the actor now. 1 query."""
    rows = Family.objects.visible_to(actor, at=at).filter(pk__in=family_ids)
    return dict(rows.values_list("pk", "name"))


def _stands_in(
    rows: list[tuple[Account, Involvement]], names: dict[UUID, str], at: datetime
) -> tuple[StandsIn, ...]:
    """By person: from the first until the last moment, and in which families."""
    by_person: dict[UUID, list[tuple[Account, Involvement]]] = defaultdict(list)
    for person, row in rows:
        by_person[person.pk].append((person, row))
    return tuple(
        StandsIn(
            account_id=account_id,
            first_name=found[0][0].first_name,
            from_at=min(row.from_at for _person, row in found),
            until_at=max((row.until_at for _person, row in found if row.until_at), default=None),
            families=tuple(
                Case(pk, names[pk]) for pk in dict.fromkeys(row.family_id for _p, row in found) if pk in names
            ),
            count=len({row.family_id for _person, row in found}),
            coming=all(row.from_at > at for _person, row in found),
        )
        for account_id, found in by_person.items()
    )
