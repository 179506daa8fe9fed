"""A file is opened in a process of its own: briefly, in little memory, and far from the keys.

It has no secrets in its environment or its memory, no connection, no file that it may write. What makes it
think too long or too wide ends it, and is refused like any file that does not open. What the user of the web
process may read, and the network, is not kept from it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from threading import BoundedSemaphore

# Each takes a core and up to a gigabyte: more at once would slow the pages down.
TURNS = BoundedSemaphore(2)
WAIT_SECONDS = 10
LONGEST_SECONDS = 20


class Busy(Exception):
    """Others are having files opened, and it takes long."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What came out of the box: why not, or the file made anew."""

    no: str = ""
    content: bytes = b""


def opened(content: bytes, kind: str, *, square: int = 0) -> Opened:
    """The file of this kind, made anew without what hides in it; a photo perhaps cut to a square."""
    if not TURNS.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "hendig.files.adapters.inside", kind, str(square)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it would tell what is in the file
            env={},
            cwd="/",
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Opened(no="broken")
    finally:
        TURNS.release()
    if done.returncode != 0:
        return Opened(no="broken")
    head, _end, made = done.stdout.partition(b"\n")
    return Opened(no=json.loads(head)["no"], content=made)
