"""The board and its cards: what everyone may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.opentent import rules
from hendig.opentent.models import TAKES_A_PLACE, Post, PostKind, Response

PAGE = 24
LATEST = 50
CARD = ("id", "kind", "title", "text", "neighbourhood", "when", "posted_at", "places", "taken", "gone")


@dataclass(frozen=True, slots=True)
class Card:
    """A post as everyone may see it: nothing of who wrote it and nothing of whom it is about."""

    id: UUID
    kind: str
    title: str
    text: str
    neighbourhood: str
    when: str
    posted_at: datetime
    places: int | None
    places_left: int | None
    gone: bool

    @property
    def kind_label(self) -> Words:
        return PostKind(self.kind).label

    @property
    def icon(self) -> str:
        return {"question": "message-circle", "offer": "hand-heart", "initiative": "sprout"}[self.kind]


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board; `newer` and `older` are the cursors of the pages beside it."""

    cards: tuple[Card, ...]
    neighbourhoods: tuple[str, ...]
    newer: UUID | None
    older: UUID | None


def board(
    actor: Actor,
    *,
    at: datetime,
    kind: str = "",
    neighbourhood: str = "",
    before: UUID | None = None,
    after: UUID | None = None,
) -> Board:
    """The newest posts that everyone may see, a page at a time, without counting. 2 queries."""
    standing = Post.objects.on_board(at=at).filter(municipality_id=actor.municipality_id)
    named = (
        standing.exclude(neighbourhood="").order_by("neighbourhood").values_list("neighbourhood", flat=True)
    )
    rows = standing.filter(kind=kind) if kind else standing
    rows = rows.filter(neighbourhood=neighbourhood) if neighbourhood else rows
    if after is not None:
        found = cards_of(rows.filter(id__gt=after).order_by("id"), at=at, limit=PAGE + 1)
        cards = found[PAGE - 1 :: -1] if len(found) > PAGE else found[::-1]
    else:
        rows = rows.filter(id__lt=before) if before is not None else rows
        found = cards_of(rows.order_by("-id"), at=at, limit=PAGE + 1)
        cards = found[:PAGE]
    more = len(found) > PAGE
    return Board(
        cards=cards,
        neighbourhoods=tuple(named.distinct()),
        newer=cards[0].id if cards and (more if after is not None else before is not None) else None,
        older=cards[-1].id if cards and (more or after is not None) else None,
    )


@dataclass(frozen=True, slots=True)
class PostPage:
    """A card and what the actor can do with it; `request_id` only for who keeps a family's question."""

    card: Card
    kept: bool
    request_id: UUID | None
    answered: bool
    why_no_response: Refusal | None


def post(actor: Actor, post_id: UUID, *, at: datetime) -> PostPage:
    """One card of the board. `NotVisible` when it is not, or no longer, for this actor's eyes. 1 query."""
    rows = (
        Post.objects.visible_to(actor, at=at)
        .filter(pk=post_id)
        .annotate(
            kept=Exists(Post.objects.kept_by(actor, at=at).filter(pk=OuterRef("pk"))),
            answered=Exists(Response.objects.by(actor).standing().filter(post=OuterRef("pk"))),
        )
    )
    row = with_places(rows, at).values(*CARD, "kept", "answered", "request_id").first()
    if row is None:
        raise NotVisible
    card, kept = card_of(row), row["kept"]
    return PostPage(
        card=card,
        kept=kept,
        request_id=row["request_id"] if kept else None,
        answered=row["answered"],
        why_no_response=rules.why_no_response(
            own=kept, answered=row["answered"], places_left=card.places_left
        ),
    )


def with_places(rows: QuerySet[Post], at: datetime) -> QuerySet[Post]:
    """With the number of places taken and whether it is off the board, both counted by the database."""
    taken = Response.objects.filter(post=OuterRef("pk"), stage__in=TAKES_A_PLACE).order_by().values("post")
    return rows.annotate(
        taken=Case(
            When(places__isnull=False, then=Coalesce(Subquery(taken.annotate(n=Count("pk")).values("n")), 0)),
        ),
        gone=Q(closed_at__isnull=False) | Q(until_at__isnull=False, until_at__lte=at),
    )


def offers(actor: Actor, *, at: datetime) -> tuple[Card, ...]:
    """What people and initiatives offer, newest first: nothing of who, and nothing that is full. 1 query."""
    standing = Post.objects.on_board(at=at).filter(municipality_id=actor.municipality_id)
    found = cards_of(standing.exclude(kind=PostKind.QUESTION).order_by("-id"), at=at)
    return tuple(card for card in found if card.places_left != 0)


def cards_of(rows: QuerySet[Post], *, at: datetime, limit: int = LATEST) -> tuple[Card, ...]:
    """1 query."""
    return tuple(card_of(row) for row in with_places(rows, at).values(*CARD)[:limit])


def card_of(row: Mapping[str, Any]) -> Card:
    shown = {name: row[name] for name in CARD if name != "taken"}
    left = None if row["places"] is None else max(row["places"] - row["taken"], 0)
    return Card(**shown, places_left=left)
