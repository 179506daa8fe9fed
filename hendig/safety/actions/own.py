"""Who works here says that a family is their own, or known from home: it closes for them, at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change, speaking
from hendig.families import actions as families
from hendig.families.models import OWN_PARTS, Family, Involvement, Purpose, Record
from hendig.helprequests.actions import handover
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, require
from hendig.matching import actions as matching
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission
from hendig.safety import rules
from hendig.tents.actions.calling import stay_away


def declare_own_family(
    *, actor: Actor, family_id: UUID, at: datetime, successor_id: UUID | None = None
) -> Family:
    """Nothing of this family is there for the actor from now on, in any part, until two take that back.

    Help under a match ends today, what was asked of them stops, and a question of which they are the coach
    goes on with the colleague `successor_id`. The privacy officer is told, and the family reads it.
    Refused for a coach who names no colleague where there is one, or one for whom this family is closed too.
    """
    require_permission(actor, Permission.DECLARE_OWN_FAMILY)
    with change(actor, "own_family.declared", at=at) as act:
        family = act.lock(Family.objects.visible_to, family_id)
        mine = Involvement.objects.coming_too(at).filter(family=family, account_id=actor.account)
        rows = list(mine.exclude(part__in=OWN_PARTS).select_for_update(of=("self",)).order_by("id"))
        if not rows:
            raise NotVisible
        # What the actor loses on the way is looked up and written by Hendig; the log names who said it.
        with speaking(Actor.system(actor.municipality_id), at):
            _goes_on(act, family_id, successor_id)
            if actor.professional_id is not None:
                stay_away(act, professional_id=actor.professional_id, family_id=family_id)
                matching.step_back(act, professional_id=actor.professional_id, family_id=family_id)
            _close(act, family_id, rows)
            account = Account.objects.get(pk=actor.account)
            act.topics.add(f"account:{account.pk}")
            act.record(account, family_own=family_id)
    return family


def _goes_on(act: Change, family_id: UUID, successor_id: UUID | None) -> None:
    """Each question of which the actor is the coach goes on with the colleague who was named."""
    guided = HelpRequest.objects.filter(family_id=family_id, coach_id=act.actor.account)
    cases = guided.exclude(stage=Stage.DONE).select_for_update(of=("self",)).select_related("compartment")
    for case in cases.order_by("id"):
        able = handover.who_can_go_on(case=case, actor=act.actor, at=act.at)
        require(rules.why_not_declared(successor_id, able))
        if successor_id is not None:
            handover.goes_on_with(act, case, successor_id, from_at=act.at)
        else:
            act.record(case, also="own_family.no_coach")


def _close(act: Change, family_id: UUID, rows: list[Involvement]) -> None:
    """Every record of the family is closed; where the family knew of the actor it reads so."""
    known = {row.record_id for row in rows if row.purpose != Purpose.SAFETY}
    for row in rows:
        row.until_at = act.at
        row.save()
    first = True
    for record in Record.objects.filter(family_id=family_id).order_by("id"):
        block = families.close_own(act, record, act.actor.account)
        if record.pk in known:
            act.record(block, also="own_family.closed", first=first)
            first = False
