"""Why a GP cannot ask to be invited, and why somebody of the family does not answer that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from hendig.families.models import FamilyMember, GpAskStage
from hendig.families.rules import YOUTH_FROM
from hendig.kernel.ages import age_on
from hendig.kernel.refusal import Refusal
from hendig.people.models import Registration
from hendig.people.rules.registered import is_physician

# Who types names until one is here finds nothing out, and may do it no oftener than this.
ASKS, WITHIN = 5, timedelta(days=1)


def why_not_registered(mine: Iterable[Registration], on: date) -> Refusal | None:
    """Why somebody cannot ask as a GP: what an employer calls them is no ground, a registration is."""
    if is_physician(mine, on):
        return None
    return Refusal(
        "gp.not_registered",
        _(
            "Dit vraagt alleen een huisarts die als arts in het BIG-register staat. Bij u staat dat er nu "
            "niet. Een gezin kan u wel zelf uitnodigen."
        ),
    )


def why_not_asked(*, free: bool, before: bool, there: bool) -> Refusal | None:
    """Why a GP cannot ask this: the same whether the child is here or not, unless the GP is there already."""
    if there:
        return Refusal("gp.is_there", _("U doet bij dit kind al mee als huisarts."))
    if before:
        return Refusal(
            "gp.asked_before",
            _("U hebt dit al gevraagd. Dat kan één keer. Zegt het gezin ja, dan krijgt u bericht."),
        )
    if not free:
        return Refusal("gp.asks_too_often", _("U vroeg dit vandaag al vijf keer. Morgen kan het weer."))
    return None


def why_not_answered(stage: str) -> Refusal | None:
    """Why there is nothing to say any more."""
    if stage != GpAskStage.ASKED:
        return Refusal("gp.ask_settled", _("Hierop is al antwoord gegeven."))
    return None


def why_no_yes(giver: FamilyMember, child: FamilyMember | None, on: date) -> Refusal | None:
    """Why this one cannot say yes to a GP who asks: from 12 that is the child's, a no of each who decides."""
    if child is None or child.born_on is None or giver.pk == child.pk:
        return None
    if age_on(child.born_on, on) >= YOUTH_FROM:
        return Refusal(
            "gp.child_says",
            _("Vanaf 12 jaar zegt het kind zelf of de huisarts mee mag doen. U kunt wel nee zeggen."),
        )
    return None
