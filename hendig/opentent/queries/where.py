"""Where somebody has to be who helps a neighbour, once that one let them know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import reading
from hendig.families.models import Compartment, CompartmentKind, Home
from hendig.families.queries import opening
from hendig.families.queries.homes import address_of
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible
from hendig.opentent.models import Post, Response, ResponseStage


@dataclass(frozen=True, slots=True)
class Door:
    """One home: the lines of an envelope, and how to get in."""

    lines: tuple[str, ...]
    way_in: str


@dataclass(frozen=True, slots=True)
class WherePage:
    title: str
    doors: tuple[Door, ...]
    until: datetime | None


def where_to_come(actor: Actor, response_id: UUID, *, at: datetime) -> WherePage:
    """Where who asked this lives today, for whom they said it to; that one reads of each look. 5 queries.

    `NotVisible` for anybody else, and when the week after the task is over.
    """
    mine = Response.objects.by(actor).filter(pk=response_id, stage=ResponseStage.CONNECTED)
    post = Post.objects.filter(responses__in=mine).first()
    if post is None or post.family_id is None:
        raise NotVisible
    with opening(
        actor, "home.seen", post.family_id, at=at, kinds=(), homes=True, only=_door(actor, post, at)
    ) as look:
        homes = Home.objects.within(look).standing(local_day(at)).filter(from_on__lte=local_day(at))
        doors = tuple(Door(address_of(one).lines(), one.way_in) for one in homes)
        return WherePage(post.title, doors, look.until_at)


def _door(actor: Actor, post: Post, at: datetime) -> UUID:
    """Where it lies where who asked this lives: in the record of the question. 1 query."""
    with reading(Actor.system(actor.municipality_id), at):
        asked = Post.objects.filter(pk=post.pk).values("request__asked_by", "request__compartment__record")
        rows = Compartment.objects.filter(kind=CompartmentKind.ADDRESS)
        found = rows.filter(
            person__in=asked.values("request__asked_by"),
            record__in=asked.values("request__compartment__record"),
        )
        place = found.values_list("pk", flat=True).first()
    if place is None:
        raise NotVisible
    return place
