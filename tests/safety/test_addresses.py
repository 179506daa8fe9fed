"""Where an address is secret, who types a street for others to read is asked first; nothing typed is lost."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from hendig.helprequests.models import HelpRequest
from hendig.plans.models import Goal
from hendig.safety import actions
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
    assert "in dit gezin is een adres geheim" in page
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


def test_without_a_secret_address_nothing_is_asked(world: World, request_: HelpRequest) -> None:
    assert goal(world, request_).status_code == 302
