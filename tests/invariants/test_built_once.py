"""What tests begin with is as it was built for each of them, and nobody else's."""

from __future__ import annotations

import pytest

from hendig.people.models import Account, Municipality
from tests.support.shared import Shared
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db


def busy(world: World) -> str:
    """What one module calls so."""
    world.municipality.name = "Peelrand, waar het druk is"
    return "busy"


def quiet(world: World) -> str:
    """What another module calls the same."""
    return "quiet"


def test_each_has_a_copy_and_what_another_module_calls_the_same_is_built_anew() -> None:
    shared = Shared()
    shared.turn_to({"world": build_world, "how": busy})
    world = shared.given["world"]
    assert (world.municipality.name, shared.given["how"]) == ("Peelrand, waar het druk is", "busy")
    world.accounts.clear()
    shared.turn_to({"world": build_world, "how": busy})
    assert shared.given["world"].accounts
    shared.turn_to({"world": build_world, "how": quiet})
    again = shared.given["world"]
    assert (again.municipality.name, shared.given["how"]) == ("Peelrand", "quiet")
    # The same world stood all the time, and stands no longer than somebody begins with it.
    assert again.municipality.pk == world.municipality.pk == Municipality.objects.get().pk
    shared.turn_to({})
    assert not Municipality.objects.exists()
    assert not Account.objects.exists()
