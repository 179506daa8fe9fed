"""When a coach or a family has a tent or an appointment already: the moments, and no word of whose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Viewing
from hendig.families.models import Family
from hendig.tents.models import Tent
from hendig.tents.models.table import at_that_time
from hendig.tents.rules.slots import AHEAD_FOR

# Of so many it is told beforehand; of each it is told afterwards.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Engaged:
    """Something that is ahead, from when until when."""

    starts_at: datetime
    ends_at: datetime


def engaged(
    look: Viewing, family: Family, *, until: datetime, besides: UUID | None = None
) -> tuple[Engaged, ...]:
    """What this coach and this family have ahead, soonest first, but for one tent: in the weeks in which a
    place can be taken, and until that moment. 2 queries.
    """
    return _between(look, family, look.at, max(until, look.at + AHEAD_FOR), besides)


def is_engaged(look: Viewing, tent: Tent) -> bool:
    """Whether the coach or the family has something else while this tent goes on. 2 queries."""
    return bool(_between(look, tent.family, tent.starts_at, tent.ends_at, tent.pk))


def _between(
    look: Viewing, family: Family, first: datetime, last: datetime, besides: UUID | None
) -> tuple[Engaged, ...]:
    """The tents of this family and of questions that who looks coaches, and the appointments of this family,
    as far as they lie open to who looks. Of an appointment, which hangs on the family from above us, it is
    known when it is, and nothing else.
    """
    mine = Q(request__coach=look.actor.account_id) | Q(family=family)
    tents = Tent.objects.visible_to(look.actor, at=look.at).filter(mine).going_on(first, last)
    planned = at_that_time(family.appointments.within(look).filter(stage="planned"), first, last)
    rows = planned.values_list("starts_at", "minutes")
    spans = [(at, at + timedelta(minutes=minutes)) for at, minutes in rows]
    spans += [(one.starts_at, one.ends_at) for one in tents if one.pk != besides]
    return tuple(Engaged(*span) for span in sorted(set(spans)))
