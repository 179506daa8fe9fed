"""A part of a record is asked by law: one weighs, another agrees, and only the chosen pieces leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.families.models import Involvement, Purpose
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.safety import rules
from hendig.safety.actions.concerns import quietly
from hendig.safety.models import Asker, Concern, Law, LegalRequest
from hendig.safety.queries.pieces import how_many, offered, paper


def ask_by_law(
    *,
    actor: Actor,
    concern_id: UUID,
    asker: Asker,
    who: str,
    law: Law,
    asked_on: date,
    weighing: str,
    pieces: Sequence[str],
    at: datetime,
) -> LegalRequest:
    """What somebody asks by law is written down, with why these pieces and no more. Nothing leaves yet.

    Refused without pieces, and for pieces that are not there for the actor.
    """
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "legal.asked", at=at) as act:
        concern = act.lock(Concern.objects.visible_to, concern_id)
        there = [piece.key for piece in offered(actor, concern.record_id, at=at)]
        require(rules.why_no_pieces(pieces, there))
        request = LegalRequest.objects.create(
            compartment_id=concern.compartment_id,
            family_id=concern.family_id,
            record_id=concern.record_id,
            asker=asker,
            who=who,
            law=law,
            asked_on=asked_on,
            weighing=weighing,
            pieces=sorted(set(pieces)),
            account_id=actor.account,
            at=at,
        )
        quietly(act)
        act.record(request, asker=asker, law=law, pieces=len(set(pieces)))
    return request


def answer_by_law(*, actor: Actor, legal_id: UUID, agreed: bool, at: datetime) -> LegalRequest:
    """A second person who is named for safety agrees that the pieces leave, or that nothing does. Once."""
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "legal.agreed" if agreed else "legal.declined", at=at) as act:
        request = act.lock(LegalRequest.objects.visible_to, legal_id)
        settled = request.agreed_at is not None or request.declined_at is not None
        require(rules.why_not_agreed(own=request.account_id == actor.account_id, settled=settled))
        if agreed:
            request.agreed_by_id, request.agreed_at = actor.account_id, at
        else:
            request.declined_at = at
        request.save()
        quietly(act)
        act.record(request)
    return request


def take_pieces(*, actor: Actor, legal_id: UUID, at: datetime) -> bytes:
    """The agreed pieces as a document, and nothing else; each time it is taken stands in the log.

    There it says of which kinds, and how many. `NotVisible` before a second person agreed, and when a piece
    is not there for the actor.
    """
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "legal.taken", at=at) as act:
        rows = LegalRequest.objects.visible_to(actor, at=at).filter(agreed_at__isnull=False)
        request = act.lock(rows, legal_id)
        quietly(act)
        act.record(request, pieces=len(request.pieces), **how_many(request.pieces))
        document = paper(actor, request, at=at)
        # This line has no compartment: the family reads it, unless a safety hold stands.
        mine = Involvement.objects.standing(at).filter(record=request.record_id, account=actor.account)
        named = mine.filter(purpose=Purpose.SAFETY).order_by("id").first()
        assert named is not None
        act.record(named, also="legal.left")
    return document
