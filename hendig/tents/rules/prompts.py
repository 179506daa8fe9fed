"""What the table hears in a phase: the municipality's own words, and where it has none those of Hendig."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Refusal
from hendig.tents.models import Phase
from hendig.tents.rules.words import PROMPTS, Prompt

PARTS = ("title", "card", "order", "ask")
Texts = Mapping[str, Mapping[str, str]]


def prompt(phase: Phase, own: Texts) -> Prompt:
    """Each part in the municipality's words, or else in ours."""
    ours, theirs = PROMPTS[phase], own.get(phase.value, {})
    return Prompt(**{part: theirs.get(part, "") or getattr(ours, part) for part in PARTS})


def only_own(typed: Texts) -> dict[str, dict[str, str]]:
    """What differs from the words of Hendig, so that what nobody changed goes on being translated."""
    own: dict[str, dict[str, str]] = {}
    for phase in Phase:
        for part in PARTS:
            text = typed.get(phase.value, {}).get(part, "").strip().replace("\r\n", "\n")
            if text and text != str(getattr(PROMPTS[phase], part)):
                own.setdefault(phase.value, {})[part] = text
    return own


def why_no_guide(own: Texts, before: Texts, *, edition: int, current: int) -> Refusal | None:
    """Why there is no new edition: somebody was just before, or nothing changed."""
    if edition != current:
        return Refusal(
            "guide.changed", _("Iemand anders paste de leidraad net aan. Kijk eerst hoe die nu is.")
        )
    if own == before:
        return Refusal("guide.same", _("Er is niets veranderd aan de leidraad."))
    return None
