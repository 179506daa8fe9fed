"""A family supervisor joins by a measure of the court, as long as it lasts, and leaves when it ends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families.actions.authority import not_in_own_family
from hendig.families.actions.records import end_involvement, involve
from hendig.families.models import (
    CompartmentKind,
    FamilyMember,
    Ground,
    Involvement,
    Part,
    Record,
)
from hendig.families.rules import supervision as rules
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.models import Membership
from hendig.people.rules import Permission, require_permission

# What supervising a child whose growing up is in danger asks (Civil Code 1:255 and 1:262): always both, so
# that nobody can tell from it whether anything about safety was written down.
SUPERVISOR_KINDS = (CompartmentKind.SHARED, CompartmentKind.SAFETY)


def join_supervisor(
    *, actor: Actor, child_id: UUID, account_id: UUID, ruled_on: date, until_on: date, at: datetime
) -> Involvement:
    """The court ruled so: this professional sees the record of the child until the end of that day.

    It rests on no yes of anybody; the family reads who it is and on what it rests. A newer ruling takes the
    place of the earlier one. Refused for who does not work here, is of the family or acts.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.supervisor_joined", at=at) as act:
        child = act.lock(FamilyMember.objects.visible_to(actor, at=at), child_id)
        not_in_own_family(act, child.family_id)
        require(rules.why_no_supervision(child, ruled_on=ruled_on, until_on=until_on, on=local_day(at)))
        of_family = FamilyMember.objects.filter(family_id=child.family_id, account_id=account_id)
        require(
            rules.why_not_supervisor(
                works=_works(actor, account_id, local_day(at)),
                of_family=of_family.exists(),
                acts=account_id == actor.account_id,
            )
        )
        ends = datetime.combine(until_on + timedelta(days=1), time.min, tzinfo=AMSTERDAM)
        row = involve(
            act,
            record=_record(act, child),
            account_id=account_id,
            part=Part.SUPERVISOR,
            ground=Ground.COURT,
            kinds=SUPERVISOR_KINDS,
            until=ends,
        )
        row.ruled_on, row.until_at = ruled_on, ends
        row.save()
        act.topics.add(f"account:{account_id}")
        act.record(row, account=account_id)
    return row


def end_supervision(*, actor: Actor, record_id: UUID, account_id: UUID, at: datetime) -> Involvement:
    """The measure is over, or another supervises: this one sees nothing of the record by it from now on."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.supervisor_left", at=at) as act:
        record = act.lock(Record.objects.visible_to(actor, at=at), record_id)
        not_in_own_family(act, record.family_id)
        standing = Involvement.objects.standing(at).filter(record=record, account_id=account_id)
        row = standing.filter(part=Part.SUPERVISOR).order_by("id").first()
        if row is None:
            raise NotVisible
        end_involvement(act, record_id=record.pk, account_id=account_id, part=Part.SUPERVISOR)
        act.topics.add(f"account:{account_id}")
        act.record(row, account=account_id)
    return row


def _record(act: Change, child: FamilyMember) -> Record:
    rows = Record.objects.visible_to(act.actor, at=act.at)
    found = rows.filter(child=child).values_list("pk", flat=True).first()
    if found is None:
        raise NotVisible
    return act.lock(rows, found)


def _works(actor: Actor, account_id: UUID, on: date) -> bool:
    rows = Membership.objects.standing(on).filter(role=Role.PROFESSIONAL, account__is_active=True)
    return rows.filter(account_id=account_id, municipality_id=actor.municipality_id).exists()
