"""`hendig mail bounces`: a mail server hands over what came back."""

import sys
from collections.abc import Iterable
from pathlib import Path

from django.utils import timezone

from hendig.operations.failure import Failure
from hendig.people.actions.bounces import came_back
from hendig.people.adapters import bounces


def read(files: Iterable[Path]) -> None:
    """Each file for itself; `-` is what is piped in. Says how many, and never whose.

    What is no report is no failure: a mail server would answer it with another mail.
    """
    paths = list(files)
    if any(str(path) != "-" and not path.is_file() for path in paths):
        raise Failure("One of these files is not there.")
    back = sum(came_back(report=_report(path), at=timezone.now()) for path in paths)  # noqa: TID251 - a command
    print(f"{back} came back, {len(paths) - back} said nothing new")


def _report(path: Path) -> bounces.Report | None:
    if str(path) == "-":
        return bounces.read(sys.stdin.buffer.read(bounces.MOST_BYTES + 1))
    return bounces.read_file(path)
