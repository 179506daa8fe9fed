"""Who is around the family, seen in the tent: by who sits there, when asked for, and entered in the log."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import HttpResponse
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hendig.audit.models import Entry
from hendig.circle import actions as circles
from hendig.families.actions import add_child
from hendig.families.models import Bond, Tie
from hendig.tents import queries
from hendig.tents.models import Phase, Tent
from tests.support.matching import Household, household
from tests.support.shared import built_once
from tests.support.tents import go_to, meeting, screen, understood, write
from tests.support.world import World
from tests.tents.test_pages import the_clock_of_the_world, words  # noqa: F401 - a fixture


@built_once
def tent(world: World, house: Household) -> Tent:
    """Of a family with an oma in its circle; the talk is at understanding."""
    draw(world, house, "sanne", "Oma Riet")
    return go_to(world, meeting(world, house), Phase.UNDERSTAND)


def draw(world: World, house: Household, who: str, name: str, *, own: bool = False, **given: object) -> Tie:
    return circles.draw(
        actor=world.actor(who),
        family_id=house.family_id,
        own=own,
        name=name,
        relation="",
        distance=1,
        bond=Bond.WARM,
        gives="",
        at=world.at,
        **given,  # type: ignore[arg-type]
    )


def shown(world: World, tent: Tent, who: str, *, asks: bool = True, live: str = "") -> HttpResponse:
    url = reverse("tent", args=[tent.pk]) + ("?kring=1" if asks else "")
    headers = {"X-Hendig-Live": live} if live else {}
    return world.client(who).get(url, headers=headers)  # type: ignore[return-value]


def looks() -> int:
    return Entry.objects.filter(code="family.circle_seen").count()


class TestWhoSees:
    @pytest.mark.parametrize("who", ["sanne", "noor", "mark", "ellen", "anouk"])
    def test_everybody_at_the_table_who_asks(self, world: World, tent: Tent, who: str) -> None:
        assert "Oma Riet" in words(shown(world, tent, who))

    @pytest.mark.parametrize("who", ["bram", "henk", "karin", "fatima"])
    def test_nobody_else(self, world: World, tent: Tent, who: str) -> None:
        household(world, parent="Fatima", other="Ali", child="Sami")
        answer = shown(world, tent, who)
        assert answer.status_code in {403, 404}
        assert "Oma Riet" not in answer.content.decode()
        assert not looks()

    def test_what_a_youth_draws_for_the_own_eyes_stays_that(
        self, world: World, house: Household, tent: Tent
    ) -> None:
        draw(world, house, "noor", "Yara", own=True)
        for who in ("noor", "sanne", "ellen", "anouk"):
            assert "Yara" not in words(shown(world, tent, who))
        circles.show_circle(actor=world.actor("noor"), family_id=house.family_id, at=world.at)
        for who in ("noor", "sanne", "ellen", "anouk"):
            assert "Yara" in words(shown(world, tent, who))
        circles.hide_circle(actor=world.actor("noor"), family_id=house.family_id, at=world.at)
        assert "Yara" not in words(shown(world, tent, "sanne"))

    def test_it_is_of_the_child_whose_tent_it_is(self, world: World, house: Household, tent: Tent) -> None:
        ellen = world.actor("ellen")
        brother = add_child(
            actor=ellen, family_id=house.family_id, first_name="Tim", born_on=date(2019, 3, 4), at=world.at
        )
        draw(world, house, "ellen", "Juf Bea", record_id=brother.record.pk)
        found = words(shown(world, tent, "ellen"))
        assert "Oma Riet" in found
        assert "Juf Bea" not in found


class TestWhen:
    def test_it_is_offered_where_it_helps(self, world: World, tent: Tent) -> None:
        assert "Bekijk de kring" in words(shown(world, tent, "sanne", asks=False))
        write(world, tent, "Noor slaapt slecht", "noor")
        understood(world, tent)
        for phase in (Phase.GOES_WELL, Phase.DIRECTIONS):
            go_to(world, tent, phase)
            assert "Oma Riet" in words(shown(world, tent, "anouk"))
        for phase in (Phase.AGREE, Phase.LISTEN):
            go_to(world, tent, phase)
            found = words(shown(world, tent, "anouk"))
            assert "Oma Riet" not in found
            assert "Bekijk de kring" not in found

    def test_an_empty_one_says_who_draws_it(self, world: World, begun: Tent) -> None:
        tent = go_to(world, begun, Phase.UNDERSTAND)
        assert "Er staat nog niemand." in words(shown(world, tent, "anouk"))
        assert "Teken de kring" in words(shown(world, tent, "sanne"))
        assert "Teken de kring" not in words(shown(world, tent, "anouk"))


class TestTheLog:
    def test_only_who_asks_is_in_the_log(self, world: World, tent: Tent) -> None:
        shown(world, tent, "anouk", asks=False)
        assert looks() == 0
        shown(world, tent, "anouk")
        assert looks() == 1

    def test_what_is_fetched_live_looks_at_it_for_who_has_it_open(self, world: World, tent: Tent) -> None:
        shown(world, tent, "anouk", live="talk who")
        shown(world, tent, "anouk", asks=False, live="talk around")
        assert looks() == 0
        assert "Oma Riet" in words(shown(world, tent, "anouk", live="talk around"))
        assert looks() == 1


def test_it_takes_as_many_queries_with_one_as_with_twenty(
    world: World, house: Household, tent: Tent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = screen(world, tent, "sanne")
    for size in (1, 20):
        for number in range(Tie.objects.count(), size):
            draw(world, house, "sanne", f"Buur {number}")
        # Four, and what the transaction of a look says to the database.
        with django_assert_num_queries(8):
            found = queries.around(world.actor("sanne"), page, at=world.at)
        assert found is not None
        assert len(found.around) == size
