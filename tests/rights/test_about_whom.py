"""With two children own words lie in the record of the child that they are about, and in no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.families.actions import say_about
from hendig.families.models import CompartmentKind
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.rights import actions
from hendig.rights.models import OwnWords
from hendig.safety.actions import open_in_emergency
from hendig.safety.models import Category
from tests.support.files import a_photo
from tests.support.matching import Household, household, record_of, son_and_daughter
from tests.support.shared import built_once
from tests.support.world import AT, World

pytestmark = pytest.mark.django_db

ABOUT_BAS, ABOUT_LOTTE = "Bas wil zelf fietsen.", "Lotte slaapt weer goed."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as moved:
        yield moved


@built_once
def house(world: World) -> Household:
    return son_and_daughter(world)


def write(
    world: World, house: Household, record_id: UUID | None, words: str = "Zo.", who: str = "sanne"
) -> OwnWords:
    return actions.write_own_words(
        actor=world.actor(who),
        family_id=house.family_id,
        record_id=record_id,
        kind="addition",
        topic="plan",
        words=words,
        at=world.at,
    )


def both(world: World, house: Household) -> None:
    write(world, house, record_of(house, "Bas"), ABOUT_BAS)
    write(world, house, record_of(house, "Lotte"), ABOUT_LOTTE)


def rests(world: World, house: Household, who: str = "sanne") -> None:
    """Bas lets this parent see along no more."""
    say_about(
        actor=world.actor("bas"),
        record_id=record_of(house, "Bas"),
        account_id=world.account(who).pk,
        yes=False,
        at=world.at,
    )


def where(house: Household) -> str:
    return reverse("write_own_words", args=[house.family_id])


def form(world: World, house: Household, who: str = "sanne") -> str:
    answer = world.client(who).get(where(house))
    assert answer.status_code == 200
    return answer.content.decode()


def post(world: World, house: Household, who: str = "sanne", **typed: Any) -> Any:
    sent = {"kind": "addition", "topic": "help", "words": ABOUT_BAS, **typed}
    return world.client(who).post(where(house), sent)


def page(world: World, house: Household, who: str) -> str:
    answer = world.client(who).get(reverse("own_record", args=[house.family_id]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("child", ["Bas", "Lotte"])
def test_words_lie_with_the_child_that_they_are_about(world: World, house: Household, child: str) -> None:
    own = write(world, house, record_of(house, child))
    assert own.compartment.record_id == record_of(house, child)
    assert own.compartment.kind == CompartmentKind.SHARED


def test_when_it_is_not_said_about_whom_it_is_refused_and_nothing_is_written(
    world: World, house: Household
) -> None:
    with pytest.raises(Refused) as no:
        write(world, house, None)
    assert no.value.refusal.code == "record.which_child"
    assert not OwnWords.objects.exists()


def test_a_youth_and_who_has_one_child_are_not_asked(world: World, house: Household) -> None:
    assert write(world, house, None, who="bas").compartment.record_id == record_of(house, "Bas")
    one = household(world, parent="Lisa", other="Tom", child="Finn")
    assert write(world, one, None, who="lisa").compartment.record_id == record_of(one, "Finn")


def test_a_record_that_is_not_open_does_not_exist(world: World, house: Household) -> None:
    one = household(world, parent="Lisa", other="Tom", child="Finn")
    for who, record_id in (
        ("sanne", uuid4()),
        ("sanne", record_of(one, "Finn")),
        ("bas", record_of(house, "Lotte")),
    ):
        with pytest.raises(NotVisible):
            write(world, house, record_id, who=who)
    with pytest.raises(Forbidden):
        write(world, house, record_of(house, "Bas"), who="ellen")
    assert not OwnWords.objects.exists()


def test_words_about_a_child_whose_record_rests_come_to_lie_with_no_other(
    world: World, house: Household
) -> None:
    chosen = record_of(house, "Bas")
    rests(world, house)
    with pytest.raises(NotVisible):
        write(world, house, chosen)
    answer = post(world, house, record_id=str(chosen))
    text = answer.content.decode()
    assert (answer.status_code, "Kies over wie het gaat." in text, ABOUT_BAS in text) == (422, True, True)
    assert 'type="radio" name="record_id"' in text
    assert not OwnWords.objects.exists()
    assert write(world, house, None).compartment.record_id == record_of(house, "Lotte")


def test_a_son_of_14_finds_the_words_about_himself_and_not_those_about_his_sister(
    world: World, house: Household
) -> None:
    both(world, house)
    text = page(world, house, "bas")
    assert (ABOUT_BAS in text, ABOUT_LOTTE in text) == (True, False)
    assert {ABOUT_BAS, ABOUT_LOTTE} == {
        one for one in (ABOUT_BAS, ABOUT_LOTTE) if one in page(world, house, "mark")
    }


def test_an_emergency_about_the_daughter_shows_no_words_about_the_son(world: World, house: Household) -> None:
    both(world, house)
    lotte = house.member("Lotte")
    assert lotte.born_on is not None
    open_in_emergency(
        actor=world.actor("youssef"),
        first_name="Lotte",
        last_name=lotte.last_name or house.request.family.name,
        born_on=lotte.born_on,
        beside="",
        category=Category.VIOLENCE,
        reason="Buren horen geschreeuw en een kind dat huilt.",
        at=world.at,
    )
    text = page(world, house, "youssef")
    assert (ABOUT_BAS in text, ABOUT_LOTTE in text) == (False, True)


def test_a_file_lies_where_the_words_lie(world: World, house: Household) -> None:
    bas, photo = record_of(house, "Bas"), SimpleUploadedFile("foto.jpg", a_photo(), "image/jpeg")
    answer = post(world, house, record_id=str(bas), file=photo, file_words="Zijn fiets")
    assert answer.status_code == 302
    own = OwnWords.objects.get()
    assert own.file is not None
    assert own.compartment.record_id == own.file.compartment.record_id == bas


def test_the_page_asks_about_whom_only_where_more_than_one_record_is_open(
    world: World, house: Household
) -> None:
    asked = form(world, house)
    assert all(words in asked for words in ("Over wie gaat het?", "Bas", "Lotte"))
    one = household(world, parent="Lisa", other="Tom", child="Finn")
    for text in (form(world, house, "bas"), form(world, one, "lisa")):
        assert "Over wie gaat het?" not in text
        assert 'type="hidden" name="record_id"' in text
    unsaid = post(world, house)
    assert (unsaid.status_code, "Kies over wie het gaat." in unsaid.content.decode()) == (422, True)
    assert not OwnWords.objects.exists()


def test_the_page_reads_no_name_of_a_child_whose_record_rests(world: World, house: Household) -> None:
    rests(world, house, "mark")
    text = form(world, house, "mark")
    assert "Bas" not in text
    assert str(record_of(house, "Lotte")) in text
    assert str(record_of(house, "Bas")) not in text


def test_the_page_asks_the_same_number_of_queries_with_one_child_and_with_two(
    world: World, house: Household
) -> None:
    one = household(world, parent="Lisa", other="Tom", child="Finn")
    counts = []
    for who, which in (("lisa", one), ("sanne", house)):
        client = world.client(who)
        client.get(where(which))
        with CaptureQueriesContext(connection) as seen:
            client.get(where(which))
        counts.append(len(seen))
    assert counts[0] == counts[1]
