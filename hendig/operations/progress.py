"""What somebody sees who waits."""

import sys
import time
from types import TracebackType
from typing import Self


class Progress:
    """Called with a few words at each step; on a terminal one line that moves, elsewhere a line per step."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.moves = sys.stdout.isatty()

    def __enter__(self) -> Self:
        self.began = time.monotonic()
        self("")
        return self

    def __call__(self, words: str) -> None:
        line = f"{self.title} · {words}" if words else self.title
        if self.moves:
            sys.stdout.write(f"\r\033[K{line[:118]}")
        elif words:
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.moves:
            sys.stdout.write("\r\033[K")
        if error is None:
            sys.stdout.write(f"{self.title} · ready in {time.monotonic() - self.began:.0f} s\n")
        sys.stdout.flush()
