"""What pages that compose several apps need to know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from hendig.audit.actions import reading
from hendig.billing.models import sees_books
from hendig.families.models import Compartment, CompartmentKind, Family, opened
from hendig.kernel.actor import Actor
from hendig.matching.models import MatchTalk
from hendig.opentent.models import Post
from hendig.people.queries import session_stands
from hendig.tents.models import Tent

Visible = Callable[[Actor, datetime], QuerySet]  # type: ignore[type-arg]

TOPICS: dict[str, Visible] = {
    # Not for a parent who has nothing left but what is about that parent: what moves is the others'.
    "family": lambda actor, at: Family.objects.filter(
        pk__in=Compartment.objects.filter(
            kind=CompartmentKind.SHARED, pk__in=opened("compartment_id", actor, at)
        ).values("family_id")
    ),
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
        return kind == "board" or sees_books(actor)
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


def of_somebody(topic: str) -> bool:
    """Whether it depends on more than being signed in who may hear of it."""
    return topic.partition(":")[0] in TOPICS


def still_hears(session: str, actor: Actor, topics: list[str], *, at: datetime) -> bool:
    """Whether this session stands and its owner may hear of all of these now. A connection of its own."""
    if not session_stands(session):
        return False
    try:
        with reading(actor, at):
            return all(may_hear(actor, topic, at=at) for topic in topics)
    finally:
        if not connection.in_atomic_block:
            connection.close()
