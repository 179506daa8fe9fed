"""What a family is offered before anything else: a plan of its own, and somebody whom it trusts beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, Consent, Involvement, Part
from hendig.helprequests.models import HelpRequest
from hendig.kernel.refusal import Words
from hendig.tents.models import OwnPlan, OwnPlanChoice, Phase, Tent, TentStage

OWN_PLAN = ("own_plan__offered_by", "own_plan__chosen_by")
MATTERS = (Phase.ARRIVE, Phase.DIRECTIONS)


@dataclass(frozen=True, slots=True)
class First:
    """Whether the family makes a plan with its own people first, and who goes along with it."""

    choice: OwnPlan | None
    trusted: tuple[str, ...]
    # By whom and when it was offered, and by whom and when the family last answered.
    offered_by: str = ""
    offered_at: datetime | None = None
    chosen_by: str = ""
    chosen_at: datetime | None = None

    @property
    def choice_words(self) -> Words:
        return self.choice.label if self.choice else ""


def first(look: Viewing, request: HelpRequest) -> First:
    """What was chosen, for who sees along. Of a request with its choice joined (`OWN_PLAN`). 1 query."""
    chosen: OwnPlanChoice | None = getattr(request, "own_plan", None)
    if chosen is not None and chosen.compartment_id not in look.compartments:
        chosen = None
    rows = Involvement.objects.standing(look.at).filter(
        record=request.compartment.record_id, part=Part.CONFIDANT, kinds__overlap=[CompartmentKind.SHARED]
    )
    # Whom somebody who decides said no to does not go along, however long the yes before would last.
    said_no = Consent.objects.standing(look.at).filter(
        record=OuterRef("record"), account=OuterRef("account"), yes=False
    )
    names = rows.told().exclude(Exists(said_no)).order_by("from_at", "id")
    trusted = tuple(dict.fromkeys(names.values_list("account__first_name", flat=True)))
    if chosen is None:
        return First(None, trusted)
    return First(
        choice=OwnPlan(chosen.choice) if chosen.choice else None,
        trusted=trusted,
        offered_by=chosen.offered_by.first_name if chosen.offered_by else "",
        offered_at=chosen.offered_at,
        chosen_by=chosen.chosen_by.first_name if chosen.chosen_by else "",
        chosen_at=chosen.at if chosen.choice else None,
    )


def first_at(look: Viewing, tent: Tent) -> First | None:
    """The same at a table, where the talk is about that: before it, on arriving and with directions. 1 query.

    Else nothing, and none.
    """
    ahead = tent.stage in {TentStage.CALLING, TentStage.PLANNED}
    if not ahead and not (tent.stage == TentStage.MEETING and tent.phase in MATTERS):
        return None
    return first(look, tent.request)
