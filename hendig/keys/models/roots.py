"""The root keys of this installation: a small file that is in no database and in no backup."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hendig.kernel.sealing import DataKey, Ring, UnknownRoot, unwrap

_read: dict[Path, tuple[tuple[int, int], Ring]] = {}


class NoRootKeys(RuntimeError):
    """The file with the root keys is not there or is none: nothing can be opened or sealed."""


def root_file() -> Path:
    return Path(settings.ROOT_KEYS)


def ring() -> Ring:
    """The ring as it is at this moment; read again only when the file is another one."""
    path = root_file()
    try:
        seen = path.stat()
        mark = (seen.st_ino, seen.st_mtime_ns)
        if path not in _read or _read[path][0] != mark:
            _read[path] = (mark, Ring.read(path.read_text()))
    except (OSError, ValueError) as wrong:
        raise NoRootKeys(f"{path.name} cannot be read") from wrong
    return _read[path][1]


def known_ring() -> Ring:
    """The ring as it was last read, without asking the disk: good enough to open with."""
    kept = _read.get(root_file())
    return kept[1] if kept else ring()


def opened(wrapped: bytes, *, key_id: UUID, compartment: UUID) -> DataKey:
    """The data key that was wrapped; a root that came since is looked up in the file."""
    try:
        return unwrap(wrapped, known_ring(), key_id=key_id, compartment=compartment)
    except UnknownRoot:
        return unwrap(wrapped, ring(), key_id=key_id, compartment=compartment)


def replace_ring(new: Ring) -> None:
    """The file holds this ring, whole and on the disk; who reads meanwhile reads the old one or the new."""
    path = root_file()
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w") as made:
        made.write(new.written())
        made.flush()
        os.fsync(made.fileno())
    Path(unfinished).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
