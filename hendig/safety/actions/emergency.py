"""In direct danger one record opens for an hour; somebody else judges it afterwards."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import change, reading, speaking
from hendig.audit.models import Entry
from hendig.families.actions import involve
from hendig.families.models import Compartment, CompartmentKind, Ground, Involvement, Part, Purpose, Record
from hendig.families.queries.exactly import exactly
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.safety import rules
from hendig.safety.models import REVIEW, Category, Emergency, Outcome
from hendig.safety.queries.held import held_now

# Never what only the practice, the author or nobody may read (T11).
KINDS = (CompartmentKind.SHARED, CompartmentKind.CHILD, CompartmentKind.ADDRESS, CompartmentKind.SAFETY)
UNJUDGED = "emergency.unjudged"


def open_in_emergency(
    *,
    actor: Actor,
    first_name: str,
    last_name: str,
    born_on: date,
    beside: str,
    category: Category,
    reason: str,
    at: datetime,
) -> Emergency:
    """The record of this child is open to the actor for an hour; coach, family and officer hear of it.

    A child of parents apart can have a record in the family of each: the first name of an adult who is
    `beside` the child, empty when none is known, tells which of them. Whether nobody is called so, or the
    actor may not, or still two are: the refusal is the same. The family hears of it later when a safety hold
    stands.
    """
    require_permission(actor, Permission.OPEN_IN_EMERGENCY)
    with change(actor, "emergency.opened", at=at) as act:
        found = exactly(first_name, last_name, born_on, beside=beside)
        require(rules.why_no_emergency([record_id for record_id, _family_id in found]))
        record_id, family_id = found[0]
        until = at + rules.EMERGENCY_LASTS
        act.purpose, act.part, act.ground = Purpose.SAFETY, Part.EMERGENCY, Ground.VITAL
        involvement = involve(
            act,
            record=Record(pk=record_id, family_id=family_id),
            account_id=actor.account,
            part=Part.EMERGENCY,
            ground=Ground.VITAL,
            kinds=KINDS,
            purpose=Purpose.SAFETY,
            until=until,
        )
        emergency = Emergency.objects.create(
            compartment=Compartment.objects.get(record=record_id, kind=CompartmentKind.SAFETY),
            family_id=family_id,
            record_id=record_id,
            account_id=actor.account,
            category=category,
            reason=reason,
            from_at=at,
            until_at=until,
        )
        act.quiet = record_id in held_now()
        act.record(emergency, category=category)
        act.record(involvement, also="emergency.began")
    return emergency


def end_emergency(*, actor: Actor, emergency_id: UUID, at: datetime) -> Emergency:
    """Who opened a record in an emergency needs it no more: it closes at once."""
    require_permission(actor, Permission.OPEN_IN_EMERGENCY)
    with change(actor, "emergency.closed", at=at) as act:
        rows = Emergency.objects.visible_to(actor, at=at).filter(account_id=actor.account, until_at__gt=at)
        emergency = act.lock(rows, emergency_id)
        emergency.until_at = at
        emergency.save()
        act.quiet, act.purpose = True, Purpose.SAFETY
        act.record(emergency)
        # Last: from here on it is closed to the actor.
        mine = Involvement.objects.standing(at).filter(record=emergency.record_id, account=actor.account)
        for row in mine.filter(part=Part.EMERGENCY).select_for_update(of=("self",)):
            row.until_at = at
            row.save()
    return emergency


def judge_emergency(
    *, actor: Actor, emergency_id: UUID, outcome: Outcome, note: str, at: datetime
) -> Emergency:
    """The privacy officer says whether it was right. Once, with words when it was not, never of oneself."""
    require_permission(actor, Permission.JUDGE_EMERGENCY)
    with change(actor, "emergency.judged", at=at) as act, speaking(actor, at, purpose=REVIEW):
        emergency = act.lock(Emergency.objects.to_judge(actor), emergency_id)
        require(
            rules.why_not_judged(
                judged=emergency.reviewed_at is not None,
                own=emergency.account_id == actor.account_id,
                wrong=outcome == Outcome.WRONG,
                note=note,
            )
        )
        emergency.outcome, emergency.note = outcome, note
        emergency.reviewed_at, emergency.reviewed_by_id = at, actor.account_id
        emergency.save()
        act.quiet, act.purpose = True, Purpose.SAFETY
        act.record(emergency, outcome=outcome)
    return emergency


def remind_to_judge(*, municipality_id: UUID, at: datetime) -> int:
    """For how many emergencies the two working days are over, without a judgement; each is told once."""
    system = Actor.system(municipality_id)
    with reading(system, at):
        rows = Emergency.objects.filter(municipality_id=municipality_id).waiting().order_by("id")
        late = [pk for pk, from_at in rows.values_list("pk", "from_at") if rules.judged_before(from_at) <= at]
        lines = Entry.objects.filter(municipality_id=municipality_id, code=UNJUDGED, object_id__in=late)
        told = set(lines.values_list("object_id", flat=True))
    fresh = [pk for pk in late if pk not in told]
    for emergency_id in fresh:
        with change(system, UNJUDGED, at=at) as act:
            act.quiet, act.purpose = True, Purpose.SAFETY
            act.record(act.lock(Emergency.objects.all(), emergency_id))
    return len(fresh)
