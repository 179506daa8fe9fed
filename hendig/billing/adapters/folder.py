"""The folder into which others put e-invoices, and where each of them goes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

BOOKED, REFUSED, OUT = "booked", "refused", "out"
# Whoever puts a file there may still be writing it.
QUIET_SECONDS = 10


def waiting(folder: Path) -> Iterator[Path]:
    """The files that lie there whole, the oldest first. Hidden ones are somebody's who is still writing."""
    if not folder.is_dir():
        return
    before = time.time() - QUIET_SECONDS
    found = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    found = [path for path in found if path.stat().st_mtime <= before]
    yield from sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


def put_away(path: Path, where: str, *, beside: dict[str, bytes], answer: bytes = b"") -> Path:
    """The file goes to `where`, under a free name; what is `beside` it has that name and more behind it.

    An `answer` waits there, hidden, until `hand_out`. Who dies before the last step does all of it once more.
    """
    place = path.parent / where
    place.mkdir(exist_ok=True)
    target, number = place / path.name, 1
    while target.exists():
        number += 1
        target = place / f"{path.stem}-{number}{path.suffix}"
    for suffix, content in beside.items():
        target.with_name(target.name + suffix).write_bytes(content)
    waits = target.with_name(f".{target.name}")
    # One may be left of a file of this name that came again and has none now.
    waits.write_bytes(answer) if answer else waits.unlink(missing_ok=True)
    path.rename(target)
    return target


def hand_over(folder: Path, answer: bytes) -> None:
    """An answer about what was booked lies in `OUT`, whole; the same one once more takes its own place."""
    place = _out(folder, answer)
    waits = place.with_name(f".{place.stem}")
    waits.write_bytes(answer)
    waits.rename(place)


def _out(folder: Path, answer: bytes) -> Path:
    (folder / OUT).mkdir(exist_ok=True)
    return folder / OUT / f"{hashlib.sha256(answer).hexdigest()[:24]}.xml"


def hand_out(folder: Path) -> None:
    """Each answer to a file that was put away goes to `OUT`, whole and once: whoever carries it takes it.

    Its name says nothing of the file, which may be called after somebody.
    """
    for waits in sorted((folder / REFUSED).glob(".*")):
        # Without the file itself it is of one that comes again.
        if waits.with_name(waits.name[1:]).is_file():
            waits.rename(_out(folder, waits.read_bytes()))
