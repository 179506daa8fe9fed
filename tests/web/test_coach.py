"""What a coach has to do today stands beside the way of the questions, and costs as many questions to ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hendig.kernel.periods import local_day
from hendig.web import pages
from tests.support.families import taken_up, talked
from tests.support.matching import Household, household
from tests.support.tents import answer, call_tent, planned_tent, welcome
from tests.support.world import World
from tests.tents.test_slots import every_tuesday

BOARD = "/gezinnen/"
DAY = ("talks", "fixed", "to-prepare")


def page_of(world: World, who: str = "ellen") -> str:
    with time_machine.travel(world.at):
        return world.client(who).get(BOARD).content.decode()


def card_of(page: str, name: str) -> str:
    """What stands on this card of the day; nothing where it is not there."""
    return page.partition(f'id="{name}"')[2].partition("</article>")[0]


def test_without_anything_to_do_the_day_takes_no_room(world: World) -> None:
    assert not any(card_of(page_of(world), name) for name in DAY)


def test_a_first_talk_is_named_from_the_day_by_which_the_coach_calls(world: World) -> None:
    taken_up(world)
    assert not card_of(page_of(world), "talks")
    # Asked on a Monday: two working days.
    world.later(days=2)
    on_time = " ".join(card_of(page_of(world), "talks").split())
    assert "Sanne bellen" in on_time
    assert "uiterlijk vandaag" in on_time
    assert not card_of(page_of(world, "bram"), "talks")
    world.later(days=1)
    assert "had al gebeld moeten zijn" in card_of(page_of(world), "talks")


def test_after_the_first_talk_nobody_is_called_any_more(world: World) -> None:
    talked(world)
    world.later(days=5)
    assert not card_of(page_of(world), "talks")


def test_a_tent_to_come_says_who_has_still_to_answer_and_to_choose(world: World, house: Household) -> None:
    tent = call_tent(world, house.request)
    assert "2 antwoorden komen nog" in card_of(page_of(world), "to-prepare")
    answer(world, tent, "anouk")
    both = card_of(page_of(world), "to-prepare")
    assert "1 antwoord komt nog" in both
    assert "het gezin zegt nog of 1 persoon mag komen" in both
    answer(world, tent, "youssef")
    welcome(world, tent, "anouk", "youssef")
    assert "nog" not in card_of(page_of(world), "to-prepare")
    # Neither for a coach of other families, nor for who only sits at it.
    assert not card_of(page_of(world, "bram"), "to-prepare")
    assert [one.id for one in pages.coach(world.actor("anouk"), at=world.at).tents] == []


def test_the_tent_of_today_is_a_talk_of_today(world: World, house: Household) -> None:
    tent = planned_tent(world, house)
    world.later(days=3)
    page = page_of(world)
    assert f"/tenten/{tent.pk}/" in card_of(page, "talks")
    assert not card_of(page, "to-prepare")
    world.later(days=2)
    assert not any(card_of(page_of(world), name) for name in DAY)


@pytest.mark.parametrize(("days", "there"), [(0, False), (1, True), (8, True)])
def test_a_surgery_stands_there_on_its_own_days(world: World, days: int, there: bool) -> None:
    every_tuesday(world, name="Spreekuur bij de huisarts", place="De Linde")
    world.later(days=days)
    said = card_of(page_of(world), "fixed")
    assert ("Spreekuur bij de huisarts" in said) is there
    assert ("De Linde" in said) is there


def test_the_day_asks_as_often_for_many_tents_as_for_one(world: World) -> None:
    counts = []
    for names in (("Sanne",), ("Els", "Ria", "Lotte")):
        for name in names:
            call_tent(world, household(world, parent=name, other=f"{name}x", child=f"{name}y").request)
        every_tuesday(world, name=f"Vast {names[0]}", from_on=local_day(world.at) - timedelta(days=7))
        with CaptureQueriesContext(connection) as caught:
            pages.coach(world.actor("ellen"), at=world.at)
        counts.append(len(caught))
    assert counts[0] == counts[1]
