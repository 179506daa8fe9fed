"""What is agreed at the table, and what a direction becomes: task, goal, question or match talk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from hendig.audit.actions import change
from hendig.families.actions.own import watching_proposals
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import lock_piece
from hendig.tents.actions.there import came
from hendig.tents.models import Became, Piece
from hendig.tents.rules import directions


class Made(Protocol):
    """A row that was made, whatever its kind."""

    pk: Any


def out_of(
    *, actor: Actor, piece_id: UUID | None, became: str, make: Callable[[], Made], at: datetime
) -> Made:
    """What was made, and with a direction that it came out of that: both or neither, and once.

    Who came near the own family by it is told of also when nothing came of it.
    """
    if piece_id is None:
        return make()
    with watching_proposals(actor=actor, at=at), transaction.atomic():
        made = make()
        take_direction(actor=actor, piece_id=piece_id, became=Became(became), object_id=made.pk, at=at)
    return made


def take_direction(*, actor: Actor, piece_id: UUID, became: Became, object_id: UUID, at: datetime) -> Piece:
    """The direction shows what was made of it. Refused for what is no direction, and a second time."""
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.direction_taken", at=at) as act:
        tent, piece, _part = lock_piece(act, piece_id)
        require(directions.why_not_take(piece))
        piece.became, piece.became_id = became, object_id
        piece.save()
        act.record(tent, piece=piece.pk, became=became.value, **piece.whom.said_of(piece.pk))
    return piece


def settle_direction(
    *,
    actor: Actor,
    piece_id: UUID,
    at: datetime,
    who: str = "",
    result: str = "",
    by_on: date | None = None,
) -> Piece:
    """The direction or agreement says now also who, what for or by when, as far as that was agreed; the rest
    stays open.

    Refused outside the meeting, for what is neither or became something, for what another filled in
    meanwhile, and when nothing is said.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.direction_settled", at=at) as act:
        tent, piece, _part = lock_piece(act, piece_id)
        given = {"who": who.strip(), "result": result.strip(), "by_on": by_on}
        said = {end: words for end, words in given.items() if words}
        require(directions.why_not_settle(tent, piece, said=said))
        require(directions.why_nothing_said(said))
        came(act, tent)
        for end, words in said.items():
            setattr(piece, end, words)
        piece.save()
        act.record(tent, piece=piece.pk, **piece.whom.said_of(piece.pk))
    return piece
