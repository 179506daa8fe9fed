"""What many tests begin with is built once, in a transaction around those of the tests.

`world`, what follows it below, and whatever a module builds on these under `@built_once`: it stands until a
test comes that begins with something else, of this module or another. Each test gets a copy of its own, and
what it does in the database is rolled back to there. Who commits, or wants an empty database, finds one.
"""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from hendig.kernel import ids
from tests.support.billing import fill_november
from tests.support.matching import Household, household
from tests.support.plans import Help, begin_help
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
        self._stands: list[tuple[str, Build]] = []
        # Each with all that stands below it in one piece: in a copy of it what belongs together stays so.
        self._built: list[bytes] = [pickle.dumps({})]
        self._around: list[transaction.Atomic] = []
        self._last_id = (0, 0)

    def turn_to(self, builds: dict[str, Build]) -> None:
        """These stand from here on, in this order, and nothing else does."""
        wanted = list(builds.items())
        while self._stands != wanted[: len(self._stands)]:
            self._end_last()
        for name, build in wanted[len(self._stands) :]:
            self._begin(name, build)
        # What a test writes comes after what it begins with, also on an earlier day.
        ids._last = max(ids._last, self._last_id)
        self.given = self._copy()

    def _begin(self, name: str, build: Build) -> None:
        around = transaction.atomic()
        around.__enter__()
        self._around.append(around)
        values = self._copy()
        values[name] = build(**{one: values[one] for one in inspect.signature(build).parameters})
        self._built.append(pickle.dumps(values))
        self._last_id = ids._last
        self._stands.append((name, build))
        # What is not checked now, every test would check again.
        connection.check_constraints()

    def _copy(self) -> dict[str, Any]:
        found: dict[str, Any] = pickle.loads(self._built[-1])  # noqa: S301 - written by this process
        return found

    def _end_last(self) -> None:
        self._stands.pop()
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
            shared.turn_to(begins_with(item))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that begin alike stand together, whichever module they are of, in random order."""
    items.sort(key=lambda item: [(build.__module__, name) for name, build in begins_with(item).items()])


def begins_with(item: pytest.Item) -> dict[str, Build]:
    """What of this test is built once, in the order in which it is."""
    marker = item.get_closest_marker("django_db")
    commits = "transactional_db" in needs(item) or (marker is not None and marker.kwargs.get("transaction"))
    if "world" not in needs(item) or commits:
        return {}
    module: ModuleType = item.module  # type: ignore[attr-defined]
    places = {__name__, f"{module.__package__}.conftest", module.__name__}
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
        made.turn_to({})


@pytest.fixture
def world(shared: Shared, db: None) -> World:
    """Peelrand: coaches Ellen and Bram, professionals Anouk and Youssef, office Jolanda, neighbour Piet,
    Henk of finance, Petra of policy, Karin the privacy officer.
    """
    found: World = shared.given.get("world") or build_world()
    return found


@built_once
def house(world: World) -> Household:
    """Noor of 13, with an own way in; her parents Sanne and Mark, who both decide; their coach is Ellen."""
    return household(world)


@built_once
def helped(world: World) -> Help:
    """Noor of 13 and her mother Sanne, with help of Anouk; their coach is Ellen."""
    return begin_help(world)


@built_once
def november(world: World) -> World:
    """Two hours and a half of help in November on H2, a tariff, and the month is over."""
    return fill_november(world)
