"""Why not? – for the knowledge cards of the municipality and what asks a registration."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Refusal

MOST_CARDS, MOST_TITLE, MOST_WORDS = 12, 80, 400
Cards = Sequence[tuple[str, str]]


def why_no_knowledge(
    cards: Cards, *, edition: int, current: int, same: bool, unknown: bool
) -> Refusal | None:
    """Why there is no new edition."""
    if edition != current:
        return Refusal("knowledge.changed", _("Iemand anders paste dit net aan. Kijk eerst hoe het nu is."))
    if any(not title or not words for title, words in cards):
        return Refusal(
            "knowledge.half", _("Een kaart heeft een titel en een tekst. Vul beide in, of geen van beide.")
        )
    if len(cards) > MOST_CARDS or any(
        len(title) > MOST_TITLE or len(words) > MOST_WORDS for title, words in cards
    ):
        return Refusal("knowledge.too_much", _("Dit is te lang voor één kaart. Maak het korter."))
    if unknown:
        return Refusal("knowledge.no_such_expertise", _("Deze expertise is er niet meer. Kies opnieuw."))
    if same:
        return Refusal("knowledge.same", _("Er is niets veranderd."))
    return None
