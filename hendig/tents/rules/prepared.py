"""Why not? – for what is written down at home, and for bringing it to the table."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Part
from hendig.helprequests.models import Stage
from hendig.kernel.refusal import Refusal
from hendig.tents.models import PieceKind, PreparedKind

MOST_LETTERS, MOST_NOTES = 500, 60
# As what it lies on the table.
BECOMES: Mapping[PreparedKind, PieceKind] = {
    PreparedKind.QUESTION: PieceKind.QUESTION,
    PreparedKind.GOES_WELL: PieceKind.GOES_WELL,
    PreparedKind.WORRY: PieceKind.FACTOR,
}
PREPARED = tuple(PreparedKind)
PREPARING = frozenset({Part.FAMILY, Part.CONFIDANT, Part.COACH})
# After the meeting nothing is prepared any more.
BEFORE = frozenset({Stage.NEW, Stage.TALK, Stage.TENT})


def why_not_prepare(*, part: str, stage: str) -> Refusal | None:
    """Why this person does not prepare this meeting."""
    if part not in PREPARING:
        return Refusal(
            "prepared.not_yours", _("Het gezin bereidt dit gesprek voor, met wie het daarbij wil.")
        )
    if stage not in BEFORE:
        return Refusal("prepared.over", _("Dit gesprek is al geweest."))
    return None


def why_no_note(text: str, *, notes: int) -> Refusal | None:
    """Why this cannot be written down."""
    if not text.strip():
        return Refusal("prepared.empty", _("Schrijf eerst iets op."))
    if len(text.strip()) > MOST_LETTERS:
        return Refusal("prepared.too_long", _("Dit is te lang voor één briefje. Maak er twee van."))
    if notes >= MOST_NOTES:
        return Refusal("prepared.many", _("U schreef al zestig dingen op. Haal eerst iets weg."))
    return None


def why_no_own_plan(*, part: str, stage: str) -> Refusal | None:
    """Why this person does not say whether the family makes a plan of its own first."""
    if part != Part.FAMILY:
        return Refusal("own_plan.family", _("Het gezin kiest dit zelf."))
    return why_not_prepare(part=part, stage=stage)


def why_no_offer(*, part: str, stage: str, offered: bool) -> Refusal | None:
    """Why it is not written down now that a plan of its own was offered to the family."""
    if part != Part.COACH:
        return Refusal("own_plan.coach", _("De gezinscoach legt dit aan het gezin voor."))
    if offered:
        return Refusal("own_plan.offered", _("Dit is al aan het gezin voorgelegd."))
    return why_not_prepare(part=part, stage=stage)
