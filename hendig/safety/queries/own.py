"""The page on which somebody says that a family is their own: nothing of the record is on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.families.models import OWN_PARTS, Block, Family, Involvement
from hendig.families.queries.own import whose_own
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible
from hendig.people.models import Membership


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
