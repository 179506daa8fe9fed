"""Who hears of what happens to a tent, asked at the moment at which they are told."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from hendig.audit.models import Entry
from hendig.families.models import Part, Sort
from hendig.families.queries import account_ids, is_open_to
from hendig.families.queries.aims import left_out
from hendig.tents.models import HELD, Hearer, NamelessQuestion, Seat, SeatStage, Tent, TentStage, who_came
from hendig.tents.queries.calendars import INTO, OUT_OF


def the_family(entry: Entry) -> Iterable[UUID]:
    return account_ids(entry.family_id, Part.FAMILY, at=entry.at)


def who_is_trusted(entry: Entry) -> Iterable[UUID]:
    """Whom the family chose as confidant, as far as this tent is open to them."""
    [compartment] = Tent.objects.filter(pk=str(entry.object_id)).values_list("compartment_id", flat=True)
    chosen = account_ids(entry.family_id, Part.CONFIDANT, at=entry.at)
    found = [one for one in chosen if is_open_to([one], compartment, at=entry.at)]
    town, at = entry.municipality_id, entry.at
    return [one for one in found if compartment not in left_out(town, one, Sort.TENT, at=at)]


def the_family_with_who_is_trusted(entry: Entry) -> Iterable[UUID]:
    return [*the_family(entry), *who_is_trusted(entry)]


def the_coach(entry: Entry) -> Iterable[UUID]:
    return account_ids(entry.family_id, Part.COACH, at=entry.at)


def the_asked(entry: Entry) -> Iterable[UUID]:
    """Whoever was asked and did not say no."""
    seats = Seat.objects.filter(tent=entry.object_id, stage__in=HELD)
    return seats.values_list("professional__account_id", flat=True)


def the_guests(entry: Entry) -> Iterable[UUID]:
    seats = who_came(Seat.objects.filter(tent=entry.object_id, stage=SeatStage.WELCOME))
    return seats.values_list("professional__account_id", flat=True)


def whose_seat(entry: Entry) -> Iterable[UUID]:
    """The professional on the seat that the entry names."""
    return Seat.objects.filter(pk=entry.facts["seat"]).values_list("professional__account_id", flat=True)


def whose_calendar(entry: Entry) -> Iterable[UUID]:
    """Whose calendar it goes into or out of; nobody once that was turned around."""
    lines = Entry.objects.filter(municipality_id=entry.municipality_id, family_id=entry.family_id)
    mine = lines.filter(object_id=entry.object_id, facts__account=entry.facts["account"])
    since = mine.filter(code__in=[INTO, OUT_OF], pk__gt=entry.pk)
    return () if since.exists() else [UUID(entry.facts["account"])]


def whose_calendar_if_coach(entry: Entry) -> Iterable[UUID]:
    """The same of who goes along with the family still."""
    return set(whose_calendar(entry)) & set(the_coach(entry))


def the_family_if_free(entry: Entry) -> Iterable[UUID]:
    return the_family(entry) if entry.facts["can"] else ()


def the_family_if_left(entry: Entry) -> Iterable[UUID]:
    """When somebody whom they welcomed does not come after all."""
    left = entry.facts.get("left") and not entry.facts["can"]
    return the_family_with_who_is_trusted(entry) if left else ()


def whose_seat_if_left(entry: Entry) -> Iterable[UUID]:
    return whose_seat(entry) if entry.facts.get("left") and not entry.facts["can"] else ()


def the_family_if_planned(entry: Entry) -> Iterable[UUID]:
    """Whom the first welcome tells when the meeting is."""
    return the_family_with_who_is_trusted(entry) if entry.facts.get("planned") else ()


def the_coach_if_planned(entry: Entry) -> Iterable[UUID]:
    return the_coach(entry) if entry.facts.get("planned") else ()


def the_coach_if_planned_before(entry: Entry) -> Iterable[UUID]:
    return () if entry.facts.get("planned") else the_coach(entry)


def the_coach_if_busy(entry: Entry) -> Iterable[UUID]:
    return () if entry.facts["can"] else the_coach(entry)


def the_family_if_nobody(entry: Entry) -> Iterable[UUID]:
    """When the last whom they welcomed is not welcome any more: in their calendars it stood as sure."""
    return the_family_with_who_is_trusted(entry) if _nobody_is_welcome(entry) else ()


def the_coach_if_nobody(entry: Entry) -> Iterable[UUID]:
    return the_coach(entry) if _nobody_is_welcome(entry) else ()


def the_coach_if_somebody(entry: Entry) -> Iterable[UUID]:
    return () if _nobody_is_welcome(entry) else the_coach(entry)


def _nobody_is_welcome(entry: Entry) -> bool:
    """Whether this entry took the last of them, and nobody else was made welcome since."""
    waits = Tent.objects.filter(pk=str(entry.object_id), stage=TentStage.CALLING)
    return bool(entry.facts.get("left")) and waits.exists()


def who_hears(entry: Entry) -> Iterable[UUID]:
    """Everybody to whom it was told, without a name."""
    told = NamelessQuestion.objects.filter(pk=str(entry.object_id)).values("told")
    return Hearer.objects.filter(told__in=told).values_list("professional__account_id", flat=True)


def whose_question(entry: Entry) -> Iterable[UUID]:
    """The family and the coach of what was answered: the line itself names no family."""
    asked = NamelessQuestion.objects.filter(told__hearers=entry.object_id).values_list("family_id", flat=True)
    found = [
        account_id
        for family_id in asked
        for part in (Part.FAMILY, Part.COACH)
        for account_id in account_ids(family_id, part, at=entry.at)
    ]
    return list(dict.fromkeys(found))
