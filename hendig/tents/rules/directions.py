"""Which way to go: what a direction may become, and what the neighbourhood offers beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Refusal
from hendig.tents.models import Piece, PieceKind

# Shorter words ("voor", "maar", "thuis") say little about a subject.
LONG_ENOUGH = 6
BESIDE = 3
WORD = re.compile(r"[^\W\d_]+")


def why_not_take(piece: Piece) -> Refusal | None:
    """Why nothing is made of this now: a direction becomes one thing, once."""
    if piece.kind != PieceKind.DIRECTION:
        return Refusal("direction.is_none", _("Dit is geen richting. Daar maakt u niets van."))
    if piece.became:
        return Refusal("direction.taken", _("Hier is al iets van gemaakt. Kijk in de tent wat."))
    return None


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
