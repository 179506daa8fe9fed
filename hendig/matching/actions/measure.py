"""Help that carries out a measure needs no yes of the family, and ends with the measure."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Value

from hendig.audit.actions import change
from hendig.families.actions.authority import not_in_own_family
from hendig.families.actions.records import shared
from hendig.families.actions.supervision import measure_over
from hendig.families.models import CARRIES_OUT, Involvement, MeasureKind, Record, measured_until
from hendig.helprequests.actions import move
from hendig.helprequests.models import HelpRequest, Stage, WaitingOn
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.matching import rules
from hendig.matching.actions import Outcome, end_by, lock_talk, settle
from hendig.matching.models import Match, MatchTalk
from hendig.matching.rules import measure
from hendig.people.rules import Permission, require_permission


def carry_out(*, actor: Actor, talk_id: UUID, kind: MeasureKind, at: datetime) -> Outcome:
    """Who carries out the measure decides that this help belongs to it: no yes of the family is asked.

    The family is told, on what it rests and until when. Makes the match when no other yes was missing.
    Refused for whoever carries out no such measure over this child or gives the help, and without one that
    stands.
    """
    require_permission(actor, Permission.CARRY_OUT_MEASURE)
    with change(actor, "match.by_measure", at=at) as act:
        talk = lock_talk(act, actor, talk_id, at)
        until = _stands_until(talk, kind, at)
        mine = Involvement.objects.carrying_out(actor.account_id, at).filter(
            record=talk.compartment.record_id
        )
        require(
            measure.why_not_by_measure(
                rules.table_of(talk),
                kind,
                stage=talk.stage,
                carries=any(CARRIES_OUT[way.part] == kind for way in mine),
                helps=talk.professional_id == actor.professional_id,
                measured_until=until,
                sees_until=talk.sees_until,
            )
        )
        talk.by_measure, talk.measure_kind = True, kind
        talk.save()
        act.record(talk, until=until and local_day(until))
        return settle(act, talk)


def _stands_until(talk: MatchTalk, kind: MeasureKind, at: datetime) -> datetime | None:
    """Until when a measure of this kind stands over the child of the talk. 1 query."""
    until = measured_until(F("child_id"), Value(kind.value), at)
    found: datetime | None = MatchTalk.objects.filter(pk=talk.pk).values_list(until, flat=True).get()
    return found


def end_measure(*, actor: Actor, record_id: UUID, kind: MeasureKind, at: datetime) -> Record:
    """The measure is over: nobody carries it out any more, and help that rests on it ends today.

    The family is told; of juvenile probation who reads what is shared of this record. What the family agreed
    to itself goes on. Refused where no such measure stands.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    on = local_day(at)
    with change(actor, _OVER[kind], at=at) as act:
        resting = Match.objects.standing(on).filter(compartment__record=record_id, lapses_on__gte=on)
        resting = resting.filter(measure_kind=kind)
        asked = HelpRequest.objects.filter(pk__in=resting.values("request_id")).order_by("id")
        requests = list(asked.select_for_update(of=("self",)))
        record = act.lock(Record.objects.visible_to, record_id)
        not_in_own_family(act, record.family_id)
        measure_over(act, record, kind)
        act.record(record, within=shared(record).pk if kind == MeasureKind.PROBATION else None)
        for match in resting.select_for_update(of=("self",)).order_by("id"):
            end_by(act, match, max(on, match.starts_on), as_code="match.ended")
        for request in requests:
            going_on = Match.objects.filter(request=request, ends_on=None)
            if request.stage == Stage.HELP and not going_on.exists():
                move(act, request, Stage.HELP, waiting_on=WaitingOn.COACH)
    return record


_OVER = {MeasureKind.SUPERVISION: "match.measure_over", MeasureKind.PROBATION: "match.probation_over"}
