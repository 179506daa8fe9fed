"""A step back: the last thing that somebody did in the drawing is undone, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Change, change
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import account_of, facts_of, lines_at, lock_tent
from hendig.tents.models import Influence, Piece, PieceKind, Remark, Tent
from hendig.tents.rules import analysis as rules
from hendig.tents.rules.names import same_voice

OF_DRAWING = (*rules.DRAWN, PieceKind.TRIED)
Facts = dict[str, Any]


def step_back(*, actor: Actor, tent_id: UUID, at: datetime) -> Tent:
    """The last thing that the actor did in the drawing is undone; what others did stays.

    Refused when there is nothing of the actor's own, and when somebody drew on from it.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.step_undone", at=at) as act:
        tent, _part = lock_tent(act, tent_id)
        step = rules.newest(_steps(act, tent))
        require(rules.why_no_step_back(tent, found=step is not None))
        assert step is not None
        _moment, kind, row = step
        act.record(tent, step=kind, **UNDO[kind](act, row))
    return tent


def _steps(act: Change, tent: Tent) -> list[rules.Step]:
    """The last thing of each kind that the actor did here and that still stands. 6 queries."""
    mine, actor, at = account_of(act.actor), act.actor, act.at
    pieces = Piece.objects.visible_to(actor, at=at).filter(tent=tent)
    drawn = pieces.filter(kind__in=OF_DRAWING)
    links = Influence.objects.visible_to(actor, at=at).filter(tent=tent)
    ends = Q(cause__removed_at=None, effect__removed_at=None)
    remarks = Remark.objects.visible_to(actor, at=at).filter(tent=tent).lying()
    newest = (
        ("written", "at", drawn.filter(author=mine, removed_at=None)),
        ("removed", "removed_at", drawn.filter(removed_by=mine)),
        ("moved", "moved_at", drawn.filter(moved_by=mine, removed_at=None)),
        ("linked", "at", links.filter(author=mine, removed_at=None)),
        ("cut", "removed_at", links.filter(ends, removed_by=mine)),
        ("remarked", "at", remarks.filter(author=mine, removed_at=None)),
    )
    found = ((kind, moment, rows.order_by(f"-{moment}", "-id").first()) for kind, moment, rows in newest)
    return [(getattr(row, moment), kind, row) for kind, moment, row in found if row is not None]


def _unwrite(act: Change, piece: Piece) -> Facts:
    """As if it was never said: taken away by nobody, so that it is no step to go back from."""
    lines = list(lines_at(piece).select_for_update())
    remarks = Remark.objects.filter(Q(piece=piece) | Q(effect=piece), removed_at=None)
    require(rules.why_not_unwrite(lines, remarks, account=act.actor.account_id))
    for line in lines:
        line.removed_at = act.at
        line.save()
    piece.removed_at = act.at
    piece.save()
    return piece.whom.said_of(piece.pk)


def _bring_back(act: Change, piece: Piece) -> Facts:
    """With the lines that went with it, where their other end still lies there."""
    gone = Influence.objects.filter(Q(cause=piece) | Q(effect=piece), removed_at=piece.removed_at)
    for line in gone.filter(removed_by=account_of(act.actor)).select_related("cause", "effect"):
        other = line.effect if line.cause_id == piece.pk else line.cause
        if other.removed_at is None:
            _stand(line)
    _stand(piece)
    return piece.whom.said_of(piece.pk)


def _move_back(_act: Change, piece: Piece) -> Facts:
    *before, last = piece.moves
    piece.place, piece.moves = last.was, before
    piece.save()
    return piece.whom.said_of(piece.pk)


def _unlink(act: Change, line: Influence) -> Facts:
    """What was said before of the same two stands again; without that nothing stays for another's view."""
    ends = {"cause": line.cause_id, "effect": line.effect_id}
    before = list(Influence.objects.filter(**ends, removed_at=line.at).exclude(pk=line.pk))
    if not before:
        views = Remark.objects.filter(piece=line.cause_id, effect=line.effect_id, removed_at=None)
        require(rules.why_not_unwrite([], views, account=act.actor.account_id))
    line.removed_at = act.at
    line.save()
    for older in before:
        _stand(older)
    return facts_of(line.cause, line.effect)


def _rejoin(_act: Change, line: Influence) -> Facts:
    standing = Influence.objects.filter(cause=line.cause_id, effect=line.effect_id, removed_at=None)
    require(rules.why_not_rejoin(known=standing.exists()))
    _stand(line)
    return facts_of(line.cause, line.effect)


def _unsay(act: Change, said: Remark) -> Facts:
    """What the same voice thought before stands again."""
    said.removed_at = act.at
    said.save()
    for older in Remark.objects.filter(tent=said.tent_id, author=said.author_id, removed_at=said.at):
        if older.pk != said.pk and same_voice(older, speaker_id=said.speaker_id, voice=said.voice):
            older.removed_at = None
            older.save()
    return facts_of(said.piece, said.effect or said.piece)


def _stand(row: Piece | Influence) -> None:
    row.removed_at, row.removed_by = None, None
    row.save()


UNDO: Mapping[str, Callable[[Change, Any], Facts]] = {
    "written": _unwrite,
    "removed": _bring_back,
    "moved": _move_back,
    "linked": _unlink,
    "cut": _rejoin,
    "remarked": _unsay,
}
