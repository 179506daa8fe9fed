"""What workers do for match talks: nobody is forgotten, and no talk lies still unseen."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.kernel.refusal import Refused
from hendig.matching import actions, queries


@app.periodic(cron="5 7 * * *")
@app.task(name="matching.keep_going")
def keep_going(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Every morning; a talk that was answered meanwhile asks for nothing any more."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, talk_id in queries.talks_to_remind(at=now):
        with suppress(Refused):
            actions.remind(municipality_id=municipality_id, talk_id=talk_id, at=now)
    for municipality_id, talk_id in queries.talks_that_lie_still(at=now):
        with suppress(Refused):
            actions.mark_stalled(municipality_id=municipality_id, talk_id=talk_id, at=now)
