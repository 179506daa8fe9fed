"""Why not? – for the page that remains: amending it, agreeing to it, and a later version of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Part
from hendig.kernel.refusal import Refusal
from hendig.tents.models import PageStage, PageText


def why_not_amend(page: PageText, *, part: str, edition: int) -> Refusal | None:
    """Why the page cannot be changed like this: agreed, not theirs, or somebody was just before them."""
    if part not in {Part.FAMILY, Part.COACH}:
        return Refusal("page.not_yours", _("Het gezin en de gezinscoach passen deze bladzijde aan."))
    return _why_frozen(page) or _why_stale(page, edition)


def why_no_later_page(page: PageText, *, part: str) -> Refusal | None:
    """Why nobody begins a later version: what is no version yet can still be amended itself."""
    if part not in {Part.FAMILY, Part.COACH}:
        return Refusal("page.not_yours", _("Het gezin en de gezinscoach passen deze bladzijde aan."))
    if page.stage != PageStage.AGREED:
        return Refusal(
            "page.still_draft", _("Deze bladzijde is nog een concept. Pas die zelf aan; dat is genoeg.")
        )
    return None


def why_not_agree(page: PageText, *, part: str, decides: bool, edition: int) -> Refusal | None:
    """Why this person cannot agree to the page as they saw it."""
    if part != Part.FAMILY:
        return Refusal("page.family_agrees", _("Het gezin zegt zelf of deze bladzijde klopt."))
    if not decides:
        return Refusal(
            "page.not_a_decider",
            _("Iemand met gezag, of een kind vanaf 12 jaar, zegt dat de bladzijde klopt."),
        )
    return _why_frozen(page) or _why_stale(page, edition)


def _why_frozen(page: PageText) -> Refusal | None:
    if page.stage == PageStage.AGREED:
        return Refusal(
            "page.agreed",
            _(
                "Het gezin is akkoord met deze bladzijde. Die blijft zoals die is."
                " Is er iets veranderd? Maak dan een nieuwe versie."
            ),
        )
    return None


def _why_stale(page: PageText, edition: int) -> Refusal | None:
    if page.edition != edition:
        return Refusal(
            "page.changed", _("Iemand anders paste de bladzijde net aan. Kijk eerst hoe die nu is.")
        )
    return None
