"""When and where: a tent gets its moment, another one later, and those who come hear of it in time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families.actions import end_involvement, involve
from hendig.families.models import Ground, Part
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.tents import rules
from hendig.tents.actions.steps import lock_case, settle, stays_as_guest
from hendig.tents.models import MINUTES, RecurringTent, SeatStage, Tent
from hendig.tents.queries.slots import taken
from hendig.tents.rules.slots import Rhythm, why_not_move, why_not_slot


def move_tent(
    *,
    actor: Actor,
    tent_id: UUID,
    starts_at: datetime,
    at: datetime,
    place: str = "",
    video_link: str = "",
    recurring_id: UUID | None = None,
) -> Tent:
    """The meeting is at another moment or place; who said that it is possible, and who is welcome, stays so.

    Everybody who was asked hears of it, and calendars move it by themselves. Refused for anyone but the
    coach, for a moment in the past, a place that is taken, nowhere to meet, and once the talk has begun.
    """
    require_permission(actor, Permission.CALL_TENT)
    with change(actor, "tent.moved", at=at) as act:
        request, tent, part = lock_case(act, tent_id)
        before = (tent.starts_at, tent.place, tent.video_link)
        require(
            why_not_move(
                tent,
                is_coach=part == Part.COACH,
                same=recurring_id is None and before == (starts_at, place, video_link),
                somewhere=bool(place or video_link or recurring_id),
                past=starts_at <= at,
            )
        )
        meet_at(act, tent, starts_at, place=place, video_link=video_link, recurring_id=recurring_id)
        tent.edition += 1
        tent.reminded_at = None
        settle(act, request, tent)
        for seat in tent.seats.select_for_update().filter(stage=SeatStage.WELCOME).order_by("id"):
            _stay(act, tent, seat.professional.account_id)
        act.record(tent, starts_at=starts_at.isoformat(), edition=tent.edition)
    return tent


def meet_at(
    act: Change, tent: Tent, starts_at: datetime, *, place: str, video_link: str, recurring_id: UUID | None
) -> None:
    """A step, the question being locked: the tent, not saved yet, is at this moment and there.

    The tent that comes back is locked: a place in it is given once.
    """
    row = None
    if recurring_id is not None:
        rows = RecurringTent.objects.filter(municipality_id=act.actor.municipality_id)
        row = act.lock(rows, recurring_id)
        gone = taken([row.pk], starts_at, starts_at)[row.pk]
        require(why_not_slot(Rhythm.of(row), starts_at, taken=gone, at=act.at))
    tent.recurring, tent.starts_at = row, starts_at
    tent.minutes = row.minutes if row else MINUTES
    tent.place, tent.video_link = (row.place, row.video_link) if row else (place, video_link)


def remind_meeting(*, municipality_id: UUID, tent_id: UUID, at: datetime) -> Tent:
    """Whoever comes tomorrow hears of it once. Refused when it was done, or is not planned for tomorrow."""
    with change(Actor.system(municipality_id), "tent.meeting_reminded", at=at) as act:
        tent = act.lock(Tent.objects.filter(municipality_id=municipality_id), tent_id)
        require(rules.why_no_meeting_reminder(tent, at=at))
        tent.reminded_at = at
        tent.save()
        act.record(tent)
    return tent


def _stay(act: Change, tent: Tent, account_id: UUID) -> None:
    """A guest sees the family's question until two weeks after the meeting, whenever that is now."""
    until = stays_as_guest(tent, account_id)
    involve(
        act,
        record=tent.compartment.record,
        account_id=account_id,
        part=Part.GUEST,
        ground=Ground.CONSENT,
        until=until,
    )
    end_involvement(
        act, record_id=tent.compartment.record_id, account_id=account_id, part=Part.GUEST, until=until
    )
    act.topics.add(f"account:{account_id}")
