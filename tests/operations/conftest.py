"""Homes for installations that tests start, hurt and stop."""

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.machine import hendig, left_of


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
