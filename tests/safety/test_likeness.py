"""A second account of somebody of the family: found by what is the same, told once, and closing nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hendig.audit.models import Entry
from hendig.families.actions import join_persons
from hendig.families.models import Family, FamilyMember
from hendig.families.rules.own import Somebody, alike
from hendig.helprequests.actions import ChildOfTalk, ParentOfTalk, first_talk
from hendig.helprequests.actions.handover import hand_over_questions, take_over
from hendig.helprequests.queries.handover import due
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.people.actions import add_worker
from hendig.safety import actions
from tests.safety.test_own_family import alarms, told
from tests.support.families import taken_up
from tests.support.world import World

LIKELY = "own_family.likely"
MARK = Somebody("Mark", "de Vries", "mark@gezin.example", "06 1234 5678")


@pytest.mark.parametrize(
    ("other", "by"),
    [
        (Somebody("M.", "Vries", "Mark+werk@gezin.example"), "mail"),
        (Somebody("M.", "Vries", "m@werk.example", "+31 6 12345678"), "phone"),
        (Somebody("mark", "De Vries", "m@werk.example"), "name"),
        (Somebody("Erik", "de Vries", "erik@gezin.example", "06 1234 5679"), ""),
        (Somebody("Mark", "Bakker", "mark@elders.example"), ""),
        (Somebody("Mark", "", "mark@gezin.elders.example", "5678"), ""),
    ],
)
def test_two_are_alike_by_a_mailbox_a_telephone_or_a_whole_name(other: Somebody, by: str) -> None:
    assert (alike(MARK, other), alike(other, MARK)) == (by, by)


def test_what_is_not_known_of_either_is_not_the_same() -> None:
    assert alike(Somebody("Mark", ""), Somebody("Mark", "")) == ""
    assert alike(Somebody("Eva", "Smit"), Somebody("Noor", "Smit")) == ""


def a_coach(world: World, email: str, first_name: str = "Erik", last_name: str = "Smit") -> None:
    world.accounts[first_name.lower()] = add_worker(
        actor=world.system,
        email=email,
        first_name=first_name,
        last_name=last_name,
        role=Role.COACH,
        on=local_day(world.at),
        at=world.at,
    )


def watched(world: World) -> int:
    since = world.at - timedelta(days=2)
    return actions.watch_likeness(municipality_id=world.municipality.pk, since=since, at=world.at)


def test_a_coach_with_the_mailbox_of_a_parent_is_told_of_once_and_goes_on(world: World) -> None:
    a_coach(world, "sanne+werk@gezin.example")
    request = taken_up(world, "Sanne", coach="erik")
    assert (watched(world), watched(world)) == (1, 0)
    assert told(world, LIKELY) == ["Karin"]
    line = Entry.objects.get(code=LIKELY)
    assert (line.family_id, line.facts["by"]) == (None, "mail")
    assert Family.objects.visible_to(world.actor("erik"), at=world.at).filter(pk=request.family_id).exists()


def test_whose_parent_came_in_later_is_found_too(world: World) -> None:
    a_coach(world, "erik@werk.example", "Erik", "Sanne")
    request = taken_up(world, "Sanne", coach="erik")
    assert watched(world) == 0
    world.later(days=9)
    first_talk(
        actor=world.actor("erik"),
        request_id=request.pk,
        child=ChildOfTalk(first_name="Noor", born_on=date(2013, 5, 4)),
        parent=ParentOfTalk("Erik", "erik@thuis.example", holds_authority=True),
        at=world.at,
    )
    assert request.family.name == "Sanne"
    assert watched(world) == 1
    assert Entry.objects.get(code=LIKELY).facts["by"] == "name"


def test_who_was_linked_by_a_coach_is_found(world: World) -> None:
    """Joris works with a family in which he stands himself, by another name and without a way in."""
    own = taken_up(world, "Joris")
    a_coach(world, "joris@gezin.example", "Joris")
    theirs = taken_up(world, "Sanne")
    first_talk(
        actor=world.actor("ellen"),
        request_id=theirs.pk,
        child=ChildOfTalk(first_name="Noor", born_on=date(2013, 5, 4)),
        parent=ParentOfTalk("Jo"),
        at=world.at,
    )
    hand_over_questions(
        actor=world.actor("petra"),
        coach_id=world.account("ellen").pk,
        successors={own.pk: world.account("bram").pk, theirs.pk: world.account("joris").pk},
        from_on=local_day(world.at) + timedelta(days=1),
        at=world.at,
    )
    join_persons(
        actor=world.actor("ellen"),
        member_id=own.asked_by_id,
        other_id=FamilyMember.objects.get(family_id=theirs.family_id, first_name="Jo").pk,
        reason="Zelf verteld.",
        at=world.at,
    )
    world.later(days=1)
    for municipality_id, handover_id in due(at=world.at):
        take_over(municipality_id=municipality_id, handover_id=handover_id, at=world.at)
    assert watched(world) == 1
    assert Entry.objects.get(code=LIKELY).facts["by"] == "person"


def test_nobody_else_is_told_of(world: World) -> None:
    a_coach(world, "sanne@elders.example", "Sannie", "Sanne")
    taken_up(world, "Sanne", coach="sannie")
    taken_up(world, "Joris", coach="ellen")
    assert (watched(world), alarms(LIKELY)) == (0, 0)
