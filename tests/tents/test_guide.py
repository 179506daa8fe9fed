"""The guide is the municipality's own text, dated, and a talk keeps the one that it began with."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hendig.kernel.refusal import Forbidden, Refused
from hendig.tents import actions, queries
from hendig.tents.models import Guide, Phase, Tent
from hendig.tents.rules import prompts
from hendig.tents.rules.words import PROMPTS
from tests.support.matching import Household, household
from tests.support.tents import answer, call_tent, go_to, meeting, screen, welcome
from tests.support.world import World

XSS = "<script>alert('hoi')</script>"
OURS = {"listen": {"title": "Eerst luisteren", "card": "Wat is er?\nEn wat nog meer?"}}


@pytest.fixture(autouse=True)
def the_clock_of_the_world(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def set_guide(world: World, phases: prompts.Texts, *, edition: int = 0, who: str = "petra") -> Guide:
    return actions.set_guide(actor=world.actor(who), phases=phases, edition=edition, at=world.at)


def filled(client: Client, **changed: str) -> dict[str, str]:
    """What the form sends when only this was changed in it."""
    form = client.get(reverse("guide")).context["form"]
    return {
        name: "" if form[name].value() is None else str(form[name].value()) for name in form.fields
    } | changed


def send(client: Client, **fields: str) -> HttpResponse:
    return client.post(reverse("guide"), {"_key": str(uuid4()), **fields})  # type: ignore[return-value]


def words(answer: HttpResponse) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_a_talk_goes_by_the_words_of_the_municipality(world: World, house: Household) -> None:
    set_guide(world, OURS)
    tent = go_to(world, meeting(world, house), Phase.LISTEN)
    page = screen(world, tent, "sanne")
    assert page.prompt.title == "Eerst luisteren"
    assert page.prompt.cards == ["Wat is er?", "En wat nog meer?"]
    assert "Eerst luisteren" in page.phase_names
    assert page.prompt.order == PROMPTS[Phase.LISTEN].order, "what it left as it was stays as it was"


def test_a_talk_under_way_keeps_the_words_with_which_it_began(world: World, begun: Tent) -> None:
    tent = go_to(world, begun, Phase.LISTEN)
    set_guide(world, OURS)
    assert screen(world, tent, "sanne").prompt.title == PROMPTS[Phase.LISTEN].title
    other = call_tent(world, household(world, parent="Fatima", other="Ali", child="Sami").request)
    answer(world, other, "anouk")
    welcome(world, other, "anouk", who="fatima")
    actions.begin(actor=world.actor("ellen"), tent_id=other.pk, at=world.later(days=3), arrived=True)
    assert screen(world, other, "fatima").prompt.title == "Eerst luisteren"


def test_an_edition_is_dated_and_only_follows_the_one_that_was_read(world: World) -> None:
    set_guide(world, OURS)
    with pytest.raises(Refused) as no:
        set_guide(world, {"agree": {"title": "Wat nu"}})
    assert no.value.refusal.code == "guide.changed"
    with pytest.raises(Refused) as no:
        set_guide(world, OURS, edition=1)
    assert no.value.refusal.code == "guide.same"
    second = set_guide(world, {}, edition=1)
    assert (second.number, second.from_at, second.phases) == (2, world.at, {})
    page = queries.guide_page(world.actor("petra"))
    assert [(one.number, one.by, one.is_standard) for one in page.editions] == [
        (2, "Petra", True),
        (1, "Petra", False),
    ]


@pytest.mark.parametrize("who", ["ellen", "anouk", "sanne", "karin", "henk"])
def test_nobody_but_who_makes_policy_changes_it(world: World, house: Household, who: str) -> None:
    with pytest.raises(Forbidden):
        set_guide(world, OURS, who=who)
    assert world.client(who).get(reverse("guide")).status_code == 403


def test_the_page_shows_it_first_and_then_keeps_it(world: World) -> None:
    petra = world.client("petra")
    typed = filled(petra, listen_title=XSS, listen_card="Eén?\nTwee?", note="Voorbeeld")
    shown = send(petra, preview="1", **typed)
    assert shown.status_code == 200
    assert "Zo ziet de tent het straks" in words(shown)
    assert XSS not in shown.content.decode()
    assert "&lt;script&gt;alert" in shown.content.decode()
    assert not Guide.objects.exists()
    assert send(petra, **typed).status_code == 302
    guide = Guide.objects.get()
    assert guide.phases == {"listen": {"title": XSS, "card": "Eén?\nTwee?"}}
    page = words(petra.get(reverse("guide")))  # type: ignore[arg-type]
    assert "Nu geldt uitgave 1." in page
    assert "Voorbeeld" in page
    again = petra.post(reverse("standard_guide"), {"_key": str(uuid4()), "edition": "1"})
    assert again.status_code == 302
    assert "Nu geldt de standaardtekst van Hendig." in words(petra.get(reverse("guide")))  # type: ignore[arg-type]


def test_what_is_too_long_or_came_second_is_said_and_stays_on_the_page(world: World) -> None:
    petra = world.client("petra")
    long = "woord " * 33_334
    much = send(petra, **filled(petra, agree_card=long))
    assert much.status_code == 422
    assert "Dit is te lang voor één kaart." in words(much)
    assert long.strip() in much.content.decode()
    typed = filled(petra, agree_title="Wat spreken we af?")
    set_guide(world, OURS)
    late = send(petra, **typed)
    assert late.status_code == 422
    assert "Iemand anders paste de leidraad net aan." in words(late)
    assert 'value="Wat spreken we af?"' in late.content.decode()


def test_the_page_takes_one_query_with_one_edition_and_with_many(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    petra = world.actor("petra")
    for edition in range(6):
        set_guide(world, {"agree": {"title": f"Nummer {edition}"}}, edition=edition)
        if edition in {0, 5}:
            with django_assert_num_queries(1):
                assert queries.guide_page(petra).number == edition + 1
