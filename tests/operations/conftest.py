"""Homes for installations that tests start, hurt and stop."""

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hendig.operations import statics
from hendig.operations.installation import secret_key
from hendig.operations.postgres import embedded, locked
from tests.operations.machine import Loaded, as_app, copy_of, environment, free_port, hendig, left_of, running
from tests.operations.town import Town
from tests.support.home import ROOT
from tests.support.smtp import Sink, smtp_sink


@pytest.fixture(scope="session")
def one_at_a_time(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same file for all processes of this run of the tests."""
    ours = tmp_path_factory.getbasetemp()
    return (ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours) / "homes"


@pytest.fixture(scope="session")
def homes(one_at_a_time: Path) -> Iterator[Path]:
    """A folder for homes, with short paths and where the user that PostgreSQL runs as may come."""
    folder = Path(tempfile.mkdtemp(prefix="hendig-homes-"))
    folder.chmod(0o711)
    yield folder
    with locked(one_at_a_time, fcntl.LOCK_EX):
        shutil.rmtree(folder)


MadeOnce = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def made_once(homes: Path, one_at_a_time: Path) -> MadeOnce:
    """Homes that one process of this run makes, by name, and the others copy; none is ever used itself."""
    ours: dict[str, Path] = {}

    def home(name: str, make: Callable[[Path], None]) -> Path:
        if name not in ours:
            by_whom = one_at_a_time.with_name(f"home-{name}")
            with locked(one_at_a_time, fcntl.LOCK_EX):
                by_another = by_whom.read_text() if by_whom.exists() else ""
                if by_another and Path(by_another).exists():
                    copy_of(Path(by_another), homes / name)
                else:
                    make(homes / name)
                    by_whom.write_text(str(homes / name))
            ours[name] = homes / name
        return ours[name]

    return home


@pytest.fixture(scope="session")
def migrated_home(made_once: MadeOnce) -> Path:
    """A home as `hendig migrate` leaves it, with the files of the pages. Each test has a copy of its own."""

    def migrate(made: Path) -> None:
        done = hendig(made, "migrate")
        assert done.returncode == 0, done.stderr
        # Or each server that is started in a copy would collect and compress them first.
        told = {"HENDIG_SECRET_KEY": secret_key(made), "DJANGO_SETTINGS_MODULE": "hendig.settings"}
        statics.ready(made, environment(made, **told))

    return made_once("migrated", migrate)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    made = Loaded(tmp_path_factory.mktemp("loaded"))
    yield made
    made.end()


@pytest.fixture
def home(migrated_home: Path) -> Iterator[Path]:
    folder = copy_of(migrated_home, migrated_home.parent / f"home-{secrets.token_hex(4)}")
    yield folder
    remaining = left_of(folder)
    shutil.rmtree(folder)
    assert not remaining


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as server:
        yield server


@pytest.fixture
def peopled_by() -> str:
    """The program that makes the people of `town`, and what they did before; a module may name its own."""
    return "tests.operations.make_world"


@pytest.fixture
def town(home: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch, peopled_by: str) -> Iterator[Town]:
    port = free_port()
    for name, value in {
        "HENDIG_DEMO": "1",
        "HENDIG_SMTP_HOST": "127.0.0.1",
        "HENDIG_SMTP_PORT": str(sink.port),
    }.items():
        monkeypatch.setenv(name, value)
    with embedded(home) as url:
        subprocess.run([sys.executable, "-m", peopled_by], env=as_app(home, url), cwd=ROOT, check=True)
    # From here the server is theirs alone: nothing of it may be left when they were stopped.
    with running(home, port, HENDIG_DEMO="1"):
        yield Town(home, port, url)
