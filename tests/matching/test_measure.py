"""Help that carries out a measure of the court: no yes of the family is asked; it ends with the measure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.families import actions as families
from hendig.families.actions import deputies
from hendig.families.actions.supervision import join_supervisor
from hendig.families.models import Court, Ground, Involvement, MeasureKind, MemberKind, Part, Source
from hendig.families.queries import decider_ids, opening
from hendig.helprequests.models import WaitingOn
from hendig.kernel.periods import begins, local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.matching import actions, jobs
from hendig.matching.actions import measure
from hendig.matching.models import Match, MatchTalk, TalkStage
from hendig.people import actions as people
from hendig.people.models import Notice
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.shared import built_once
from tests.support.world import World

RULED, LAST = date(2026, 10, 28), date(2027, 4, 27)
MIDNIGHT = begins(LAST + timedelta(days=1))


@pytest.fixture(autouse=True)
def _the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.matching.jobs.timezone.now", lambda: world.at)
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def supervised(world: World, house: Household, **given: Any) -> Involvement:
    """The court ruled, and Youssef supervises."""
    told: dict[str, Any] = {"court": Court.LIMBURG, "ruled_on": RULED, "until_on": LAST} | given
    return join_supervisor(
        actor=world.actor("ellen"),
        child_id=house.child.pk,
        account_id=world.account("youssef").pk,
        at=world.at,
        **told,
    )


@built_once
def house(world: World) -> Household:
    """Noor of 8 with both parents; the court put her under supervision."""
    found = household(world, born_on=date(2018, 5, 4))
    supervised(world, found)
    return found


@built_once
def talk(world: World, house: Household) -> MatchTalk:
    return open_talk(world, house)


def carry_out(
    world: World, talk: MatchTalk, by: str = "youssef", kind: MeasureKind = MeasureKind.SUPERVISION
) -> actions.Outcome:
    return measure.carry_out(actor=world.actor(by), talk_id=talk.pk, kind=kind, at=world.at)


def waits_for(outcome: actions.Outcome) -> str:
    """Why there is no match yet."""
    assert outcome.match is None
    assert outcome.why_no_match is not None
    return outcome.why_no_match.code


def agreed(outcome: actions.Outcome) -> tuple[date | None, date | None]:
    """The last day of the match that was made, and that of the measure on which it rests."""
    assert outcome.match is not None
    return outcome.match.ends_on, outcome.match.lapses_on


def refused(world: World, talk: MatchTalk, by: str = "youssef") -> str:
    with pytest.raises(Refused) as no:
        carry_out(world, talk, by)
    return no.value.refusal.code


@built_once
def match(world: World, talk: MatchTalk) -> Match:
    """Anouk helps, as Youssef decided; nobody of the family said a word."""
    carry_out(world, talk)
    made = say(world, talk, "ellen", "anouk").match
    assert made is not None
    return made


def way_of(world: World, name: str = "anouk") -> Involvement:
    rows = Involvement.objects.standing(world.at).filter(account=world.account(name), part=Part.PROFESSIONAL)
    return rows.get()


def sees(world: World, house: Household, name: str) -> bool:
    try:
        with opening(world.actor(name), "family.page_seen", house.family_id, at=world.at):
            return True
    except NotVisible:
        return False


def page(world: World, talk: MatchTalk, name: str) -> str:
    answer = world.client(name).get(reverse("match_talk", args=[talk.pk]))
    assert answer.status_code == 200, name
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def told(code: str, world: World) -> set[str]:
    for entry in Entry.objects.filter(code=code):
        people.tell(entry_ids=[entry.pk], at=world.at)
    return set(Notice.objects.filter(code=code).values_list("account__first_name", flat=True))


def go_to(world: World, moment: datetime) -> None:
    world.at = moment
    jobs.ask_anew(timestamp=0)


# --- the ground ---


def test_no_yes_of_the_family_is_needed_and_the_ground_is_the_court(
    world: World, house: Household, match: Match
) -> None:
    assert (match.ends_on, match.lapses_on) == (LAST, LAST)
    way = way_of(world)
    assert (way.ground, way.until_at) == (Ground.COURT, MIDNIGHT)
    assert told("match.by_measure", world) == {"Sanne", "Mark", "Ellen"}


@pytest.mark.parametrize("born_on", [date(2013, 5, 4), date(2010, 5, 4)])
def test_of_a_youth_neither_and_the_youth_reads_why(world: World, born_on: date) -> None:
    house = household(world, born_on=born_on)
    supervised(world, house)
    talk = open_talk(world, house)
    carry_out(world, talk)
    assert say(world, talk, "ellen", "anouk").match is not None
    assert "Dan is er geen ja van het gezin nodig." in page(world, talk, "noor")


def test_parents_read_on_what_it_rests_and_until_when_and_their_no_is_heard_elsewhere(
    world: World, talk: MatchTalk
) -> None:
    assert "Dan is er geen ja van het gezin nodig." not in page(world, talk, "sanne")
    carry_out(world, talk)
    for name in ("sanne", "mark"):
        shown = page(world, talk, name)
        assert "De rechter besliste dat Noor onder toezicht staat." in shown
        assert "tot en met 27 april 2027" in shown
        assert "Over alle andere hulp beslist het gezin zelf" in shown
        assert "Ja, het klikt" not in shown
        with pytest.raises(Refused) as no:
            say(world, talk, name, yes=False)
        assert no.value.refusal.code == "answer.by_measure"
    assert "Hoort deze hulp bij de maatregel?" not in page(world, talk, "youssef")


def test_who_supervises_decides_it_by_the_page(world: World, talk: MatchTalk) -> None:
    assert "Hoort deze hulp bij de maatregel?" in page(world, talk, "youssef")
    for name in ("ellen", "anouk", "sanne"):
        assert "Hoort deze hulp bij de maatregel?" not in page(world, talk, name)
    sent = {"measure": "supervision"}
    done = world.client("youssef").post(reverse("carry_out", args=[talk.pk]), {**sent, "_key": str(uuid4())})
    assert done["Location"] == reverse("match_talk", args=[talk.pk])
    again = world.client("youssef").post(reverse("carry_out", args=[talk.pk]), {**sent, "_key": str(uuid4())})
    assert (again.status_code, "Dit staat er al." in again.content.decode()) == (422, True)


def test_other_help_and_all_else_is_asked_as_always(world: World, house: Household, match: Match) -> None:
    parents = {house.member("Sanne").pk, house.member("Mark").pk}
    assert decider_ids(house.child.pk, at=world.at) == parents
    other = open_talk(world, house, "youssef")
    assert waits_for(say(world, other, "ellen", "youssef")) == "match.waiting"
    assert agreed(say(world, other, "sanne", "mark")) == (None, None)
    assert way_of(world, "youssef").ground == Ground.MATCH


def test_the_family_cannot_end_it_and_who_works_can(world: World, match: Match) -> None:
    ends: dict[str, Any] = {"match_id": match.pk, "ends_on": local_day(world.at), "at": world.at}
    with pytest.raises(Refused) as no:
        actions.end_match(actor=world.actor("sanne"), **ends)
    assert no.value.refusal.code == "match.not_yours_to_end"
    actions.end_match(actor=world.actor("ellen"), **ends)


# --- why not ---


def test_it_is_refused_for_who_does_not_supervise_or_gives_the_help(
    world: World, house: Household, talk: MatchTalk
) -> None:
    assert refused(world, talk, "anouk") == "measure.not_supervising"
    for name in ("ellen", "sanne"):
        with pytest.raises(Forbidden):
            carry_out(world, talk, name)
    assert refused(world, open_talk(world, house, "youssef")) == "measure.helps_too"
    carry_out(world, talk)
    assert refused(world, talk) == "measure.there"
    say(world, talk, "ellen", "anouk")
    assert refused(world, talk) == "measure.closed"


def test_after_the_last_day_it_is_no_ground_any_more_and_each_is_asked(world: World, talk: MatchTalk) -> None:
    carry_out(world, talk)
    world.at = MIDNIGHT - timedelta(seconds=1)
    assert waits_for(say(world, talk, "ellen")) == "match.waiting"
    world.at = MIDNIGHT
    assert waits_for(say(world, talk, "anouk")) == "match.waiting"
    assert agreed(say(world, talk, "sanne", "mark")) == (None, None)
    assert way_of(world).ground == Ground.MATCH


# --- the end ---


def test_it_lapses_by_itself_at_midnight(world: World, house: Household, match: Match) -> None:
    world.at = MIDNIGHT - timedelta(seconds=1)
    assert (sees(world, house, "anouk"), sees(world, house, "youssef")) == (True, True)
    assert Match.objects.standing(local_day(world.at)).exists()
    world.at = MIDNIGHT
    assert (sees(world, house, "anouk"), sees(world, house, "youssef")) == (False, False)
    assert not Match.objects.standing(local_day(world.at)).exists()


def test_when_the_measure_is_over_sooner_the_help_stops_today_and_what_was_agreed_goes_on(
    world: World, house: Household, match: Match
) -> None:
    agreed = open_talk(world, house, "youssef")
    say(world, agreed, "ellen", "youssef", "sanne", "mark")
    over: dict[str, Any] = {
        "record_id": record_of(house, "Noor"),
        "kind": MeasureKind.SUPERVISION,
        "at": world.at,
    }
    for name, error in (("bram", NotVisible), ("youssef", Forbidden), ("sanne", Forbidden)):
        with pytest.raises(error):
            measure.end_measure(actor=world.actor(name), **over)
    measure.end_measure(actor=world.actor("ellen"), **over)
    match.refresh_from_db()
    assert match.ends_on == local_day(world.at)
    assert not Involvement.objects.standing(world.at).filter(part=Part.SUPERVISOR).exists()
    assert (sees(world, house, "anouk"), sees(world, house, "youssef")) == (False, True)
    assert Match.objects.get(talk=agreed).ends_on is None
    assert told("match.measure_over", world) == {"Sanne", "Mark"}
    with pytest.raises(NotVisible):
        measure.end_measure(actor=world.actor("ellen"), **over)


def asked() -> MatchTalk:
    return MatchTalk.objects.get(renews__isnull=False, stage=TalkStage.OPEN)


def test_a_month_before_the_family_is_asked_and_its_yes_is_another_ground(
    world: World, house: Household, match: Match
) -> None:
    go_to(world, MIDNIGHT - timedelta(days=31))
    assert not MatchTalk.objects.filter(renews=match).exists()
    go_to(world, MIDNIGHT - timedelta(days=30))
    assert "Zegt niet iedereen ja, dan stopt de hulp." in page(world, asked(), "sanne")
    say(world, asked(), "sanne", "mark", "anouk")
    match.refresh_from_db()
    assert (match.ends_on, match.lapses_on) == (None, None)
    world.at = MIDNIGHT
    assert sees(world, house, "anouk")
    assert way_of(world).ground == Ground.MATCH


def test_without_that_yes_it_stops_and_the_question_waits_on_the_coach(
    world: World, house: Household, match: Match
) -> None:
    go_to(world, MIDNIGHT - timedelta(days=30))
    say(world, asked(), "sanne", "anouk")
    go_to(world, MIDNIGHT + timedelta(hours=6))
    assert not MatchTalk.objects.filter(renews=match, stage=TalkStage.OPEN).exists()
    assert not Match.objects.standing(local_day(world.at)).exists()
    house.request.refresh_from_db()
    assert house.request.waiting_on == WaitingOn.COACH


def test_a_later_ruling_carries_it_on_where_who_supervises_decides_so_anew(
    world: World, house: Household, match: Match
) -> None:
    go_to(world, MIDNIGHT - timedelta(days=30))
    renewal = asked()
    assert refused(world, renewal) == "measure.not_longer"
    later = LAST + timedelta(days=180)
    supervised(world, house, ruled_on=local_day(world.at), until_on=later)
    carry_out(world, renewal)
    say(world, renewal, "anouk")
    match.refresh_from_db()
    assert (match.ends_on, match.lapses_on) == (later, later)
    world.at = MIDNIGHT
    assert sees(world, house, "anouk")


# --- a guardian ---


def test_a_guardian_decides_in_the_place_of_the_parents(world: World) -> None:
    house = household(world)
    ellen = world.actor("ellen")
    for row in house.child.authority_over.all():
        families.end_authority(actor=ellen, authority_id=row.pk, source=Source.COURT, at=world.at)
    guardian = families.add_parent(
        actor=ellen,
        family_id=house.family_id,
        first_name="Gerda",
        kind=MemberKind.GUARDIAN,
        email="gerda@gi.example",
        at=world.at,
    )
    world.later(days=1)
    families.set_authority(
        actor=ellen, child_id=house.child.pk, holder_id=guardian.pk, source=Source.COURT, at=world.at
    )
    talk = open_talk(world, house)
    assert "Gerda is voogd en beslist in de plaats van ouders" in page(world, talk, "ellen")
    with pytest.raises(NotVisible):
        say(world, talk, "sanne")
    assert waits_for(say(world, talk, "ellen", "anouk", "gerda")) == "match.waiting"
    assert agreed(say(world, talk, "noor")) == (None, None)


def test_a_colleague_stands_in_where_the_help_carries_out_a_measure_and_no_longer_than_it(
    world: World, house: Household, match: Match
) -> None:
    mirte = world.add_professional("mirte", "vlinder", "angst")
    today = local_day(world.at)
    named = deputies.name_deputy(
        actor=world.actor("anouk"),
        account_id=mirte.account_id,
        from_on=today,
        until_on=today + timedelta(days=21),
        families=[house.family_id],
        at=world.at,
    )
    assert (named.first_name, named.families) == ("Mirte", 1)
    assert sees(world, house, "mirte")
    (row,) = Involvement.objects.filter(account=mirte.account_id)
    assert (row.part, row.ground, row.behind_id) == (Part.DEPUTY, Ground.COURT, world.account("anouk").pk)
    world.later(days=1)
    measure.end_measure(
        actor=world.actor("ellen"),
        record_id=record_of(house, "Noor"),
        kind=MeasureKind.SUPERVISION,
        at=world.at,
    )
    world.later(days=1)
    assert not sees(world, house, "anouk")
    assert not sees(world, house, "mirte")
