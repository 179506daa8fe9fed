"""What many tests of a module begin with is built once, in a transaction around those of the tests.

`world`, and whatever a module builds on it under `@built_once`. Each test gets a copy of its own, and what it
does in the database is rolled back to there. Who commits, or wants an empty database, finds one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import groupby
from types import ModuleType
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from hendig.kernel import ids
from tests.support.world import World, build_world

DATABASE = {"db", "transactional_db", "django_db_setup", "django_db_blocker", "test_database"}
Build = Callable[..., Any]
# By module and name.
BUILT_ONCE: dict[tuple[str, str], Build] = {}


def built_once(build: Build) -> Any:
    """A fixture of this module, or of the conftest beside it; it asks for `world` and others like itself."""
    name = build.__name__
    BUILT_ONCE[build.__module__, name] = build

    def fixture(world: World, shared: Shared, request: pytest.FixtureRequest) -> Any:
        if name in shared.given:
            return shared.given[name]
        return build(**{one: request.getfixturevalue(one) for one in inspect.signature(build).parameters})

    return pytest.fixture(name=name)(fixture)


class Shared:
    """What stands now, one on the other, each in its savepoint. `given` is the copy of the test that runs."""

    def __init__(self) -> None:
        self.given: dict[str, Any] = {}
        self._module = ""
        self._names: list[str] = []
        self._built: list[dict[str, Any]] = []
        self._around: list[transaction.Atomic] = []
        self._last_id = (0, 0)

    def turn_to(self, module: str, builds: dict[str, Build]) -> None:
        """These stand for the tests of this module from here on, in this order, and nothing else does."""
        names = list(builds)
        while self._names and (module != self._module or self._names != names[: len(self._names)]):
            self._end_last()
        self._module = module
        for name in names[len(self._names) :]:
            self._begin(name, builds[name])
        # What a test writes comes after what it begins with, also on an earlier day.
        ids._last = max(ids._last, self._last_id)
        # In one go, so that what belongs together stays so.
        self.given = deepcopy(self._built[-1]) if self._built else {}

    def _begin(self, name: str, build: Build) -> None:
        around = transaction.atomic()
        around.__enter__()
        self._around.append(around)
        values = deepcopy(self._built[-1]) if self._built else {}
        values[name] = build(**{one: values[one] for one in inspect.signature(build).parameters})
        self._built.append(values)
        self._last_id = ids._last
        self._names.append(name)
        # What is not checked now, every test would check again.
        connection.check_constraints()

    def _end_last(self) -> None:
        self._names.pop()
        self._built.pop()
        around = self._around.pop()
        # At the very end whoever stopped the servers has closed the connection, and all with it.
        if connection.in_atomic_block:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


# Not there before there is a database.
SHARED = pytest.StashKey[Shared]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture: the transaction of a test begins inside that of what it begins with."""
    shared = item.config.stash.get(SHARED, None)
    marker = item.get_closest_marker("django_db")
    if shared is not None and (marker or needs(item) & DATABASE):
        with item.config.stash[blocking_manager_key].unblock():
            shared.turn_to(item.nodeid.partition("::")[0], begins_with(item))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within a module those that begin alike stand together, in random order."""
    runs = [list(run) for _module, run in groupby(items, key=lambda item: item.nodeid.partition("::")[0])]
    items[:] = [item for run in runs for item in sorted(run, key=lambda item: list(begins_with(item)))]


def begins_with(item: pytest.Item) -> dict[str, Build]:
    """What of this test is built once, in the order in which it is."""
    marker = item.get_closest_marker("django_db")
    commits = "transactional_db" in needs(item) or (marker is not None and marker.kwargs.get("transaction"))
    if "world" not in needs(item) or commits:
        return {}
    module: ModuleType = item.module  # type: ignore[attr-defined]
    places = {f"{module.__package__}.conftest", module.__name__}
    here = {name: build for (where, name), build in BUILT_ONCE.items() if where in places}
    wanted = needs(item) & here.keys()
    for name in reversed(here):
        if name in wanted:
            wanted |= inspect.signature(here[name]).parameters.keys() & here.keys()
    return {"world": build_world} | {name: build for name, build in here.items() if name in wanted}


def needs(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def shared(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[Shared]:
    made = request.config.stash[SHARED] = Shared()
    yield made
    with django_db_blocker.unblock():
        made.turn_to("", {})


@pytest.fixture
def world(shared: Shared, db: None) -> World:
    """Peelrand: coaches Ellen and Bram, professionals Anouk and Youssef, office Jolanda, neighbour Piet,
    Henk of finance, Petra of policy, Karin the privacy officer.
    """
    found: World = shared.given.get("world") or build_world()
    return found
