"""Who carries out a measure joins by its ruling, as long as it lasts, and leaves when it ends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from hendig.audit.actions import Change, change, reading, speaking
from hendig.families.actions.authority import not_in_own_family
from hendig.families.actions.records import end_involvement, involve, shared
from hendig.families.models import (
    CARRIES_OUT,
    CompartmentKind,
    Court,
    FamilyMember,
    Ground,
    Involvement,
    Measure,
    MeasureKind,
    Part,
    Record,
)
from hendig.families.rules import supervision as rules
from hendig.families.rules.supervision import Ruling
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.models import Membership
from hendig.people.rules import Permission, require_permission

# What supervising a child whose growing up is in danger asks (Civil Code 1:255 and 1:262): always both, so
# that nobody can tell from it whether anything about safety was written down.
SUPERVISOR_KINDS = (CompartmentKind.SHARED, CompartmentKind.SAFETY)


# What each who carries out a measure comes for; of probation nothing about safety (N11).
KINDS = {Part.SUPERVISOR: SUPERVISOR_KINDS, Part.PROBATION: (CompartmentKind.SHARED,)}


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
    ruling = Ruling(MeasureKind.SUPERVISION, court, ruled_on, until_on)
    with change(actor, "family.supervisor_joined", at=at) as act:
        row, measure = _joins(act, Part.SUPERVISOR, ruling, child_id=child_id, account_id=account_id)
        act.record(row, account=account_id, measure=measure.pk, until=until_on)
    return row


def join_probation(
    *,
    actor: Actor,
    child_id: UUID,
    account_id: UUID,
    court: Court,
    ruled_on: date,
    until_on: date,
    at: datetime,
) -> Involvement:
    """A court or the prosecutor put this youth on probation: it stands beside supervision, if there is any.

    Who carries it out sees what is shared, until that day is over. It says something of criminal law (GDPR
    art. 10), so that only who reads what is shared of this record reads of it, in the log as well. Refused
    as a supervisor is, and for a child that was younger than 12 on the day of the ruling.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    ruling = Ruling(MeasureKind.PROBATION, court, ruled_on, until_on)
    with change(actor, "family.probation_joined", at=at) as act:
        row, measure = _joins(act, Part.PROBATION, ruling, child_id=child_id, account_id=account_id)
        place = measure.compartment_id
        act.record(row, within=place, account=account_id, measure=measure.pk, until=until_on)
    return row


def _joins(
    act: Change, part: Part, ruling: Ruling, *, child_id: UUID, account_id: UUID
) -> tuple[Involvement, Measure]:
    """A step: by this ruling, which stands, this professional is involved in this part."""
    on = local_day(act.at)
    child = act.lock(FamilyMember.objects.visible_to, child_id)
    not_in_own_family(act, child.family_id)
    require(rules.why_not_ruled(child, ruling, on))
    of_family = FamilyMember.objects.filter(family_id=child.family_id, account_id=account_id)
    require(
        rules.why_not_by_this_one(
            works=_works(act.actor, account_id, on),
            of_family=of_family.exists(),
            acts=account_id == act.actor.account_id,
        )
    )
    ends = datetime.combine(ruling.until_on + timedelta(days=1), time.min, tzinfo=AMSTERDAM)
    record = _record(act, child)
    measure = _ruled(act, record, ruling, until=ends)
    row = involve(
        act,
        record=record,
        account_id=account_id,
        part=part,
        ground=Ground.COURT,
        kinds=KINDS[part],
        until=ends,
    )
    row.ruled_on, row.until_at = ruling.ruled_on, ends
    row.save()
    act.topics.add(f"account:{account_id}")
    return row, measure


def _ruled(act: Change, record: Record, ruling: Ruling, *, until: datetime) -> Measure:
    """A step: the measure by this ruling stands until that moment, in the place of an earlier of its kind."""
    rows = Measure.objects.standing(act.at).select_for_update(of=("self",)).filter(record=record)
    rows = rows.filter(kind=ruling.kind)
    standing = rows.order_by("id").last()
    require(rules.why_not_ruled_so(ruling.until_on, standing))
    if standing is not None and ruling == Ruling(
        MeasureKind(standing.kind), Court(standing.court), standing.ruled_on, standing.until_on
    ):
        return standing
    for row in rows:
        row.until_at = act.at
        row.save()
    return Measure.objects.create(
        family_id=record.family_id,
        record=record,
        compartment=shared(record),
        kind=ruling.kind,
        court=ruling.court,
        ruled_on=ruling.ruled_on,
        until_on=ruling.until_on,
        from_at=act.at,
        until_at=until,
    )


def measure_over(act: Change, record: Record, kind: MeasureKind) -> None:
    """A step: no measure of this kind stands over the child of the (locked) record; nobody carries it out.

    Refused as not there where none stands.
    """
    standing = Measure.objects.standing(act.at).select_for_update(of=("self",)).filter(record=record)
    if not (rows := list(standing.filter(kind=kind).order_by("id"))):
        raise NotVisible
    for row in rows:
        row.until_at = act.at
        row.save()
    part = next(part for part in KINDS if CARRIES_OUT[part] == kind)
    carry = Involvement.objects.standing(act.at).filter(record=record, part=part)
    for account_id in carry.values_list("account_id", flat=True).distinct():
        end_involvement(act, record_id=record.pk, account_id=account_id, part=part)
        act.topics.add(f"account:{account_id}")


def end_supervision(*, actor: Actor, record_id: UUID, account_id: UUID, at: datetime) -> Involvement:
    """Another supervises: this one sees nothing of the record by it from now on. The measure stands."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.supervisor_left", at=at) as act:
        row = _leaves(act, Part.SUPERVISOR, record_id, account_id)
        act.record(row, account=account_id)
    return row


def end_probation(*, actor: Actor, record_id: UUID, account_id: UUID, at: datetime) -> Involvement:
    """Another carries out the probation: this one sees nothing by it from now on. The measure stands."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.probation_left", at=at) as act:
        row = _leaves(act, Part.PROBATION, record_id, account_id)
        act.record(row, within=shared(row.record).pk, account=account_id)
    return row


def _leaves(act: Change, part: Part, record_id: UUID, account_id: UUID) -> Involvement:
    """A step: this account is not involved in this part any more; `NotVisible` where it is not."""
    record = act.lock(Record.objects.visible_to, record_id)
    not_in_own_family(act, record.family_id)
    standing = Involvement.objects.standing(act.at).filter(record=record, account_id=account_id)
    row = standing.filter(part=part).order_by("id").first()
    if row is None:
        raise NotVisible
    end_involvement(act, record_id=record.pk, account_id=account_id, part=part)
    act.topics.add(f"account:{account_id}")
    return row


def end_without_ruling(*, municipality_id: UUID, at: datetime) -> int:
    """Who supervises while no ruling that stands is written down does so two weeks more; how many of them.

    Then it ends by itself, unless the ruling is written down before: nobody is here by a measure that nobody
    can point out. The coach, who leads and the family hear of it once.
    """
    system = Actor.system(municipality_id)
    ruled = Measure.objects.standing(at).filter(record=OuterRef("record"), kind=MeasureKind.SUPERVISION)
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
