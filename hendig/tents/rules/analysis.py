"""Why not? – for what hangs together, for what somebody thinks of it, and for going a step back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import MemberKind, Whom
from hendig.kernel.refusal import Refusal
from hendig.tents.models import Influence, Phase, Piece, PieceKind, Place, Remark, Tent, TentStage, View

# What is drawn: worries and strengths.
DRAWN = (PieceKind.FACTOR, PieceKind.GOES_WELL)
MOST_IN_A_REMARK = 300
FAMILY = frozenset({"family", "confidant"})
TOO_LONG = _("Dit is te lang. Zeg het in één of twee zinnen.")
# Where something belongs that is about somebody of the family, unless somebody says otherwise.
PLACE_OF: Mapping[str, Place] = {
    MemberKind.CHILD: Place.FAMILY,
    MemberKind.PARENT: Place.PARENTS,
    MemberKind.CONFIDANT: Place.AROUND,
}


def place_of(place: str, whom: Whom, kind: str) -> Place:
    """Where it lies: where somebody said, else where the person belongs whom it is about."""
    if place:
        return Place(place)
    if whom.outside:
        return Place.AROUND
    return PLACE_OF.get(kind, Place.FAMILY) if whom.member_id else Place.CHILD


def why_not_draw(tent: Tent) -> Refusal | None:
    """Why nothing can be drawn now."""
    if tent.stage != TentStage.MEETING:
        return Refusal("tent.not_meeting", _("Tekenen kan zolang het gesprek bezig is."))
    if tent.phase == Phase.ARRIVE:
        return Refusal("tent.arriving", _("Jullie komen nog aan. Tekenen kan vanaf “luisteren”."))
    return None


def why_not_link(tent: Tent, cause: Piece, effect: Piece, *, known: bool) -> Refusal | None:
    """Why these two cannot be joined so; the other way round is another matter, and a loop is no mistake."""
    if refusal := why_not_draw(tent):
        return refusal
    if {cause.kind, effect.kind} - set(DRAWN):
        return Refusal(
            "piece.no_factor", _("Alleen wat er speelt en wat goed gaat, kan met elkaar samenhangen.")
        )
    if cause.pk == effect.pk:
        return Refusal(
            "link.to_itself", _("Iets kan niet met zichzelf samenhangen. Kies iets anders dat erbij hoort.")
        )
    if known:
        return Refusal(
            "link.twice", _("Dit verband ligt er al. Klopt het niet? Tik op het verband en verander het.")
        )
    return None


def why_not_alter(tent: Tent, link: Influence, *, part: str, account: UUID | None) -> Refusal | None:
    """Why this one cannot change or take away the line: who drew it may, and so may the family."""
    if refusal := why_not_draw(tent):
        return refusal
    if part not in FAMILY and link.author_id != account:
        return Refusal("link.not_yours", _("Alleen wie het tekende en het gezin kunnen dit veranderen."))
    return None


def why_not_other_sign(link: Influence, sign: str) -> Refusal | None:
    if link.sign == sign:
        return Refusal("link.same", _("Zo staat het er al."))
    return None


def why_not_remark(
    tent: Tent, piece: Piece, view: View, *, text: str, joined: bool | None = None
) -> Refusal | None:
    """Why this cannot be said of it: who differs, or would do this first, says so in a line.

    `joined`: it is about a line to something else, and whether that lies there.
    """
    if refusal := why_not_draw(tent):
        return refusal
    if piece.kind not in DRAWN:
        return Refusal("piece.no_factor", _("Dat kan alleen bij wat er speelt en wat goed gaat."))
    if joined is False:
        return Refusal("link.gone", _("Dit verband ligt er niet meer. Kijk hoe de tekening nu is."))
    if view == View.FIRST and joined is not None:
        return Refusal("link.not_first", _("Wat eerst komt, zegt u bij een zorg of een kracht."))
    return _why_not_those_words(view, text)


def _why_not_those_words(view: View, text: str) -> Refusal | None:
    if len(text) > MOST_IN_A_REMARK:
        return Refusal("remark.too_long", TOO_LONG)
    if view == View.DIFFER and not text:
        return Refusal("remark.no_words", _("Schrijf in één zin hoe u het ziet. Dan staan beide er."))
    if view == View.FIRST and not text:
        return Refusal("remark.no_why", _("Schrijf in één zin waarom dit eerst komt."))
    return None


def why_not_put(tent: Tent, piece: Piece, place: str) -> Refusal | None:
    """Why it cannot lie there."""
    if refusal := why_not_draw(tent):
        return refusal
    if piece.kind not in DRAWN:
        return Refusal("piece.no_factor", _("Alleen wat er speelt en wat goed gaat, heeft een plek."))
    if piece.place == place:
        return Refusal("piece.there_already", _("Daar ligt het al."))
    return None


def why_no_step_back(tent: Tent, *, found: bool) -> Refusal | None:
    """Why there is nothing to go back to."""
    if refusal := why_not_draw(tent):
        return refusal
    if not found:
        return Refusal("step.none", _("U hebt hier nog niets gedaan wat terug kan."))
    return None


def why_not_unwrite(
    links: Iterable[Influence], remarks: Iterable[Remark], *, account: UUID | None
) -> Refusal | None:
    """Why what somebody wrote cannot go as if it never was: another has built on it since."""
    others = [*(link.author_id for link in links), *(remark.author_id for remark in remarks)]
    if any(author != account for author in others):
        return Refusal(
            "step.built_on",
            _("Een ander tekende hier al op verder. Wilt u het weg hebben? Tik erop en kies “Weghalen”."),
        )
    return None


def why_not_rejoin(*, known: bool) -> Refusal | None:
    """Why a line that was taken away cannot come back: another lies there now."""
    return Refusal("link.twice", _("Tussen deze twee ligt nu een ander verband.")) if known else None


# When, of which kind, and the row. What was written or taken away comes before the lines that went with it.
Step = tuple[datetime, str, Any]
WEIGHT = ("remarked", "cut", "linked", "moved", "removed", "written")


def newest(steps: Iterable[Step]) -> Step | None:
    """The last of these steps."""
    return max(steps, default=None, key=lambda one: (one[0], WEIGHT.index(one[1])))
