"""Work of the registered: who is not, is asked for a reason that is written down once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hendig.kernel.periods import AMSTERDAM
from hendig.kernel.refusal import Refused
from hendig.people import actions as people
from hendig.people.models import Expertise, Professional
from hendig.tents.models import Tent
from hendig.tents.rules import registration
from tests.support.matching import Household, household
from tests.support.shared import built_once
from tests.support.tents import PLACE, call_tent
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


@pytest.mark.parametrize(
    ("number", "until", "registered"),
    [
        ("", None, False),
        ("SKJ 1", None, True),
        ("SKJ 1", date(2026, 12, 1), True),
        ("SKJ 1", date(2026, 11, 30), False),
    ],
)
def test_a_registration_holds_until_its_last_day(number: str, until: date | None, registered: bool) -> None:
    one = Professional(registration=number, registration_until=until)
    assert registration.is_registered(one, date(2026, 12, 1)) is registered


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
        "expertises": [str(Expertise.objects.get(slug="zwaar").pk)],
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
