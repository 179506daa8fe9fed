"""What the table hears in each phase, and the first words of the page that remains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Words
from hendig.tents.models import Phase, Piece, PieceKind
from hendig.tents.rules.drawing import Factor, sentences


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


def factors_of(pieces: Iterable[Piece]) -> list[Factor]:
    """What plays a part, in the order in which it came up."""
    return [Factor(p.pk, p.text, p.leads_to_id) for p in pieces if p.kind == PieceKind.FACTOR]


def draft(words: str, pieces: Sequence[Piece], people: Sequence[str], tried: Words) -> Draft:
    """The page in the words of the table, nothing added: the family's question first."""

    def of(kind: PieceKind) -> list[str]:
        return [piece.text for piece in pieces if piece.kind == kind]

    understood = list(sentences(factors_of(pieces))) + [f"{tried} {text}" for text in of(PieceKind.TRIED)]
    return Draft(
        question="\n".join([words, *of(PieceKind.QUESTION)]),
        understanding="\n".join(understood),
        goes_well="\n".join(of(PieceKind.GOES_WELL)),
        agreements="\n".join(of(PieceKind.AGREEMENT)),
        people="\n".join(people),
    )
