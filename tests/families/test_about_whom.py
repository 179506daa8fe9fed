"""With two children somebody stands around one of them: in the record of that child, and in no other."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.families import actions
from hendig.families.models import Tie
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from tests.support.matching import Household, household, record_of, son_and_daughter
from tests.support.shared import built_once
from tests.support.world import AT, World

pytestmark = pytest.mark.django_db

JUF = {"name": "Juf Lianne", "relation": "school", "distance": "2", "bond": "warm", "gives": "denkt mee"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as moved:
        yield moved


@built_once
def house(world: World) -> Household:
    return son_and_daughter(world)


def draw(world: World, house: Household, record_id: UUID | None, who: str = "sanne") -> Tie:
    return actions.add_tie(
        actor=world.actor(who),
        family_id=house.family_id,
        record_id=record_id,
        name="Juf Lianne",
        relation="school",
        distance=2,
        at=world.at,
    )


def page(world: World, house: Household, who: str = "sanne") -> str:
    answer = world.client(who).get(reverse("circle", args=[house.family_id]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("child", ["Bas", "Lotte"])
@pytest.mark.parametrize("who", ["sanne", "ellen"])
def test_somebody_stands_around_the_child_that_was_chosen(
    world: World, house: Household, who: str, child: str
) -> None:
    tie = draw(world, house, record_of(house, child), who)
    assert tie.compartment.record_id == record_of(house, child)
    assert ("Juf Lianne" in page(world, house, "bas")) == (child == "Bas")
    assert "Juf Lianne" in page(world, house, "mark")


def test_around_nobody_or_somebody_else_s_child_nobody_is_drawn(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        draw(world, house, None)
    assert no.value.refusal.code == "record.which_child"
    one = household(world, parent="Lisa", other="Tom", child="Finn")
    for who, record_id in (
        ("sanne", uuid4()),
        ("sanne", record_of(one, "Finn")),
        ("bas", record_of(house, "Lotte")),
        ("lisa", record_of(house, "Lotte")),
    ):
        with pytest.raises(NotVisible):
            draw(world, house, record_id, who)
    with pytest.raises(Forbidden):
        draw(world, house, record_of(house, "Bas"), "karin")
    assert not Tie.objects.exists()
    assert draw(world, house, None, "bas").compartment.record_id == record_of(house, "Bas")


def test_the_page_asks_around_whom_only_where_more_than_one_record_is_open(
    world: World, house: Household
) -> None:
    assert "Om wie heen?" in page(world, house)
    assert "Om wie heen?" not in page(world, house, "bas")
    client, url = world.client("sanne"), reverse("circle", args=[house.family_id])
    unsaid = client.post(url, JUF)
    text = unsaid.content.decode()
    assert (unsaid.status_code, "Kies over wie het gaat." in text, "denkt mee" in text) == (422, True, True)
    drawn = client.post(url, {**JUF, "record_id": str(record_of(house, "Bas"))})
    tie = Tie.objects.get()
    # Back to the drawing, which offers to take this very step back.
    assert drawn["Location"] == f"{url}?stap={tie.pk}"
    assert tie.compartment.record_id == record_of(house, "Bas")


def test_the_page_asks_the_same_number_of_queries_with_one_child_and_with_two(
    world: World, house: Household
) -> None:
    one = household(world, parent="Lisa", other="Tom", child="Finn")
    counts = []
    for who, which in (("lisa", one), ("sanne", house)):
        client, url = world.client(who), reverse("circle", args=[which.family_id])
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        counts.append(len(seen))
    assert counts[0] == counts[1]
