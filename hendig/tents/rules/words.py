"""What the table hears in each phase, and the first words of the page that remains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Words
from hendig.tents.models import Circle, Influence, Phase, Piece, PieceKind, Remark, View
from hendig.tents.rules.analysis import DRAWN
from hendig.tents.rules.directions import still_open
from hendig.tents.rules.drawing import Factor, Link, Said
from hendig.tents.rules.twin import ended, first, sentences, tried


@dataclass(frozen=True, slots=True)
class Prompt:
    """One phase in plain words: its name, a card with a question, who speaks, and what the input asks."""

    title: Words
    card: Words
    order: Words
    ask: Words

    @property
    def cards(self) -> list[str]:
        """The questions of the phase: each line is one."""
        return [line for line in str(self.card).splitlines() if line.strip()]


PROMPTS: Mapping[Phase, Prompt] = {
    Phase.ARRIVE: Prompt(
        _("Aankomen"),
        _("Fijn dat u er bent. Zeg uw naam en waarom u graag meedenkt."),
        _("Het gezin zegt eerst wie er zijn. Daarna de anderen."),
        "",
    ),
    Phase.LISTEN: Prompt(
        _("Luisteren"),
        _("Wat wilt u dat wij vandaag goed begrijpen?"),
        _("Het gezin spreekt als eerste, het kind voorop. De anderen luisteren en vragen niets door."),
        _("Wat is de vraag?"),
    ),
    Phase.UNDERSTAND: Prompt(
        _("Begrijpen"),
        _("Wat speelt er? Wat maakt het moeilijker, en wat maakt het lichter?"),
        _("Het gezin eerst. Daarna vragen de anderen door. Nog geen oplossingen."),
        _("Wat speelt er?"),
    ),
    Phase.GOES_WELL: Prompt(
        _("Wat gaat goed"),
        _("Op welk moment ging het beter dan anders? Wie of wat hielp toen?"),
        _("Iedereen noemt één ding. Het gezin begint."),
        _("Wat gaat er goed?"),
    ),
    Phase.DIRECTIONS: Prompt(
        _("Richtingen"),
        _("Wie uit uw eigen kring kan iets doen? En wie in de buurt? Wat blijft er dan over?"),
        _("Eerst het gezin en de eigen kring. De beroepskrachten als laatste."),
        _("Welke kant kunnen we op?"),
    ),
    Phase.AGREE: Prompt(
        _("Afspreken"),
        _("Wat doen we als eerste? Wie doet wat, en wanneer?"),
        _("Iedereen zegt wat hij zelf doet. Het gezin zegt als laatste of het zo goed is."),
        _("Wat spreken we af?"),
    ),
    Phase.LOOK_BACK: Prompt(
        _("Terugkijken"),
        _("Is gezegd wat u wilde zeggen? Wat neemt u mee naar huis?"),
        _("Het gezin heeft het laatste woord."),
        "",
    ),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """The page as it is drafted from what was said."""

    question: str
    understanding: str
    goes_well: str
    agreements: str
    people: str


def factors_of(pieces: Iterable[Piece], remarks: Iterable[Remark] = ()) -> list[Factor]:
    """What plays a part and what goes well, in the order in which it came up, with what each thinks of it."""
    thought = _thought(remarks)
    return [
        Factor(
            id=piece.pk,
            text=piece.text,
            is_strength=piece.kind == PieceKind.GOES_WELL,
            place=piece.place,
            voice=piece.voice,
            agree=thought(View.AGREE, piece.pk),
            differ=thought(View.DIFFER, piece.pk),
            first=thought(View.FIRST, piece.pk),
        )
        for piece in pieces
        if piece.kind in DRAWN
    ]


def links_of(
    influences: Iterable[Influence], pieces: Iterable[Piece], remarks: Iterable[Remark] = ()
) -> list[Link]:
    """What works on what, in the voice of who said so, with what each thinks of it."""
    voices = {piece.pk: piece.voice for piece in pieces}
    thought = _thought(remarks)
    return [
        Link(
            id=one.pk,
            cause=one.cause_id,
            effect=one.effect_id,
            sign=one.sign,
            voice=one.voice or voices.get(one.cause_id, ""),
            agree=thought(View.AGREE, one.cause_id, one.effect_id),
            differ=thought(View.DIFFER, one.cause_id, one.effect_id),
        )
        for one in influences
    ]


def _thought(remarks: Iterable[Remark]) -> Callable[..., tuple[Said, ...]]:
    """What each thinks, by how they see it and what of. A view whose words were destroyed says nothing."""
    found: dict[tuple[str, UUID, UUID | None], list[Said]] = defaultdict(list)
    for one in remarks:
        if one.text or one.view == View.AGREE:
            found[one.view, one.piece_id, one.effect_id].append(Said(one.voice, one.text))
    return lambda view, piece, effect=None: tuple(found[view, piece, effect])


def _agreements(pieces: Iterable[Piece]) -> list[str]:
    return [_in_a_line(piece) for piece in pieces if piece.kind == PieceKind.AGREEMENT]


def _directions(pieces: Iterable[Piece]) -> list[str]:
    """Each direction that was weighed, own circle first: also one that nobody made anything of yet."""
    found = [piece for piece in pieces if piece.kind == PieceKind.DIRECTION]
    return [_in_a_line(piece) for circle in Circle for piece in found if piece.circle == circle]


def _in_a_line(piece: Piece) -> str:
    """What, who, what for, by when, what a direction became, and what is still open."""
    where = f"{capfirst(str(piece.get_circle_display()))}: " if piece.circle else ""
    parts = [
        f"{where}{piece.text}",
        gettext("Wie: %(who)s") % {"who": piece.who} if piece.who else "",
        gettext("Wat het oplevert: %(result)s") % {"result": piece.result} if piece.result else "",
        gettext("Wanneer: %(day)s") % {"day": date_format(piece.by_on, "j F Y")} if piece.by_on else "",
        gettext("Dit werd %(what)s") % {"what": piece.get_became_display()} if piece.became else "",
        still_open(piece),
    ]
    return " ".join(ended(" ".join(part.split())) for part in parts if part)


def draft(
    words: str,
    pieces: Sequence[Piece],
    influences: Iterable[Influence],
    remarks: Iterable[Remark],
    people: Sequence[str],
) -> Draft:
    """The page in the words of the table, nothing added: the family's question first."""

    def of(kind: PieceKind) -> list[str]:
        return [piece.text for piece in pieces if piece.kind == kind]

    factors, links = factors_of(pieces, remarks), links_of(influences, pieces)
    weak = {factor.id for factor in factors if not factor.is_strength}
    # What goes well stands under its own head, and here only for what it does.
    does = {end for link in links for end in (link.cause, link.effect)}
    shown = [factor for factor in factors if factor.id in weak | does]
    return Draft(
        question="\n".join([words, *of(PieceKind.QUESTION)]),
        understanding="\n".join(
            [
                *sentences(shown, links),
                *(
                    tried(one.text, one.get_outcome_display())
                    for one in pieces
                    if one.kind == PieceKind.TRIED
                ),
                *first(factors),
            ]
        ),
        goes_well="\n".join(of(PieceKind.GOES_WELL)),
        agreements="\n".join([*_agreements(pieces), *_directions(pieces)]),
        people="\n".join(people),
    )
