"""How it hangs together, for who looks: the same picture for a desk and a phone, and the same in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import get_language

from hendig.audit.actions import Viewing
from hendig.audit.models.composed import Composed
from hendig.families.models import CHILD
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Words
from hendig.tents.models import (
    Influence,
    PageStage,
    PageText,
    Piece,
    PieceKind,
    Place,
    Remark,
    Sign,
    Tent,
    TentStage,
)
from hendig.tents.rules import twin, words
from hendig.tents.rules.drawing import DESK, PHONE, PHONE_WIDE, Drawing, Factor, Link, draw
from hendig.tents.rules.kept import read

# All at a table ask for the same at the same time: it is drawn for the first of them. Each by what was read
# for them: nobody is shown what another reads. About as many tables change something in a second.
SAME_TIME = 16


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a line says, for the key beside the drawing."""

    sign: str
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing, and its twin in words."""

    desk: Drawing
    phone: Drawing
    # Without the places where nothing lies.
    paper: Drawing
    paragraphs: tuple[twin.Paragraph, ...]
    sentences: tuple[str, ...]
    first: tuple[str, ...]
    tried: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    # Where not everybody sees it so: both stand there.
    differing: tuple[twin.Differing, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.desk.boxes

    @property
    def is_roomy(self) -> bool:
        return self.desk.is_roomy or self.phone.is_roomy

    @property
    def rounds(self) -> bool:
        return any(arrow.round for arrow in self.desk.arrows)


def picture(
    factors: Sequence[Factor],
    links: Sequence[Link],
    tried: Iterable[str],
    titles: Mapping[str, str],
    *,
    ended: bool = False,
    room_for: Sequence[Link] = (),
) -> Picture:
    """The drawing of these; once the talk has ended without the places where nothing lies. No query.

    It is as wide as its lines need, and those of `room_for`: what comes later then moves nothing.
    """
    given = (tuple(factors), tuple(links), tuple(tried), tuple(titles.items()), tuple(room_for))
    return _picture(get_language(), *given, ended=ended)


@lru_cache(SAME_TIME)
def _picture(
    _language: str | None,
    factors: Sequence[Factor],
    links: Sequence[Link],
    tried: Sequence[str],
    titled: Sequence[tuple[str, str]],
    room_for: Sequence[Link],
    *,
    ended: bool,
) -> Picture:
    titles = dict(titled)
    lying = {one.place or Place.CHILD.value for one in factors}
    shown = lying if ended else None
    desk = draw(factors, links, sheet=DESK, titles=titles, places=shown, room_for=room_for)
    phone = draw(factors, links, sheet=PHONE, titles=titles, places=shown)
    if phone.is_crowded:
        phone = draw(factors, links, sheet=PHONE_WIDE, titles=titles, places=shown, room_for=room_for)
    return Picture(
        desk=desk,
        phone=phone,
        paper=draw(factors, links, sheet=DESK, titles=titles, places=lying, room_for=room_for),
        paragraphs=twin.paragraphs(factors, titles),
        sentences=twin.sentences(factors, links),
        first=twin.first(factors),
        tried=tuple(tried),
        meanings=tuple(Meaning(sign.value, str(sign.label)) for sign in Sign if sign in desk.signs),
        differing=twin.differing(factors, links),
    )


BLANK = Drawing(0, 0)
NOTHING = Picture(BLANK, BLANK, BLANK, (), (), (), (), ())


def titles_of(child: Words) -> dict[str, str]:
    """What each place is called; that of the child by its own name."""
    found = {place.value: capfirst(str(place.label)) for place in Place}
    return found | ({Place.CHILD.value: str(child)} if str(child) else {})


def tried_of(pieces: Iterable[Piece]) -> tuple[str, ...]:
    return tuple(
        twin.tried(piece.text, str(piece.get_outcome_display()) if piece.outcome else "")
        for piece in pieces
        if piece.kind == PieceKind.TRIED
    )


def standing(look: Viewing, tent: Tent) -> tuple[list[Influence], list[Remark]]:
    """The lines and the remarks on this table that the actor sees. 2 queries."""
    return (
        _lines(look.actor, look.at, tent_id=tent.pk),
        _remarks(look.actor, look.at, tent_id=tent.pk),
    )


@Composed
def _lines(actor: Actor, at: datetime, tent_id: UUID) -> QuerySet[Influence]:
    return Influence.objects.filter(tent=tent_id, removed_at=None).told(actor, at).order_by("id")


@Composed
def _remarks(actor: Actor, at: datetime, tent_id: UUID) -> QuerySet[Remark]:
    return Remark.objects.filter(tent=tent_id, removed_at=None).told(actor, at).order_by("id")


def picture_of(look: Viewing, tent: Tent, pieces: Sequence[Piece], *, child: Words) -> Picture:
    """What lies on the table, drawn. 2 queries."""
    lines, remarks = standing(look, tent)
    return picture(
        words.factors_of(pieces, remarks),
        words.links_of(lines, pieces, remarks),
        tried_of(pieces),
        titles_of(child),
        ended=tent.stage == TentStage.CLOSED,
    )


def of_the_page(
    pieces: Iterable[Piece],
    lines: Iterable[Influence],
    remarks: Iterable[Remark],
    *,
    child: str,
) -> Picture:
    """What goes home on the page that remains: what is about the child, whoever looks. No query.

    What was destroyed since says nothing, and is not drawn.
    """
    said = [piece for piece in pieces if piece.whom == CHILD and piece.text]
    return picture(
        words.factors_of(said, remarks),
        words.links_of(lines, said, remarks),
        tried_of(said),
        titles_of(child),
        ended=True,
    )


def as_agreed(page: PageText) -> Picture | None:
    """The drawing as it stood on this version when it was agreed to, where that was kept. No query."""
    found = read(str(page.drawing)) if page.stage == PageStage.AGREED else None
    if found is None:
        return None
    return picture(found.factors, found.links, found.tried, titles_of(found.child), ended=True)
