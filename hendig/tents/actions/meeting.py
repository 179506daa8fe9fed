"""The meeting: beginning, its phases, what is put on the table, and rounding off."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from hendig.audit.actions import change
from hendig.families.actions import about_whom
from hendig.families.models import CHILD, FamilyMember, Whom
from hendig.families.rules.about import why_not_say_whom
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.tents import rules
from hendig.tents.actions.hands import begin_round, lower_all
from hendig.tents.actions.steps import (
    account_of,
    grasp_of,
    guest_accounts,
    join,
    lock_case,
    lock_piece,
    lock_tent,
    piece_on,
    settle,
    take_away,
    talk_of,
    voice,
)
from hendig.tents.actions.there import came, people, stay_out
from hendig.tents.models import Page, Phase, Piece, PieceKind, Sign, Talk, Tent, TentStage
from hendig.tents.rules import words
from hendig.tents.rules.analysis import DRAWN, place_of


def begin(
    *,
    actor: Actor,
    tent_id: UUID,
    at: datetime,
    chair_account_id: UUID | None = None,
    arrived: bool = False,
) -> Tent:
    """The meeting is on, led by the chosen guest or else by the first whom the family welcomed.

    Where everybody has arrived it begins with listening.
    Refused while nobody is welcome, for the family itself, for a chair who is no guest, and earlier than an
    hour before it.
    """
    require_permission(actor, Permission.LEAD_TENT)
    with change(actor, "tent.begun", at=at) as act:
        request, tent, part = lock_case(act, tent_id)
        guests = guest_accounts(tent)
        require(rules.why_not_begin(tent, part=part, guests=guests, at=at, chair=chair_account_id))
        tent.stage, tent.phase = TentStage.MEETING, Phase.LISTEN if arrived else Phase.ARRIVE
        tent.chair_id = chair_account_id or guests[0]
        settle(act, request, tent)
        talk_of(tent, at).save()
        act.record(tent, chair=tent.chair_id)
    return tent


def undo_begin(*, actor: Actor, tent_id: UUID, at: datetime) -> Tent:
    """The meeting did not begin after all: it can be moved, cancelled, or begin when it is time.

    Refused for the family, outside the meeting, and once something lies on the table.
    """
    require_permission(actor, Permission.LEAD_TENT)
    with change(actor, "tent.begin_undone", at=at) as act:
        request, tent, part = lock_case(act, tent_id)
        require(rules.why_not_undo_begin(tent, part=part, pieces=len(on_the_table(tent))))
        tent.stage, tent.phase, tent.chair = TentStage.PLANNED, Phase.ARRIVE, None
        settle(act, request, tent)
        lower_all(tent)
        tent.gestures.away().delete()
        # The next time it begins with the guide of that moment, and counts from then.
        Talk.objects.filter(tent=tent).delete()
        act.record(tent)
    return tent


def give_chair(*, actor: Actor, tent_id: UUID, account_id: UUID | None, at: datetime) -> Tent:
    """Another guest leads from now on; with None nobody does, and the coach moves the phases.

    Refused for whoever does not lead, unless it is the coach, and for a chair who is no guest.
    """
    require_permission(actor, Permission.LEAD_TENT)
    with change(actor, "tent.chair_given", at=at) as act:
        tent, part = lock_tent(act, tent_id)
        require(rules.why_not_give_chair(tent, part=part, account=actor.account_id))
        if account_id is not None:
            require(rules.why_not_chair(account_id, guests=guest_accounts(tent)))
        tent.chair_id = account_id
        tent.save()
        act.record(tent, chair=account_id)
    return tent


def set_phase(*, actor: Actor, tent_id: UUID, phase: Phase, at: datetime) -> Tent:
    """The talk is in this phase for all. Refused for who does not lead, and for solutions too early."""
    require_permission(actor, Permission.LEAD_TENT)
    with change(actor, "tent.phase_set", at=at) as act:
        tent, part = lock_tent(act, tent_id)
        known = grasp_of(tent)
        require(
            rules.why_not_phase(
                tent,
                phase,
                part=part,
                account=actor.account_id,
                factors=known.factors,
                understood=known.understood,
            )
        )
        tent.phase = phase
        tent.save()
        begin_round(tent, at)
        act.record(tent, phase=phase.value)
    return tent


def write_piece(
    *,
    actor: Actor,
    tent_id: UUID,
    text: str,
    at: datetime,
    kind: PieceKind | None = None,
    circle: str = "",
    leads_to_id: UUID | None = None,
    voice_of: UUID | None = None,
    about: Whom = CHILD,
    who: str = "",
    result: str = "",
    by_on: date | None = None,
    place: str = "",
    outcome: str = "",
) -> Piece:
    """What was said stands on the table for all, in the voice of who said it; mostly it is about the child.

    The phase chooses the kind unless one is given; a direction and an agreement say who, what for and when.
    What plays a part or goes well lies where somebody says, else where the person belongs whom it is about.
    Refused outside the meeting, for solutions before understanding, and for a text longer than a note.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.piece_written", at=at) as act:
        tent, _part = lock_tent(act, tent_id)
        came(act, tent)
        kind = kind or next(iter(rules.KINDS[Phase(tent.phase)]), PieceKind.QUESTION)
        effect = piece_on(act, tent, leads_to_id) if leads_to_id else None
        text, known = text.strip(), grasp_of(tent)
        require(
            rules.why_not_write(
                tent,
                kind,
                text=text,
                circle=circle,
                effect=effect,
                factors=known.factors,
                understood=known.understood,
            )
        )
        about = about_whom(act, tent.compartment.record, about)
        piece = Piece.objects.create(
            family_id=tent.family_id,
            about_id=about.member_id,
            outside=about.outside,
            tent=tent,
            kind=kind,
            text=text,
            **_agreed(kind, circle, who, result, by_on),
            place=_place(place, about) if kind in DRAWN else "",
            outcome=outcome if kind == PieceKind.TRIED else "",
            author_id=account_of(actor),
            **voice(tent, voice_of or account_of(actor)).kept,
            at=at,
        )
        if effect is not None:
            join(act, tent, piece, effect, Sign.WORSE, said_by=None)
        act.record(tent, piece=piece.pk, kind=kind.value, **about.said_of(piece.pk))
    return piece


def remove_piece(*, actor: Actor, piece_id: UUID, at: datetime) -> Piece:
    """The piece is off the table, and the lines to it.

    Refused for anyone but its author and the family, and after the meeting.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.piece_removed", at=at) as act:
        tent, piece, part = lock_piece(act, piece_id)
        require(rules.why_not_remove(tent, piece, part=part, account=actor.account_id))
        take_away(act, piece, by=account_of(actor))
        act.record(tent, piece=piece.pk, **piece.whom.said_of(piece.pk))
    return piece


def say_whom(*, actor: Actor, piece_id: UUID, about: Whom, at: datetime) -> Piece:
    """The piece is about somebody else than was said, also after the meeting.

    A page that was agreed to keeps it as it was; a later version holds it no more.
    Refused for anyone but its author and the coach.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.piece_about", at=at) as act:
        tent, piece, part = lock_piece(act, piece_id)
        require(why_not_say_whom(wrote=piece.author_id == actor.account_id, part=part))
        about = about_whom(act, tent.compartment.record, about)
        piece.about_id, piece.outside = about.member_id, about.outside
        piece.save()
        act.record(tent, piece=piece.pk, **about.said_of(piece.pk))
    return piece


def close(*, actor: Actor, tent_id: UUID, at: datetime, stops_here: bool = False) -> Page:
    """The meeting is over and its page is drafted from what was said; the question waits on the family.

    With `stops_here` it breaks off wherever it is: the page holds what there is, and a later tent can be
    called. Refused for who does not lead, and else before the talk came to agreeing.
    """
    require_permission(actor, Permission.LEAD_TENT)
    with change(actor, "tent.closed", at=at) as act:
        request, tent, part = lock_case(act, tent_id)
        require(rules.why_not_close(tent, part=part, account=actor.account_id, stops_here=stops_here))
        tent.stage, tent.closed_at = TentStage.CLOSED, at
        stay_out(act, tent)
        settle(act, request, tent)
        lower_all(tent)
        # The page goes home with the child: what is about somebody else stays on the table.
        said = [piece for piece in on_the_table(tent) if piece.whom == CHILD]
        draft = words.draft(
            request.words,
            said,
            list(tent.influences.filter(removed_at=None)),
            list(tent.remarks.filter(removed_at=None)),
            people(tent),
        )
        page = Page.objects.create(
            family_id=tent.family_id,
            tent=tent,
            question=draft.question,
            understanding=draft.understanding,
            goes_well=draft.goes_well,
            agreements=draft.agreements,
            people=draft.people,
            until_on=local_day(at) + rules.LOOK_BACK_AFTER,
            drafted_at=at,
        )
        act.record(tent, page=page.pk, phase=tent.phase)
    return page


def on_the_table(tent: Tent) -> list[Piece]:
    return list(tent.pieces.filter(removed_at=None).order_by("id"))


def _agreed(kind: PieceKind, circle: str, who: str, result: str, by_on: date | None) -> dict[str, Any]:
    """What is said of a direction or an agreement alone; only of a direction where it looks for help."""
    if kind not in rules.SOLUTIONS:
        return {}
    where = circle if kind == PieceKind.DIRECTION else ""
    return {"circle": where, "who": who.strip(), "result": result.strip(), "by_on": by_on}


def _place(place: str, about: Whom) -> str:
    """Where it lies in the drawing."""
    if about.member_id is None:
        return place_of(place, about, "").value
    kinds = FamilyMember.objects.filter(pk=about.member_id).values_list("kind", flat=True)
    return place_of(place, about, kinds.first() or "").value
