"""Homes for installations that tests start, hurt and stop."""

import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hendig.operations.installation import secret_key
from hendig.operations.postgres import embedded
from hendig.operations.roles import app_url
from tests.operations.machine import environment, free_port, hendig, left_of, running
from tests.operations.town import Town
from tests.support.home import ROOT
from tests.support.smtp import Sink, smtp_sink


@pytest.fixture(scope="session")
def homes() -> Iterator[Path]:
    """A folder for homes, with short paths and where the user that PostgreSQL runs as may come."""
    folder = Path(tempfile.mkdtemp(prefix="hendig-homes-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def migrated_home(homes: Path) -> Path:
    """A home as `hendig migrate` leaves it. Copied for each test, so that none meets another's."""
    done = hendig(homes / "migrated", "migrate")
    assert done.returncode == 0, done.stderr
    return homes / "migrated"


@pytest.fixture
def home(migrated_home: Path) -> Iterator[Path]:
    folder = migrated_home.parent / f"home-{secrets.token_hex(4)}"
    subprocess.run(["cp", "-a", migrated_home, folder], check=True)
    # The copy has its data in itself.
    (folder / "postgres/place").write_text(str(folder / "postgres"))
    yield folder
    remaining = left_of(folder)
    shutil.rmtree(folder)
    assert not remaining


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as server:
        yield server


@pytest.fixture
def town(home: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    port = free_port()
    for name, value in {
        "HENDIG_DEMO": "1",
        "HENDIG_SMTP_HOST": "127.0.0.1",
        "HENDIG_SMTP_PORT": str(sink.port),
    }.items():
        monkeypatch.setenv(name, value)
    with embedded(home) as url:
        env = environment(
            home,
            HENDIG_DATABASE=app_url(url, secret_key(home)),
            HENDIG_SECRET_KEY=secret_key(home),
            DJANGO_SETTINGS_MODULE="hendig.settings",
        )
        subprocess.run([sys.executable, "-m", "tests.operations.make_world"], env=env, cwd=ROOT, check=True)
    # From here the server is theirs alone: nothing of it may be left when they were stopped.
    with running(home, port, HENDIG_DEMO="1"):
        yield Town(home, port, url)
