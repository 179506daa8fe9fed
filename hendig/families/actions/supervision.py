"""A family supervisor joins by a measure of the court, as long as it lasts, and leaves when it ends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from hendig.audit.actions import Change, change, reading, speaking
from hendig.families.actions.authority import not_in_own_family
from hendig.families.actions.records import end_involvement, involve, shared
from hendig.families.models import (
    CompartmentKind,
    Court,
    FamilyMember,
    Ground,
    Involvement,
    Measure,
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
    *,
    actor: Actor,
    child_id: UUID,
    account_id: UUID,
    court: Court,
    ruled_on: date,
    until_on: date,
    at: datetime,
) -> Involvement:
    """The court ruled so: the measure stands, and this professional sees the record, until that day is over.

    It rests on no yes of anybody; the family reads who it is and on what it rests. A newer ruling takes the
    place of the earlier one. Refused for who does not work here, is of the family or acts, and for a ruling
    that ends before the one that stands.
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
        record = _record(act, child)
        measure = _ruled(act, record, court=court, ruled_on=ruled_on, until_on=until_on, until=ends)
        row = involve(
            act,
            record=record,
            account_id=account_id,
            part=Part.SUPERVISOR,
            ground=Ground.COURT,
            kinds=SUPERVISOR_KINDS,
            until=ends,
        )
        row.ruled_on, row.until_at = ruled_on, ends
        row.save()
        act.topics.add(f"account:{account_id}")
        act.record(row, account=account_id, measure=measure.pk, until=until_on)
    return row


def _ruled(
    act: Change, record: Record, *, court: Court, ruled_on: date, until_on: date, until: datetime
) -> Measure:
    """A step: the measure by this ruling stands until that moment, in the place of an earlier ruling."""
    rows = Measure.objects.standing(act.at).select_for_update(of=("self",)).filter(record=record)
    standing = rows.order_by("id").last()
    require(rules.why_not_ruled_so(until_on, standing))
    if standing is not None and (standing.court, standing.ruled_on, standing.until_on) == (
        court,
        ruled_on,
        until_on,
    ):
        return standing
    for row in rows:
        row.until_at = act.at
        row.save()
    return Measure.objects.create(
        family_id=record.family_id,
        record=record,
        compartment=shared(record),
        court=court,
        ruled_on=ruled_on,
        until_on=until_on,
        from_at=act.at,
        until_at=until,
    )


def measure_over(act: Change, record: Record) -> None:
    """A step: no measure stands over the child of the (locked) record from now on, and nobody supervises.

    Refused as not there where none stands.
    """
    standing = Measure.objects.standing(act.at).select_for_update(of=("self",)).filter(record=record)
    if not (rows := list(standing.order_by("id"))):
        raise NotVisible
    for row in rows:
        row.until_at = act.at
        row.save()
    supervise = Involvement.objects.standing(act.at).filter(record=record, part=Part.SUPERVISOR)
    for account_id in supervise.values_list("account_id", flat=True).distinct():
        end_involvement(act, record_id=record.pk, account_id=account_id, part=Part.SUPERVISOR)
        act.topics.add(f"account:{account_id}")


def end_supervision(*, actor: Actor, record_id: UUID, account_id: UUID, at: datetime) -> Involvement:
    """Another supervises: this one sees nothing of the record by it from now on. The measure stands."""
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


def end_without_ruling(*, municipality_id: UUID, at: datetime) -> int:
    """Who supervises while no ruling that stands is written down does so two weeks more; how many of them.

    Then it ends by itself, unless the ruling is written down before: nobody is here by a measure that nobody
    can point out. The coach, who leads and the family hear of it once.
    """
    system = Actor.system(municipality_id)
    ruled = Measure.objects.standing(at).filter(record=OuterRef("record"))
    longer = Q(until_at=None) | Q(until_at__gt=at + rules.WITHOUT_RULING)
    rows = Involvement.objects.standing(at).filter(~Exists(ruled), longer, part=Part.SUPERVISOR)
    with reading(system, at):
        found = list(rows.filter(municipality_id=municipality_id).values_list("pk", flat=True))
    if not found:
        return 0
    with change(system, "family.supervisor_unruled", at=at) as act, speaking(system, at):
        for row in Involvement.objects.filter(pk__in=found).select_for_update(of=("self",)).order_by("id"):
            row.until_at = at + rules.WITHOUT_RULING
            row.save()
            act.topics.add(f"account:{row.account_id}")
            act.record(row, account=row.account_id, until=local_day(row.until_at))
    return len(found)


def _record(act: Change, child: FamilyMember) -> Record:
    rows = Record.objects.visible_to(act.actor, at=act.at)
    found = rows.filter(child=child).values_list("pk", flat=True).first()
    if found is None:
        raise NotVisible
    return act.lock(rows, found)


def _works(actor: Actor, account_id: UUID, on: date) -> bool:
    rows = Membership.objects.standing(on).filter(role=Role.PROFESSIONAL, account__is_active=True)
    return rows.filter(account_id=account_id, municipality_id=actor.municipality_id).exists()
