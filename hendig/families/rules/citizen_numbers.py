"""Why a citizen service number (bsn) is not written down."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from hendig.kernel.bsn import read_bsn
from hendig.kernel.refusal import Refusal

# Who tries numbers to hear which are here already may do it no oftener than this.
TRIES, WITHIN = 10, timedelta(hours=1)

# Says nothing of the other record, nor that there is one that somebody may not see.
ELSEWHERE = Refusal(
    "bsn.elsewhere",
    _("Kijk het nummer na. Als het klopt, vraag dan de privacyfunctionaris om mee te kijken."),
)


def why_no_bsn(typed: str) -> Refusal | None:
    """Why this is no number: digits that fail the test of eleven are a slip of the hand."""
    if read_bsn(typed) is None:
        return Refusal(
            "bsn.wrong",
            _("Dit is geen geldig burgerservicenummer. Kijk het na op een paspoort of ID-kaart."),
        )
    return None


def why_not_noted(*, free: bool, same: bool, elsewhere: bool) -> Refusal | None:
    """Why this number is not written down in this record."""
    if not free:
        return Refusal(
            "bsn.too_often",
            _("U schreef vaak een nummer op in korte tijd. Over een uur kan het weer."),
        )
    if same:
        return Refusal("bsn.same", _("Dit nummer staat er al."))
    return ELSEWHERE if elsewhere else None
