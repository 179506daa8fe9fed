"""The program in the box: reads a file, writes why not or the file made anew. It knows nothing of Hendig.

python -I -m hendig.files.adapters.inside KIND SQUARE < FILE
"""

from __future__ import annotations

import json
import resource
import sys

from hendig.files.adapters import markup, papers, photos
from hendig.files.adapters.refused import Refused

SECONDS = 8
MEMORY = 1 << 30


def main() -> None:
    shut_in()
    content, kind, square = sys.stdin.buffer.read(), sys.argv[1], int(sys.argv[2])
    no, made = "", b""
    try:
        made = anew(content, kind, square)
    except Refused as why:
        no = why.code
    except Exception:  # noqa: BLE001 - whatever a hostile file does to a library, it does not open
        no = "broken"
    sys.stdout.buffer.write(json.dumps({"no": no}).encode() + b"\n" + made)


def anew(content: bytes, kind: str, square: int) -> bytes:
    if kind == "pdf":
        return papers.anew(content)
    return markup.anew(content) if kind == "xml" else photos.anew(content, kind, square)


def shut_in() -> None:
    """From here on: so much time, so much memory, no file to write."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
