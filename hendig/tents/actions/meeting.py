"""The meeting: beginning, its phases, what is put on the table, and rounding off."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from hendig.audit.actions import Change, change
from hendig.families.actions import about_whom
from hendig.families.models import CHILD, FamilyMember, Whom
from hendig.families.rules.about import why_not_say_whom
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission
from hendig.tents import rules
from hendig.tents.actions.hands import begin_round, lower_all
from hendig.tents.actions.steps import account_of, grasp_of, lock_case, lock_tent, settle, talk_of
from hendig.tents.models import Page, Phase, Piece, PieceKind, SeatStage, Tent, TentStage
from hendig.tents.rules import words


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
    Refused while nobody is welcome, for the family itself, and for a chair who is no guest.
    """
    require_permission(actor, Permission.LEAD_TENT)
    with change(actor, "tent.begun", at=at) as act:
        request, tent, part = lock_case(act, tent_id)
        guests = guest_accounts(tent)
        require(rules.why_not_begin(tent, part=part, guests=guests, chair=chair_account_id))
        tent.stage, tent.phase = TentStage.MEETING, Phase.LISTEN if arrived else Phase.ARRIVE
        tent.chair_id = chair_account_id or guests[0]
        settle(act, request, tent)
        talk_of(tent, at).save()
        act.record(tent, chair=tent.chair_id)
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
) -> Piece:
    """What was said stands on the table for all, in the voice of who said it; mostly it is about the child.

    The phase chooses the kind unless one is given; a direction says who, what for and by when. Refused
    outside the meeting, for solutions before understanding, and for a text longer than a note.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.piece_written", at=at) as act:
        tent, _part = lock_tent(act, tent_id)
        kind = kind or next(iter(rules.KINDS[Phase(tent.phase)]), PieceKind.QUESTION)
        effect = _on_the_table(tent, leads_to_id) if leads_to_id else None
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
        way = kind == PieceKind.DIRECTION
        piece = Piece.objects.create(
            family_id=tent.family_id,
            about_id=about.member_id,
            outside=about.outside,
            tent=tent,
            kind=kind,
            text=text,
            circle=circle if way else "",
            who=who.strip() if way else "",
            result=result.strip() if way else "",
            by_on=by_on if way else None,
            leads_to=effect,
            author_id=account_of(actor),
            voice=_voice(tent, voice_of or account_of(actor)),
            at=at,
        )
        act.record(tent, piece=piece.pk, kind=kind.value, **about.said_of(piece.pk))
    return piece


def remove_piece(*, actor: Actor, piece_id: UUID, at: datetime) -> Piece:
    """The piece is off the table. Refused for anyone but its author and the family, and after the meeting."""
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.piece_removed", at=at) as act:
        tent, piece, part = _lock_piece(act, piece_id)
        require(rules.why_not_remove(tent, piece, part=part, account=actor.account_id))
        piece.removed_at = at
        piece.save()
        act.record(tent, piece=piece.pk, **piece.whom.said_of(piece.pk))
    return piece


def say_whom(*, actor: Actor, piece_id: UUID, about: Whom, at: datetime) -> Piece:
    """The piece is about somebody else than was said, also after the meeting.

    Refused for anyone but its author and the coach.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.piece_about", at=at) as act:
        tent, piece, part = _lock_piece(act, piece_id)
        require(why_not_say_whom(wrote=piece.author_id == actor.account_id, part=part))
        about = about_whom(act, tent.compartment.record, about)
        piece.about_id, piece.outside = about.member_id, about.outside
        piece.save()
        act.record(tent, piece=piece.pk, **about.said_of(piece.pk))
    return piece


def close(*, actor: Actor, tent_id: UUID, at: datetime) -> Page:
    """The meeting is over and its page is drafted from what was said; the question waits on the family.

    Refused for who does not lead, and before the talk came to agreeing.
    """
    require_permission(actor, Permission.LEAD_TENT)
    with change(actor, "tent.closed", at=at) as act:
        request, tent, part = lock_case(act, tent_id)
        require(rules.why_not_close(tent, part=part, account=actor.account_id))
        tent.stage, tent.closed_at = TentStage.CLOSED, at
        settle(act, request, tent)
        lower_all(tent)
        # The page goes home with the child: what is about somebody else stays on the table.
        said = [piece for piece in on_the_table(tent) if piece.whom == CHILD]
        draft = words.draft(request.words, said, _people(tent), _("Geprobeerd:"))
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
        act.record(tent, page=page.pk)
    return page


def guest_accounts(tent: Tent) -> list[UUID]:
    """The accounts of those the family made welcome, in the order in which they were asked."""
    welcome = tent.seats.filter(stage=SeatStage.WELCOME).order_by("id")
    return list(welcome.values_list("professional__account_id", flat=True))


def on_the_table(tent: Tent) -> list[Piece]:
    return list(tent.pieces.filter(removed_at=None).order_by("id"))


def _lock_piece(act: Change, piece_id: UUID) -> tuple[Tent, Piece, str]:
    """The tent and what lies on its table, locked, and the actor's part."""
    seen = Piece.objects.visible_to(act.actor, at=act.at).filter(removed_at=None)
    tent_id = seen.filter(pk=piece_id).values_list("tent_id", flat=True).first()
    if tent_id is None:
        raise NotVisible
    tent, part = lock_tent(act, tent_id)
    return tent, act.lock(seen, piece_id), part


def _on_the_table(tent: Tent, piece_id: UUID) -> Piece:
    piece = tent.pieces.filter(pk=piece_id, removed_at=None).first()
    if piece is None:
        raise NotVisible
    return piece


def _voice(tent: Tent, person_id: UUID) -> str:
    """The first name of somebody at this table: of the family (also without an account), coach or guest."""
    member = FamilyMember.objects.filter(family_id=tent.family_id).filter(account_id=person_id).first()
    member = member or FamilyMember.objects.filter(family_id=tent.family_id, pk=person_id).first()
    if member is not None:
        return member.first_name
    if person_id not in {*guest_accounts(tent), tent.request.coach_id, tent.called_by_id}:
        raise NotVisible
    return Account.objects.get(pk=person_id).first_name


def _people(tent: Tent) -> list[str]:
    """Who sat at the table, family first."""
    family = list(FamilyMember.objects.filter(family_id=tent.family_id).values_list("first_name", flat=True))
    coach = tent.request.coach or tent.called_by
    guests = tent.seats.filter(stage=SeatStage.WELCOME).order_by("id").select_related("professional__account")
    return [
        *family,
        _("%(name)s, gezinscoach") % {"name": coach.name},
        *(f"{seat.professional.account.name}, {seat.professional.title}" for seat in guests),
    ]
