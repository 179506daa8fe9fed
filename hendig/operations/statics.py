"""The static files as visitors get them: compressed, and named by their content so that they are kept."""

import hashlib
import os
import shutil
import signal
import sys
from pathlib import Path

import django
from django.core.management import call_command

from hendig.operations import processes
from hendig.operations.failure import Failure
from hendig.operations.loading import load

PACKAGE = Path(__file__).parents[1]


def folder(home: Path) -> Path:
    """Where the files of this code lie; another code has another folder."""
    return home / "static" / fingerprint()


def fingerprint() -> str:
    """A hash over each file's name, size and time: fast enough for each start."""
    seen = hashlib.sha256(f"{django.__version__} {sys.version}".encode())
    for file in sorted(PACKAGE.glob("*/static/**/*")):
        found = file.stat()
        seen.update(f"{file.relative_to(PACKAGE)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:12]


def ready(home: Path, env: dict[str, str]) -> Path:
    """The folder with the files of this code; collected in a process of its own when it is not there yet."""
    place = folder(home)
    if place.exists():
        return place
    unfinished = place.with_name(f"{place.name}.{os.getpid()}")
    command = [sys.executable, "-m", "hendig.operations.statics"]
    collecting = processes.start(command, death=signal.SIGTERM, env={**env, "HENDIG_STATIC": str(unfinished)})
    try:
        if collecting.wait():
            raise Failure("The static files could not be collected.")
        for older in place.parent.iterdir():
            if older != unfinished:
                shutil.rmtree(older, ignore_errors=True)
        unfinished.rename(place)
    finally:
        if collecting.poll() is None:
            collecting.kill()
            collecting.wait()
        shutil.rmtree(unfinished, ignore_errors=True)
    return place


def main() -> None:
    """Collects into the folder that the settings name."""
    load()
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main()
