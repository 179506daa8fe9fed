from __future__ import annotations

import pytest

from hendig.helprequests.models import HelpRequest
from tests.support.families import looked_up, talked
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def request_(world: World) -> HelpRequest:
    """Sanne and Mark, parents of Noor (13), who agrees; coach Ellen."""
    request = looked_up(world, talked(world))
    # Read once, while it is Hendig itself that asks.
    assert request.family.name
    assert request.child
    return request


@pytest.fixture
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)
