"""The own circle, who looked, and an own way in, as pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.families import actions, queries
from hendig.families.models import FamilyMember, LegalAuthority, Tie
from hendig.families.queries import looked, opening
from hendig.helprequests.models import HelpRequest
from tests.support.families import confirmed, talked
from tests.support.shared import built_once
from tests.support.world import World


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def request_(world: World) -> HelpRequest:
    return talked(world)


def words_of(answer: HttpResponseBase) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def post(client: Client, url: str, **fields: str) -> Any:
    return client.post(url, {"_key": str(uuid4()), **fields})


GRANDMOTHER = {"name": "Oma Riet", "relation": "oma", "distance": "1", "bond": "warm", "gives": "past op"}


def circle_of(request: HelpRequest) -> str:
    return reverse("circle", args=[request.family_id])


def test_somebody_is_drawn_taken_out_and_put_back(world: World, request_: HelpRequest) -> None:
    client, url = world.client("sanne"), circle_of(request_)
    assert "Begin met wie u als eerste zou bellen." in words_of(client.get(url))
    drawn_there = post(client, url, **GRANDMOTHER)["Location"]
    assert drawn_there == f"{url}?stap={Tie.objects.get().pk}"
    drawn = words_of(client.get(url))
    assert "Oma Riet (oma): dichtbij, goede band; past op" in drawn
    gone = post(client, reverse("remove_tie", args=[Tie.objects.get().pk]))
    after = words_of(client.get(gone["Location"]))
    assert "Oma Riet staat niet meer in de kring." in after
    assert "Oma Riet (oma)" not in after
    back = post(client, reverse("restore_tie", args=[Tie.objects.get().pk]))
    assert "Oma Riet (oma)" in words_of(client.get(back["Location"]))


def test_without_a_name_nobody_is_drawn_and_the_page_says_so(world: World, request_: HelpRequest) -> None:
    answer = post(world.client("sanne"), circle_of(request_), **{**GRANDMOTHER, "name": ""})
    assert answer.status_code == 422
    assert "past op" in words_of(answer)
    assert not Tie.objects.exists()


@pytest.mark.parametrize("page", ["circle", "who_looked"])
def test_another_family_s_pages_are_not_there(world: World, request_: HelpRequest, page: str) -> None:
    confirmed(world, "Joris")
    client = world.client("joris")
    theirs, nothing = (
        client.get(reverse(page, args=[family_id])) for family_id in (request_.family_id, uuid4())
    )
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert re.sub(r"[0-9a-f-]{36}|value=\"\w+\"", "", words_of(theirs)) == re.sub(
        r"[0-9a-f-]{36}|value=\"\w+\"", "", words_of(nothing)
    )


# --- who looked ---


def test_the_family_reads_who_looked_when_and_as_what(world: World, request_: HelpRequest) -> None:
    world.later(hours=1)
    world.client("ellen").get(reverse("family", args=[request_.family_id]))
    page = words_of(world.client("sanne").get(reverse("who_looked", args=[request_.family_id])))
    assert "Ellen bekeek uw pagina" in page
    assert "gezinscoach" in page
    assert f"/live/?topic=family:{request_.family_id}" in page


def test_the_own_looks_are_left_out_and_those_of_the_other_parent_are_not(
    world: World, request_: HelpRequest
) -> None:
    for name in ("sanne", "mark"):
        world.client(name).get(circle_of(request_))
    page = words_of(world.client("sanne").get(reverse("who_looked", args=[request_.family_id])))
    assert "Mark bekeek uw kring" in page
    assert "Sanne bekeek" not in page


def test_professionals_and_coaches_do_not_read_who_looked(world: World, request_: HelpRequest) -> None:
    for name in ("ellen", "anouk"):
        answer = world.client(name).get(reverse("who_looked", args=[request_.family_id]))
        assert answer.status_code == 403


def test_pages_of_who_looked_join_without_gap_or_double(world: World, request_: HelpRequest) -> None:
    for _again in range(5):
        world.client("ellen").get(circle_of(request_))
    with opening(world.actor("sanne"), "family.log_seen", request_.family_id, at=world.at) as look:
        everything = [line.entry_id for line in looked.who_looked(look, limit=1000).lines]
        found, page = [], looked.who_looked(look, limit=2)
        while page.older:
            found += [line.entry_id for line in page.lines]
            page = looked.who_looked(look, limit=2, before=page.older)
        found += [line.entry_id for line in page.lines]
    assert found == everything
    assert everything == sorted(everything, reverse=True)


def test_who_is_involved_is_said_in_one_sentence(world: World, request_: HelpRequest) -> None:
    with opening(world.actor("sanne"), "family.page_seen", request_.family_id, at=world.at) as look:
        (ellen,) = queries.involved(look)
    assert str(ellen.sentence) == "Ellen kijkt mee als gezinscoach. Dat is een taak van de gemeente."
    assert (ellen.first_name, ellen.part) == ("Ellen", "coach")
    assert ellen.about == ""


def test_who_is_involved_with_two_children_stands_there_for_each_by_name(
    world: World, request_: HelpRequest
) -> None:
    actions.add_child(
        actor=world.actor("ellen"),
        family_id=request_.family_id,
        first_name="Lotte",
        born_on=date(2018, 1, 1),
        at=world.at,
    )
    with opening(world.actor("ellen"), "family.page_seen", request_.family_id, at=world.at) as look:
        assert {one.about for one in queries.involved(look)} == {"Noor", "Lotte"}
    page = world.client("ellen").get(reverse("family", args=[request_.family_id])).content.decode()
    assert "gezinscoach, voor Lotte" in page


# --- an own way in, and who decides ---


def test_the_way_in_is_offered_for_a_youth_of_12_and_gone_once_given(
    world: World, request_: HelpRequest
) -> None:
    noor = FamilyMember.objects.get(first_name="Noor")
    client, family, url = (
        world.client("sanne"),
        reverse("family", args=[request_.family_id]),
        reverse("way_in", args=[noor.pk]),
    )
    assert url in words_of(client.get(family))
    assert post(client, url, email="sanne@gezin.example").status_code == 422
    assert post(client, url, email="noor@gezin.example")["Location"] == family
    assert "De gezinscoach spreekt Noor eerst zelf." in words_of(client.get(family))
    coach = world.client("ellen")
    asked = words_of(coach.get(url))
    assert "Sanne gaf dit adres op." in asked
    assert 'value="noor@gezin.example"' in asked
    assert post(coach, url, email="noor@gezin.example").status_code == 422
    assert post(coach, url, email="noor@gezin.example", seen="on")["Location"] == family
    assert url not in words_of(client.get(family))
    assert "is opgegeven door Sanne" in words_of(world.client("noor").get(family))


def test_what_one_parent_gave_the_other_does_not_read(world: World, request_: HelpRequest) -> None:
    url = reverse("way_in", args=[FamilyMember.objects.get(first_name="Noor").pk])
    assert post(world.client("sanne"), url, email="noor@gezin.example").status_code == 302
    assert "noor@gezin.example" in words_of(world.client("sanne").get(url))
    assert "noor@gezin.example" not in words_of(world.client("mark").get(url))


def test_a_young_child_has_no_way_in(world: World) -> None:
    request = talked(world, child="Daan", born_on=date(2018, 1, 1))
    daan = FamilyMember.objects.get(first_name="Daan")
    url = reverse("way_in", args=[daan.pk])
    client = world.client("sanne")
    assert url not in words_of(client.get(reverse("family", args=[request.family_id])))
    answer = post(client, url, email="daan@gezin.example")
    assert answer.status_code == 422
    assert "Vanaf 12 jaar" in words_of(answer)


def test_one_tap_says_that_authority_was_looked_up(world: World, request_: HelpRequest) -> None:
    mark = LegalAuthority.objects.get(holder__first_name="Mark")
    url, client = reverse("check_authority", args=[mark.pk]), world.client("ellen")
    talk = reverse("first_talk", args=[request_.pk])
    assert url in words_of(client.get(talk))
    assert post(client, url, source="register").status_code == 302
    assert url not in words_of(client.get(talk))
    assert post(world.client("bram"), url, source="register").status_code == 404
    assert post(client, url, source="declared").status_code == 400


# --- the number of queries ---


@pytest.mark.parametrize("name", ["persons", "circle", "involved", "who_looked", "family_name"])
def test_a_panel_takes_as_many_queries_as_it_says_at_any_size(
    world: World, request_: HelpRequest, name: str
) -> None:
    panel = getattr(looked if name == "who_looked" else queries, name)
    said = int(re.findall(r"(\d) quer", panel.__doc__)[0])
    counts = []
    for more in range(2):
        for n in range(4 * more):
            actions.add_tie(
                actor=world.actor("sanne"),
                family_id=request_.family_id,
                name=f"Buur{n}",
                relation="buur",
                distance=2,
                at=world.at,
            )
            actions.add_child(
                actor=world.actor("ellen"),
                family_id=request_.family_id,
                first_name=f"Kind{n}",
                born_on=date(2018, 1, 1 + n),
                at=world.at,
            )
        with (
            opening(world.actor("sanne"), "family.page_seen", request_.family_id, at=world.at) as look,
            CaptureQueriesContext(connection) as caught,
        ):
            panel(look)
        counts.append(len(caught))
    assert counts == [said, said]
