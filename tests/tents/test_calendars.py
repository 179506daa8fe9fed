"""Another goes along with the family: their calendar gets what is planned, that of who stopped loses it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hendig.audit.models import Entry
from hendig.families.actions import deputies
from hendig.helprequests.actions.handover import hand_over_questions, take_over
from hendig.helprequests.models import Handover
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.people import actions as people
from hendig.people.models import Letter, Notice
from hendig.tents import actions, jobs
from hendig.tents.models import Tent
from tests.support.matching import Household
from tests.support.shared import built_once
from tests.support.tents import call_tent, planned_tent
from tests.support.world import World
from tests.tents.test_slots import event_of, move

WEEK = timedelta(days=7)
INTO, OUT_OF = "tent.into_calendar", "tent.out_of_calendar"


@built_once
def tent(world: World, house: Household) -> Tent:
    """In three days, with who is welcome; everybody who comes heard of it."""
    tent = planned_tent(world, house)
    told(world)
    return tent


@pytest.fixture(autouse=True)
def _the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.tents.jobs.timezone.now", lambda: world.at)


def told(world: World) -> None:
    """The workers told everybody of everything until now; what was told is told once."""
    known = set(Notice.objects.values_list("entry_id", flat=True))
    lines = Entry.objects.filter(code__startswith="tent.").exclude(pk__in=known).order_by("id")
    people.tell(entry_ids=list(lines.values_list("pk", flat=True)), at=world.at)


def worked(world: World) -> None:
    """The workers did what the change that was made asked of them."""
    asked = ProcrastinateJob.objects.filter(task_name="tents.tell_calendars")
    for one in asked.order_by("id").values_list("args", flat=True):
        jobs.tell_calendars(**one)
    told(world)


def each_morning(world: World) -> None:
    jobs.tell_all_calendars(timestamp=0)
    told(world)


def heard(name: str) -> list[tuple[str, int]]:
    """What each mail asked of the calendar of this person, and how new that was; the oldest first."""
    letters = Letter.objects.filter(to__startswith=f"{name}@").exclude(calendar="").order_by("id")
    return [(method, int(event["SEQUENCE"])) for method, event in map(event_of, letters)]


def hand_over(world: World, tent: Tent, to: str = "bram", *, by: str = "ellen", later: int = 0) -> None:
    hand_over_questions(
        actor=world.actor(by),
        coach_id=world.account(by).pk,
        successors={tent.request_id: world.account(to).pk},
        from_on=local_day(world.at) + timedelta(days=later),
        at=world.at,
    )


def stands_in(world: World, tent: Tent, first: date, last: date) -> None:
    deputies.name_deputy(
        actor=world.actor("ellen"),
        account_id=world.account("bram").pk,
        from_on=first,
        until_on=last,
        families=[tent.family_id],
        at=world.at,
    )


class TestHandover:
    def test_who_comes_has_it_and_who_left_is_rid_of_it(self, world: World, tent: Tent) -> None:
        assert heard("ellen") == [("REQUEST", 0)]
        hand_over(world, tent)
        worked(world)
        assert heard("bram") == [("REQUEST", 1)]
        assert heard("ellen") == [("REQUEST", 0), ("CANCEL", 1)]
        events = {event_of(one)[1]["UID"] for one in Letter.objects.exclude(calendar="")}
        assert events == {f"{tent.pk}@hendig"}
        # For the family and the guests nothing changed.
        assert heard("sanne") == heard("anouk") == [("REQUEST", 0)]

    def test_nothing_of_the_case_is_in_it(self, world: World, house: Household, tent: Tent) -> None:
        hand_over(world, tent)
        worked(world)
        letters = Letter.objects.filter(key__in=_keys(INTO, OUT_OF))
        assert {one.to.split("@")[0] for one in letters} == {"bram", "ellen"}
        for letter in letters:
            for secret in ("Noor", "Sanne", "angst", house.request.words, tent.place):
                assert secret not in letter.calendar + letter.body + letter.subject
            assert "LOCATION" not in letter.calendar

    def test_nobody_is_told_twice(self, world: World, tent: Tent) -> None:
        hand_over(world, tent)
        for _time in range(2):
            worked(world)
            each_morning(world)
        assert heard("bram") == [("REQUEST", 1)]
        assert heard("ellen") == [("REQUEST", 0), ("CANCEL", 1)]
        assert Entry.objects.filter(code__in=[INTO, OUT_OF]).count() == 2

    def test_there_and_back_the_newest_wins_in_each_calendar(self, world: World, tent: Tent) -> None:
        hand_over(world, tent)
        worked(world)
        hand_over(world, tent, "ellen", by="bram")
        worked(world)
        assert heard("ellen") == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]
        assert heard("bram") == [("REQUEST", 1), ("CANCEL", 2)]
        move(world, tent, world.at + timedelta(days=9))
        told(world)
        assert heard("ellen")[-1] == heard("sanne")[-1] == ("REQUEST", 3)
        assert heard("bram")[-1] == ("CANCEL", 2)

    def test_what_was_turned_around_before_it_was_told_is_told_to_nobody(
        self, world: World, tent: Tent
    ) -> None:
        for to, by in (("bram", "ellen"), ("ellen", "bram")):
            hand_over(world, tent, to, by=by)
            actions.tell_calendars(
                municipality_id=world.municipality.pk, family_id=tent.family_id, at=world.at
            )
        told(world)
        assert heard("ellen") == [("REQUEST", 0), ("REQUEST", 2)]

    def test_at_a_chosen_day_nothing_changes_before_it(self, world: World, tent: Tent) -> None:
        hand_over(world, tent, later=2)
        worked(world)
        each_morning(world)
        assert (heard("ellen"), heard("bram")) == ([("REQUEST", 0)], [])
        world.later(days=2)
        take_over(municipality_id=world.municipality.pk, handover_id=Handover.objects.get().pk, at=world.at)
        worked(world)
        assert (heard("ellen")[-1], heard("bram")) == (("CANCEL", 1), [("REQUEST", 1)])

    @pytest.mark.parametrize("over", ["cancelled", "begun"])
    def test_a_tent_that_is_not_ahead_goes_into_no_calendar(
        self, world: World, tent: Tent, over: str
    ) -> None:
        if over == "cancelled":
            actions.cancel_tent(actor=world.actor("sanne"), tent_id=tent.pk, at=world.at)
            told(world)
        else:
            world.later(days=8)
        hand_over(world, tent)
        worked(world)
        assert heard("bram") == []

    def test_one_of_which_no_calendar_heard_yet_neither(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        told(world)
        hand_over(world, tent)
        worked(world)
        assert heard("bram") == heard("ellen") == []

    def test_a_letter_that_waited_is_for_who_still_goes_along(
        self, world: World, tent: Tent, mailoutbox: list[object]
    ) -> None:
        hand_over(world, tent)
        worked(world)
        people.end_employment(actor=world.system, account_id=world.account("bram").pk, at=world.at)
        for letter in Letter.objects.filter(key__in=_keys(INTO, OUT_OF)):
            people.send_letter(letter_id=letter.pk, at=world.at)
        assert [one.to[0].split("@")[0] for one in mailoutbox] == ["ellen"]  # type: ignore[attr-defined]


class TestStandingIn:
    def test_a_tent_within_those_days_is_in_the_calendar_until_it_is_over(
        self, world: World, tent: Tent
    ) -> None:
        stands_in(world, tent, local_day(world.at), local_day(world.at) + 2 * WEEK)
        worked(world)
        assert heard("bram") == [("REQUEST", 1)]
        assert heard("ellen") == [("REQUEST", 0)], "she is the coach still"
        deputies.end_deputy(actor=world.actor("bram"), account_id=world.account("ellen").pk, at=world.at)
        worked(world)
        each_morning(world)
        assert heard("bram") == [("REQUEST", 1), ("CANCEL", 2)]

    def test_one_after_them_is_not_theirs(self, world: World, tent: Tent) -> None:
        stands_in(world, tent, local_day(world.at), local_day(world.at) + timedelta(days=2))
        worked(world)
        assert heard("bram") == []

    def test_what_begins_at_midnight_is_told_that_morning(self, world: World, tent: Tent) -> None:
        stands_in(world, tent, local_day(world.at) + timedelta(days=2), local_day(world.at) + 2 * WEEK)
        worked(world)
        each_morning(world)
        assert heard("bram") == []
        world.later(days=2)
        each_morning(world)
        assert heard("bram") == [("REQUEST", 1)]

    def test_one_that_is_moved_out_of_them_goes_out_again(self, world: World, tent: Tent) -> None:
        stands_in(world, tent, local_day(world.at), local_day(tent.starts_at))
        worked(world)
        move(world, tent, tent.starts_at + 2 * WEEK)
        told(world)
        each_morning(world)
        assert heard("bram")[-1] == ("CANCEL", 3)
        assert heard("ellen")[-1] == ("REQUEST", 2)

    def test_who_stands_in_for_who_left_is_rid_of_it_too(self, world: World, tent: Tent) -> None:
        world.add_worker("carla", Role.COACH)
        stands_in(world, tent, local_day(world.at), local_day(world.at) + 2 * WEEK)
        worked(world)
        hand_over(world, tent, "carla")
        worked(world)
        assert [heard(name)[-1] for name in ("carla", "bram", "ellen")] == [
            ("REQUEST", 2),
            ("CANCEL", 2),
            ("CANCEL", 2),
        ]


def _keys(*codes: str) -> list[str]:
    lines = set(map(str, Entry.objects.filter(code__in=codes).values_list("pk", flat=True)))
    return [key for key in Letter.objects.values_list("key", flat=True) if key.partition(":")[0] in lines]
