"""Why somebody cannot be drawn so, and why an own circle is not somebody's to draw or to show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.kernel.ages import age_on
from hendig.kernel.refusal import Refusal

YOUTH_FROM = 12


def began_as(row: UUID, was: Mapping[UUID, UUID | None]) -> UUID:
    """The first row of somebody who was changed: by it all rows of that person are known."""
    before = was.get(row)
    return began_as(before, was) if before else row


def why_not_own(born_on: date | None, on: date) -> Refusal | None:
    """An own circle is for a youth of 12 or older."""
    if born_on is None or age_on(born_on, on) < YOUTH_FROM:
        return Refusal("circle.too_young", _("Een eigen kring kan vanaf 12 jaar."))
    return None


def why_not_change(*, removed: bool) -> Refusal | None:
    """Why somebody cannot stand otherwise: they were taken out, or changed, meanwhile."""
    if removed:
        return Refusal("circle.gone", _("Dit is intussen aangepast. Kijk nog eens naar de tekening."))
    return None


def why_not_undo(*, taken_back: bool) -> Refusal | None:
    """Why a step cannot be undone: a youth showed this one and took it back, and that stands."""
    if taken_back:
        return Refusal(
            "circle.taken_back",
            _("Wie dit liet zien, haalde het weer terug. Alleen die kan het opnieuw laten zien."),
        )
    return None


def why_not_show(drawn: int) -> Refusal | None:
    if drawn:
        return None
    return Refusal("circle.empty", _("Teken eerst iemand."))


def why_not_hide(shown: int) -> Refusal | None:
    if shown:
        return None
    return Refusal("circle.not_shown", _("Van uw kring staat nu niets bij het gezin."))
