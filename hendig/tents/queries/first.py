"""What a family is offered before anything else: a plan of its own, and somebody whom it trusts beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, Consent, Involvement, Part
from hendig.helprequests.models import HelpRequest
from hendig.kernel.refusal import Words
from hendig.tents.models import OwnPlan, OwnPlanChoice, Phase, Tent, TentStage

MATTERS = (Phase.ARRIVE, Phase.DIRECTIONS)


@dataclass(frozen=True, slots=True)
class First:
    """Whether the family makes a plan with its own people first, and who goes along with it."""

    choice: OwnPlan | None
    trusted: tuple[str, ...]

    @property
    def choice_words(self) -> Words:
        return self.choice.label if self.choice else ""


def first(look: Viewing, request: HelpRequest) -> First:
    """What was chosen, for who sees along. Of a request with its choice joined. 1 query."""
    chosen: OwnPlanChoice | None = getattr(request, "own_plan", None)
    known = chosen is not None and chosen.compartment_id in look.compartments
    rows = Involvement.objects.standing(look.at).filter(
        record=request.compartment.record_id, part=Part.CONFIDANT, kinds__overlap=[CompartmentKind.SHARED]
    )
    # Whom somebody who decides said no to does not go along, however long the yes before would last.
    said_no = Consent.objects.standing(look.at).filter(
        record=OuterRef("record"), account=OuterRef("account"), yes=False
    )
    names = rows.told().exclude(Exists(said_no)).order_by("from_at", "id")
    return First(
        OwnPlan(chosen.choice) if chosen and known else None,
        tuple(dict.fromkeys(names.values_list("account__first_name", flat=True))),
    )


def first_at(look: Viewing, tent: Tent) -> First | None:
    """The same at a table, where the talk is about that: before it, on arriving and with directions. 1 query.

    Else nothing, and none.
    """
    ahead = tent.stage in {TentStage.CALLING, TentStage.PLANNED}
    if not ahead and not (tent.stage == TentStage.MEETING and tent.phase in MATTERS):
        return None
    return first(look, tent.request)
