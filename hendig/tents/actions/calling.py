"""Calling a tent by expertise: who is asked, who can come, and who is welcome."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families.actions import agree_for_all, involve
from hendig.families.actions.own import require_strangers, watching_proposals
from hendig.families.models import Ground, Part
from hendig.families.queries.own import whose_own
from hendig.helprequests.actions import lock_request, move
from hendig.helprequests.models import HelpRequest, Stage, WaitingOn
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal, Refused, require
from hendig.people.models import Expertise, Professional
from hendig.people.rules import Permission, require_permission
from hendig.tents import rules
from hendig.tents.actions.moving import meet_at
from hendig.tents.actions.registration import require_registered
from hendig.tents.actions.steps import (
    account_of,
    give_up,
    leave,
    lock_case,
    lock_seat,
    part_of,
    settle,
    stays_until,
    tell_apart,
)
from hendig.tents.models import AHEAD, HELD, Seat, SeatStage, Tent, TentStage, able


def call_tent(
    *,
    actor: Actor,
    request_id: UUID,
    starts_at: datetime,
    expertise_ids: Collection[UUID],
    at: datetime,
    place: str = "",
    video_link: str = "",
    professional_ids: Collection[UUID] = (),
    recurring_id: UUID | None = None,
    unless: str = "",
) -> Tent:
    """The tent is called: for each expertise the picked people are asked, and nobody else.

    With `recurring_id` it has a place in a tent that comes back, and is where that one is. The question
    stands in the stage tent and waits on the professionals. Refused for a moment in the past, a place that
    is taken, no or an unknown expertise, one for which nobody was picked, nowhere to meet, a tent that still
    stands, somebody of the own family, or somebody without the registration that the expertise asks for and
    without a reason (`unless`).
    """
    require_permission(actor, Permission.CALL_TENT)
    with watching_proposals(actor=actor, at=at), change(actor, "tent.called", at=at) as act:
        request = lock_request(act, request_id)
        require(
            rules.why_no_tent(
                request,
                part=part_of(act, request.family_id),
                standing=request.tents.filter(stage__in=AHEAD).exists(),
                starts_at=starts_at,
                somewhere=bool(place or video_link or recurring_id),
                expertises=expertise_ids,
                at=at,
            )
        )
        asked = _whom(act, request, expertise_ids, professional_ids)
        excepted = require_registered(asked, on=local_day(starts_at), unless=unless)
        tent = Tent(
            family_id=request.family_id, request=request, called_by_id=account_of(actor), called_at=at
        )
        meet_at(act, tent, starts_at, place=place, video_link=video_link, recurring_id=recurring_id)
        tent.save()
        for professional_id, expertise_id in asked.items():
            Seat.objects.create(
                family_id=tent.family_id,
                tent=tent,
                expertise_id=expertise_id,
                professional_id=professional_id,
                asked_at=at,
            )
        move(act, request, Stage.TENT, waiting_on=WaitingOn.PROFESSIONAL)
        _refresh(act, asked)
        act.record(tent, request=request.pk, seats=len(asked), excepted=excepted)
    return tent


def answer_seat(*, actor: Actor, seat_id: UUID, can: bool, at: datetime) -> Seat:
    """The asked professional said whether it can; a guest who cannot come after all is no guest any more.

    Refused once the tent has begun or was cancelled, and for a seat the family said no to.
    """
    require_permission(actor, Permission.ANSWER_TENT)
    with change(actor, "tent.seat_answered", at=at) as act:
        request, tent, seat, _ = lock_seat(act, seat_id)
        to = SeatStage.FREE if can else SeatStage.BUSY
        own = seat.professional_id == actor.professional_id
        require(rules.why_not_answer(tent, seat, to=to, own=own))
        left = seat.stage == SeatStage.WELCOME
        if left:
            give_up(act, tent, seat)
        seat.stage, seat.answered_at = to, at
        seat.save()
        settle(act, request, tent)
        act.record(tent, seat=seat.pk, can=can, left=left)
    return seat


def remind_asked(*, seat_id: UUID, municipality_id: UUID, at: datetime) -> Seat:
    """Who was asked and did not answer hears of it once more. Refused when it is too early or was done."""
    with change(Actor.system(municipality_id), "tent.reminded", at=at) as act:
        seat = act.lock(Seat.objects.filter(municipality_id=municipality_id), seat_id)
        require(rules.why_no_reminder(seat.tent, seat, at=at))
        seat.reminded_at = at
        seat.save()
        act.record(seat.tent, seat=seat.pk)
    return seat


def welcome_guest(*, actor: Actor, seat_id: UUID, at: datetime, again: bool = False) -> Seat:
    """The family made this person welcome: from now until two weeks after the meeting they see the question.

    Refused for who did not say they can come, after the tent, for anyone but the family, and when somebody of
    the family said no meanwhile (unless `again` takes that no back).
    """
    require_permission(actor, Permission.CHOOSE_GUESTS)
    with change(actor, "tent.guest_welcomed", at=at) as act:
        request, tent, seat, part = lock_seat(act, seat_id)
        require(rules.why_not_welcome(tent, seat, part=part, again=again))
        _welcome(act, tent, seat, planned=tent.stage == TentStage.CALLING)
        settle(act, request, tent)
    return seat


def welcome_all(*, actor: Actor, tent_id: UUID, at: datetime) -> Tent:
    """Everyone who can come is welcome. Whoever somebody of the family said no to stays away."""
    require_permission(actor, Permission.CHOOSE_GUESTS)
    with change(actor, "tent.guest_welcomed", at=at) as act:
        request, tent, part = lock_case(act, tent_id)
        seats = list(tent.seats.select_for_update().filter(stage=SeatStage.FREE).order_by("id"))
        require(rules.why_not_welcome_all(tent, seats, part=part))
        for number, seat in enumerate(seats):
            _welcome(act, tent, seat, planned=number == 0 and tent.stage == TentStage.CALLING)
        settle(act, request, tent)
    return tent


def refuse_guest(*, actor: Actor, seat_id: UUID, at: datetime) -> Seat:
    """The family would rather not have this person here; whoever was welcome sees nothing from now on."""
    require_permission(actor, Permission.CHOOSE_GUESTS)
    with change(actor, "tent.guest_refused", at=at) as act:
        request, tent, seat, part = lock_seat(act, seat_id)
        require(rules.why_not_refuse(seat, part=part))
        left = seat.stage == SeatStage.WELCOME
        if left:
            give_up(act, tent, seat)
        seat.stage = SeatStage.REFUSED
        seat.save()
        settle(act, request, tent)
        act.record(tent, seat=seat.pk, left=left)
    return seat


def cancel_tent(*, actor: Actor, tent_id: UUID, at: datetime) -> Tent:
    """The tent does not take place: its guests are guests no more and the question waits on the coach."""
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.cancelled", at=at) as act:
        request, tent, part = lock_case(act, tent_id)
        require(rules.why_not_cancel(tent, part=part))
        for seat in tent.seats.select_for_update().filter(stage=SeatStage.WELCOME).order_by("id"):
            leave(act, tent, seat)
        tent.stage = TentStage.CANCELLED
        tent.edition += 1
        settle(act, request, tent)
        _refresh(act, tent.seats.filter(stage__in=HELD).values_list("professional_id", flat=True))
        act.record(tent)
    return tent


def stay_away(act: Change, *, professional_id: UUID, family_id: UUID) -> None:
    """A step: this professional comes to no tent of this family that is ahead."""
    requests = HelpRequest.objects.filter(family_id=family_id).select_for_update(of=("self",)).order_by("id")
    for request in requests:
        for tent in request.tents.select_for_update(of=("self",)).filter(stage__in=AHEAD):
            for seat in tent.seats.filter(professional_id=professional_id, stage__in=HELD):
                left = seat.stage == SeatStage.WELCOME
                if left:
                    give_up(act, tent, seat)
                seat.stage, seat.answered_at = SeatStage.BUSY, act.at
                seat.save()
                settle(act, request, tent)
                act.record(tent, also="tent.seat_answered", seat=seat.pk, can=False, left=left)


def _welcome(act: Change, tent: Tent, seat: Seat, *, planned: bool) -> None:
    """With `planned` this is who makes it a meeting: everybody who comes hears when it is."""
    account_id = seat.professional.account_id
    # Whoever was here before and gave the seat up had it taken out of the calendar: this is newer than that.
    tent.edition += bool(tent.edition)
    seat.stage = SeatStage.WELCOME
    seat.save()
    agree_for_all(act, record_id=tent.compartment.record_id, account_id=account_id)
    involve(
        act,
        record=tent.compartment.record,
        account_id=account_id,
        part=Part.GUEST,
        ground=Ground.CONSENT,
        until=stays_until(tent),
    )
    if tent.stage == TentStage.MEETING:
        tell_apart(tent)
    act.topics.add(f"account:{account_id}")
    act.record(tent, seat=seat.pk, planned=planned)


def _whom(
    act: Change, request: HelpRequest, expertise_ids: Collection[UUID], picked: Collection[UUID]
) -> dict[UUID, UUID]:
    """Professional → expertise; picking somebody of the own family is refused."""
    family = whose_own(request.family_id)
    for account_id in Professional.objects.filter(pk__in=picked).values_list("account_id", flat=True):
        require_strangers(rules.why_not_ask(account_id, family), [(account_id, request.family_id)])
    rows = able(act.actor, on=local_day(act.at), expertise_ids=expertise_ids)
    known = Expertise.objects.filter(municipality_id=act.actor.municipality_id, pk__in=expertise_ids)
    proposed: dict[UUID, list[UUID]] = {expertise.pk: [] for expertise in known}
    for row in rows.exclude(professional__account__in=family):
        proposed[row.expertise_id].append(row.professional_id)
    asked = rules.whom_to_ask(proposed, picked)
    if isinstance(asked, Refusal):
        raise Refused(asked)
    return asked


def _refresh(act: Change, professional_ids: Collection[UUID]) -> None:
    """The day of those who were asked shows it at once."""
    accounts = Professional.objects.filter(pk__in=professional_ids).values_list("account_id", flat=True)
    act.topics |= {f"account:{account_id}" for account_id in accounts}
