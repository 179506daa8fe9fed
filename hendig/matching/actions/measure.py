"""Help that carries out a measure of the court needs no yes of the family, and ends with the measure."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.families.actions.authority import not_in_own_family
from hendig.families.actions.supervision import measure_over
from hendig.families.models import Involvement, Record
from hendig.helprequests.actions import move
from hendig.helprequests.models import HelpRequest, Stage, WaitingOn
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.matching import rules
from hendig.matching.actions import Outcome, end_by, lock_talk, settle
from hendig.matching.models import Match
from hendig.matching.rules import measure
from hendig.people.rules import Permission, require_permission


def carry_out(*, actor: Actor, talk_id: UUID, at: datetime) -> Outcome:
    """Who supervises the child decides that this help carries out the measure: no yes of the family is asked.

    The family is told, on what it rests and until when. Makes the match when no other yes was missing.
    Refused for whoever does not supervise this child or gives the help, and without a measure that stands.
    """
    require_permission(actor, Permission.CARRY_OUT_MEASURE)
    with change(actor, "match.by_measure", at=at) as act:
        talk = lock_talk(act, actor, talk_id, at)
        table = rules.table_of(talk)
        supervises = Involvement.objects.supervising(actor.account_id, at)
        require(
            measure.why_not_by_measure(
                table,
                stage=talk.stage,
                supervises=supervises.filter(record=talk.compartment.record_id).exists(),
                helps=talk.professional_id == actor.professional_id,
                sees_until=talk.sees_until,
            )
        )
        talk.by_measure = True
        talk.save()
        act.record(talk, until=table.measured_until and local_day(table.measured_until))
        return settle(act, actor, talk, at)


def end_measure(*, actor: Actor, record_id: UUID, at: datetime) -> Record:
    """The measure is over: nobody supervises any more, and help that rests on it ends today.

    The family is told; what it agreed to itself goes on. Refused where no measure stands.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    on = local_day(at)
    with change(actor, "match.measure_over", at=at) as act:
        resting = Match.objects.standing(on).filter(compartment__record=record_id, lapses_on__gte=on)
        asked = HelpRequest.objects.filter(pk__in=resting.values("request_id")).order_by("id")
        requests = list(asked.select_for_update(of=("self",)))
        record = act.lock(Record.objects.visible_to(actor, at=at), record_id)
        not_in_own_family(act, record.family_id)
        measure_over(act, record)
        act.record(record)
        for match in resting.select_for_update(of=("self",)).order_by("id"):
            end_by(act, match, max(on, match.starts_on), as_code="match.ended")
        for request in requests:
            going_on = Match.objects.filter(request=request, ends_on=None)
            if request.stage == Stage.HELP and not going_on.exists():
                move(act, request, Stage.HELP, waiting_on=WaitingOn.COACH)
    return record
