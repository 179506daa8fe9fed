"""What holds for every test: a database of its own, the application's role, no network, no warnings."""

import gc
import os
import socket
from collections.abc import Iterator

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.http import HttpResponseBase
from django.test import TransactionTestCase
from django.test.client import ClientHandler
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from hendig.audit.rules import chain
from hendig.kernel import ids
from hendig.operations.engine.base import Plans
from hendig.operations.installation import first_root_key
from tests.support.database import PLANS_KEPT, Cleaner, TestDatabase, database_for_tests, django_settings
from tests.support.home import ROOT, home
from tests.support.scanner import CLAMD

# Playwright's synchronous interface runs a loop in our thread: to Django that looks like asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
SECRET_KEY = "only for tests, and the same in the server they start"
# Made once with `hendig.audit.rules.chain.new_key`, for tests alone.
SEAL_KEY = "9B8QNmJLeI4wzbB_Aohe5L-Eyl4oGxLaamKlg4sXw3w="
DEMO = ROOT / "tests/demo"
CONFORMANCE = "HENDIG_CONFORMANCE_DATA"

pytest_plugins = ["tests.support.fixtures", "tests.support.shared"]


# How fast inputs are made says how busy the machine is, nothing about the rule.
hypothesis.settings.register_profile(
    "hendig", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("hendig")


def pytest_configure(config: pytest.Config) -> None:
    settings.SECRET_KEY = SECRET_KEY
    settings.SEAL_KEY = SEAL_KEY
    settings.SEAL_PUBLIC = [chain.public_text(chain.private_key(SEAL_KEY))]
    home().mkdir(mode=0o711, parents=True, exist_ok=True)
    first_root_key(settings.ROOT_KEYS)
    config.addinivalue_line(
        "markers", "conformance: needs the official test sets that HENDIG_CONFORMANCE_DATA names"
    )
    config.addinivalue_line("markers", "screenshots: makes the pictures of the user guide (make screenshots)")
    config.addinivalue_line("markers", "kills: kills web, worker and database again and again (make kills)")
    config.addinivalue_line("markers", "mutants: alters each atom of the gate once (make mutants; minutes)")
    config.addinivalue_line("markers", "shown: shows every page to everybody (make shown; minutes)")
    config.addinivalue_line("markers", "clamd: needs clamd on this machine (Debian: clamav-daemon)")
    config.addinivalue_line("markers", "slow: more than ten seconds")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if not wanted(config, item)]
    if left_out:
        items[:] = [item for item in items if wanted(config, item)]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=turn)


@pytest.hookimpl(hookwrapper=True)
def pytest_collection() -> Iterator[None]:
    """Until all is collected nearly nothing can go: nobody looks."""
    gc.disable()
    yield
    gc.enable()


def pytest_collection_finish() -> None:
    """What was loaded stays, as in the web process: looking through it again and again finds nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def turn(item: pytest.Item) -> int:
    """When a test comes, whatever the order within.

    First the demo, together, so that it is built once. Then what takes long, so that at the end no core waits
    for a single test; then what takes long with the running Hendig, whose worker works in this database from
    then on.
    """
    needs = getattr(item, "fixturenames", ())
    if item.path.is_relative_to(DEMO):
        return 1 if "peelrand" in needs else 0
    if item.get_closest_marker("slow"):
        return 3 if "live" in needs else 2
    return 4


def wanted(config: pytest.Config, item: pytest.Item) -> bool:
    """Conformance only with its data, screenshots only when asked for."""
    for asked_for in ("kills", "mutants", "shown"):
        if item.get_closest_marker(asked_for) and config.option.markexpr != asked_for:
            return False
    if item.get_closest_marker("screenshots") and config.option.markexpr != "screenshots":
        return False
    if item.get_closest_marker("clamd") and CLAMD is None:
        return False
    return bool(os.environ.get(CONFORMANCE)) or not item.get_closest_marker("conformance")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not os.environ.get(CONFORMANCE):
        terminalreporter.write_line(
            f"Conformance tests left out: {CONFORMANCE} names no folder with official test sets."
        )
    if CLAMD is None:
        terminalreporter.write_line("Left out: the real clamd, which is not on this machine (clamav-daemon).")


@pytest.fixture(scope="session")
def test_database(request: pytest.FixtureRequest) -> Iterator[TestDatabase]:
    """The migrated database of this pytest process, by both its doors."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with database_for_tests(worker) as made:
        yield made


@pytest.fixture(scope="session")
def cleaner(test_database: TestDatabase) -> Cleaner:
    """Knows the database as it was before the first test."""
    return Cleaner(test_database.owner)


@pytest.fixture(scope="session")
def django_db_setup(
    test_database: TestDatabase, cleaner: Cleaner, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Django comes in by the application's door: what its role may not do fails here too."""

    def clean(case: TransactionTestCase) -> None:
        connections.close_all()
        cleaner.clean()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", clean)
        patch.setattr(Plans, "prepared_max", PLANS_KEPT)
        connections["default"].settings_dict.update(django_settings(test_database.app_url))
        yield
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture
def owner_connection(test_database: TestDatabase) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The owner of the schema, to look behind the walls. In a transaction that is rolled back."""
    with test_database.owner.transaction(force_rollback=True):
        yield test_database.owner


@pytest.fixture(autouse=True)
def identifiers_of_now() -> Iterator[None]:
    """A test on another day leaves the last identifier in the future, and the next ones would follow it."""
    yield
    ids._last = (0, 0)


@pytest.fixture(autouse=True, scope="session")
def each_request_for_itself() -> Iterator[None]:
    """A test's requests share its transaction; what one told the walls is forgotten before the next."""
    handle = ClientHandler.__call__

    def handle_and_forget(self: ClientHandler, environ: dict[str, object]) -> HttpResponseBase:
        response = handle(self, environ)
        connection = connections["default"]
        if connection.in_atomic_block and not connection.needs_rollback:
            connection.connection.execute("SET LOCAL hendig.context TO DEFAULT")
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "__call__", handle_and_forget)
        yield


@pytest.fixture(autouse=True, scope="session")
def one_web_process() -> Iterator[None]:
    """Clients share what was loaded for the first, static files and all, as requests of a web process do."""
    load = ClientHandler.load_middleware
    loaded: dict[str, object] = {}

    def load_once(self: ClientHandler, is_async: bool = False) -> None:
        if not loaded:
            load(self, is_async)
            loaded.update({name: value for name, value in vars(self).items() if "middleware" in name})
        vars(self).update(loaded)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load_once)
        yield


@pytest.fixture(autouse=True)
def language_of_the_house() -> Iterator[None]:
    """A request in English leaves English behind in its thread, and tests share one."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Whoever talks to the world in a test fails: only this machine answers."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and not here(address):
            raise RuntimeError("a test tried to reach the network")
        connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", only_here)
        yield


def here(address: object) -> bool:
    host = address[0] if isinstance(address, tuple) else ""
    return isinstance(host, str) and (host in {"localhost", "::1"} or host.startswith("127."))
