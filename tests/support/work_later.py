"""The worker of the tests: the real one, but it tells people by the clock by which they open pages.

Who may hear of something is judged as of the telling: by another clock it would be another day.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path

from hendig.operations import work
from hendig.operations.processes import wait_for_go
from tests.support.serve_later import CLOCK, Later


def ready() -> None:
    jobs = importlib.import_module("hendig.people.jobs")
    jobs.timezone = Later(Path(os.environ[CLOCK]))  # type: ignore[attr-defined]
    # What begins by itself each minute would write among the rows that another test of this process counts,
    # and judge by today what a test did on a day of its own. Each has tests that call it.
    app = importlib.import_module("procrastinate.contrib.django").app
    app.periodic_registry.periodic_tasks.clear()
    wait_for_go()


if __name__ == "__main__":
    work.main(ready)
