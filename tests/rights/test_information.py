"""A father without authority: no record, a question; what is released is logged and never more than hers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading, speaking
from hendig.audit.models import Entry, Kind
from hendig.families.actions import add_parent, end_authority, say_about
from hendig.families.models import LegalAuthority
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.keys.models import CompartmentKey
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.rights.actions import write_own_words
from hendig.rights.actions.information import ask_information, refuse, release
from hendig.rights.models import InformationRequest, OwnKind, Topic
from hendig.rights.models import Piece as About
from hendig.rights.rules import repeats
from hendig.safety.actions import agree_erasure, ask_erasure
from hendig.safety.models import ErasureWhy
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.rights import SMALL
from tests.support.shared import built_once
from tests.support.world import World

TOLD = "Noor slaapt beter en gaat weer naar school."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    return prepared(world)


def prepared(world: World) -> Household:
    """Noor of 8; Sanne decides, and the authority of Mark ended. Anouk helps."""
    found = household(world, born_on=SMALL)
    say(world, open_talk(world, found), "sanne", "mark", "ellen", "anouk")
    without(world, found)
    return found


def without(world: World, house: Household, who: str = "Mark") -> None:
    held = LegalAuthority.objects.get(holder=house.member(who), child=house.child)
    end_authority(actor=world.actor("ellen"), authority_id=held.pk, at=world.at)


def asked(world: World, house: Household, who: str = "mark") -> InformationRequest:
    return ask_information(
        actor=world.actor(who),
        record_id=record_of(house, "Noor"),
        topic=Topic.HEALTH,
        words="Hoe gaat het met haar?",
        at=world.at,
    )


def told(world: World, one: InformationRequest, answer: str = TOLD, who: str = "anouk") -> InformationRequest:
    return release(
        actor=world.actor(who), information_id=one.pk, topic=Topic.SCHOOL, answer=answer, at=world.at
    )


def why(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusal.code


def heard(world: World, code: str) -> set[str]:
    """The first names of who has a notice of the last such line, after the worker did its work."""
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    rows = Notice.objects.filter(entry_id=entry.pk).select_related("account")
    for one in rows:
        assert world.client(one.account.first_name).get(one.url).status_code == 200
    return {one.account.first_name for one in rows}


def own_page(world: World, house: Household, who: str = "mark") -> Any:
    return world.client(who).get(reverse("ask_information", args=[house.family_id]))


# --- asking ---


def test_the_father_asks_by_the_pages_and_reads_what_was_released_and_no_more(
    world: World, house: Household
) -> None:
    mark = world.client("mark")
    assert mark.get(reverse("family", args=[house.family_id])).status_code == 404
    door = reverse("ask_information", args=[house.family_id])
    assert door in mark.get(reverse("own_record", args=[house.family_id])).content.decode()
    assert "Noor" not in mark.get(door).content.decode()
    empty = mark.post(door, {"_key": str(uuid4()), "topic": "health", "words": ""})
    assert (empty.status_code, "Schrijf in een paar woorden" in empty.content.decode()) == (422, True)
    typed = {"_key": str(uuid4()), "topic": "health", "words": "Hoe gaat het met haar?"}
    assert mark.post(door, typed).status_code == 302
    assert "Wacht op antwoord" in mark.get(door).content.decode()

    anouk, one = world.client("anouk"), InformationRequest.objects.get()
    listed = anouk.get(reverse("information", args=[house.family_id])).content.decode()
    assert ("Hoe gaat het met haar?" in listed, "Noor" in listed) == (True, True)
    url = reverse("answer_information", args=[one.pk])
    answer = {"_key": str(uuid4()), "tells": "1", "topic": "school", "words": "Zij woont Dorpsstraat 12."}
    wrong = anouk.post(url, answer)
    assert (wrong.status_code, "Dorpsstraat 12" in wrong.content.decode()) == (422, True)
    assert anouk.post(url, {**answer, "_key": str(uuid4()), "words": TOLD}).status_code == 302
    assert TOLD in mark.get(door).content.decode()
    # The mother reads in her log that it was told and of what kind, never the words.
    log = world.client("sanne").get(reverse("who_looked", args=[house.family_id])).content.decode()
    assert "vertelde een ouder zonder gezag hoe het op school gaat" in log
    assert TOLD not in log
    assert world.client("sanne").get(reverse("information", args=[house.family_id])).status_code == 403


def test_nothing_opens_by_asking_or_by_the_answer(world: World, house: Household) -> None:
    one = told(world, asked(world, house))
    with reading(world.actor("mark"), world.at):
        assert not CompartmentKey.objects.filter(compartment_id=one.place_id).exists()
        assert InformationRequest.objects.get(pk=one.pk).answer == TOLD
    for who in ("sanne", "karin", "henk", "bram", "youssef"):
        with reading(world.actor(who), world.at):
            assert not InformationRequest.objects.filter(pk=one.pk).exists(), who
            assert not CompartmentKey.objects.filter(compartment_id=one.compartment_id).exists(), who


def test_who_has_authority_or_is_no_parent_does_not_ask_here(world: World, house: Household) -> None:
    with pytest.raises(Refused) as refused:
        asked(world, house, "sanne")
    assert why(refused) == "information.has_authority"
    assert "U heeft gezag" in own_page(world, house, "sanne").content.decode()
    for who, error in (("anouk", Forbidden), ("karin", Forbidden)):
        with pytest.raises(error):
            asked(world, house, who)
    other = household(world, parent="Els", other="Wim", child="Tim", born_on=SMALL)
    with pytest.raises(NotVisible):
        ask_information(
            actor=world.actor("wim"),
            record_id=record_of(house, "Noor"),
            topic=Topic.HELP,
            words="Wie is dat?",
            at=world.at,
        )
    assert own_page(world, other).status_code == 404
    asked(world, house)
    with pytest.raises(Refused) as refused:
        asked(world, house)
    assert why(refused) == "information.waiting"


# --- answering ---


def test_never_an_address_and_never_what_was_told_apart(world: World, house: Household) -> None:
    apart = "Ik ben bang dat Noor straks weer alleen thuis zit."
    write_own_words(
        actor=world.actor("sanne"),
        family_id=house.family_id,
        kind=OwnKind.ADDITION,
        topic=About.ALL,
        words=apart,
        at=world.at,
    )
    one = asked(world, house)
    for text, code in (
        ("Zij wonen nu in de Kerkstraat 4.", "information.address"),
        ("Postcode 5999 AB.", "information.address"),
        (" ", "information.empty"),
    ):
        with pytest.raises(Refused) as refused:
            told(world, one, text)
        assert why(refused) == code
    assert repeats(f"Haar moeder zei: {apart.upper()}", [apart])
    assert not repeats("Noor zit weer goed in haar vel op school.", [apart])


def test_never_more_than_the_other_parent_gets(world: World) -> None:
    """At 13 the daughter lets nobody who raises see along: then the father gets nothing either."""
    house = household(world)
    without(world, house)
    one = asked(world, house)
    for yes in (False, True):
        say_about(
            actor=world.actor("noor"),
            record_id=record_of(house, "Noor"),
            account_id=world.account("sanne").pk,
            yes=yes,
            at=world.at,
        )
        if not yes:
            with pytest.raises(Refused) as refused:
                told(world, one, who="ellen")
            assert why(refused) == "information.more_than_other"
    assert told(world, one, who="ellen").answer == TOLD


def test_a_parent_with_authority_who_never_signed_in_may_see_it_as_well(
    world: World, house: Household
) -> None:
    """Of a child of 8 authority is enough, and without anybody's authority nothing is told."""
    one = asked(world, house)
    without(world, house, "Sanne")
    with pytest.raises(Refused) as refused:
        told(world, one)
    assert why(refused) == "information.more_than_other"
    add_parent(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Wim",
        holds_authority=True,
        at=world.at,
    )
    assert house.member("Wim").account is None
    assert told(world, one).answer == TOLD


def test_it_can_be_refused_with_a_reason_and_is_settled_once(world: World, house: Household) -> None:
    one = asked(world, house)
    with pytest.raises(Refused) as refused:
        refuse(actor=world.actor("ellen"), information_id=one.pk, why=" ", at=world.at)
    assert why(refused) == "information.no_reason"
    reason = "Noor heeft nu rust nodig."
    refuse(actor=world.actor("ellen"), information_id=one.pk, why=reason, at=world.at)
    text = own_page(world, house).content.decode()
    assert (reason in text, "Dit krijgt u niet te lezen" in text) == (True, True)
    with pytest.raises(Refused) as refused:
        told(world, one)
    assert why(refused) == "information.settled"


def test_only_who_helps_this_child_answers(world: World, house: Household) -> None:
    one = asked(world, house)
    for who in ("bram", "youssef"):
        with pytest.raises(NotVisible):
            told(world, one, who=who)
        assert (
            world.client(who).get(reverse("answer_information", args=[one.pk])).status_code
            == world.client(who).get(reverse("answer_information", args=[uuid4()])).status_code
            == 404
        )
    for who in ("sanne", "mark", "karin"):
        with pytest.raises(Forbidden):
            told(world, one, who=who)


def test_who_hears_of_it_and_each_step_stands_in_the_log(world: World, house: Household) -> None:
    one = asked(world, house)
    assert heard(world, "information.asked") == {"Ellen"}
    told(world, one)
    assert heard(world, "information.told_school") == {"Mark", "Sanne"}
    lines = Entry.objects.filter(kind=Kind.CHANGE, code__startswith="information.").order_by("id")
    assert [line.code for line in lines] == ["information.asked", "information.told_school"]
    assert {line.compartment_id for line in lines} == {one.place_id}
    assert all(TOLD not in str(line.facts) for line in lines)


def test_a_page_asks_as_many_times_however_much_was_asked(world: World, house: Household) -> None:
    def queries(who: str, name: str) -> int:
        client = world.client(who)
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(name, args=[house.family_id])).status_code == 200
        return len(found)

    pages = (("mark", "ask_information"), ("anouk", "information"))
    told(world, asked(world, house))
    once = [queries(*page) for page in pages]
    for _again in range(2):
        told(world, asked(world, house))
    assert [queries(*page) for page in pages] == once


def test_what_was_told_goes_with_the_record(world: World, house: Household) -> None:
    """Twenty years later the record is destroyed by two: what was told about the child is too."""
    one = told(world, asked(world, house))
    then = world.at + timedelta(days=20 * 365 + 6)
    row = ask_erasure(
        actor=world.actor("karin"), record_id=record_of(house, "Noor"), why=ErasureWhy.TERM, at=then
    )
    agree_erasure(actor=world.actor("ellen"), erasure_id=row.pk, at=then)
    with speaking(world.system, world.at):
        assert not CompartmentKey.objects.standing().of(one.compartment_id).exists()
        assert InformationRequest.objects.get(pk=one.pk).answer == ""
