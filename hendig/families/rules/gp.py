"""Whether a GP may share what the practice writes, and who of the family says so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import FamilyMember, Involvement
from hendig.families.rules import YOUTH_FROM
from hendig.kernel.ages import age_on
from hendig.kernel.refusal import Refusal


def who_say(child: FamilyMember | None, holders: Collection[UUID], on: date) -> frozenset[UUID]:
    """Who say whether a GP may share: the child alone from 12, until then each who has authority."""
    if child is None or child.born_on is None:
        return frozenset()
    return frozenset({child.pk} if age_on(child.born_on, on) >= YOUTH_FROM else holders)


def why_not_yours_to_say(giver_id: UUID | None, say: Collection[UUID]) -> Refusal | None:
    """Why this person of the family does not say whether the GP may share."""
    if giver_id in say:
        return None
    if not say:
        return Refusal("gp.no_child", _("Dit kan als bekend is over welk kind het gaat."))
    return Refusal("gp.not_yours", _("Hierover beslist een ander: vanaf 12 jaar het kind zelf."))


def why_not_yes(row: Involvement, giver_id: UUID, say: Collection[UUID]) -> Refusal | None:
    """Why a yes cannot be said: somebody else who says it too wants it not to be shared."""
    if not row.passes_on and row.passes_by_id in say and row.passes_by_id != giver_id:
        return Refusal("gp.other_said_no", _("Een ander in uw gezin wilde dit niet. Praat er samen over."))
    return None


def passes(row: Involvement, say: Collection[UUID]) -> bool:
    """Whether the GP may share now: who said yes still says it, as who became 12 says it alone."""
    return row.passes_on and row.passes_by_id in say


def why_not_shared(row: Involvement, say: Collection[UUID]) -> Refusal | None:
    """Why the GP cannot share a piece."""
    if passes(row, say):
        return None
    return Refusal("gp.not_shared", _("Delen mag niet: wie daarover beslist heeft geen ja gezegd."))
