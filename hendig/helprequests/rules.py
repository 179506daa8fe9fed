"""Why a question cannot be asked, taken up or moved."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from hendig.helprequests.models import Stage, may_move
from hendig.kernel.refusal import Refusal

ASKED_PER_HOUR = 5
CALL_WITHIN_WORKING_DAYS = 2


def why_not_ask_again(open_questions: int) -> Refusal | None:
    """Why an address gets no further code now; the same for every address, known or not."""
    if open_questions >= ASKED_PER_HOUR:
        return Refusal(
            "asked.too_often",
            _(
                "U heeft al een paar keer een code gevraagd. "
                "Kijk in uw mail, of probeer het over een uur weer."
            ),
        )
    return None


def why_not_take_up(*, taken: bool, own_family: bool) -> Refusal | None:
    """Why a coach cannot take up this question."""
    if taken:
        return Refusal("request.taken", _("Een collega heeft deze vraag al opgepakt."))
    if own_family:
        return Refusal("request.own_family", _("Dit is uw eigen gezin. Een collega pakt deze vraag op."))
    return None


def why_nobody_decides(*, holders: int, child_known: bool) -> Refusal | None:
    """Why it cannot be written down who decides."""
    if holders and not child_known:
        return Refusal(
            "request.no_child", _("Kies eerst over welk kind het gaat. Daarna kan er staan wie beslist.")
        )
    return None


def why_not_move(stage: str, to: Stage) -> Refusal | None:
    """Why a question in this stage cannot go to that one."""
    if not may_move(stage, to):
        return Refusal(
            "request.no_such_step",
            _("Deze stap kan nu niet: de vraag staat op “%(from)s”.") % {"from": Stage(stage).label},
        )
    return None


def call_by(asked_on: date) -> date:
    """The day by which a coach calls: two working days after the question; a weekend does not count."""
    day, left = asked_on, CALL_WITHIN_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
