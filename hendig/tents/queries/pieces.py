"""What lies on the table, in piles, with what each at the table can do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy

from hendig.families.rules.about import why_not_say_whom
from hendig.kernel.refusal import Refusal, Words
from hendig.tents import rules
from hendig.tents.models import Phase, Piece, PieceKind, Tent, TentStage
from hendig.tents.queries.directions import where_it_went
from hendig.tents.rules import directions

UNDERSTOOD: Mapping[PieceKind, Words] = {
    PieceKind.QUESTION: gettext_lazy("De vraag"),
    PieceKind.FACTOR: gettext_lazy("Wat speelt er"),
    PieceKind.TRIED: gettext_lazy("Wat is geprobeerd"),
    PieceKind.GOES_WELL: gettext_lazy("Wat goed gaat"),
}
AGREED: Mapping[PieceKind, Words] = {PieceKind.AGREEMENT: gettext_lazy("Wat spreken we af")}
# When it is time to say who does what, and by when.
AGREEING = (Phase.AGREE, Phase.LOOK_BACK)


@dataclass(frozen=True, slots=True)
class PieceOnTable:
    id: UUID
    kind: str
    text: str
    voice: str
    # Whom it is about, when that is not the child.
    about: Words
    circle: str
    circle_words: str
    who: str
    result: str
    by_on: date | None
    # What is not agreed yet, in a sentence, once it is time to agree.
    still_open: str
    not_settle: Refusal | None
    became: str
    became_words: str
    went_to: str
    not_remove: Refusal | None
    not_say_whom: Refusal | None

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class Pile:
    """What lies on the table of one kind."""

    kind: str
    title: str
    pieces: tuple[PieceOnTable, ...]


def pieces_on(tent: Tent, pieces: Sequence[Piece], part: str, account: UUID | None) -> list[PieceOnTable]:
    """Each of these as it lies there for who looks. No query."""
    agreeing = tent.stage == TentStage.CLOSED or tent.phase in AGREEING
    return [
        PieceOnTable(
            id=piece.pk,
            kind=piece.kind,
            text=piece.text,
            voice=piece.voice,
            about=piece.about_words,
            circle=piece.circle,
            circle_words=str(piece.get_circle_display()) if piece.circle else "",
            who=piece.who,
            result=piece.result,
            by_on=piece.by_on,
            still_open=directions.still_open(piece) if agreeing else "",
            not_settle=directions.why_not_settle(tent, piece, said=()),
            became=piece.became,
            became_words=str(piece.get_became_display()) if piece.became else "",
            went_to=where_it_went(piece, tent, part),
            not_remove=rules.why_not_remove(tent, piece, part=part, account=account),
            not_say_whom=why_not_say_whom(wrote=piece.author_id == account, part=part),
        )
        for piece in pieces
    ]


def piles(pieces: Sequence[PieceOnTable], titles: Mapping[PieceKind, Words]) -> tuple[Pile, ...]:
    found = (
        Pile(kind.value, str(title), tuple(piece for piece in pieces if piece.kind == kind))
        for kind, title in titles.items()
    )
    return tuple(pile for pile in found if pile.pieces)


def by_circle(pieces: Sequence[PieceOnTable]) -> tuple[Pile, ...]:
    """Directions by circle: own circle first, then the neighbourhood, then professionals."""
    found = [piece for piece in pieces if piece.kind == PieceKind.DIRECTION]
    return tuple(
        Pile(circle.value, str(question), tuple(piece for piece in found if piece.circle == circle))
        for circle, question in rules.CIRCLE_ORDER
    )
