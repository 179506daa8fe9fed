"""A yes to help holds a year: each who said it is asked anew, and without it who helps sees nothing more."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.families.actions import say_about, sharing
from hendig.families.models import Involvement, Part
from hendig.families.queries import opening
from hendig.helprequests.models import WaitingOn
from hendig.kernel.periods import begins, local_day
from hendig.kernel.refusal import NotVisible, Refused
from hendig.matching import actions, jobs, rules
from hendig.matching.actions import anew
from hendig.matching.models import Match, MatchTalk, TalkStage
from hendig.people import actions as people
from hendig.people.models import Notice
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.shared import built_once
from tests.support.world import World

EVERYBODY = ("noor", "sanne", "mark", "anouk")


@pytest.fixture(autouse=True)
def _the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.matching.jobs.timezone.now", lambda: world.at)
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13 with both parents; Anouk helps by a match that was made today."""
    found = household(world)
    say(world, open_talk(world, found), "ellen", *EVERYBODY)
    return found


def year_of(world: World) -> datetime:
    """When the year of the match is over that was made on this day."""
    return begins(local_day(world.at) + timedelta(days=365))


def go_to(world: World, moment: datetime) -> None:
    world.at = moment
    jobs.ask_anew(timestamp=0)


def asked() -> MatchTalk:
    return MatchTalk.objects.get(renews__isnull=False, stage=TalkStage.OPEN)


def sees(world: World, house: Household, name: str = "anouk") -> bool:
    try:
        with opening(world.actor(name), "family.page_seen", house.family_id, at=world.at):
            return True
    except NotVisible:
        return False


def told(code: str, world: World) -> set[str]:
    for entry in Entry.objects.filter(code=code):
        people.tell(entry_ids=[entry.pk], at=world.at)
    return set(Notice.objects.filter(code=code).values_list("account__first_name", flat=True))


def page(world: World, name: str, talk: MatchTalk) -> str:
    answer = world.client(name).get(reverse("match_talk", args=[talk.pk]))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


# --- the end ---


def test_who_helps_sees_along_until_the_year_of_the_yes_is_over(world: World, house: Household) -> None:
    ends = year_of(world)
    world.at = ends - timedelta(seconds=1)
    assert sees(world, house)
    world.at = ends
    assert not sees(world, house)


def test_the_same_day_the_coach_hears_it_and_the_help_stands(
    world: World, house: Household, talk: MatchTalk
) -> None:
    match, ends = Match.objects.get(), talk.sees_until or world.at
    go_to(world, ends - timedelta(seconds=1))
    assert not Entry.objects.filter(code="match.sight_over").exists()
    for hours in (7, 24, 24):
        go_to(world, ends + timedelta(hours=hours))
    assert Entry.objects.filter(code="match.sight_over").count() == 1
    assert told("match.sight_over", world) >= {"Ellen", "Sanne", "Noor", "Anouk"}
    again = Match.objects.get()
    assert (again.pk, again.ends_on) == (match.pk, None)
    assert Match.objects.standing(local_day(world.at)).exists()
    house.request.refresh_from_db()
    assert house.request.waiting_on == WaitingOn.COACH
    assert "ziet sinds" in page(world, "ellen", talk)


def test_nobody_is_told_while_who_helps_sees_along(world: World, house: Household) -> None:
    go_to(world, year_of(world) - timedelta(days=30))
    with pytest.raises(Refused) as no:
        anew.tell_sight_over(municipality_id=world.municipality.pk, talk_id=asked().pk, at=world.at)
    assert no.value.refusal.code == "anew.sees"


# --- it is asked a month before ---


def test_a_month_before_each_who_must_say_yes_is_asked_once(world: World, house: Household) -> None:
    ends = year_of(world)
    go_to(world, ends - timedelta(days=30, seconds=1))
    assert not MatchTalk.objects.exclude(renews=None).exists()
    for _ in range(3):
        go_to(world, world.at + timedelta(seconds=1))
    assert asked().sees_until == ends
    assert MatchTalk.objects.exclude(renews=None).count() == 1
    assert told("match.asked_anew", world) == {"Noor", "Sanne", "Mark", "Ellen", "Anouk"}


@pytest.mark.parametrize(
    ("until", "ends_on", "was_asked", "code"),
    [
        (begins(date(2027, 11, 2)), None, True, "anew.asked"),
        (begins(date(2027, 11, 3)), None, False, "anew.too_early"),
        (None, None, False, "anew.too_early"),
        (begins(date(2027, 11, 2)), date(2027, 11, 1), False, "anew.ends"),
        (begins(date(2027, 11, 2)), date(2027, 11, 2), False, None),
        (begins(date(2027, 10, 1)), date(2027, 10, 2), False, "anew.ends"),
        (begins(date(2027, 11, 2)), None, False, None),
    ],
)
def test_when_it_is_asked(
    until: datetime | None, ends_on: date | None, was_asked: bool, code: str | None
) -> None:
    at = begins(date(2027, 10, 3))
    no = rules.why_not_asked_anew(until_at=until, ends_on=ends_on, lapses_on=None, asked=was_asked, at=at)
    assert (no.code if no else None) == code
    if code == "anew.ends":
        # Help that would end with a measure of the court can go on by a yes.
        assert not rules.why_not_asked_anew(
            until_at=until, ends_on=ends_on, lapses_on=ends_on, asked=was_asked, at=at
        )


@pytest.mark.parametrize(
    ("ends_on", "until"),
    [
        (None, date(2027, 11, 2)),
        (date(2027, 10, 31), date(2027, 11, 1)),
        (date(2028, 1, 1), date(2027, 11, 2)),
    ],
)
def test_a_yes_holds_a_year_and_never_outlives_the_help(ends_on: date | None, until: date) -> None:
    assert rules.sees_until(date(2026, 11, 2), ends_on) == begins(until)


def test_who_is_kept_out_is_not_asked_about(world: World, house: Household) -> None:
    sharing.shut_out(
        actor=world.actor("noor"),
        record_id=record_of(house, "Noor"),
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    go_to(world, year_of(world) - timedelta(days=30))
    assert not MatchTalk.objects.exclude(renews=None).exists()


# --- each says yes anew ---


@pytest.fixture
def talk(world: World, house: Household) -> MatchTalk:
    """A month before the end; it was asked this morning. The coach stays as well."""
    go_to(world, year_of(world) - timedelta(days=30))
    sharing.stay_longer(actor=world.actor("ellen"), family_id=house.family_id, at=world.at)
    return asked()


def test_the_last_yes_makes_it_a_year_more(world: World, house: Household, talk: MatchTalk) -> None:
    for name in EVERYBODY[:-1]:
        assert say(world, talk, name).match is None
    outcome = say(world, talk, EVERYBODY[-1])
    assert outcome.match == Match.objects.get()
    talk.refresh_from_db()
    assert talk.stage == TalkStage.RENEWED
    assert told("match.renewed", world) >= {"Sanne", "Noor", "Ellen"}
    ends = year_of(world)
    go_to(world, ends - timedelta(days=31))
    assert not MatchTalk.objects.filter(stage=TalkStage.OPEN).exists()
    world.at = ends - timedelta(seconds=1)
    assert sees(world, house)
    world.at = ends
    assert not sees(world, house)
    assert Involvement.objects.filter(part=Part.PROFESSIONAL).count() == 1


@pytest.mark.parametrize("missing", EVERYBODY)
def test_each_yes_of_the_match_is_needed_anew(
    world: World, house: Household, talk: MatchTalk, missing: str
) -> None:
    outcome = say(world, talk, *(name for name in EVERYBODY if name != missing))
    assert outcome.match is None
    assert outcome.why_no_match is not None
    assert outcome.why_no_match.code == "match.waiting"


def test_a_no_keeps_the_help_and_the_coach_hears_it(world: World, house: Household, talk: MatchTalk) -> None:
    say(world, talk, "mark", yes=False)
    outcome = say(world, talk, "noor", "sanne", "anouk")
    assert outcome.match is None
    assert told("match.answered", world) == {"Ellen"}
    assert "Niet iedereen zegt ja" in page(world, "sanne", talk)
    assert sees(world, house)
    assert say(world, talk, "mark").match is not None


def test_a_late_yes_opens_the_record_again(world: World, house: Household, talk: MatchTalk) -> None:
    say(world, talk, *EVERYBODY[:-1])
    go_to(world, year_of(world))
    assert not sees(world, house)
    assert "ziet sinds" in page(world, "anouk", talk)
    assert say(world, talk, "anouk").match is not None
    assert sees(world, house)
    house.request.refresh_from_db()
    assert house.request.waiting_on == WaitingOn.PROFESSIONAL


def test_a_parent_who_does_not_see_the_record_says_yes_anew_too(
    world: World, house: Household, talk: MatchTalk
) -> None:
    say_about(
        actor=world.actor("noor"),
        record_id=record_of(house, "Noor"),
        account_id=world.account("mark").pk,
        yes=False,
        at=world.at,
    )
    assert not sees(world, house, "mark")
    say(world, talk, "noor", "sanne", "anouk")
    assert "Ja, nog een jaar" in page(world, "mark", talk)
    assert say(world, talk, "mark").match is not None
    assert Involvement.objects.filter(part=Part.PROFESSIONAL).count() == 1


def test_from_sixteen_the_youth_alone_of_the_family(world: World) -> None:
    found = household(world, child="Tim", born_on=date(2011, 6, 1), parent="Greet", other="Hanna")
    say(world, open_talk(world, found), "tim", "greet", "hanna", "ellen", "anouk")
    go_to(world, year_of(world) - timedelta(days=30))
    assert {"Greet", "Hanna"}.isdisjoint(told("match.asked_anew", world))
    with pytest.raises((Refused, NotVisible)):
        say(world, asked(), "greet")
    assert say(world, asked(), "tim", "anouk").match is not None


# --- it is over ---


def test_help_that_ends_is_not_asked_about_any_more(world: World, house: Household, talk: MatchTalk) -> None:
    match = Match.objects.get()
    actions.end_match(
        actor=world.actor("noor"),
        match_id=match.pk,
        ends_on=local_day(world.at) + timedelta(days=9),
        at=world.at,
    )
    talk.refresh_from_db()
    assert talk.stage == TalkStage.NO_CLICK
    assert "Deze hulp is gestopt" in page(world, "sanne", talk)
    assert "nog een jaar?" not in world.client("sanne").get(f"/gezin/{house.family_id}/").content.decode()
    go_to(world, world.at + timedelta(days=1))
    assert not MatchTalk.objects.filter(stage=TalkStage.OPEN).exists()


def test_help_that_ends_after_the_year_is_asked_about_until_then(
    world: World, house: Household, talk: MatchTalk
) -> None:
    last = local_day(talk.sees_until or world.at) + timedelta(days=9)
    actions.end_match(actor=world.actor("noor"), match_id=Match.objects.get().pk, ends_on=last, at=world.at)
    go_to(world, world.at + timedelta(days=1))
    again = asked()
    assert again.pk != talk.pk
    assert say(world, again, *EVERYBODY).match is not None
    assert Involvement.objects.get(part=Part.PROFESSIONAL).until_at == begins(last + timedelta(days=1))


def test_a_question_about_help_that_is_over_closes_by_itself(
    world: World, house: Household, talk: MatchTalk
) -> None:
    last = local_day(talk.sees_until or world.at) + timedelta(days=2)
    actions.end_match(actor=world.actor("noor"), match_id=Match.objects.get().pk, ends_on=last, at=world.at)
    go_to(world, world.at + timedelta(days=1))
    again = asked()
    with pytest.raises(NotVisible):
        anew.close_over(municipality_id=world.municipality.pk, talk_id=again.pk, at=world.at)
    world.at = begins(last + timedelta(days=1))
    outcome = say(world, again, *EVERYBODY)
    assert outcome.why_no_match is not None
    assert outcome.why_no_match.code == "anew.ended"
    go_to(world, world.at + timedelta(hours=6))
    again.refresh_from_db()
    assert again.stage == TalkStage.NO_CLICK


def test_the_coach_is_told_and_not_asked(world: World, house: Household, talk: MatchTalk) -> None:
    with pytest.raises(Refused) as no:
        say(world, talk, "ellen")
    assert no.value.refusal.code == "answer.not_needed"
    assert "Ja, nog een jaar" not in page(world, "ellen", talk)


def test_the_coach_does_not_look_for_somebody_else_by_it(
    world: World, house: Household, talk: MatchTalk
) -> None:
    with pytest.raises(Refused) as no:
        actions.look_further(actor=world.actor("ellen"), talk_id=talk.pk, at=world.at)
    assert no.value.refusal.code == "talk.anew"
    assert "Zoek verder" not in page(world, "ellen", talk)


# --- pages ---


def test_the_page_says_until_when_and_what_no_yes_does(
    world: World, house: Household, talk: MatchTalk
) -> None:
    for name in EVERYBODY:
        shown = page(world, name, talk)
        assert "Kijkt Anouk nog een jaar mee met Noor?" in shown
        assert "2 november 2027 niets meer" in shown
        assert "Ja, nog een jaar" in shown
        assert "Klikt het" not in shown
    client = world.client("noor")
    answer = client.post(reverse("match_talk", args=[talk.pk]), {"yes": "1"})
    assert answer.status_code == 302
    say(world, talk, "sanne", "mark", "anouk")
    assert "Ieder zei opnieuw ja" in page(world, "noor", talk)


def test_it_stands_first_on_the_page_of_the_family_and_on_the_day_of_who_helps(
    world: World, house: Household, talk: MatchTalk
) -> None:
    shown = world.client("sanne").get(f"/gezin/{house.family_id}/").content.decode()
    assert "Kijkt Anouk nog een jaar mee met Noor?" in shown
    assert reverse("match_talk", args=[talk.pk]) in shown
    assert "nog een jaar?" in world.client("anouk").get("/vandaag/").content.decode()
    say(world, talk, *EVERYBODY)
    shown = world.client("sanne").get(f"/gezin/{house.family_id}/").content.decode()
    assert "nog een jaar" not in shown


def test_who_may_says_until_when_and_that_it_is_asked(world: World, house: Household) -> None:
    shown = world.client("noor").get(reverse("who_may", args=[house.family_id])).content.decode()
    assert "2 nov 2027" in shown
    assert "Een ja geldt hoogstens een jaar" in shown


def test_a_stranger_finds_nothing_and_the_page_asks_as_much_as_any_talk(
    world: World, house: Household, talk: MatchTalk
) -> None:
    for name in ("bram", "jolanda"):
        assert world.client(name).get(reverse("match_talk", args=[talk.pk])).status_code in {403, 404}
    first, client = MatchTalk.objects.get(stage=TalkStage.MATCHED), world.client("sanne")
    counts = []
    for one in (first, talk):
        client.get(reverse("match_talk", args=[one.pk]))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse("match_talk", args=[one.pk]))
        counts.append(len(seen))
    assert counts[0] >= counts[1]
