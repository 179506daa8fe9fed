"""Drawing together how it hangs together: lines, what each thinks of it, where it lies, and a step back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import (
    Voice,
    account_of,
    facts_of,
    join,
    lock_piece,
    lock_tent,
    lock_with_tent,
    piece_on,
    voice,
)
from hendig.tents.actions.there import came
from hendig.tents.models import Influence, Moved, Piece, Place, Remark, Sign, Tent, View
from hendig.tents.rules import analysis as rules
from hendig.tents.rules.names import same_voice


def link(
    *,
    actor: Actor,
    tent_id: UUID,
    cause_id: UUID,
    effect_id: UUID,
    sign: Sign,
    at: datetime,
    both_ways: bool = False,
    voice_of: UUID | None = None,
) -> Influence:
    """The one works on the other from now on, and with `both_ways` the other on the one as well.

    Refused outside the meeting, for something with itself, for what lies there already, and for what is no
    worry or strength.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.linked", at=at) as act:
        tent, _part = lock_tent(act, tent_id)
        came(act, tent)
        cause, effect = piece_on(act, tent, cause_id), piece_on(act, tent, effect_id)
        spoken = voice(tent, voice_of or account_of(actor))
        ways = [(cause, effect), (effect, cause)] if both_ways else [(cause, effect)]
        found = []
        for one, other in ways:
            require(rules.why_not_link(tent, one, other, known=_lies(tent, one.pk, other.pk)))
            found.append(join(act, tent, one, other, sign, said_by=spoken))
            act.record(tent, link=found[-1].pk, sign=sign.value, **facts_of(one, other))
    return found[0]


def change_sign(*, actor: Actor, link_id: UUID, sign: Sign, at: datetime) -> Influence:
    """The one does something else to the other, in the voice of who says so now; what was said before stays.

    Refused for anyone but who drew it and the family, and when it says so already.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.link_changed", at=at) as act:
        tent, older, part = _lock_link(act, link_id)
        require(rules.why_not_alter(tent, older, part=part, account=actor.account_id))
        require(rules.why_not_other_sign(older, sign))
        older.removed_at = at
        older.save()
        spoken = voice(tent, account_of(actor))
        newer = join(act, tent, older.cause, older.effect, sign, said_by=spoken)
        act.record(tent, link=newer.pk, sign=sign.value, **facts_of(older.cause, older.effect))
    return newer


def cut(*, actor: Actor, link_id: UUID, at: datetime) -> Influence:
    """The line is off the table. Refused for anyone but who drew it and the family."""
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.link_removed", at=at) as act:
        tent, found, part = _lock_link(act, link_id)
        require(rules.why_not_alter(tent, found, part=part, account=actor.account_id))
        found.removed_at, found.removed_by_id = at, account_of(actor)
        found.save()
        act.record(tent, link=found.pk, **facts_of(found.cause, found.effect))
    return found


def remark(
    *,
    actor: Actor,
    piece_id: UUID,
    view: View,
    at: datetime,
    text: str = "",
    effect_id: UUID | None = None,
    voice_of: UUID | None = None,
) -> Remark:
    """What somebody thinks of it stands beside it, and takes the place of what the same voice thought before.

    With `effect_id` it is about the line between the two. Nobody else's view is touched. Refused outside the
    meeting, without words for who differs or would do this first, and for more than a line or two.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.remarked", at=at) as act:
        tent, piece, _part = lock_piece(act, piece_id)
        came(act, tent)
        effect = piece_on(act, tent, effect_id) if effect_id else None
        text, spoken = text.strip(), voice(tent, voice_of or account_of(actor))
        joined = _lies(tent, piece.pk, effect.pk) if effect else None
        require(rules.why_not_remark(tent, piece, view, text=text, joined=joined))
        for older in _same_voice(tent, piece, effect, view, account_of(actor), spoken):
            older.removed_at = at
            older.save()
        said = Remark.objects.create(
            family_id=tent.family_id,
            tent=tent,
            piece=piece,
            effect=effect,
            view=view,
            text=text,
            author_id=account_of(actor),
            **spoken.kept,
            at=at,
        )
        act.record(tent, piece=piece.pk, view=view.value, **facts_of(piece, effect or piece))
    return said


def put(*, actor: Actor, piece_id: UUID, place: Place, at: datetime) -> Piece:
    """It lies in another place of the drawing. Refused where it lies already, and outside the meeting."""
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.piece_put", at=at) as act:
        tent, piece, _part = lock_piece(act, piece_id)
        require(rules.why_not_put(tent, piece, place))
        piece.moves = (*piece.moves, Moved(piece.place, at, account_of(actor)))
        piece.place = place
        piece.save()
        act.record(tent, piece=piece.pk, place=place.value, **piece.whom.said_of(piece.pk))
    return piece


def _lies(tent: Tent, cause_id: UUID, effect_id: UUID) -> bool:
    return tent.influences.filter(cause=cause_id, effect=effect_id, removed_at=None).exists()


def _lock_link(act: Change, link_id: UUID) -> tuple[Tent, Influence, str]:
    """The tent and a line of its drawing, locked, and the actor's part."""
    seen = Influence.objects.visible_to(act.actor, at=act.at).filter(removed_at=None)
    return lock_with_tent(act, seen, link_id)


def _same_voice(
    tent: Tent, piece: Piece, effect: Piece | None, view: View, account_id: UUID, spoken: Voice
) -> list[Remark]:
    """What the same voice thought so far: of this piece or line, or as what comes first of all."""
    standing = tent.remarks.filter(author=account_id, removed_at=None).order_by("id")
    rows = (
        standing.filter(view=View.FIRST)
        if view == View.FIRST
        else standing.filter(piece=piece, effect=effect).exclude(view=View.FIRST)
    )
    return [
        one
        for one in rows.select_for_update()
        if same_voice(one, speaker_id=spoken.person_id, voice=spoken.name)
    ]
