"""Why a question cannot be asked, taken up or moved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.helprequests.models import HandoverStage, Stage, WaitingOn, may_move
from hendig.kernel.periods import working_days_after
from hendig.kernel.refusal import Refusal, Words

ASKED_PER_HOUR = 5
CALL_WITHIN_WORKING_DAYS = 2
HEARS_WITHIN_WORKING_DAYS = 5
# So long after the promise who leads hears of it too.
LEADS_AFTER_WORKING_DAYS = 5


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


def why_no_note(*, is_there: bool) -> Refusal | None:
    """Why it cannot be said whom the note of the first talk is about."""
    if not is_there:
        return Refusal("note.none", _("Van dit gesprek is nog niets opgeschreven."))
    return None


# So long a family can say that it wants somebody else than the coach who came.
DECLINED_WITHIN = timedelta(days=14)


def case_words(number: int) -> Words:
    """What a case is called of which the family may be nobody's to know."""
    return format_lazy(_("Zaak {number}"), number=number)


def why_no_handover(*, cases: int, chosen: bool, day: date, on: date) -> Refusal | None:
    """Why the questions of a coach, or the help of somebody who stops, cannot be handed over in one go."""
    if not cases:
        return Refusal("handover.done", _("Er is niets meer over te dragen."))
    if day < on:
        return Refusal("handover.past", _("Kies vandaag of een dag daarna."))
    if not chosen:
        return Refusal("handover.changed", _("De lijst is intussen veranderd. Kijk hem na en kies opnieuw."))
    return None


def why_no_successor(*, works: bool, himself: bool, chooses: bool, closed: bool) -> Refusal | None:
    """Why this colleague cannot be the coach of one question. Why a family is closed is not told.

    Who `chooses` for a colleague cannot choose themself: nobody opens a family for themself alone.
    """
    if chooses and not himself:
        return Refusal("successor.yourself", _("kan dit niet aan zichzelf overdragen"))
    if himself or closed or not works:
        return Refusal("successor.closed", _("kan hier geen gezinscoach zijn"))
    return None


def nothing_handed_over(no: Sequence[tuple[Words, str, Refusal]]) -> Refusal | None:
    """All or nothing: each case that cannot be handed over, to whom, and why."""
    if not no:
        return None
    each = [
        format_lazy("{case}: {name} {why}.", case=case, name=name, why=refusal.message)
        for case, name, refusal in no
    ]
    words = format_lazy(" ".join(["{}"] * len(each)), *each)
    return Refusal("handover.some_cannot", format_lazy(_("Er is nog niets overgedragen. {each}"), each=words))


def why_not_decline(*, stage: str, from_at: datetime, at: datetime) -> Refusal | None:
    """Why a family cannot say now that it wants another coach than the one who was named."""
    if stage == HandoverStage.DECLINED:
        return Refusal("handover.declined", _("U zei dit al. We zoeken een ander."))
    if stage == HandoverStage.LAPSED or at > from_at + DECLINED_WITHIN:
        return Refusal(
            "handover.over", _("Dit is al even geleden. Zeg het uw gezinscoach, of bel de gemeente.")
        )
    return None


def call_by(asked_on: date) -> date:
    """The day by which a coach calls: two working days after the question; a weekend does not count."""
    return working_days_after(asked_on, CALL_WITHIN_WORKING_DAYS)


# On whom a question waits while the municipality promised to be heard of.
WATCHED = frozenset({WaitingOn.COACH, WaitingOn.PROFESSIONAL})
LATE, STILL_LATE = "request.late", "request.still_late"


def before_first_talk(*, stage: str, talked: bool, passed: Collection[str]) -> bool:
    """Whether the family waits for its first call: what came after that is no first call any more."""
    return stage in _FIRST and not talked and set(passed) <= _FIRST


_FIRST = frozenset({Stage.NEW, Stage.TALK})


def promised(*, stage: Stage, waiting_on: WaitingOn, first: bool, asked_on: date, since: date) -> date | None:
    """By which day the family hears something; None where it is up to the family, has a day, or is helped."""
    if first:
        return call_by(asked_on)
    if stage in {Stage.HELP, Stage.DONE} or waiting_on not in WATCHED:
        return None
    return working_days_after(since, HEARS_WITHIN_WORKING_DAYS)


def late(promised: date | None, *, since: date, today: date) -> str | None:
    """What the log is to say of a question whose promise is past: late, or still late after a week."""
    if promised is None or today <= promised:
        return None
    still = working_days_after(max(promised, since), LEADS_AFTER_WORKING_DAYS)
    return STILL_LATE if today > still else LATE
