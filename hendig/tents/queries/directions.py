"""A direction or an agreement, to fill it in or to make something of it elsewhere with its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from hendig.audit.actions import Viewing
from hendig.families.models import Part, Whom
from hendig.families.queries import opening
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.opentent.queries import Card, offers
from hendig.tents.models import Became, Phase, Piece, Tent, TentStage
from hendig.tents.queries.lists import family_of_piece
from hendig.tents.rules import directions


@dataclass(frozen=True, slots=True)
class Wish:
    """What a direction or an agreement says: what, who, what for and by when, and about whom it is."""

    piece_id: UUID
    tent_id: UUID
    family_id: UUID
    request_id: UUID
    what: str
    who: str
    result: str
    by_on: date | None
    about: Whom
    not_take: Refusal | None
    # What nobody said yet of it, and why that cannot be said now.
    open_ends: tuple[str, ...]
    not_settle: Refusal | None

    def as_task(self) -> dict[str, object]:
        return {
            "request_id": self.request_id,
            "what": self.what,
            "who": self.who,
            "by": self.by_on,
            "about": self.about,
        }

    def as_goal(self) -> dict[str, object]:
        whose = {"member_id": str(self.about.member_id)} if self.about.member_id else {}
        return {"request_id": self.request_id, "words": self.result or self.what, **whose}

    def as_question(self) -> dict[str, object]:
        return {"title": self.what, "text": self.result or self.what}

    def as_talk(self) -> dict[str, object]:
        return {"purpose": self.result or self.what}


def wish(actor: Actor, piece_id: UUID | None, *, at: datetime) -> Wish | None:
    """One that is there for the actor; None without one. `NotVisible` for who does not read it.

    1 query beside those of the look.
    """
    if piece_id is None:
        return None
    family_id = family_of_piece(actor, piece_id, at=at)
    with opening(actor, "tent.seen", family_id, at=at) as look:
        rows = Piece.objects.visible_to(actor, at=at).filter(compartment__in=look.compartments)
        piece = rows.filter(pk=piece_id, removed_at=None).select_related("tent").first()
        if piece is None:
            raise NotVisible
        return Wish(
            piece_id=piece.pk,
            tent_id=piece.tent_id,
            family_id=piece.tent.family_id,
            request_id=piece.tent.request_id,
            what=piece.text,
            who=piece.who,
            result=piece.result,
            by_on=piece.by_on,
            about=piece.whom,
            not_take=directions.why_not_take(piece),
            open_ends=directions.open_ends(piece),
            not_settle=directions.why_not_settle(piece.tent, piece, said=()),
        )


def where_it_went(piece: Piece, tent: Tent, part: str) -> str:
    """The page of what was made of a direction, for who sees along with the family; else none."""
    if piece.became_id is None or part not in {Part.FAMILY, Part.COACH}:
        return ""
    if piece.became == Became.QUESTION:
        return reverse("question_answers", args=[tent.request_id])
    if piece.became == Became.TALK:
        return reverse("match_talk", args=[piece.became_id])
    return reverse("plan", args=[tent.family_id])


def beside_of(look: Viewing, tent: Tent, said: list[str]) -> tuple[Card, ...]:
    """What the neighbourhood offers, while directions are weighed. 1 query, and else none."""
    if tent.stage != TentStage.MEETING or tent.phase != Phase.DIRECTIONS:
        return ()
    return directions.beside(offers(look.actor, at=look.at), said, tent.family.neighbourhood)
