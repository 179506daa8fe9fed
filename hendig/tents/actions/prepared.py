"""At home: what somebody wants to bring to the table, and whether the family makes an own plan first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.families.models import FamilyMember
from hendig.helprequests.actions import lock_request
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import account_of, part_of
from hendig.tents.models import OwnPlan, OwnPlanChoice, PreparedKind, PreparedNote
from hendig.tents.rules.prepared import why_no_note, why_no_offer, why_no_own_plan, why_not_prepare


def write_note(
    *,
    actor: Actor,
    request_id: UUID,
    kind: PreparedKind,
    text: str,
    at: datetime,
    said_by: UUID | None = None,
) -> PreparedNote:
    """It is written down for the meeting, for who wrote it alone; `said_by` when a coach writes for somebody.

    Refused after the meeting, for who does not prepare it, and for a text that is none or too long.
    """
    require_permission(actor, Permission.PREPARE_TENT)
    with change(actor, "prepared.written", at=at) as act:
        request = lock_request(act, request_id)
        part = part_of(act, request.family_id)
        mine = PreparedNote.objects.filter(request=request, author_id=account_of(actor))
        require(why_not_prepare(part=part, stage=request.stage) or why_no_note(text, notes=mine.count()))
        if (
            said_by
            and not FamilyMember.objects.there().filter(family_id=request.family_id, pk=said_by).exists()
        ):
            raise NotVisible
        note = PreparedNote.objects.create(
            family_id=request.family_id,
            request=request,
            author_id=account_of(actor),
            said_by_id=said_by,
            kind=kind,
            text=text.strip(),
            at=at,
        )
        act.record(note, kind=kind.value)
    return note


def remove_note(*, actor: Actor, note_id: UUID, at: datetime) -> UUID:
    """It is gone, whether it was laid on the table or not; returns the question for which it was."""
    require_permission(actor, Permission.PREPARE_TENT)
    with change(actor, "prepared.removed", at=at) as act:
        note = act.lock(PreparedNote.objects.visible_to, note_id)
        request_id = note.request_id
        act.record(note)
        note.delete()
    return request_id


def offer_own_plan(*, actor: Actor, request_id: UUID, at: datetime) -> OwnPlanChoice:
    """It stands that the coach offered the family to make a plan of its own first; the family hears of it.

    Refused for anyone but the coach, after the meeting, and a second time (Jeugdwet art. 4.1.2).
    """
    require_permission(actor, Permission.PREPARE_TENT)
    with change(actor, "own_plan.offered", at=at) as act:
        request = lock_request(act, request_id)
        found = _own_plan(request)
        part = part_of(act, request.family_id)
        require(why_no_offer(part=part, stage=request.stage, offered=found.offered_at is not None))
        found.offered_by_id, found.offered_at = account_of(actor), at
        if not found.choice:
            found.at = at
        found.save()
        act.record(found)
    return found


def choose_own_plan(*, actor: Actor, request_id: UUID, choice: OwnPlan, at: datetime) -> OwnPlanChoice:
    """The family said whether it makes a plan of its own first; the coach hears of it. It may change that.

    Refused for anyone but the family, and after the meeting (Jeugdwet art. 4.1.2).
    """
    require_permission(actor, Permission.PREPARE_TENT)
    with change(actor, "own_plan.chosen", at=at) as act:
        request = lock_request(act, request_id)
        require(why_no_own_plan(part=part_of(act, request.family_id), stage=request.stage))
        found = _own_plan(request)
        found.choice, found.chosen_by_id, found.at = choice, account_of(actor), at
        found.save()
        act.record(found, choice=choice.value)
    return found


def _own_plan(request: HelpRequest) -> OwnPlanChoice:
    """What was offered and answered so far for a question that is locked; a new row where nothing was."""
    found = OwnPlanChoice.objects.filter(request=request).first()
    return found or OwnPlanChoice(family_id=request.family_id, request=request)
