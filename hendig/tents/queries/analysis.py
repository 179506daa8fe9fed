"""The page on which they draw together how it hangs together, with what somebody chose on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import MemberKind
from hendig.families.queries.about import Named, the_child
from hendig.kernel.refusal import Refusal, Words
from hendig.people.queries import knowledge_cards
from hendig.tents import rules
from hendig.tents.models import Influence, Piece, PieceKind, Place, Sign, Tent
from hendig.tents.queries.drawn import Picture, picture, standing, titles_of, tried_of
from hendig.tents.queries.lists import guests_at
from hendig.tents.queries.table import lying_on, members_of, sees_all, tent_at
from hendig.tents.queries.turns import AtTable, at_the_table, names_of
from hendig.tents.rules import analysis, guide, words
from hendig.tents.rules.drawing import Factor, Link, Said
from hendig.tents.rules.twin import agreeing, sentence_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody tapped: a factor, the one that belongs with it, or a line; and how large it is drawn."""

    factor: UUID | None = None
    met: UUID | None = None
    line: UUID | None = None
    picks: bool = False
    adds: bool = False
    zoom: int = 1


@dataclass(frozen=True, slots=True)
class LineOnTable:
    """A line of the drawing, in words."""

    id: UUID
    cause: UUID
    effect: UUID
    sentence: str
    sign: str
    voice: str
    agree: tuple[Said, ...]
    differ: tuple[Said, ...]
    not_alter: Refusal | None

    @property
    def agreeing(self) -> list[str]:
        """Who sees it so too, in a sentence."""
        return agreeing(self.agree)


@dataclass(frozen=True, slots=True)
class FactorOnTable:
    """Something in the drawing, with all that was said of it."""

    id: UUID
    text: str
    is_strength: bool
    place: str
    voice: str
    about: Words
    agree: tuple[Said, ...]
    differ: tuple[Said, ...]
    first: tuple[Said, ...]
    lines: tuple[LineOnTable, ...]
    not_remove: Refusal | None


@dataclass(frozen=True, slots=True)
class AnalysisPage:
    """The drawing, and what is open in it."""

    id: UUID
    family_id: UUID
    picture: Picture
    factors: tuple[FactorOnTable, ...]
    table: tuple[AtTable, ...]
    child: Named | None
    relatives: tuple[Named, ...]
    places: tuple[tuple[str, str], ...]
    chosen: FactorOnTable | None
    met: FactorOnTable | None
    line: LineOnTable | None
    picks: bool
    # Whether something is being added: mostly several, one after the other.
    adds: bool
    zoom: int
    not_draw: Refusal | None
    # For how many more seconds who only listens is not asked who is there.
    listens: int = 0
    # What the municipality finds good to know: title and words.
    cards: tuple[tuple[str, str], ...] = ()
    # What lies beside the chosen one, and so stays dark while the rest steps back.
    near: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def as_large(self) -> str:
        """What the address of a step ends with, so that the drawing stays as large as it is."""
        return f"?zoom={self.zoom}" if self.zoom > 1 else ""

    @property
    def others(self) -> tuple[FactorOnTable, ...]:
        """What the chosen one can hang together with."""
        return tuple(one for one in self.factors if self.chosen is None or one.id != self.chosen.id)

    @property
    def signs(self) -> tuple[tuple[str, Words], ...]:
        return tuple((sign.value, sign.label) for sign in Sign)

    @property
    def elsewhere(self) -> tuple[tuple[str, str], ...]:
        """Where the chosen one can lie instead."""
        here = self.chosen.place if self.chosen else ""
        return tuple(place for place in self.places if place[0] != here)


def analysis_page(look: Viewing, tent_id: UUID, chosen: Chosen) -> AnalysisPage:
    """The drawing for this actor. 7 queries, whatever is drawn."""
    tent = tent_at(look, tent_id)
    guests = guests_at(look, tent, all_of_them=sees_all(look.part))
    members = members_of(look, tent)
    table = at_the_table(tent, members, guests)
    names = names_of(table)
    relatives = tuple((str(one.pk), names[one.pk]) for one in members if one.kind != MemberKind.CONFIDANT)
    child = the_child(relatives, tent.compartment.record.child_id)
    pieces = lying_on(look, tent)
    influences, remarks = standing(look, tent)
    drawn, links = words.factors_of(pieces, remarks), words.links_of(influences, pieces, remarks)
    titles = titles_of(child[1] if child else "")
    lines = _lines(look, tent, drawn, links, influences)
    factors = _factors(look, tent, pieces, drawn, links, lines)
    by_id = {one.id: one for one in factors}
    return AnalysisPage(
        id=tent.pk,
        family_id=tent.family_id,
        picture=picture(drawn, links, tried_of(pieces), titles),
        factors=factors,
        table=table,
        child=child,
        relatives=relatives,
        places=tuple((place.value, titles[place.value]) for place in Place),
        chosen=by_id.get(chosen.factor) if chosen.factor else None,
        met=by_id.get(chosen.met) if chosen.met else None,
        line=lines.get(chosen.line) if chosen.line else None,
        picks=chosen.picks,
        adds=chosen.adds or not drawn,
        zoom=chosen.zoom,
        not_draw=analysis.why_not_draw(tent),
        listens=guide.listens_for(tent, look.at),
        cards=knowledge_cards(tent.municipality_id),
        near=_near(chosen, links),
    )


def _near(chosen: Chosen, links: Sequence[Link]) -> frozenset[UUID]:
    found: set[UUID] = set()
    for link in links:
        if {chosen.factor, chosen.line} & {link.id, link.cause, link.effect}:
            found |= {link.id, link.cause, link.effect}
    return frozenset(found)


def _lines(
    look: Viewing, tent: Tent, drawn: Sequence[Factor], links: Sequence[Link], influences: Sequence[Influence]
) -> dict[UUID, LineOnTable]:
    texts = {factor.id: factor.text for factor in drawn}
    rows = {one.pk: one for one in influences}
    return {
        link.id: LineOnTable(
            id=link.id,
            cause=link.cause,
            effect=link.effect,
            sentence=sentence_of(link.sign, texts[link.cause], texts[link.effect]),
            sign=link.sign,
            voice=link.voice,
            agree=link.agree,
            differ=link.differ,
            not_alter=analysis.why_not_alter(
                tent, rows[link.id], part=look.part, account=look.actor.account_id
            ),
        )
        for link in links
        if link.cause in texts and link.effect in texts
    }


def _factors(
    look: Viewing,
    tent: Tent,
    pieces: Sequence[Piece],
    drawn: Sequence[Factor],
    links: Sequence[Link],
    lines: dict[UUID, LineOnTable],
) -> tuple[FactorOnTable, ...]:
    rows = {piece.pk: piece for piece in pieces}
    return tuple(
        FactorOnTable(
            id=one.id,
            text=one.text,
            is_strength=rows[one.id].kind == PieceKind.GOES_WELL,
            place=one.place or Place.CHILD.value,
            voice=one.voice,
            about=rows[one.id].about_words,
            agree=one.agree,
            differ=one.differ,
            first=one.first,
            lines=tuple(
                lines[link.id] for link in links if one.id in {link.cause, link.effect} and link.id in lines
            ),
            not_remove=rules.why_not_remove(
                tent, rows[one.id], part=look.part, account=look.actor.account_id
            ),
        )
        for one in drawn
    )
