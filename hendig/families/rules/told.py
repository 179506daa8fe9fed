"""Why it cannot be written down apart what a child said that cannot write it down itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from hendig.families.models import CompartmentKind, FamilyMember, Involvement, WhyKept
from hendig.families.rules.sharing import CAN_BE_NAMED
from hendig.kernel.ages import age_on
from hendig.kernel.refusal import Refusal

APART_FROM = 12


def why_not_told(
    child: FamilyMember | None, involved: Iterable[Involvement], *, held: bool
) -> Refusal | None:
    """Why this person does not write down what the child said; `held` is whether something lies there.

    Who is told first is named by it. From then on only who is named lets another in, as the child says.
    """
    if child is None or child.born_on is None:
        return Refusal("told.no_child", _("Eerst moet bekend zijn over welk kind het gaat."))
    if child.account_id is not None:
        return Refusal(
            "told.writes_itself", _("Deze jongere heeft een eigen ingang, en kiest zelf wie er meeleest.")
        )
    mine = [one for one in involved if one.part in CAN_BE_NAMED]
    if not mine:
        return Refusal("told.not_helping", _("Dit schrijft alleen op wie dit kind helpt of begeleidt."))
    if held and not any(CompartmentKind.CHILD in one.kinds for one in mine):
        return Refusal(
            "told.not_named",
            _("Dit schrijft hier alleen op wie daarvoor is genoemd. Vraag het aan de gezinscoach."),
        )
    return None


def why_not_kept_apart(child: FamilyMember, reason: WhyKept, on: date) -> Refusal | None:
    """Why this is not kept from the parents of a child under 12, who else read along (Jeugdwet 7.3.15).

    It may be where reading along would not be good care (lid 4), and then it says why in own words.
    """
    if child.born_on is None or age_on(child.born_on, on) >= APART_FROM or reason.words.strip():
        return None
    return Refusal(
        "told.under_12",
        _(
            "Onder de 12 lezen ouders met gezag normaal mee. Schrijf in één regel waarom dat nu niet goed is "
            "voor het kind. Gaat het over gevaar? Schrijf het dan bij Veiligheid."
        ),
    )
