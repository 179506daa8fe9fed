"""Why not? – for the page that remains: amending it, agreeing to it, and a later version of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Part
from hendig.kernel.refusal import Refusal
from hendig.tents.models import PagePart, PageRemark, PageStage, PageText
from hendig.tents.rules.analysis import MOST_IN_A_REMARK, TOO_LONG


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


@dataclass(frozen=True, slots=True)
class Otherwise:
    """How somebody sees a line of the page, in their own words."""

    id: UUID
    voice: str
    text: str
    mine: bool


@dataclass(frozen=True, slots=True)
class LineOfPage:
    """A line as it stands there; `gone` when it was amended since somebody saw it otherwise."""

    text: str
    others: tuple[Otherwise, ...] = ()
    gone: bool = False


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def lines_with(
    text: str, part: str, remarks: Iterable[PageRemark], *, account: UUID | None
) -> tuple[LineOfPage, ...]:
    """The lines of a part, each with who sees it otherwise; then the lines that were amended since.

    What was destroyed says nothing.
    """
    of_line: dict[str, list[Otherwise]] = {}
    for one in remarks:
        if one.part == part and one.text and one.line:
            said = Otherwise(one.pk, one.voice, one.text, mine=one.author_id == account)
            of_line.setdefault(one.line, []).append(said)
    standing = [LineOfPage(line, tuple(of_line.pop(line, ()))) for line in lines_of(text)]
    return (*standing, *(LineOfPage(line, tuple(said), gone=True) for line, said in of_line.items()))


def why_not_differ(page: PageText, part: PagePart, line: str, *, text: str) -> Refusal | None:
    """Why this cannot be put beside a line of the page: everybody at the table may, while it is a draft."""
    if refusal := _why_frozen(page):
        return refusal
    if not text:
        return Refusal("page.no_words", _("Schrijf in één zin hoe u het ziet. Dan staan beide er."))
    if len(text) > MOST_IN_A_REMARK:
        return Refusal("page.remark_too_long", TOO_LONG)
    if line not in lines_of(getattr(page, part)):
        return Refusal("page.line_gone", LINE_GONE)
    return None


def why_not_take_back(page: PageText, *, mine: bool) -> Refusal | None:
    """Why this view stays where it stands: nobody takes away another's."""
    if not mine:
        return Refusal("page.not_your_words", _("Alleen wie dit zei, haalt het weg."))
    return _why_frozen(page)


LINE_GONE = _("Deze zin staat er niet meer zo. Kijk hoe de bladzijde nu is en kies opnieuw.")


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
