"""Searching the own family by name, and being asked to help there: all stays closed, and is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hendig.audit.models import Entry
from hendig.families.actions import join_persons
from hendig.families.actions.own import watch_search
from hendig.families.models import FamilyMember
from hendig.families.rules.own import could_name_one, names_this_one
from hendig.helprequests.actions import ChildOfTalk, ParentOfTalk, first_talk
from hendig.helprequests.actions.handover import hand_over_questions
from hendig.kernel.actor import Role
from hendig.kernel.names import read
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refused
from hendig.matching import actions as matching
from hendig.people.actions import add_professional
from hendig.tents import actions as tents
from tests.safety.test_own_family import alarms, told, works
from tests.support.families import taken_up
from tests.support.matching import Household, household
from tests.support.safety import last_name
from tests.support.shared import built_once
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")
SOUGHT, PROPOSED = "own_family.sought", "own_family.proposed"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Noor Jansen", True),
        ("jansen, NOOR", True),
        ("Noor van den Berg", True),
        ("Noor 4-5-2013", True),
        ("Noor Jansen 4-5-2013", True),
        ("Jansen", False),
        ("Noor", False),
        ("Noor Bakker", False),
        ("Noor Jansens", False),
        ("Noor Jansen Bakker", False),
        ("Noor 5-4-2012", False),
        ("Noor Jansen 5-4-2012", False),
        ("4-5-2013", False),
    ],
)
def test_a_person_is_named_by_a_first_name_and_more(typed: str, found: bool) -> None:
    sought = read(typed)
    assert sought is not None
    names = ("Jansen", "van den Berg")
    assert names_this_one(sought, first_name="Noor", last_names=names, born_on=date(2013, 5, 4)) is found
    # What is not even asked could not have been meant.
    assert could_name_one(sought) or not found


def test_a_search_for_one_name_asks_nothing_more(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ellen = world.actor("ellen")
    with django_assert_num_queries(0):
        assert not watch_search(actor=ellen, typed="Jansen", at=world.at)


@built_once
def house(world: World) -> Household:
    """Mark is a parent of Noor, and works for the municipality and for the Anker."""
    made = household(world)
    works(world, "mark", Role.COACH)
    works(world, "mark", Role.PROFESSIONAL, "anker")
    world.professionals["mark"] = add_professional(
        actor=world.system,
        account_id=world.account("mark").pk,
        partner_id=world.partners["anker"].pk,
        title="jeugdhulpverlener",
        can_do="Ik denk mee.",
        expertise_slugs=["angst"],
        at=world.at,
    )
    return made


def search(world: World, who: str, typed: str) -> str:
    answer = world.client(who).post(reverse("coach_list"), {"q": typed})
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_searches_the_own_child_finds_nobody_and_it_is_told_once(world: World, house: Household) -> None:
    for _time in range(2):
        assert "Niemand gevonden" in search(world, "mark", f"Noor {last_name(house.request)}")
    assert alarms(SOUGHT) == 1
    assert told(world, SOUGHT) == ["Karin"]
    line = Entry.objects.get(code=SOUGHT)
    assert (line.family_id, line.object_id) == (None, world.account("mark").pk)
    world.later(hours=25)
    search(world, "mark", "noor 4-5-2013")
    assert alarms(SOUGHT) == 2


def test_what_is_no_ground_is_no_alarm(world: World, house: Household) -> None:
    name = last_name(house.request)
    for typed in (name, "Noor", f"Noortje {name}", "Noor Bakker", f"Mark {name}"):
        search(world, "mark", typed)
    # Somebody else's family, also of that name.
    search(world, "ellen", f"Noor {name}")
    search(world, "bram", f"Noor {name}")
    assert alarms(SOUGHT) == 0


def test_who_is_found_under_just_that_name_was_meant(world: World, house: Household) -> None:
    name = last_name(house.request)
    first_talk(
        actor=world.actor("mark"),
        request_id=taken_up(world, "Joris", coach="mark").pk,
        child=ChildOfTalk(first_name="Noor", born_on=date(2015, 1, 2)),
        family_name=name,
        at=world.at,
    )
    assert "Niemand gevonden" not in search(world, "mark", f"Noor {name}")
    assert alarms(SOUGHT) == 0


def test_a_person_whom_a_coach_knew_again_is_of_both_families(world: World, house: Household) -> None:
    """A family in which the same person stands without an own way in is the own one too."""
    other = first_talk(
        actor=world.actor("ellen"),
        request_id=taken_up(world, "Joris").pk,
        child=ChildOfTalk(first_name="Finn", born_on=date(2015, 1, 2)),
        parent=ParentOfTalk("Marco"),
        at=world.at,
    )
    join_persons(
        actor=world.actor("ellen"),
        member_id=house.member("Mark").pk,
        other_id=FamilyMember.objects.get(family_id=other.family_id, first_name="Marco").pk,
        reason="Zelf verteld.",
        at=world.at,
    )
    search(world, "mark", f"Finn {last_name(other)}")
    assert alarms(SOUGHT) == 1


def test_who_is_picked_for_a_tent_of_the_own_family_is_told_of(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        tents.call_tent(
            actor=world.actor("ellen"),
            request_id=house.request.pk,
            starts_at=world.at + timedelta(days=7),
            expertise_ids=[world.expertise("angst").pk],
            professional_ids=[world.professionals["mark"].pk],
            place="De Wijkplaats",
            at=world.at,
        )
    assert no.value.refusal.code == "tent.own_family"
    assert (alarms(PROPOSED), told(world, PROPOSED)) == (1, ["Karin"])


def open_talk(world: World, house: Household, who: str) -> None:
    matching.open_talk(
        actor=world.actor("ellen"),
        request_id=house.request.pk,
        child_id=house.child.pk,
        professional_id=world.professionals[who].pk,
        service_code_id=world.service_code().pk,
        purpose="Samen kijken naar slapen.",
        at=world.at,
    )


def test_who_is_proposed_for_a_talk_in_the_own_family_is_told_of(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        open_talk(world, house, "mark")
    assert no.value.refusal.code == "talk.own_family"
    assert (alarms(PROPOSED), told(world, PROPOSED)) == (1, ["Karin"])


def test_the_page_keeps_the_alarm_although_it_refuses(world: World, house: Household) -> None:
    sent = {
        "child_id": str(house.child.pk),
        "professional_id": str(world.professionals["mark"].pk),
        "service_code_id": str(world.service_code().pk),
        "purpose": "Samen kijken naar slapen.",
    }
    answer = world.client("ellen").post(reverse("open_talk", args=[house.request.pk]), sent)
    assert answer.status_code == 422
    assert alarms(PROPOSED) == 1


def test_another_refusal_is_no_alarm(world: World, house: Household) -> None:
    open_talk(world, house, "anouk")
    with pytest.raises(Refused):
        open_talk(world, house, "anouk")
    assert alarms(PROPOSED) == 0


def test_a_question_of_the_own_family_is_handed_to_nobody_of_it(world: World, house: Household) -> None:
    chosen = {house.request.pk: world.account("mark").pk}
    with pytest.raises(Refused) as no:
        hand_over_questions(
            actor=world.actor("petra"),
            coach_id=world.account("ellen").pk,
            successors=chosen,
            from_on=local_day(world.at),
            at=world.at,
        )
    assert no.value.refusal.code == "handover.some_cannot"
    assert (alarms(PROPOSED), told(world, PROPOSED)) == (1, ["Karin"])
