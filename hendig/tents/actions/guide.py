"""The municipality changes its guide for the talk."""

from __future__ import annotations

from datetime import datetime

from hendig.audit.actions import change
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.models import Municipality
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import account_of
from hendig.tents.models import Guide
from hendig.tents.rules import prompts


def set_guide(*, actor: Actor, phases: prompts.Texts, edition: int, at: datetime, note: str = "") -> Guide:
    """The next edition counts for every talk that begins from now. Refused when it changed meanwhile, or not.

    What reads as Hendig says it is not kept; so with nothing of one's own it is the standard text again.
    """
    require_permission(actor, Permission.SET_GUIDE)
    with change(actor, "guide.set", at=at) as act:
        # Two who save at once would both make the same next edition.
        act.lock(Municipality.objects.all(), actor.municipality_id)
        last = Guide.objects.filter(municipality_id=actor.municipality_id).first()
        number, before = (last.number, last.phases) if last else (0, {})
        own = prompts.only_own(phases)
        require(prompts.why_no_guide(own, before, edition=edition, current=number))
        guide = Guide.objects.create(
            number=number + 1, phases=own, note=note.strip(), account_id=account_of(actor), from_at=at
        )
        act.record(guide, edition=guide.number)
    return guide
