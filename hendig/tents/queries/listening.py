"""Who listens at a talk without touching anything: there for it, and for nothing else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.kernel.actor import Actor
from hendig.tents.models import Tent, TentStage
from hendig.tents.rules.guide import listens_for


def may_listen(actor: Actor, tent_id: UUID, *, last: datetime, at: datetime) -> bool:
    """Whether who touched nothing since `last` may go on looking at this talk, at which they sit. 1 query."""
    rows = Tent.objects.visible_to(actor, at=at).filter(pk=tent_id, stage=TentStage.MEETING)
    tent = rows.select_related("talk").first()
    return tent is not None and listens_for(tent, at, last=last) > 0
