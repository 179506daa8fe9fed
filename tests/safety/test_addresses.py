"""Where an address is secret, who types a street for others to read is asked first; nothing typed is lost."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from hendig.helprequests.models import HelpRequest
from hendig.matching.models import Match
from hendig.plans.models import Appointment, Goal
from hendig.safety import actions
from tests.support.billing import make_match
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")

STREET = "Oefenen bij oma, Kerkstraat 12."


def goal(world: World, request: HelpRequest, name: str = "ellen", **more: str) -> Any:
    typed = {"_key": str(uuid4()), "request_id": str(request.pk), "member_id": "all", "words": STREET}
    return world.client(name).post(reverse("new_goal", args=[request.family_id]), {**typed, **more})


@pytest.fixture
def _hidden(world: World, request_: HelpRequest) -> None:
    actions.set_secret(
        actor=world.actor("ellen"),
        record_id=request_.compartment.record_id,
        member_id=request_.asked_by_id,
        named=(),
        at=world.at,
    )


@pytest.mark.usefixtures("_hidden")
def test_a_coach_who_types_a_street_in_a_shared_text_is_warned_before_saving(
    world: World, request_: HelpRequest
) -> None:
    warned = goal(world, request_)
    page = warned.content.decode()
    assert warned.status_code == 422
    assert WARNED in page
    assert STREET in page
    assert 'name="address_is_fine"' in page
    assert not Goal.objects.exists()
    assert goal(world, request_, address_is_fine="on").status_code == 302
    assert Goal.objects.get().words == STREET


@pytest.mark.usefixtures("_hidden")
def test_what_has_no_address_is_not_asked_about(world: World, request_: HelpRequest) -> None:
    assert goal(world, request_, words="Elke week een half uur buiten.").status_code == 302


@pytest.mark.usefixtures("_hidden")
def test_a_father_learns_nothing_from_what_he_types(world: World, request_: HelpRequest) -> None:
    """Whether there is a secret address cannot be found out by typing a street."""
    assert goal(world, request_, "mark").status_code == 302


LINDE = "Opvang De Linde"
# Where a coach writes what others read: the address of the page, whether of the question, and what is typed.
PAGES = {
    "somebody in the circle": ("circle", False, {"name": "Oma", "relation": "oma", "gives": STREET}),
    "a question on the board": ("new_question", True, {"title": "Wie helpt?", "text": STREET}),
    "what a family hopes for": ("open_talk", True, {"purpose": STREET}),
    "where a tent is": ("call_tent", True, {"place": LINDE}),
}
ASKED, WARNED = 'name="address_is_fine"', "in dit gezin is een adres geheim"


def write(world: World, request: HelpRequest, where: str, **more: str) -> str:
    name, of_request, typed = PAGES[where]
    path = reverse(name, args=[request.pk if of_request else request.family_id])
    return world.client("ellen").post(path, {"_key": str(uuid4()), **typed, **more}).content.decode()


@pytest.mark.usefixtures("_hidden")
@pytest.mark.parametrize("where", PAGES)
def test_every_page_on_which_a_coach_writes_for_others_asks_about_an_address(
    world: World, request_: HelpRequest, where: str
) -> None:
    page = write(world, request_, where)
    assert ASKED in page
    assert (LINDE if LINDE in PAGES[where][2].values() else STREET) in page
    assert WARNED in page
    assert WARNED not in write(world, request_, where, address_is_fine="on")


@pytest.mark.parametrize("where", PAGES)
def test_no_page_asks_where_nobody_hides(world: World, request_: HelpRequest, where: str) -> None:
    assert ASKED not in write(world, request_, where)


@pytest.fixture
def match(world: World) -> Match:
    """Help for a child that lives where somebody may not know."""
    made = make_match(world)
    actions.set_secret(
        actor=world.actor("ellen"),
        record_id=made.compartment.record_id,
        member_id=made.child_id,
        named=(),
        at=world.at,
    )
    return made


def plan(world: World, match: Match, place: str, **more: str) -> Any:
    typed = {"day": "2026-12-15", "time": "15:00", "minutes": "60", "repeat_weeks": "0", "place": place}
    path = reverse("plan_appointment", args=[match.family_id, match.pk])
    return world.client("anouk").post(path, {"_key": str(uuid4()), **typed, **more})


def test_a_place_without_a_street_leads_there_as_well(world: World, match: Match) -> None:
    asked = plan(world, match, LINDE)
    assert asked.status_code == 422
    assert ASKED in asked.content.decode()
    assert LINDE in asked.content.decode()
    assert not Appointment.objects.exists()
    assert plan(world, match, LINDE, address_is_fine="on").status_code == 302
    assert Appointment.objects.get().place == LINDE


def test_an_appointment_without_a_place_is_not_asked_about(world: World, match: Match) -> None:
    assert plan(world, match, "").status_code == 302


def test_who_may_not_know_is_kept_out_of_all_unless_the_coach_chooses_otherwise(
    world: World, request_: HelpRequest
) -> None:
    """What is told of school or a place to meet leads there too: the stricter one is chosen already."""
    page = world.client("ellen").get(reverse("address", args=[request_.compartment.record_id]))
    assert 'value="all" id="id_how_0" checked' in page.content.decode()


def test_without_a_secret_address_nothing_is_asked(world: World, request_: HelpRequest) -> None:
    assert goal(world, request_).status_code == 302
