"""Work of the registered: who is not, is asked for a reason that is written down once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hendig.audit.actions import change
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import Refused
from hendig.matching.models import MatchTalk
from hendig.people import actions as people
from hendig.people.models import Professional, ProfessionalExpertise
from hendig.tents.actions import cancel_tent
from hendig.tents.models import Tent
from tests.support.matching import Household, household, open_talk
from tests.support.registrations import registered
from tests.support.shared import built_once
from tests.support.tents import PLACE, call_tent, picked
from tests.support.world import World

REASON = "Een gedragswetenschapper kijkt elke week mee."


@built_once
def house(world: World) -> Household:
    """Besides, there is an expertise for the registered, and Vera who is not registered."""
    people.set_settings(
        actor=world.system,
        principles=(),
        codes=(),
        expertises=[("zwaar", "Zware dingen", "Als iets ouds nog pijn doet.")],
        registered=("zwaar",),
        at=world.at,
    )
    world.add_professional("vera", "vlinder", "zwaar")
    return household(world)


@pytest.fixture(autouse=True)
def the_clock_of_the_world(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def test_who_is_registered_is_asked_without_a_reason_until_the_last_day(
    world: World, house: Household
) -> None:
    today = local_day(world.at)
    # On the day of the tent it is over.
    registered(world, "vera", until=today + timedelta(days=2))
    with pytest.raises(Refused) as no:
        call_tent(world, house.request, "zwaar")
    assert no.value.refusal.code == "tent.no_registration"
    registered(world, "vera", "other")
    with pytest.raises(Refused) as no:
        call_tent(world, house.request, "zwaar")
    assert no.value.refusal.code == "tent.no_registration"
    registered(world, "vera", until=today + timedelta(days=3))
    assert call_tent(world, house.request, "zwaar").seats.count() == 1
    assert Professional.objects.get(account__first_name__iexact="vera").unless == ""


def test_the_reason_is_asked_once(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        call_tent(world, house.request, "zwaar")
    assert no.value.refusal.code == "tent.no_registration"
    assert not Tent.objects.exists()
    call_tent(world, house.request, "zwaar", unless=REASON)
    assert Professional.objects.get(account__first_name__iexact="vera").unless == REASON
    other = household(world, parent="Fatima", other="Ali", child="Sami")
    assert call_tent(world, other.request, "zwaar").seats.count() == 1


def test_for_other_work_nobody_asks(world: World, house: Household) -> None:
    assert call_tent(world, house.request, "angst").seats.count() == 1


def test_the_page_asks_it_only_then_and_keeps_what_was_filled_in(world: World, house: Household) -> None:
    ellen, path = world.client("ellen"), reverse("call_tent", args=[house.request.pk])
    assert "Waarom kan het zonder registratie?" not in ellen.get(path).content.decode()
    starts = (world.at + timedelta(days=3)).astimezone(AMSTERDAM)
    typed = {
        "people": picked(world, "zwaar"),
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "place": PLACE,
    }
    asked = ellen.post(path, {"_key": str(uuid4()), **typed})
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Waarom kan het zonder registratie?" in page
    assert f'value="{PLACE}"' in page
    long = "woord " * 33_334
    much = ellen.post(path, {"_key": str(uuid4()), **typed, "unless": long})
    assert much.status_code == 422
    assert long.strip() in much.content.decode()
    assert ellen.post(path, {"_key": str(uuid4()), **typed, "unless": REASON}).status_code == 302


def test_a_match_talk_asks_it_by_the_same_rule(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        open_talk(world, house, "vera")
    assert no.value.refusal.code == "tent.no_registration"
    assert not MatchTalk.objects.exists()
    open_talk(world, house, "vera", unless=REASON)
    assert Professional.objects.get(account__first_name__iexact="vera").unless == REASON
    other = household(world, parent="Fatima", other="Ali", child="Sami")
    assert open_talk(world, other, "vera").stage == "open"


def test_only_for_the_work_that_the_tent_asked_for(world: World, house: Household) -> None:
    """Vera can do more than what is for the registered; for that nobody asks a reason."""
    with change(world.system, "professional.joined", at=world.at) as act:
        can = ProfessionalExpertise(
            professional=world.professionals["vera"], expertise=world.expertise("opvoeden")
        )
        can.save()
        act.record(can)
    tent = call_tent(world, house.request, "opvoeden", professional_ids=[world.professionals["vera"].pk])
    cancel_tent(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
    assert open_talk(world, house, "vera").stage == "open"
    assert Professional.objects.get(account__first_name__iexact="vera").unless == ""


def test_the_page_of_a_match_asks_it_and_keeps_what_was_filled_in(world: World, house: Household) -> None:
    ellen, path = world.client("ellen"), reverse("open_talk", args=[house.request.pk])
    assert "Waarom kan het zonder registratie?" not in ellen.get(path).content.decode()
    typed = {
        "professional_id": str(world.professionals["vera"].pk),
        "child_id": str(house.child.pk),
        "service_code_id": str(world.service_code().pk),
        "purpose": "Weer lachen aan tafel.",
    }
    asked = ellen.post(path, {"_key": str(uuid4()), **typed})
    assert asked.status_code == 422
    assert "Waarom kan het zonder registratie?" in asked.content.decode()
    assert "Weer lachen aan tafel." in asked.content.decode()
    assert ellen.post(path, {"_key": str(uuid4()), **typed, "unless": REASON}).status_code == 302
