"""Which way to go: what is still open in a direction, what it may become, and what is offered beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Refusal, Words
from hendig.tents.models import Piece, PieceKind, Tent, TentStage
from hendig.tents.rules import SOLUTIONS
from hendig.tents.rules.twin import listed

# Shorter words ("voor", "maar", "thuis") say little about a subject.
LONG_ENOUGH = 6
BESIDE = 3
WORD = re.compile(r"[^\W\d_]+")
# What a direction or an agreement says beside what it is, and how that is called while nobody said it.
ENDS: Mapping[str, Words] = {
    "who": _("wie dit doet"),
    "result": _("wat het oplevert"),
    "by_on": _("tot wanneer"),
}


TAKEN = Refusal("direction.taken", _("Hier is al iets van gemaakt. Kijk in de tent wat."))


def open_ends(piece: Piece) -> tuple[str, ...]:
    """What nobody said yet of a direction or an agreement: who, what for, by when.

    What was made of it says that itself.
    """
    if piece.kind not in SOLUTIONS or piece.became:
        return ()
    # Of an agreement it says itself what for; who does it and until when is what makes it one.
    asked = ENDS if piece.kind == PieceKind.DIRECTION else ("who", "by_on")
    return tuple(end for end in asked if not getattr(piece, end))


def still_open(piece: Piece) -> str:
    """The same in a sentence; nothing of what has no open end. A family may agree with one."""
    words = [str(ENDS[end]) for end in open_ends(piece)]
    return gettext("Nog af te spreken: %(what)s.") % {"what": listed(words)} if words else ""


def why_not_settle(tent: Tent, piece: Piece, *, said: Collection[str]) -> Refusal | None:
    """Why these ends cannot be filled in now: what another filled in meanwhile stays as it is."""
    if tent.stage != TentStage.MEETING:
        return Refusal("tent.not_meeting", _("Schrijven kan zolang het gesprek bezig is."))
    if piece.kind not in SOLUTIONS:
        return Refusal(
            "direction.nothing_to_agree",
            _("Hier valt niets af te spreken. Kies een richting of een afspraak."),
        )
    if piece.became:
        return TAKEN
    if not open_ends(piece) or not set(said) <= set(open_ends(piece)):
        return Refusal("direction.said_already", _("Dit is al afgesproken. Kijk eerst wat er nu staat."))
    return None


def why_nothing_said(said: Collection[str]) -> Refusal | None:
    if not said:
        return Refusal(
            "direction.nothing_said", _("Vul in wat jullie afspreken. Het mag ook nog openblijven.")
        )
    return None


def why_not_take(piece: Piece) -> Refusal | None:
    """Why nothing is made of this now: a direction becomes one thing, once."""
    if piece.kind != PieceKind.DIRECTION:
        return Refusal("direction.is_none", _("Dit is geen richting. Daar maakt u niets van."))
    return TAKEN if piece.became else None


class Offered(Protocol):
    """What somebody offers on the board."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def neighbourhood(self) -> str: ...


O = TypeVar("O", bound=Offered)  # noqa: E741


def subjects(texts: Iterable[str]) -> frozenset[str]:
    """The words that tell what something is about, by how they begin: "wandelen" and "wandeling" are one."""
    return frozenset(
        word[:LONG_ENOUGH].lower()
        for text in texts
        for word in WORD.findall(text)
        if len(word) >= LONG_ENOUGH
    )


def beside(offers: Sequence[O], said: Iterable[str], neighbourhood: str) -> tuple[O, ...]:
    """A few offers to lie beside the directions: nearby and about what was said first, then the newest.

    What was said stays here: the board is not asked for it, and no offer knows of it.
    """
    about = subjects(said)

    def distance(offer: O) -> tuple[bool, int]:
        near = bool(neighbourhood) and offer.neighbourhood == neighbourhood
        return not near, -len(about & subjects((offer.title, offer.text)))

    return tuple(sorted(offers, key=distance)[:BESIDE])
