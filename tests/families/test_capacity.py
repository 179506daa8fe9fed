"""17, and not able to decide: two professionals say so apart, until a day; the youth hears it and says no."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry, Kind
from hendig.families.actions import add_child, give_youth_account, say_about
from hendig.families.actions.capacity import end_judgement, judge_first, judge_second, object_to
from hendig.families.models import Incapacity
from hendig.families.queries import deciders, opening
from hendig.kernel.consent import Instead, Standing, standing
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.matching.models import Match, MatchTalk
from hendig.operations.backup.ends import ENDS
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.rights.actions import apply, ask_destruction
from tests.support.along import squeezed, taken
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.registrations import registered
from tests.support.rights import SEVENTEEN
from tests.support.shared import built_once
from tests.support.tents import planned_tent
from tests.support.world import World

WHY = "Bo eet al weken niet en weegt niet meer wat hulp doet."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    return prepared(world)


def prepared(world: World) -> Household:
    """Bo of 17; both parents have authority and see nothing; Anouk and Youssef, registered, are guests."""
    found = household(world, child="Bo", born_on=SEVENTEEN, agrees=False)
    planned_tent(world, found)
    for name in ("anouk", "youssef"):
        registered(world, name)
    return found


def first(world: World, house: Household, who: str = "anouk", days: int = 30, **given: Any) -> Incapacity:
    asked: dict[str, Any] = {
        "member_id": house.child.pk,
        "matter": "Hulp voor eten en slapen",
        "why": WHY,
        "until_on": local_day(world.at) + timedelta(days=days),
    }
    return judge_first(actor=world.actor(who), at=world.at, **(asked | given))


def second(world: World, row: Incapacity, who: str = "youssef", *, agrees: bool = True) -> Incapacity:
    return judge_second(
        actor=world.actor(who), incapacity_id=row.pk, why="Ik zag hetzelfde.", agrees=agrees, at=world.at
    )


def held(world: World, house: Household, **given: Any) -> Incapacity:
    return second(world, first(world, house, **given))


def sees(world: World, house: Household, who: str) -> bool:
    try:
        with opening(world.actor(who), "family.page_seen", house.family_id, at=world.at) as look:
            return record_of(house, "Bo") in look.records
    except NotVisible:
        return False


def why(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


def told(world: World, code: str) -> set[str]:
    """The first names of who has a notice of the last such line, after the worker did its work."""
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    rows = Notice.objects.filter(entry_id=entry.pk).select_related("account")
    for one in rows:
        assert world.client(one.account.first_name).get(one.url).status_code == 200
    return {one.account.first_name for one in rows}


# --- who decides ---


def test_one_alone_changes_nothing_and_two_let_the_parents_decide_until_the_end_of_the_last_day(
    world: World, house: Household
) -> None:
    row = first(world, house)
    assert not sees(world, house, "sanne")
    assert deciders(house.child.pk, at=world.at).instead is None
    second(world, row)
    assert sees(world, house, "sanne")
    who = deciders(house.child.pk, at=world.at)
    parents = frozenset(house.member(name).pk for name in ("Sanne", "Mark"))
    assert who.must_answer(house.child.pk) == parents
    assert who.instead is Instead.HELD
    row.refresh_from_db()
    assert row.until_at is not None
    for tick, open_then in ((timedelta(microseconds=1), True), (timedelta(0), False)):
        world.at = row.until_at - tick
        assert local_day(world.at) == row.until_on + timedelta(days=0 if open_then else 1)
        assert sees(world, house, "sanne") is open_then
        assert (deciders(house.child.pk, at=world.at).instead is not None) is open_then


def test_the_yes_of_the_parents_makes_the_match_and_a_no_of_the_youth_stops_it(
    world: World, house: Household
) -> None:
    held(world, house)
    talk = open_talk(world, house)
    say(world, talk, "bo", yes=False)
    say(world, talk, "sanne", "mark", "ellen", "anouk")
    assert not Match.objects.exists()
    say(world, talk, "bo")
    assert Match.objects.get().talk_id == talk.pk


def test_without_any_parent_with_authority_nobody_decides(world: World, house: Household) -> None:
    held(world, house)
    who = deciders(house.child.pk, at=world.at)
    nobody = replace(who, parents=frozenset())
    assert standing(nobody, house.child.pk, {house.child.pk: True}) is Standing.WAITING


def test_what_the_youth_says_about_a_parent_and_what_it_tells_apart_stay_its_own(
    world: World, house: Household
) -> None:
    say_about(
        actor=world.actor("bo"),
        record_id=record_of(house, "Bo"),
        account_id=world.account("mark").pk,
        yes=False,
        at=world.at,
    )
    held(world, house)
    assert (sees(world, house, "sanne"), sees(world, house, "mark")) == (True, False)
    with opening(world.actor("sanne"), "family.page_seen", house.family_id, at=world.at) as look:
        assert "child" not in look.open
    with pytest.raises(Refused) as refused:
        ask_destruction(
            actor=world.actor("sanne"), family_id=house.family_id, child_id=house.child.pk, at=world.at
        )
    assert why(refused) == "destruction.youth_alone"
    # A decision on paper both may ask: who decides, and the youth.
    made = apply(actor=world.actor("bo"), family_id=house.family_id, child_id=house.child.pk, at=world.at)
    assert made.closed_at is None


# --- who may say so ---


def test_only_two_who_are_involved_and_registered(world: World, house: Household) -> None:
    world.add_professional("vera", "anker", "angst")
    registered(world, "vera")
    with pytest.raises(NotVisible):
        first(world, house, "vera")
    with pytest.raises(Refused) as refused:
        first(world, house, "ellen")
    assert why(refused) == "capacity.not_registered"
    registered(world, "anouk", until=local_day(world.at) - timedelta(days=1))
    with pytest.raises(Refused) as refused:
        first(world, house)
    assert why(refused) == "capacity.not_registered"
    registered(world, "anouk", until=local_day(world.at))
    row = first(world, house)
    with pytest.raises(Refused) as refused:
        second(world, row, "anouk")
    assert why(refused) == "capacity.same_person"
    for who in ("bo", "karin"):
        with pytest.raises(Forbidden):
            first(world, house, who)


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "capacity.past"), (93, "capacity.too_long"), (92, None), (0, None)]
)
def test_it_has_an_end_within_three_months(
    world: World, house: Household, days: int, code: str | None
) -> None:
    if code is None:
        assert held(world, house, days=days).from_at == world.at
        return
    with pytest.raises(Refused) as refused:
        first(world, house, days=days)
    assert why(refused) == code


def test_it_never_lasts_beyond_eighteen_and_is_for_nobody_younger(world: World) -> None:
    noor = household(world, born_on=SEVENTEEN.replace(year=2008, month=11, day=20), child="Bo")
    planned_tent(world, noor)
    registered(world, "anouk")
    with pytest.raises(Refused) as refused:
        first(world, noor, days=18)
    assert why(refused) == "capacity.grown_up"
    assert first(world, noor, days=17).from_at is None
    small = household(world, parent="Els", other="Wim", child="Tim")
    with pytest.raises(Refused) as refused:
        judge_first(
            actor=world.actor("ellen"),
            member_id=small.child.pk,
            matter="Hulp",
            why=WHY,
            until_on=local_day(world.at),
            at=world.at,
        )
    assert why(refused) == "capacity.age"


def test_a_second_who_finds_otherwise_ends_it_and_one_who_waits_too_long_is_too_late(
    world: World, house: Household
) -> None:
    row = first(world, house)
    with pytest.raises(Refused) as refused:
        first(world, house, "youssef")
    assert why(refused) == "capacity.already"
    second(world, row, agrees=False)
    assert not sees(world, house, "sanne")
    again = first(world, house)
    world.later(days=14)
    with pytest.raises(Refused) as refused:
        second(world, again)
    assert why(refused) == "capacity.closed"


# --- the youth says no ---


def test_nobody_is_waited_for_beyond_the_day_until_which_it_was_to_hold(
    world: World, house: Household
) -> None:
    """Else a late yes would tell everybody that parents decide until a day that is past."""
    row = first(world, house, days=1)
    world.later(days=2)
    with pytest.raises(Refused) as no:
        second(world, row)
    assert why(no) == "capacity.closed"
    assert held(world, house, days=1).from_at == world.at


def test_an_objection_ends_it_at_once_and_then_only_serious_harm_is_a_reason(
    world: World, house: Household
) -> None:
    row = held(world, house)
    with pytest.raises(Refused) as refused:
        object_to(actor=world.actor("sanne"), incapacity_id=row.pk, words="", at=world.at)
    assert why(refused) == "capacity.youth_alone"
    object_to(actor=world.actor("bo"), incapacity_id=row.pk, words="Ik kan het zelf.", at=world.at)
    assert not sees(world, house, "sanne")
    assert deciders(house.child.pk, at=world.at).instead is None
    with pytest.raises(Refused) as refused:
        first(world, house)
    assert why(refused) == "capacity.objected"
    again = held(world, house, harm="Zonder hulp moet Bo naar het ziekenhuis.")
    object_to(actor=world.actor("bo"), incapacity_id=again.pk, words="", at=world.at)
    assert sees(world, house, "sanne")
    assert deciders(house.child.pk, at=world.at).instead is Instead.DESPITE_NO
    talk = open_talk(world, house)
    say(world, talk, "bo", yes=False)
    say(world, talk, "sanne", "mark", "ellen", "anouk")
    assert Match.objects.exists()


def test_each_of_the_two_ends_it_and_nobody_else(world: World, house: Household) -> None:
    row = held(world, house)
    with pytest.raises(Refused) as refused:
        end_judgement(actor=world.actor("ellen"), incapacity_id=row.pk, at=world.at)
    assert why(refused) == "capacity.not_yours"
    end_judgement(actor=world.actor("youssef"), incapacity_id=row.pk, at=world.at)
    assert not sees(world, house, "sanne")
    with pytest.raises(Refused) as refused:
        end_judgement(actor=world.actor("anouk"), incapacity_id=row.pk, at=world.at)
    assert why(refused) == "capacity.over"


def test_an_end_after_a_backup_wins_over_it() -> None:
    (ends,) = (one for one in ENDS if one.table == "families_incapacity")
    assert "until_at" in ends.columns


# --- it is told, and each step stands in the log ---


def test_the_youth_hears_each_step_and_the_parents_only_that_they_decide(
    world: World, house: Household
) -> None:
    row = first(world, house)
    assert told(world, "capacity.judged") == {"Bo", "Ellen"}
    second(world, row)
    assert told(world, "capacity.agreed") == {"Bo", "Sanne", "Mark", "Anouk"}
    world.later(hours=1)
    object_to(actor=world.actor("bo"), incapacity_id=row.pk, words="Nee.", at=world.at)
    assert told(world, "capacity.objected") == {"Anouk", "Youssef", "Ellen", "Sanne", "Mark"}
    lines = Entry.objects.filter(kind=Kind.CHANGE, code__startswith="capacity.").order_by("id")
    assert [one.code for one in lines] == ["capacity.judged", "capacity.agreed", "capacity.objected"]
    assert all(WHY not in str(one.facts) for one in lines)


def test_who_decided_hears_when_it_ends_and_nobody_else_of_the_family(world: World, house: Household) -> None:
    """Mark, whom Bo would not have, never decided with a view; after an end nobody is told twice."""
    say_about(
        actor=world.actor("bo"),
        record_id=record_of(house, "Bo"),
        account_id=world.account("mark").pk,
        yes=False,
        at=world.at,
    )
    row = first(world, house)
    object_to(actor=world.actor("bo"), incapacity_id=row.pk, words="", at=world.at)
    assert told(world, "capacity.objected") == {"Anouk", "Ellen"}
    row = held(world, house, harm="Zonder hulp moet Bo naar het ziekenhuis.")
    assert told(world, "capacity.agreed") == {"Bo", "Sanne", "Anouk"}
    # To prevent serious harm the parents go on deciding, whatever the youth says.
    world.later(hours=1)
    object_to(actor=world.actor("bo"), incapacity_id=row.pk, words="", at=world.at)
    assert told(world, "capacity.objected") == {"Anouk", "Youssef", "Ellen"}
    end_judgement(actor=world.actor("youssef"), incapacity_id=row.pk, at=world.at)
    assert told(world, "capacity.ended") == {"Bo", "Sanne"}


def test_a_sister_who_signs_in_does_not_hear_that_others_decide(world: World, house: Household) -> None:
    """She is of the family and sees a record, her own."""
    ellen = world.actor("ellen")
    sister = add_child(
        actor=ellen, family_id=house.family_id, first_name="Fien", born_on=date(2013, 5, 4), at=world.at
    )
    give_youth_account(actor=ellen, member_id=sister.pk, email="fien@gezin.example", at=world.at)
    row = held(world, house)
    assert told(world, "capacity.agreed") == {"Bo", "Sanne", "Mark", "Anouk"}
    world.later(hours=1)
    object_to(actor=world.actor("bo"), incapacity_id=row.pk, words="", at=world.at)
    assert "Fien" not in told(world, "capacity.objected")


# --- pages ---


def page(world: World, house: Household, who: str) -> Any:
    return world.client(who).get(reverse("capacity", args=[house.child.pk]))


def test_two_write_it_down_apart_by_the_pages_and_the_youth_reads_it_and_objects(
    world: World, house: Household
) -> None:
    url = reverse("judge_first", args=[house.child.pk])
    typed = {"matter": "Hulp voor eten", "why": WHY, "until_on": "2026-11-31"}
    wrong = world.client("anouk").post(url, {"_key": str(uuid4()), **typed})
    assert (wrong.status_code, WHY in wrong.content.decode()) == (422, True)
    assert "Deze dag bestaat niet" in wrong.content.decode()
    typed["until_on"] = "2026-11-30"
    assert world.client("anouk").post(url, {"_key": str(uuid4()), **typed}).status_code == 302
    row = Incapacity.objects.get()
    # Who has still to look reads that somebody did, and not what.
    assert WHY not in page(world, house, "youssef").content.decode()
    assert "leest u als u zelf gekeken hebt" in page(world, house, "youssef").content.decode()
    assert WHY in page(world, house, "bo").content.decode()
    said = {"_key": str(uuid4()), "agrees": "1", "why": "Ik zag het ook."}
    url = reverse("judge_second", args=[row.pk])
    assert world.client("youssef").get(url).status_code == 200
    assert world.client("youssef").post(url, said).status_code == 302
    for who in ("bo", "sanne", "anouk", "youssef"):
        text = page(world, house, who).content.decode()
        assert (WHY in text, "Ik zag het ook." in text, "Daarna stopt het vanzelf" in text) == (True,) * 3
    url = reverse("object_to", args=[row.pk])
    assert "Het stopt meteen" in world.client("bo").get(url).content.decode()
    assert world.client("bo").post(url, {"_key": str(uuid4()), "words": "Nee."}).status_code == 302
    assert page(world, house, "sanne").status_code == 404
    assert "Nee." in page(world, house, "anouk").content.decode()


def test_for_who_does_not_see_the_record_there_is_no_such_page(world: World, house: Household) -> None:
    row = first(world, house)
    nothing = world.client("sanne").get(reverse("capacity", args=[uuid4()]))
    for name, key in (("capacity", house.child.pk), ("object_to", row.pk)):
        found = world.client("sanne").get(reverse(name, args=[key]))
        assert (found.status_code, nothing.status_code) == (404, 404)


def test_it_asks_as_many_times_however_often_it_was_said(world: World, house: Household) -> None:
    def asked() -> int:
        client = world.client("anouk")
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("capacity", args=[house.child.pk])).status_code == 200
        return len(found)

    end_judgement(actor=world.actor("anouk"), incapacity_id=held(world, house).pk, at=world.at)
    once = asked()
    for _again in range(2):
        end_judgement(actor=world.actor("anouk"), incapacity_id=held(world, house).pk, at=world.at)
    assert asked() == once


def test_the_youth_takes_along_what_was_held_and_why(world: World, house: Household) -> None:
    row = held(world, house)
    copy = taken(world, house, "bo")
    assert squeezed(row.first_why) in copy.everything


def test_a_parent_hears_of_a_talk_of_a_youth_only_while_parents_decide(
    world: World, house: Household
) -> None:
    """Each wall alone: the filter of the queries, and the policy with no filter at all."""
    talk = open_talk(world, house)

    def shown(who: str) -> tuple[bool, bool]:
        actor = world.actor(who)
        with reading(world.system, world.at):
            first_wall = MatchTalk.objects.visible_to(actor, at=world.at).filter(pk=talk.pk).exists()
        with reading(actor, world.at):
            return first_wall, MatchTalk.objects.filter(pk=talk.pk).exists()

    assert (shown("bo"), shown("sanne")) == ((True, True), (False, False))
    assert world.client("sanne").get(reverse("match_talk", args=[talk.pk])).status_code == 404
    row = held(world, house)
    assert (shown("bo"), shown("sanne")) == ((True, True), (True, True))
    assert world.client("sanne").get(reverse("match_talk", args=[talk.pk])).status_code == 200
    object_to(actor=world.actor("bo"), incapacity_id=row.pk, words="Nee.", at=world.at)
    assert (shown("bo"), shown("sanne")) == ((True, True), (False, False))


def test_a_parent_stops_hearing_of_an_open_talk_at_midnight_of_the_sixteenth_birthday(world: World) -> None:
    tomorrow = local_day(world.at) + timedelta(days=1)
    house = household(world, child="Bo", born_on=tomorrow.replace(year=tomorrow.year - 16), agrees=False)
    talk = open_talk(world, house)
    midnight = datetime.combine(tomorrow, time(0), AMSTERDAM)
    for moment, heard in ((midnight - timedelta(microseconds=1), True), (midnight, False)):
        world.at = moment
        page = world.client("sanne").get(reverse("match_talk", args=[talk.pk]))
        assert page.status_code == (200 if heard else 404)
        assert world.client("bo").get(reverse("match_talk", args=[talk.pk])).status_code == 200
