"""Why somebody from outside is on a family's page, and until when: what the look knows already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Behind, Viewing
from hendig.families.models import Part
from hendig.families.queries import PART_WORDS
from hendig.families.queries.grounds import ground_words
from hendig.families.rules import sharing
from hendig.kernel.refusal import Words
from hendig.people.rules import Permission, may

# Until then the line says no more than it must: nobody stays longer by habit.
ENDS_SOON = timedelta(days=90)
HERE: dict[Part, Words] = {
    Part.COACH: _("U bent hier omdat u de gezinscoach bent."),
    Part.GUEST: _("U bent hier omdat u gast van de tent bent."),
    Part.PROFESSIONAL: _("U bent hier omdat u dit gezin helpt."),
    Part.CONFIDANT: _("U bent hier omdat dit gezin u vertrouwt."),
}


@dataclass(frozen=True, slots=True)
class Because:
    """The calm line on every page of a record for who works, and for whom the family trusts."""

    family_id: UUID
    words: Words
    ground: Words
    until_at: datetime | None
    # In an emergency it is an hour, and a day says too little.
    by_the_hour: bool
    can_stay: bool
    can_step_back: bool


def because(look: Viewing | None) -> Because | None:
    """Why the reader is here; None for the family itself, and for who only was invited. No query."""
    if look is None or look.part == Part.FAMILY or not any(place.rule for place in look.places):
        return None
    part = Part(look.part)
    refusal = sharing.why_not_longer(part, look.until_at, look.at)
    soon = look.until_at is not None and look.until_at <= look.at + ENDS_SOON
    return Because(
        family_id=look.family_id,
        words=_words(part, look.behind),
        ground=ground_words(look.part, look.ground, own=False),
        until_at=look.until_at,
        by_the_hour=part == Part.EMERGENCY,
        can_stay=look.behind is None and refusal is None and soon,
        can_step_back=may(look.actor, Permission.DECLARE_OWN_FAMILY),
    )


def _words(part: Part, behind: Behind | None) -> Words:
    if behind is not None and part == Part.TRAINEE:
        return format_lazy(
            _("U bent hier in opleiding, onder begeleiding van {name}."), name=behind.first_name
        )
    if behind is not None:
        return format_lazy(_("U bent hier omdat u {name} vervangt."), name=behind.first_name)
    if part in HERE:
        return HERE[part]
    return format_lazy(_("U bent hier als {part}."), part=PART_WORDS[part])
