"""The folder into which others put e-invoices, and where each of them goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

BOOKED, REFUSED = "booked", "refused"
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


def put_away(path: Path, where: str, *, beside: dict[str, bytes]) -> Path:
    """The file goes to `where`, under a free name; what is `beside` it has that name and more behind it."""
    place = path.parent / where
    place.mkdir(exist_ok=True)
    target, number = place / path.name, 1
    while target.exists():
        number += 1
        target = place / f"{path.stem}-{number}{path.suffix}"
    for suffix, content in beside.items():
        target.with_name(target.name + suffix).write_bytes(content)
    path.rename(target)
    return target
