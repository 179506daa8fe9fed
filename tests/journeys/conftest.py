"""People at the screens of a running Hendig whose clock can be moved."""

from __future__ import annotations

import pytest

from tests.support.clock import Clock
from tests.support.live import Live
from tests.support.world import World, build_world


@pytest.fixture
def peelrand(live: Live, clock: Clock) -> World:
    """Peelrand on a Monday morning, in the database and on the clock of the running Hendig."""
    world = build_world()
    clock.set(world.at)
    return world
