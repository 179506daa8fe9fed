"""Who belongs to the side of one parent alone, and who reads what is of that parent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.families.models import FamilyMember, MemberKind
from hendig.kernel.refusal import Refusal

# Who can have a side: whoever raises. A child and a confidant have none.
HAS_A_SIDE = frozenset({MemberKind.PARENT, MemberKind.FOSTER_PARENT, MemberKind.GUARDIAN})


def why_no_side(parent: FamilyMember) -> Refusal | None:
    """Why nobody can belong to the side of this person."""
    if parent.kind not in HAS_A_SIDE or parent.compartment_id is not None:
        return Refusal("side.whose", _("Kies bij welke ouder deze persoon hoort."))
    return None


def why_not_on_side(person: FamilyMember, parent: FamilyMember, *, decided_with: bool) -> Refusal | None:
    """Why this person cannot belong to the side of this parent; `decided_with` says that somebody outside it
    decides for the same child.
    """
    if person.pk == parent.pk or person.kind == MemberKind.CONFIDANT:
        return Refusal(
            "side.themself", _("Kies een kind, of iemand die opvoedt, en de ouder bij wie die hoort.")
        )
    if decided_with:
        return Refusal(
            "side.decides",
            _("Deze persoon beslist samen met een ander over een kind, of een ander beslist over dit kind. "
              "Die ander moet van deze persoon weten."),
        )  # fmt: skip
    return why_no_side(parent)


def why_not_decide_from_side(*, apart: bool) -> Refusal | None:
    """Why this adult cannot decide for this child: one of them is known to one side alone, the other not."""
    if apart:
        return Refusal(
            "side.hidden",
            _("Deze persoon of dit kind staat alleen bij één ouder. Zet eerst bij ‘Wie hoort erbij’ dat "
              "iedereen dit mag weten."),
        )  # fmt: skip
    return None


def why_no_coach_on_side(parent: FamilyMember, *, named_before: bool) -> Refusal | None:
    """Why a coach does not let themself read what is of this parent: who can, names who reads it."""
    if named_before and parent.account_id is not None:
        return Refusal(
            "side.not_named",
            _("Deze ouder kiest zelf wie dit leest, en koos u nu niet. Vraag het eerst."),
        )
    return None
