"""A question is asked, confirmed, taken up, talked about, and moves along its way."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change
from hendig.helprequests import rules
from hendig.helprequests.models import HelpRequest, Stage, StageMove, WaitingOn
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require


def lock_request(act: Change, actor: Actor, request_id: UUID, at: datetime) -> HelpRequest:
    """A step: the question, locked until the change ends. `NotVisible` for whoever is not involved."""
    return act.lock(HelpRequest.objects.visible_to(actor, at=at), request_id)


def move(act: Change, request: HelpRequest, to: Stage, *, waiting_on: WaitingOn) -> None:
    """A step: the (locked) question stands in stage `to` and waits on `waiting_on`; its board refreshes.

    The same stage again changes only on whom it waits. Refused for a step that the table does not know.
    """
    if request.stage != to:
        require(rules.why_not_move(request.stage, to))
        request.stage, request.stage_since, request.waiting_since = to, act.at, act.at
        StageMove.objects.create(
            family_id=request.family_id, request=request, stage=to, waiting_on=waiting_on, at=act.at
        )
    elif request.waiting_on != waiting_on:
        request.waiting_since = act.at
    request.waiting_on = waiting_on
    request.save()
    act.topics.add(coach_topic(request.coach_id))


def coach_topic(coach_id: UUID | None) -> str:
    """What a coach's board listens to; a question without a coach concerns every board."""
    return f"coach:{coach_id}" if coach_id else "board"
