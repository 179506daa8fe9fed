"""What the family reads of what comes next and when, also once that day is past; and who hears of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.helprequests import actions, jobs
from hendig.helprequests.models import HelpRequest, Stage, WaitingOn
from hendig.helprequests.queries.way import late
from hendig.kernel.refusal import NotVisible
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.plans.actions import end_request, reopen_request
from tests.support.families import confirmed, looked_up, taken_up, talked
from tests.support.matching import household, open_talk, say
from tests.support.tents import answer, call_tent, closed_tent, planned_tent
from tests.support.world import World

LATE, STILL_LATE = "request.late", "request.still_late"


@pytest.fixture(autouse=True)
def _the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.helprequests.jobs.timezone.now", lambda: world.at)
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def in_tent(world: World) -> HelpRequest:
    house = household(world)
    call_tent(world, house.request)
    return house.request


def in_tent_and_family_chooses(world: World) -> HelpRequest:
    house = household(world)
    answer(world, call_tent(world, house.request), "anouk", "youssef")
    return house.request


def with_a_tent_on_its_day(world: World) -> HelpRequest:
    return planned_tent(world).request


def after_the_tent(world: World) -> HelpRequest:
    return closed_tent(world).request


def in_match(world: World) -> HelpRequest:
    return open_talk(world, household(world)).request


def in_match_and_coach_is_next(world: World) -> HelpRequest:
    talk = open_talk(world, household(world))
    say(world, talk, "noor", "sanne", "mark", "anouk")
    return talk.request


def in_help(world: World) -> HelpRequest:
    talk = open_talk(world, household(world))
    say(world, talk, "noor", "sanne", "mark", "anouk", "ellen")
    return talk.request


def done(world: World) -> HelpRequest:
    request = looked_up(world, talked(world))
    end_request(actor=world.actor("ellen"), request_id=request.pk, reason="01", at=world.at)
    return request


def come_back(world: World) -> HelpRequest:
    request = looked_up(world, taken_up(world))
    end_request(actor=world.actor("ellen"), request_id=request.pk, reason="01", at=world.at)
    world.later(days=70)
    return reopen_request(actor=world.actor("ellen"), request_id=request.pk, at=world.at)


Made = Callable[[World], HelpRequest]
# How it comes about, where it stands, on whom it waits, what is read in time, and the day that was promised.
SITUATIONS: dict[str, tuple[Made, Stage, WaitingOn, str, str]] = {
    "asked": (
        confirmed,
        Stage.NEW,
        WaitingOn.COACH,
        "Een gezinscoach neemt contact met u op, uiterlijk woensdag 4 november.",
        "woensdag 4 november",
    ),
    "taken up": (
        taken_up,
        Stage.TALK,
        WaitingOn.COACH,
        "Ellen heeft uw vraag gelezen en neemt contact met u op, uiterlijk woensdag 4 november.",
        "woensdag 4 november",
    ),
    "talked": (
        lambda world: looked_up(world, talked(world)),
        Stage.TALK,
        WaitingOn.COACH,
        "eerst om u heen, dan verder. U hoort uiterlijk maandag 9 november van Ellen hoe het verdergaat.",
        "maandag 9 november",
    ),
    "come back": (
        come_back,
        Stage.TALK,
        WaitingOn.COACH,
        "U hoort uiterlijk maandag 18 januari van Ellen hoe het verdergaat.",
        "maandag 18 januari",
    ),
    "a tent is called": (
        in_tent,
        Stage.TENT,
        WaitingOn.PROFESSIONAL,
        "U bepaalt wie erbij komt. U hoort uiterlijk maandag 9 november van Ellen hoe het verdergaat.",
        "maandag 9 november",
    ),
    "the family chooses who comes": (
        in_tent_and_family_chooses,
        Stage.TENT,
        WaitingOn.FAMILY,
        "U bepaalt wie erbij komt. Het gaat verder zodra u antwoord geeft. Haast is er niet.",
        "",
    ),
    "a tent has its day": (
        with_a_tent_on_its_day,
        Stage.TENT,
        WaitingOn.TENT,
        "U bepaalt wie erbij komt. Wanneer dat is, staat bij het gesprek.",
        "",
    ),
    "after the tent": (
        after_the_tent,
        Stage.TENT,
        WaitingOn.FAMILY,
        "Het gaat verder zodra u antwoord geeft. Haast is er niet.",
        "",
    ),
    "a match talk": (
        in_match,
        Stage.MATCH,
        WaitingOn.FAMILY,
        "Dat zegt u zelf. Het gaat verder zodra u antwoord geeft. Haast is er niet.",
        "",
    ),
    "a match talk in which the coach is next": (
        in_match_and_coach_is_next,
        Stage.MATCH,
        WaitingOn.COACH,
        "Dat zegt u zelf. U hoort uiterlijk maandag 9 november van Ellen hoe het verdergaat.",
        "maandag 9 november",
    ),
    "help": (in_help, Stage.HELP, WaitingOn.PROFESSIONAL, "De hulp is bezig.", ""),
    "done": (done, Stage.DONE, WaitingOn.NOBODY, "Deze vraag is klaar.", ""),
}


def read(world: World, request: HelpRequest, who: str = "sanne") -> str:
    page = world.client(who).get(reverse("family", args=[request.family_id])).content.decode()
    return re.sub(r"\s+", " ", page)


def a_morning_later(world: World, days: int) -> None:
    world.later(days=days)
    jobs.tell_late(timestamp=0)


def told(world: World, code: str) -> list[str]:
    for entry in Entry.objects.filter(code=code):
        people.tell(entry_ids=[entry.pk], at=world.at)
    return sorted(Notice.objects.filter(code=code).values_list("account__first_name", flat=True))


def test_every_stage_is_among_the_situations() -> None:
    assert {stage for _made, stage, *_ in SITUATIONS.values()} == set(Stage)


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_stage_says_what_comes_next_and_when_in_time_and_late(world: World, name: str) -> None:
    made, stage, waiting_on, words, promised = SITUATIONS[name]
    request = made(world)
    request.refresh_from_db()
    assert (request.stage, request.waiting_on) == (stage, waiting_on)
    assert words in read(world, request)
    assert "later dan beloofd" not in read(world, request)
    world.later(days=15)
    late = read(world, request)
    if promised:
        assert f"We zijn later dan beloofd: u zou uiterlijk {promised} iets van ons horen." in late
        assert words not in late
    else:
        assert words in late
    # What is promised is watched: the page and the morning's look know the same.
    a_morning_later(world, 0)
    assert Entry.objects.filter(code__in=[LATE, STILL_LATE], object_id=request.pk).exists() == bool(promised)


def test_the_day_itself_is_in_time_and_the_day_after_is_late(world: World) -> None:
    request = taken_up(world)
    a_morning_later(world, 2)
    assert "uiterlijk woensdag 4 november." in read(world, request)
    assert not Entry.objects.filter(code=LATE).exists()
    a_morning_later(world, 1)
    assert "We zijn later dan beloofd" in read(world, request)
    assert Entry.objects.filter(code=LATE).count() == 1


def test_the_family_reads_whom_to_call(world: World) -> None:
    request = confirmed(world)
    world.later(days=12)
    assert "Hoorde u nog niets? Bel de gemeente." in read(world, request)
    people.set_settings(
        actor=world.system,
        principles=[],
        codes=[],
        expertises=[],
        facts={"phone": "14 0499"},
        at=world.at,
    )
    assert "Bel de gemeente: 14 0499." in read(world, request)
    actions.take_up(actor=world.actor("ellen"), request_id=request.pk, at=world.at)
    assert "Bel de gemeente: 14 0499. Vraag naar Ellen." in read(world, request)


def test_the_coach_reads_that_the_family_waits_too_long(world: World) -> None:
    request = taken_up(world)
    world.later(days=12)
    page = read(world, request, "ellen")
    assert "Het gezin wacht langer dan beloofd: het zou uiterlijk woensdag 4 november iets horen." in page
    assert "wacht 12 dagen op u" in page


def test_the_family_is_spoken_to_and_the_coach_has_a_name(world: World) -> None:
    request = taken_up(world)
    world.later(days=1)
    assert "wacht 1 dag op Ellen" in read(world, request)
    talk = open_talk(world, household(world, parent="Joris", other="Eva", child="Daan"))
    world.later(days=3)
    page = read(world, talk.request, "joris")
    assert "wacht 3 dagen op u" in page
    assert "het gezin" not in re.sub(
        r"<script.*?</script>", "", page.split("<main", 1)[1].split('class="way"')[1].split("</ol>")[0]
    )
    assert "wacht 3 dagen op het gezin" in read(world, talk.request, "ellen")


def test_what_nobody_takes_up_every_coach_hears_once_and_then_who_leads(world: World) -> None:
    request = confirmed(world)
    for _morning in range(6):
        a_morning_later(world, 1)
    assert told(world, LATE) == ["Bram", "Ellen"]
    assert not Entry.objects.filter(code=STILL_LATE).exists()
    for _morning in range(6):
        a_morning_later(world, 1)
    assert told(world, STILL_LATE) == ["Petra"]
    assert told(world, LATE) == ["Bram", "Ellen"]
    assert Entry.objects.filter(code__in=[LATE, STILL_LATE], object_id=request.pk).count() == 2


def test_what_is_not_called_only_its_coach_hears(world: World) -> None:
    taken_up(world)
    a_morning_later(world, 4)
    assert told(world, LATE) == ["Ellen"]


def test_what_is_taken_up_late_is_said_anew_and_who_leads_hears_it_not_at_once(world: World) -> None:
    request = confirmed(world)
    a_morning_later(world, 9)
    assert told(world, LATE) == ["Bram", "Ellen"]
    actions.take_up(actor=world.actor("ellen"), request_id=request.pk, at=world.at)
    a_morning_later(world, 1)
    assert Entry.objects.filter(code=LATE).count() == 2
    assert not Entry.objects.filter(code=STILL_LATE).exists()


def test_what_went_on_meanwhile_is_left(world: World) -> None:
    request = taken_up(world)
    world.later(days=4)
    actions.write_result(
        actor=world.actor("ellen"), request_id=request.pk, result="Weer naar school.", at=world.at
    )
    with pytest.raises(NotVisible):
        actions.tell_late(
            municipality_id=world.municipality.pk, request_id=request.pk, code=LATE, at=world.at
        )
    assert not Entry.objects.filter(code=LATE).exists()


def test_the_morning_looks_once_however_many_there_are(world: World) -> None:
    for n in range(3):
        taken_up(world, f"Naam{n}")
        with CaptureQueriesContext(connection) as seen:
            assert len(late(at=world.at + timedelta(days=4))) == n + 1
        assert len(seen) == 1
