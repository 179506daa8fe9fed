"""What pages that compose several apps need to know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hendig.families.models import Compartment, Family, opened
from hendig.kernel.actor import Actor, Role
from hendig.matching.models import MatchTalk
from hendig.opentent.models import Post
from hendig.tents.models import Tent

Visible = Callable[[Actor, datetime], QuerySet]  # type: ignore[type-arg]

TOPICS: dict[str, Visible] = {
    "family": lambda actor, at: Family.objects.visible_to(actor, at=at),
    # Who may read that somebody looked: whoever has the compartment open that was looked at.
    "looked": lambda actor, at: Compartment.objects.filter(pk__in=opened("compartment_id", actor, at)),
    "tent": lambda actor, at: Tent.objects.visible_to(actor, at=at),
    "matchtalk": lambda actor, at: MatchTalk.objects.visible_to(actor, at=at),
    "post": lambda actor, at: Post.objects.visible_to(actor, at=at),
}


def may_hear(actor: Actor, topic: str, *, at: datetime) -> bool:
    """Whether the actor may know that this changed: what may be seen may be heard. At most 1 query."""
    kind, _, key = topic.partition(":")
    if kind in {"board", "invoices"}:
        return kind == "board" or actor.has(Role.FINANCE)
    try:
        object_id = UUID(key)
    except ValueError:
        return False
    if kind == "account":
        return object_id == actor.account_id
    if kind == "partner":
        return object_id in actor.offices
    rows = TOPICS.get(kind)
    return rows is not None and rows(actor, at).filter(pk=object_id).exists()
