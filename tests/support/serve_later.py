"""The web process of the tests: the real one, but its clock stands where a file says, if one is named.

Only what the pages call "now" moves. Sessions keep to the real clock, so nobody is signed out by travelling.
Its connections keep as many plans as those of the tests.
"""

from __future__ import annotations

import importlib
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from hendig.operations import serve
from hendig.operations.engine.base import Plans

CLOCK = "HENDIG_TEST_CLOCK"
# Who reads the clock on the web side: what tells the actions, who may still hear, and "today" and "tomorrow".
READERS = ("hendig.web.middleware", "hendig.web.live", "hendig.web.tags.basics")


class Later:
    """As much of django.utils.timezone as the readers use, some seconds later (or earlier)."""

    localtime = staticmethod(timezone.localtime)

    def __init__(self, file: Path) -> None:
        self.file = file

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text()))

    def localdate(self) -> date:
        return timezone.localdate(self.now())


def main() -> None:
    importlib.import_module("hendig.web.asgi")
    # Before there is a connection; and by name, for it needs the models.
    Plans.prepared_max = importlib.import_module("tests.support.database").PLANS_KEPT
    if CLOCK in os.environ:
        go_by(Later(Path(os.environ[CLOCK])))
    serve.main()


def go_by(later: Later) -> None:
    for name in READERS:
        reader = importlib.import_module(name)
        if not hasattr(reader, "timezone"):
            raise AssertionError(f"{name} does not read the clock any more: find out who does")
        reader.timezone = later  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
