"""Tents that come back: their places, who gets one, moving to another, and what calendars hear of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from hendig.audit.models import Entry
from hendig.families.actions.sharing import take_leave
from hendig.families.models import Involvement, Part
from hendig.kernel.periods import AMSTERDAM, Period, local_day
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.people.actions import tell
from hendig.people.models import Letter, Notice
from hendig.tents import actions, jobs, queries
from hendig.tents.models import RecurringTent, SeatStage, Tent, TentStage
from hendig.tents.queries.slots import Slot
from hendig.tents.rules import GUEST_STAYS
from hendig.tents.rules.slots import Rhythm, why_no_rhythm, why_not_slot
from tests.support.families import trusted
from tests.support.matching import Household, household
from tests.support.refusals import code_of
from tests.support.tents import (
    PLACE,
    answer,
    call_tent,
    can_on_tuesdays,
    look,
    picked,
    planned_tent,
    refuse,
    screen,
    seat,
    welcome,
)
from tests.support.together import at_once
from tests.support.world import World, build_world

HALL = "Dorpshuis De Linde"
LINK = "https://beeld.example/dinsdag"
NINE = time(9)


def every_tuesday(world: World, who: str = "ellen", **given: object) -> RecurringTent:
    """Three families on Tuesday morning, from today on."""
    facts: dict[str, object] = {
        "name": "Dinsdagochtend",
        "weekday": 1,
        "starts_at": NINE,
        "place": HALL,
        "from_on": local_day(world.at),
        **given,
    }
    return actions.make_recurring(actor=world.actor(who), at=world.at, **facts)  # type: ignore[arg-type]


def free(world: World, who: str = "ellen") -> tuple[Slot, ...]:
    return queries.free_slots(world.actor(who), at=world.at)


def in_slot(world: World, house: Household, slot: Slot, who: str = "ellen") -> Tent:
    return call_tent(
        world,
        house.request,
        who=who,
        starts_at=slot.starts_at,
        place="",
        recurring_id=slot.recurring_id,
    )


def move(world: World, tent: Tent, starts_at: datetime, who: str = "ellen", **where: object) -> Tent:
    return actions.move_tent(
        actor=world.actor(who),
        tent_id=tent.pk,
        starts_at=starts_at,
        at=world.at,
        **(where or {"place": HALL}),  # type: ignore[arg-type]
    )


def mails(world: World, code: str) -> dict[str, Letter]:
    """The mails of what was written down with this code, by who gets them."""
    return {letter.to.split("@")[0]: letter for letter in all_mails(world, code)}


def all_mails(world: World, code: str) -> list[Letter]:
    entries = list(Entry.objects.filter(code=code).order_by("id"))
    tell(entry_ids=[entry.pk for entry in entries], at=world.at)
    keys = tuple(str(entry.pk) for entry in entries)
    return [letter for letter in Letter.objects.order_by("id") if letter.key.startswith(keys)]


# --- rules ---------------------------------------------------------------------------------------------

rhythms = st.builds(
    Rhythm,
    weekday=st.integers(0, 6),
    every_weeks=st.sampled_from([1, 2, 4]),
    starts_at=st.times(time(7), time(16)).map(lambda one: one.replace(second=0, microsecond=0)),
    minutes=st.integers(30, 90),
    families=st.integers(1, 4),
    period=st.dates(date(2026, 1, 1), date(2027, 1, 1)).map(Period),
)


@given(rhythms, st.dates(date(2026, 1, 1), date(2027, 6, 1)))
def test_every_place_is_on_its_weekday_at_its_time_and_no_two_overlap(rhythm: Rhythm, first: date) -> None:
    days = list(rhythm.days(first, first + timedelta(weeks=12)))
    slots = [slot for day in days for slot in rhythm.slots_on(day)]
    assert all(day.weekday() == rhythm.weekday and day >= rhythm.period.first for day in days)
    assert all(rhythm.slots_on(day)[0].astimezone(AMSTERDAM).time() == rhythm.starts_at for day in days)
    assert all(later - sooner >= timedelta(minutes=rhythm.minutes) for sooner, later in pairwise(slots))
    # Whoever looks from another day sees the same weeks.
    later = first + timedelta(days=17)
    assert [day for day in days if day >= later] == list(rhythm.days(later, first + timedelta(weeks=12)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"every_weeks": 3}, "recurring.every"),
        ({"minutes": 10}, "recurring.size"),
        ({"families": 0}, "recurring.size"),
        ({"families": 9}, "recurring.size"),
        ({"starts_at": time(6, 59)}, "recurring.hours"),
        ({"starts_at": time(20)}, "recurring.hours"),
        ({"starts_at": time(23)}, "recurring.hours"),
        ({"period": Period(date(2026, 3, 2), date(2026, 3, 1))}, "recurring.ends_before_start"),
    ],
)
def test_a_tent_cannot_come_back_at_night_or_with_a_size_that_is_none(
    change: dict[str, object], code: str
) -> None:
    facts = {
        "weekday": 1,
        "every_weeks": 1,
        "starts_at": NINE,
        "minutes": 90,
        "families": 3,
        "period": Period(date(2026, 3, 1)),
    }
    assert why_no_rhythm(Rhythm(**facts)) is None  # type: ignore[arg-type]
    no = why_no_rhythm(Rhythm(**{**facts, **change}))  # type: ignore[arg-type]
    assert no is not None
    assert no.code == code


def test_a_place_must_be_there_still_to_come_near_enough_and_free() -> None:
    rhythm = Rhythm(1, 1, NINE, 90, 2, Period(date(2026, 11, 1)))
    monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    tuesday = datetime(2026, 11, 24, 9, tzinfo=AMSTERDAM)

    def no(slot: datetime, *taken: datetime) -> str | None:
        found = why_not_slot(rhythm, slot, taken=taken, at=monday)
        return found.code if found else None

    assert no(tuesday) is None
    assert no(tuesday.astimezone(UTC)) is None
    assert no(tuesday + timedelta(minutes=90)) is None
    assert no(tuesday + timedelta(minutes=180)) == "tent.no_such_slot"
    assert no(tuesday + timedelta(days=1)) == "tent.no_such_slot"
    assert no(tuesday - timedelta(days=7)) == "tent.in_the_past"
    assert no(tuesday + timedelta(weeks=10)) == "tent.too_far_ahead"
    assert no(tuesday, tuesday.astimezone(UTC)) == "tent.slot_taken"


# --- places --------------------------------------------------------------------------------------------


class TestPlaces:
    def test_a_coach_sees_the_free_places_and_how_long_a_family_waits(self, world: World) -> None:
        every_tuesday(world)
        first, second, third, *_rest = free(world)
        assert first.starts_at > world.at
        assert (second.starts_at - first.starts_at, third.starts_at - second.starts_at) == (
            timedelta(minutes=90),
            timedelta(minutes=90),
        )
        assert first.days == (local_day(first.starts_at) - local_day(world.at)).days
        assert str(first.days) in str(first.wait)

    def test_a_tent_in_a_place_is_where_the_recurring_one_is(self, world: World, house: Household) -> None:
        recurring = every_tuesday(world, minutes=60)
        slot = free(world)[0]
        tent = in_slot(world, house, slot)
        assert (tent.starts_at, tent.place, tent.minutes, tent.recurring) == (
            slot.starts_at,
            HALL,
            60,
            recurring,
        )
        assert slot not in free(world)

    def test_a_place_of_another_family_is_taken_for_whoever_cannot_see_that_family(
        self, world: World, house: Household
    ) -> None:
        every_tuesday(world)
        slot = free(world)[0]
        in_slot(world, house, slot)
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        assert code_of(lambda: in_slot(world, other, slot)) == "tent.slot_taken"
        page = queries.recurring_tents(world.actor("ellen"), at=world.at)[0]
        assert [day.free for day in page.days] == [2, 3, 3, 3]

    def test_a_cancelled_tent_gives_its_place_back(self, world: World, house: Household) -> None:
        every_tuesday(world)
        slot = free(world)[0]
        tent = in_slot(world, house, slot)
        actions.cancel_tent(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        assert slot in free(world)
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        assert in_slot(world, other, slot).starts_at == slot.starts_at

    def test_a_moment_that_is_no_place_is_refused(self, world: World, house: Household) -> None:
        recurring = every_tuesday(world)
        moment = free(world)[0].starts_at + timedelta(minutes=5)
        odd = lambda: call_tent(  # noqa: E731
            world, house.request, starts_at=moment, place="", recurring_id=recurring.pk
        )
        assert code_of(odd) == "tent.no_such_slot"

    def test_one_that_is_nowhere_is_refused(self, world: World) -> None:
        assert code_of(lambda: every_tuesday(world, place="")) == "tent.nowhere"
        assert not RecurringTent.objects.exists()

    def test_it_stops_on_a_day_and_who_has_a_place_keeps_it(self, world: World, house: Household) -> None:
        recurring = every_tuesday(world)
        slot = free(world)[4]
        in_slot(world, house, slot)
        taken_on = local_day(slot.starts_at)

        def stop(on: date) -> RecurringTent:
            return actions.stop_recurring(
                actor=world.actor("ellen"), recurring_id=recurring.pk, until_on=on, at=world.at
            )

        assert code_of(lambda: stop(taken_on - timedelta(days=1))) == "recurring.taken"
        stop(taken_on)
        assert max(local_day(one.starts_at) for one in free(world)) == taken_on
        assert code_of(lambda: stop(taken_on + timedelta(days=7))) == "recurring.has_ended"

    @pytest.mark.parametrize("who", ["piet", "anouk", "henk", "jolanda"])
    def test_only_coaches_and_policy_keep_them(self, world: World, who: str) -> None:
        with pytest.raises(Forbidden):
            every_tuesday(world, who)
        with pytest.raises(Forbidden):
            queries.recurring_tents(world.actor(who), at=world.at)

    def test_one_of_another_municipality_is_not_there(self, world: World) -> None:
        recurring = every_tuesday(world)
        stranger = world.actor("ellen")
        elsewhere = type(stranger)(
            municipality_id=recurring.pk, account_id=stranger.account_id, roles=stranger.roles
        )
        assert queries.free_slots(elsewhere, at=world.at) == ()
        with pytest.raises(NotVisible):
            queries.recurring_tent(elsewhere, recurring.pk, at=world.at)


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once() -> None:
    world = build_world()
    every_tuesday(world, families=1)
    slot = free(world)[0]
    houses = [
        household(world, parent=f"Ouder{number}", other=f"Ander{number}", child=f"Kind{number}")
        for number in range(4)
    ]
    told = at_once(*(partial(in_slot, world, house, slot) for house in houses))
    assert sorted(told) == ["done", *["tent.slot_taken"] * 3]


# --- moving --------------------------------------------------------------------------------------------


class TestMoving:
    def test_every_answer_stays_and_guests_stay_until_two_weeks_after_the_new_moment(
        self, world: World, planned: Tent, house: Household
    ) -> None:
        before = list(planned.seats.order_by("id").values_list("professional_id", "stage"))
        for days in (20, 5):
            moved = move(world, planned, world.at + timedelta(days=days))
            assert list(planned.seats.order_by("id").values_list("professional_id", "stage")) == before
            assert moved.stage == TentStage.PLANNED
            stays = Involvement.objects.filter(family_id=house.family_id, part=Part.GUEST)
            assert {one.until_at for one in stays} == {moved.starts_at + GUEST_STAYS}

    def test_a_guest_stays_longer_when_the_meeting_is_later(self, world: World, planned: Tent) -> None:
        later = planned.starts_at + timedelta(days=30)
        move(world, planned, later)
        assert seat(planned, "anouk").stage == SeatStage.WELCOME
        stays = Involvement.objects.get(account=world.account("anouk"), part=Part.GUEST)
        assert stays.until_at == later + GUEST_STAYS

    def test_to_another_place_gives_the_first_one_back(self, world: World, house: Household) -> None:
        every_tuesday(world)
        first, second, *_ = free(world)
        tent = in_slot(world, house, first)
        moved = move(world, tent, second.starts_at, recurring_id=second.recurring_id)
        assert (moved.starts_at, moved.edition) == (second.starts_at, 1)
        assert free(world)[0].starts_at == first.starts_at
        again = lambda: move(world, tent, second.starts_at, recurring_id=second.recurring_id)  # noqa: E731
        assert code_of(again) == "tent.slot_taken"

    def test_out_of_a_place_it_is_at_a_moment_of_its_own(self, world: World, house: Household) -> None:
        every_tuesday(world)
        tent = in_slot(world, house, free(world)[0])
        moved = move(world, tent, world.at + timedelta(days=2), place="Bij Sanne thuis")
        assert (moved.recurring, moved.place, moved.minutes) == (None, "Bij Sanne thuis", 90)

    def test_what_cannot_be_is_refused(self, world: World, planned: Tent) -> None:
        soon = world.at + timedelta(days=1)
        assert code_of(lambda: move(world, planned, world.at)) == "tent.in_the_past"
        assert code_of(lambda: move(world, planned, soon, place="", video_link="")) == "tent.nowhere"
        assert (
            code_of(lambda: move(world, planned, planned.starts_at, place=planned.place)) == "tent.not_moved"
        )
        planned.refresh_from_db()
        assert planned.edition == 0

    def test_only_the_coach_moves_it_and_not_once_it_began(self, world: World, begun: Tent) -> None:
        for who in ("sanne", "anouk"):
            with pytest.raises(Forbidden):
                move(world, begun, world.at + timedelta(days=1), who)
        with pytest.raises(NotVisible):
            move(world, begun, world.at + timedelta(days=1), "bram")
        assert code_of(lambda: move(world, begun, world.at + timedelta(days=1))) == "tent.too_late_to_move"


# --- calendars -----------------------------------------------------------------------------------------


def event_of(letter: Letter) -> tuple[str, dict[str, str]]:
    """What a mail asks of a calendar, and the fields of its one event."""
    calendar = Calendar.from_ical(letter.calendar)
    [event] = calendar.walk("VEVENT")
    return str(calendar["method"]), {name: str(value) for name, value in event.items()}


def last_event(world: World, code: str, who: str) -> tuple[str, int]:
    """What the newest mail of this code asks of the calendar of this person, and how new it is."""
    letters = [one for one in all_mails(world, code) if one.to.startswith(who)]
    method, event = event_of(letters[-1])
    return method, int(event["SEQUENCE"])


class TestWhoIsFree:
    def test_who_sits_at_another_tent_then_is_not_proposed_as_free(
        self, world: World, house: Household
    ) -> None:
        """The own card says Tuesday morning; the only Tuesday on which a place is free is taken from her."""
        can_on_tuesdays(world, "anouk")
        every_tuesday(world, families=1, until_on=local_day(world.at) + timedelta(days=7))
        (first,) = {slot.starts_at for slot in free(world)}

        def fits() -> dict[str, bool]:
            page = queries.call_page(look(world, house.family_id, "ellen"), house.request.pk)
            return {one.person.first_name: one.fits for ones in page.proposals for one in ones.people}

        assert fits()["Anouk"]
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        call_tent(
            world,
            other.request,
            "angst",
            starts_at=first,
            professional_ids=[world.professionals["anouk"].pk],
        )
        assert not fits()["Anouk"]


class TestCalendars:
    def test_an_invitation_an_update_and_a_cancellation_are_of_one_event(
        self, world: World, planned: Tent
    ) -> None:
        asked = mails(world, "tent.guest_welcomed")
        method, first = event_of(asked["anouk"])
        assert (method, first["SEQUENCE"], first["STATUS"]) == ("REQUEST", "0", "CONFIRMED")
        assert first["ATTENDEE"] == "mailto:anouk@" + asked["anouk"].to.split("@")[1]
        assert first["ORGANIZER"].startswith("mailto:")
        moved = move(world, planned, world.at + timedelta(days=9))
        method, second = event_of(mails(world, "tent.moved")["anouk"])
        assert (method, second["UID"], second["SEQUENCE"]) == ("REQUEST", first["UID"], "1")
        event = Calendar.from_ical(mails(world, "tent.moved")["anouk"].calendar).walk("VEVENT")[0]
        assert event.decoded("DTSTART") == moved.starts_at
        actions.cancel_tent(actor=world.actor("ellen"), tent_id=planned.pk, at=world.at)
        method, third = event_of(mails(world, "tent.cancelled")["anouk"])
        assert (method, third["UID"], third["SEQUENCE"], third["STATUS"]) == (
            "CANCEL",
            first["UID"],
            "2",
            "CANCELLED",
        )

    def test_nothing_of_the_case_is_in_it_and_no_place_that_could_be_a_home(
        self, world: World, house: Household
    ) -> None:
        tent = call_tent(world, house.request, place="Kerkstraat 7, bij Sanne")
        answer(world, tent, "anouk")
        actions.welcome_all(actor=world.actor("sanne"), tent_id=tent.pk, at=world.at)
        letter = mails(world, "tent.guest_welcomed")["anouk"]
        for secret in ("Kerkstraat", "Sanne", "Noor", "angst", house.request.words):
            assert secret not in letter.calendar + letter.body + letter.subject
        _method, event = event_of(letter)
        assert event["SUMMARY"] == "Gesprek"
        assert "LOCATION" not in event

    def test_who_comes_from_afar_has_the_link_once_it_is_planned(
        self, world: World, house: Household
    ) -> None:
        """Not who was asked and is not welcome yet, nor who is not welcome any more."""
        link = "https://beeld.example/tent"
        tent = call_tent(world, house.request, place="Kerkstraat 7", video_link=link)
        answer(world, tent, "anouk", "youssef")
        actions.welcome_all(actor=world.actor("sanne"), tent_id=tent.pk, at=world.at)
        _method, event = event_of(mails(world, "tent.guest_welcomed")["anouk"])
        assert event["LOCATION"] == link
        actions.refuse_guest(actor=world.actor("sanne"), seat_id=seat(tent, "youssef").pk, at=world.at)
        letter = mails(world, "tent.guest_refused")["youssef"]
        assert link not in letter.calendar + letter.body

    def test_the_building_of_a_recurring_tent_may_be_known(self, world: World, house: Household) -> None:
        every_tuesday(world)
        tent = in_slot(world, house, free(world)[0])
        answer(world, tent, "anouk")
        actions.welcome_all(actor=world.actor("sanne"), tent_id=tent.pk, at=world.at)
        _method, event = event_of(mails(world, "tent.guest_welcomed")["anouk"])
        assert event["LOCATION"] == HALL

    @pytest.mark.parametrize(("place", "where"), [(HALL, f"{HALL} – {LINK}"), ("", LINK)])
    def test_the_link_of_a_recurring_tent_goes_along_to_who_is_welcome_and_to_nobody_else(
        self, world: World, house: Household, place: str, where: str
    ) -> None:
        every_tuesday(world, place=place, video_link=LINK)
        first, second = free(world)[:2]
        assert first.by_video
        assert LINK not in str(first.where)
        tent = in_slot(world, house, first)
        assert (tent.place, tent.video_link) == (place, LINK)
        move(world, tent, second.starts_at, recurring_id=second.recurring_id)
        assert event_of(mails(world, "tent.moved")["sanne"])[1].get("LOCATION", "") == place
        answer(world, tent, "anouk", "youssef")
        actions.welcome_all(actor=world.actor("sanne"), tent_id=tent.pk, at=world.at)
        for who in ("anouk", "sanne", "ellen"):
            assert event_of(mails(world, "tent.guest_welcomed")[who])[1]["LOCATION"] == where
        refuse(world, tent, "youssef")
        letter = mails(world, "tent.guest_refused")["youssef"]
        assert LINK not in letter.calendar + letter.body
        actions.cancel_tent(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        for letter in mails(world, "tent.cancelled").values():
            assert "LOCATION" not in letter.calendar

    def test_whoever_is_refused_after_all_has_it_taken_out(self, world: World, planned: Tent) -> None:
        actions.refuse_guest(actor=world.actor("sanne"), seat_id=seat(planned, "anouk").pk, at=world.at)
        method, event = event_of(mails(world, "tent.guest_refused")["anouk"])
        assert (method, event["SEQUENCE"]) == ("CANCEL", "1")

    def test_who_was_never_welcome_has_nothing_taken_out(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        actions.refuse_guest(actor=world.actor("sanne"), seat_id=seat(tent, "anouk").pk, at=world.at)
        actions.cancel_tent(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        assert mails(world, "tent.guest_refused")["anouk"].calendar == ""
        cancelled = mails(world, "tent.cancelled")
        assert {one.calendar for one in cancelled.values()} == {""}
        assert "ellen" not in cancelled, "they know, and stood in no calendar"

    @pytest.mark.usefixtures("planned")
    def test_the_first_welcome_puts_it_in_the_calendar_of_everybody_who_comes(
        self, world: World, house: Household
    ) -> None:
        asked = mails(world, "tent.guest_welcomed")
        assert asked.keys() == {"sanne", "mark", "noor", "ellen", "anouk", "youssef"}
        events = [event_of(letter) for letter in asked.values()]
        assert {(method, event["SEQUENCE"]) for method, event in events} == {("REQUEST", "0")}
        assert len({event["UID"] for _method, event in events}) == 1
        for letter in asked.values():
            for secret in ("Noor", "angst", house.request.words):
                assert secret not in letter.calendar + letter.body.partition("\n")[2] + letter.subject
        mine = Notice.objects.filter(code="tent.guest_welcomed", account=world.account("sanne"))
        assert not mine.exists(), "whoever did it knows, but the calendar does not"

    def test_a_later_welcome_is_mailed_to_nobody_else(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        answer(world, tent, "anouk", "youssef")
        welcome(world, tent, "anouk")
        first = mails(world, "tent.guest_welcomed")
        assert first.keys() == {"sanne", "mark", "noor", "ellen", "anouk"}
        welcome(world, tent, "youssef")
        again = mails(world, "tent.guest_welcomed")
        assert {name for name, letter in again.items() if letter != first.get(name)} == {"youssef"}

    def test_the_calendar_of_the_coach_follows_what_anybody_does(self, world: World, planned: Tent) -> None:
        move(world, planned, world.at + timedelta(days=9))
        method, moved = event_of(mails(world, "tent.moved")["ellen"])
        assert (method, moved["SEQUENCE"]) == ("REQUEST", "1")
        actions.cancel_tent(actor=world.actor("sanne"), tent_id=planned.pk, at=world.at)
        gone = mails(world, "tent.cancelled")
        assert {"ellen", "sanne", "mark"} <= gone.keys()
        for who in ("ellen", "sanne"):
            method, event = event_of(gone[who])
            assert (method, event["SEQUENCE"], event["UID"]) == ("CANCEL", "2", moved["UID"])

    def test_a_guest_who_cannot_come_after_all_has_it_taken_out_and_the_family_hears_of_it(
        self, world: World, planned: Tent
    ) -> None:
        answer(world, planned, "anouk", can=False)
        told = mails(world, "tent.seat_answered")
        method, event = event_of(told["anouk"])
        assert (method, event["SEQUENCE"]) == ("CANCEL", "1")
        for who in ("sanne", "mark", "noor"):
            assert "kan toch niet komen" in told[who].body
        assert told["sanne"].calendar == told["ellen"].calendar == "", (
            "somebody else comes: it is as sure as it was"
        )

    def test_when_nobody_is_welcome_any_more_it_is_tentative_until_somebody_is(
        self, world: World, house: Household
    ) -> None:
        tent = call_tent(world, house.request)
        for newest in (0, 2):
            answer(world, tent, "anouk")
            welcome(world, tent, "anouk")
            for who in ("sanne", "ellen", "anouk"):
                assert last_event(world, "tent.guest_welcomed", who) == ("REQUEST", newest)
                assert event_of(mails(world, "tent.guest_welcomed")[who])[1]["STATUS"] == "CONFIRMED"
            answer(world, tent, "anouk", can=False)
            for who in ("sanne", "ellen"):
                method, event = event_of(mails(world, "tent.seat_answered")[who])
                asked = (method, event["SEQUENCE"], event["STATUS"])
                assert asked == ("REQUEST", str(newest + 1), "TENTATIVE")

    def test_the_last_guest_who_is_refused_leaves_it_tentative_for_everybody_else_who_comes(
        self, world: World, house: Household
    ) -> None:
        trusted(world, house.request.compartment.record_id, by="noor")
        tent = call_tent(world, house.request)
        answer(world, tent, "anouk", "youssef")
        welcome(world, tent, "anouk")
        came = {who: event_of(one) for who, one in mails(world, "tent.guest_welcomed").items()}
        refuse(world, tent, "anouk")
        followed = mails(world, "tent.guest_refused")
        assert followed.keys() == came.keys()
        for who, letter in followed.items():
            method, event = event_of(letter)
            asked = ("CANCEL", "CANCELLED") if who == "anouk" else ("REQUEST", "TENTATIVE")
            assert (method, event["STATUS"]) == asked, who
            assert (event["UID"], event["SEQUENCE"]) == (came[who][1]["UID"], "1")
            for secret in ("Noor", "angst", house.request.words, PLACE):
                assert secret not in letter.calendar + letter.body.partition("\n")[2] + letter.subject
        told_of = Notice.objects.filter(code="tent.guest_refused")
        assert not told_of.filter(account=world.account("sanne")).exists(), "she knows; her calendar does not"
        welcome(world, tent, "youssef")
        for who in ("sanne", "mark", "noor", "joke", "ellen", "youssef"):
            assert last_event(world, "tent.guest_welcomed", who) == ("REQUEST", 2)

    def test_one_guest_of_several_who_is_refused_changes_no_other_calendar(
        self, world: World, planned: Tent
    ) -> None:
        refuse(world, planned, "anouk")
        assert mails(world, "tent.guest_refused").keys() == {"anouk"}
        told_of = Notice.objects.filter(code="tent.guest_refused")
        assert set(told_of.values_list("account__first_name", flat=True)) == {"Anouk", "Ellen"}

    def test_a_confidant_hears_too_when_the_last_guest_cannot_come(
        self, world: World, house: Household
    ) -> None:
        trusted(world, house.request.compartment.record_id, by="noor")
        tent = call_tent(world, house.request)
        answer(world, tent, "anouk")
        welcome(world, tent, "anouk")
        assert event_of(mails(world, "tent.guest_welcomed")["joke"])[1]["STATUS"] == "CONFIRMED"
        answer(world, tent, "anouk", can=False)
        assert event_of(mails(world, "tent.seat_answered")["joke"])[1]["STATUS"] == "TENTATIVE"

    def test_a_tent_that_is_still_being_called_is_tentative(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        move(world, tent, world.at + timedelta(days=9))
        for who in ("sanne", "mark", "ellen"):
            method, event = event_of(mails(world, "tent.moved")[who])
            assert (method, event["SEQUENCE"], event["STATUS"]) == ("REQUEST", "1", "TENTATIVE")
        path = reverse("tent_invitation", args=[tent.pk])
        assert "STATUS:TENTATIVE" in world.client("ellen").get(path).content.decode()
        answer(world, tent, "anouk")
        welcome(world, tent, "anouk")
        for who in ("sanne", "ellen", "anouk"):
            method, event = event_of(mails(world, "tent.guest_welcomed")[who])
            assert (method, event["SEQUENCE"], event["STATUS"]) == ("REQUEST", "2", "CONFIRMED")
        assert "STATUS:CONFIRMED" in world.client("ellen").get(path).content.decode()
        move(world, tent, world.at + timedelta(days=10))
        assert event_of(mails(world, "tent.moved")["sanne"])[1]["STATUS"] == "CONFIRMED"

    def test_each_cancellation_and_what_comes_after_it_is_newer(self, world: World, planned: Tent) -> None:
        sequences = []
        for _time in range(2):
            refuse(world, planned, "anouk")
            sequences.append(last_event(world, "tent.guest_refused", "anouk"))
            actions.welcome_guest(
                actor=world.actor("mark"), seat_id=seat(planned, "anouk").pk, at=world.at, again=True
            )
            sequences.append(last_event(world, "tent.guest_welcomed", "anouk"))
        assert sequences == [("CANCEL", 1), ("REQUEST", 2), ("CANCEL", 3), ("REQUEST", 4)]

    def test_a_confidant_hears_of_the_meeting_as_long_as_they_see_along(
        self, world: World, house: Household
    ) -> None:
        record = house.request.compartment.record_id
        trusted(world, record, by="noor")
        tent = planned_tent(world, house)
        assert event_of(mails(world, "tent.guest_welcomed")["joke"])[0] == "REQUEST"
        assert screen(world, tent, "joke").starts_at == tent.starts_at
        move(world, tent, world.at + timedelta(days=2))
        assert event_of(mails(world, "tent.moved")["joke"])[1]["SEQUENCE"] == "1"
        with time_machine.travel(world.at + timedelta(days=1), tick=False):
            jobs.remind_meeting(0)
        assert event_of(mails(world, "tent.meeting_reminded")["joke"])[0] == "REQUEST"
        world.later(days=2)
        actions.begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        mails(world, "tent.begun")
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at, stops_here=True)
        assert "joke" in mails(world, "tent.closed")
        heard = Notice.objects.filter(account=world.account("joke"), code__startswith="tent.")
        assert set(heard.values_list("code", flat=True)) == {
            "tent.guest_welcomed",
            "tent.moved",
            "tent.meeting_reminded",
            "tent.begun",
            "tent.closed",
        }
        take_leave(
            actor=world.actor("noor"), record_id=record, account_id=world.account("joke").pk, at=world.at
        )
        planned_tent(world, house)
        assert heard.count() == 5

    def test_the_day_before_everybody_who_comes_is_reminded_once(self, world: World, planned: Tent) -> None:
        with time_machine.travel(planned.starts_at - timedelta(days=2), tick=False):
            jobs.remind_meeting(0)
        assert not Entry.objects.filter(code="tent.meeting_reminded").exists()
        day_before = planned.starts_at - timedelta(days=1)
        for _morning in range(2):
            with time_machine.travel(day_before, tick=False):
                jobs.remind_meeting(0)
        assert Entry.objects.filter(code="tent.meeting_reminded").count() == 1
        world.at = day_before
        assert {"anouk", "youssef", "ellen", "sanne"} <= mails(world, "tent.meeting_reminded").keys()

    def test_a_tent_that_was_moved_is_reminded_of_anew(self, world: World, planned: Tent) -> None:
        day_before = planned.starts_at - timedelta(days=1)
        with time_machine.travel(day_before, tick=False):
            jobs.remind_meeting(0)
        world.at = day_before
        moved = move(world, planned, planned.starts_at + timedelta(days=7))
        with time_machine.travel(moved.starts_at - timedelta(days=1), tick=False):
            jobs.remind_meeting(0)
        assert Entry.objects.filter(code="tent.meeting_reminded").count() == 2


# --- pages ---------------------------------------------------------------------------------------------


def post(world: World, path: str, who: str = "ellen", **data: object) -> tuple[int, str, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).post(path, data)
    return answer.status_code, answer.get("Location", ""), answer.content.decode()


class TestPages:
    def test_a_coach_makes_one_and_a_family_gets_a_place_in_two_taps(
        self, world: World, house: Household
    ) -> None:
        made = post(
            world,
            reverse("recurring_tents"),
            name="Dinsdagochtend",
            weekday=1,
            every_weeks=1,
            starts_at="9:00",
            minutes=90,
            families=3,
            place=HALL,
            from_on=local_day(world.at).isoformat(),
        )
        assert made[:2] == (302, reverse("recurring_tents"))
        path = reverse("call_tent", args=[house.request.pk])
        with time_machine.travel(world.at, tick=False):
            html = world.client("ellen").get(path).content.decode()
        slot = free(world)[0]
        assert 'value="other"' in html
        assert str(slot.wait) in html
        status, _where, _html = post(
            world,
            path,
            people=picked(world, "angst"),
            slot=f"{slot.recurring_id} {slot.starts_at.isoformat()}",
            starts_at=_proposed(html),
        )
        assert status == 302
        assert Tent.objects.get().starts_at == slot.starts_at

    @pytest.mark.parametrize("link", ["http://beeld.example/x", "ftp://beeld.example", "javascript:alert(1)"])
    def test_a_link_is_sealed_on_its_way_or_said_to_be_none(
        self, world: World, house: Household, link: str
    ) -> None:
        facts: dict[str, Any] = {
            "name": "Dinsdagochtend",
            "weekday": 1,
            "every_weeks": 1,
            "starts_at": "9:00",
            "minutes": 90,
            "families": 3,
            "from_on": local_day(world.at).isoformat(),
        }
        forms = {
            reverse("recurring_tents"): facts,
            reverse("call_tent", args=[house.request.pk]): {
                "people": picked(world, "angst"),
                "slot": "other",
                "starts_at": "2030-03-05T10:00",
            },
        }
        for path, typed in forms.items():
            status, _where, html = post(world, path, **typed, video_link=link)
            assert status == 422
            assert "begint met https://" in html
            assert link in html
            assert post(world, path, **typed, video_link=LINK)[0] == 302
        assert "of met beeld" not in world.client("ellen").get(reverse("recurring_tents")).content.decode()
        assert RecurringTent.objects.get().video_link == Tent.objects.get().video_link == LINK

    def test_whoever_chooses_a_place_and_types_a_moment_is_asked_which(
        self, world: World, house: Household
    ) -> None:
        every_tuesday(world)
        slot = free(world)[0]
        asked: dict[str, Any] = {
            "people": picked(world, "angst"),
            "starts_at": "2030-03-05T10:00",
            "place": "Ergens anders",
        }
        path = reverse("call_tent", args=[house.request.pk])
        chosen = f"{slot.recurring_id} {slot.starts_at.isoformat()}"
        status, _where, html = post(world, path, slot=chosen, **asked)
        assert status == 422
        assert "Er staat een vrije plek aan, en u vulde een ander moment in." in html
        assert "Ergens anders" in html
        assert post(world, path, slot="other", **asked)[0] == 302

    def test_a_place_that_went_meanwhile_is_told_and_nothing_typed_is_lost(
        self, world: World, house: Household
    ) -> None:
        every_tuesday(world)
        slot = free(world)[0]
        in_slot(world, house, slot)
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        status, _where, html = post(
            world,
            reverse("call_tent", args=[other.request.pk]),
            people=picked(world, "angst"),
            slot=f"{slot.recurring_id} {slot.starts_at.isoformat()}",
        )
        assert status == 422
        assert "Deze plek is net weg" in html
        assert html.count("checked") == 1  # the expertise

    def test_the_page_to_move_says_what_stays_and_moves(self, world: World, planned: Tent) -> None:
        path = reverse("move_tent", args=[planned.pk])
        with time_machine.travel(world.at, tick=False):
            html = world.client("ellen").get(path).content.decode()
        assert "elk antwoord blijft staan" in html
        status, where, _html = post(world, path, starts_at="2030-03-05T10:00", place=HALL)
        assert (status, where) == (302, reverse("tent", args=[planned.pk]))
        assert post(world, path, starts_at="2020-03-05T10:00", place=HALL)[0] == 422

    def test_the_page_to_move_marks_no_free_place_unasked(self, world: World, house: Household) -> None:
        """What is in its fields as the page comes, with another time typed, moves the tent to that."""
        every_tuesday(world)
        tent = planned_tent(world, house)
        path = reverse("move_tent", args=[tent.pk])
        with time_machine.travel(world.at, tick=False):
            html = world.client("ellen").get(path).content.decode()
        (marked,) = re.findall(r'name="slot" value="([^"]*)"[^>]* checked', html)
        assert marked == "other"
        assert re.search(r'<details class="fold" open><summary>Een ander moment', html)
        status, _where, _html = post(world, path, slot=marked, starts_at="2030-03-05T10:00", place=HALL)
        assert status == 302
        slot = free(world)[0]
        chosen = f"{slot.recurring_id} {slot.starts_at.isoformat()}"
        with time_machine.travel(world.at, tick=False):
            html = world.client("ellen").get(path).content.decode()
        typed = {"starts_at": _proposed(html), "place": HALL}
        assert post(world, path, slot=chosen, **typed)[0] == 302
        tent.refresh_from_db()
        assert tent.starts_at == slot.starts_at

    @pytest.mark.parametrize("size", [1, 3])
    def test_the_pages_ask_the_same_number_of_queries_at_every_size(
        self, world: World, house: Household, size: int
    ) -> None:
        for number in range(size):
            every_tuesday(world, name=f"Tent {number}", weekday=number)
        ellen = world.actor("ellen")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            queries.recurring_tents(ellen, at=world.at)
        assert len(asked) == 2
        with CaptureQueriesContext(connection) as asked:
            queries.free_slots(ellen, at=world.at)
        assert len(asked) == 2
        tent = call_tent(world, house.request)
        seen = look(world, house.family_id, "ellen")
        with CaptureQueriesContext(connection) as asked:
            queries.move_page(seen, tent.pk)
        assert len(asked) == 5


def _proposed(html: str) -> str:
    """The moment that the form proposes by itself."""
    return html.split('name="starts_at"')[1].split('value="')[1].split('"', maxsplit=1)[0]
