"""When a coach or a family has a tent already: the moments, and no word of whose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Viewing
from hendig.tents.models import Tent
from hendig.tents.models.table import TentQuerySet
from hendig.tents.rules.slots import AHEAD_FOR

# Of so many it is told beforehand; of each it is told afterwards.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Engaged:
    """A tent that is ahead, from when until when."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, first: datetime, last: datetime) -> bool:
        """Whether it goes on at any moment of that time; right after it one is free."""
        return self.starts_at < last and self.ends_at > first


def engaged(look: Viewing, family_id: UUID, *, until: datetime) -> tuple[Engaged, ...]:
    """The tents to come of this coach and of this family, soonest first: of the weeks in which a place can be
    taken, and until that moment. 1 query.
    """
    rows = _theirs(look, family_id).going_on(look.at, max(until, look.at + AHEAD_FOR))
    return tuple(Engaged(one.starts_at, one.ends_at) for one in rows.order_by("starts_at", "id"))


def is_engaged(look: Viewing, tent: Tent) -> bool:
    """Whether the coach or the family has another tent while this one goes on. 1 query."""
    rows = _theirs(look, tent.family_id).going_on(tent.starts_at, tent.ends_at)
    return rows.exclude(pk=tent.pk).exists()


def _theirs(look: Viewing, family_id: UUID) -> TentQuerySet:
    """The tents of this family, and those of questions that who looks coaches, as far as they see them."""
    mine = Q(request__coach=look.actor.account_id) | Q(family=family_id)
    return Tent.objects.visible_to(look.actor, at=look.at).filter(mine)
