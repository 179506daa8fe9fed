"""The page on which somebody says that a family is their own: nothing of the record is on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import reading
from hendig.families.models import OWN_PARTS, Block, BlockQuerySet, Family, FamilyMember, Involvement
from hendig.families.queries.own import whose_own
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.people.models import Membership
from hendig.safety import rules


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Whom a coach can name to go on with the family; nobody for who is not its coach."""

    family_id: UUID
    colleagues: tuple[tuple[str, str], ...]


def own_page(actor: Actor, family_id: UUID, *, at: datetime) -> OwnPage:
    """`NotVisible` for who is not involved with the family by work. 4 queries, 2 for who is not its coach."""
    mine = Involvement.objects.coming_too(at).filter(family=family_id, account_id=actor.account)
    family = Family.objects.visible_to(actor, at=at)
    if not family.filter(pk__in=mine.exclude(part__in=OWN_PARTS).values("family_id")).exists():
        raise NotVisible
    guided = HelpRequest.objects.filter(family_id=family_id, coach_id=actor.account)
    if not guided.exclude(stage=Stage.DONE).exists():
        return OwnPage(family_id, ())
    coaches = Membership.objects.standing(local_day(at)).filter(
        municipality_id=actor.municipality_id, role=Role.COACH, account__is_active=True
    )
    shut = Block.objects.standing(at).filter(family_id=family_id).values("account_id")
    closed = {actor.account, *whose_own(family_id)}
    found = coaches.exclude(account_id__in=closed).exclude(account_id__in=shut).select_related("account")
    return OwnPage(
        family_id,
        tuple(
            (str(one.account_id), one.account.name)
            for one in found.order_by("account__first_name", "account_id")
        ),
    )


@dataclass(frozen=True, slots=True)
class ClosedLine:
    """A family that somebody closed for themself: since when, and whether they asked to take it back.

    Which family it is stands nowhere: nothing of it is there for them.
    """

    block_id: UUID
    since: datetime
    asked_at: datetime | None


def closed_families(actor: Actor, *, at: datetime) -> tuple[ClosedLine, ...]:
    """What the actor called the own family or known from home, newest first. 1 query."""
    rows = _one_of_each(Block.objects.said_own().filter(account_id=actor.account), actor, at)
    return tuple(ClosedLine(one.pk, one.from_at, rules.asked_back(one.mistake_at, at)) for one in rows)


@dataclass(frozen=True, slots=True)
class MistakeLine:
    """Somebody asks to take back that a family is their own; of the family nothing is told."""

    block_id: UUID
    name: str
    since: datetime
    asked_at: datetime
    why_not: Refusal | None


def mistakes(actor: Actor, *, at: datetime) -> tuple[MistakeLine, ...]:
    """What waits for a second person, newest first. 2 queries."""
    asked = Block.objects.said_own().filter(mistake_at__gt=at - rules.MISTAKE_WAITS)
    rows = _one_of_each(asked.filter(municipality_id=actor.municipality_id), actor, at)
    with reading(Actor.system(actor.municipality_id), at):
        of = FamilyMember.objects.filter(family__in={one.family_id for one in rows}, account__isnull=False)
        family = set(of.values_list("family_id", "account_id"))
    return tuple(
        MistakeLine(
            one.pk,
            one.account.name,
            one.from_at,
            one.mistake_at,
            rules.why_no_mistake(
                own=one.account_id == actor.account_id,
                is_family=(one.family_id, one.account_id) in family,
                asked_at=one.mistake_at,
                at=at,
            ),
        )
        for one in rows
        if one.mistake_at is not None
    )


def _one_of_each(found: BlockQuerySet, actor: Actor, at: datetime) -> list[Block]:
    """The first word about each family: there is a block for each of its records. 1 query."""
    with reading(Actor.system(actor.municipality_id), at):
        rows = found.select_related("account").order_by("family_id", "account_id", "id")
        first = list(rows.distinct("family_id", "account_id"))
    return sorted(first, key=lambda one: one.pk, reverse=True)
