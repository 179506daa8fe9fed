"""What workers do for match talks: nobody is forgotten, no talk lies still, and no yes outlives a year."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.kernel.refusal import NotVisible, Refused
from hendig.matching import actions
from hendig.matching.actions import anew
from hendig.matching.queries import waiting


@app.periodic(cron="5 7 * * *")
@app.task(name="matching.keep_going")
def keep_going(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Every morning; a talk that was answered meanwhile asks for nothing any more."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, talk_id in waiting.talks_to_remind(at=now):
        with suppress(Refused):
            actions.remind(municipality_id=municipality_id, talk_id=talk_id, at=now)
    for municipality_id, talk_id in waiting.talks_that_lie_still(at=now):
        with suppress(Refused):
            actions.mark_stalled(municipality_id=municipality_id, talk_id=talk_id, at=now)


@app.periodic(cron="35 6 * * *")
@app.task(name="matching.ask_anew")
def ask_anew(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Every morning: a yes that is nearly a year old is asked anew, and who lost sight is no surprise."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, talk_id in waiting.talks_over(at=now):
        with suppress(NotVisible):
            anew.close_over(municipality_id=municipality_id, talk_id=talk_id, at=now)
    for municipality_id, match_id in waiting.matches_to_ask_anew(at=now):
        with suppress(Refused, NotVisible):
            anew.ask_anew(municipality_id=municipality_id, match_id=match_id, at=now)
    for municipality_id, talk_id in waiting.sight_that_ended(at=now):
        with suppress(Refused, NotVisible):
            anew.tell_sight_over(municipality_id=municipality_id, talk_id=talk_id, at=now)
