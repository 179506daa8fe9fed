"""What still runs by a record stops before it is destroyed, and of whom it told nothing is found any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change, speaking
from hendig.families.actions import leave_nothing
from hendig.families.models import Record
from hendig.helprequests.actions import move
from hendig.helprequests.models import HelpRequest, Stage, WaitingOn
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.matching.actions import end_matches_of
from hendig.matching.models import MatchTalk, TalkStage
from hendig.opentent.actions import forget_questions
from hendig.plans.models import Appointment, AppointmentStage
from hendig.safety.models import Erasure
from hendig.tents.models import AHEAD, Tent, TentStage

# What is kept and missed is paid for, and stays with the books for seven years.
NEVER_PAID = (AppointmentStage.PLANNED, AppointmentStage.CANCELLED)


def empty(*, erasure_id: UUID, municipality_id: UUID, at: datetime) -> None:
    """Before the keys go: nobody writes in a record with which nobody is involved. Done once."""
    system = Actor.system(municipality_id)
    with change(system, "erasure.cleared", at=at) as act, speaking(system, at):
        proof = act.lock(Erasure.objects.filter(municipality_id=municipality_id), erasure_id)
        record = act.lock(Record.objects.all(), proof.record_id)
        act.record(proof)
        if record.gone_at is None:
            _stop(act, record, proof)
            leave_nothing(act, record)


def _stop(act: Change, record: Record, proof: Erasure) -> None:
    """The questions are done: no help, no talk and no tent goes on that would open the record again."""
    Appointment.objects.filter(compartment__record=record, stage__in=NEVER_PAID).delete()
    rows = HelpRequest.objects.filter(compartment__record=record).order_by("id")
    for request in rows.select_for_update(of=("self",)):
        talks = MatchTalk.objects.filter(request=request, stage=TalkStage.OPEN)
        talks.update(stage=TalkStage.NO_CLICK)
        Tent.objects.filter(request=request, stage__in=AHEAD).update(stage=TentStage.CANCELLED)
        forget_questions(act, request)
        if request.stage == Stage.NEW:
            # Nobody took it up: who agreed to destroy it does, so that it waits for no coach any more.
            request.coach_id = proof.agreed_by_id
            move(act, request, Stage.TALK, waiting_on=WaitingOn.COACH)
        if request.stage != Stage.DONE:
            move(act, request, Stage.DONE, waiting_on=WaitingOn.NOBODY)
        end_matches_of(act, request, ends_on=local_day(act.at))
