"""A Hendig whose clock can be moved, and people at its screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.support import live as live_processes
from tests.support.clock import Clock
from tests.support.database import TestDatabase
from tests.support.live import Live
from tests.support.serve_later import CLOCK
from tests.support.world import World, build_world


@pytest.fixture(scope="session")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    """The clock of the web process of the journeys."""
    made = Clock(tmp_path_factory.mktemp("clock") / "offset")
    made.file.write_text("0")
    return made


@pytest.fixture(scope="session")
def processes(
    test_database: TestDatabase, django_db_setup: None, clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """Web and worker; the web process takes the time from `clock`."""
    log = tmp_path_factory.mktemp("journeys") / "processes.log"
    moved = {CLOCK: str(clock.file)}
    with live_processes.running(
        test_database, settings.SECRET_KEY, log, serve="tests.support.serve_later", **moved
    ) as running:
        yield running


@pytest.fixture
def peelrand(live: Live, clock: Clock) -> World:
    """Peelrand on a Monday morning, in the database and on the clock of the running Hendig."""
    world = build_world()
    clock.set(world.at)
    return world
