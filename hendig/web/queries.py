"""What pages that compose several apps need to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from hendig.audit.actions import reading
from hendig.audit.models.composed import Composed
from hendig.billing.models import sees_books
from hendig.families.models import Compartment, CompartmentKind, Family, opened
from hendig.kernel.actor import Actor
from hendig.matching.models import MatchTalk
from hendig.opentent.models import Post
from hendig.people.queries import sessions_that_stand
from hendig.shares.models import Share
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
    "share": lambda actor, at: Share.objects.visible_to(actor, at=at),
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
    if kind == "tent":
        return bool(_tent(actor, at, tent_id=object_id))
    rows = TOPICS.get(kind)
    return rows is not None and rows(actor, at).filter(pk=object_id).exists()


@Composed
def _tent(actor: Actor, at: datetime, tent_id: UUID) -> QuerySet[Tent, UUID]:
    """Asked of each at a table at each change there: composing it took three quarters of the answer."""
    return TOPICS["tent"](actor, at).filter(pk=tent_id).values_list("pk", flat=True)


def of_somebody(topic: str) -> bool:
    """Whether it depends on more than being signed in who may hear of it."""
    return topic.partition(":")[0] in TOPICS


@dataclass(frozen=True, slots=True)
class Hearer:
    """A stream that is open: of which session, whose, and of what it tells."""

    session: str
    actor: Actor
    topics: tuple[str, ...]


def who_still_hear(hearers: Sequence[Hearer], *, at: datetime) -> tuple[bool, ...]:
    """Of each whether its session stands and its owner may hear of all its topics now.

    1 query for all together and 1 for each of their topics, by a connection that is not kept.
    """
    try:
        with transaction.atomic():
            standing = sessions_that_stand({one.session for one in hearers})
            return tuple(one.session in standing and _hears(one, at) for one in hearers)
    finally:
        if not connection.in_atomic_block:
            connection.close()


def _hears(hearer: Hearer, at: datetime) -> bool:
    with reading(hearer.actor, at):
        return all(may_hear(hearer.actor, topic, at=at) for topic in hearer.topics)
