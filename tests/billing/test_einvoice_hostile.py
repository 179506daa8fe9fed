"""Very many broken e-invoices, judged by the official rules: `make hostile`."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hendig.billing.adapters.ubl import check, installed
from hendig.billing.adapters.ubl.official import Engine
from tests.support import einvoice
from tests.support.einvoice import HOSTILE, RIGHT

pytestmark = [pytest.mark.conformance, pytest.mark.hostile]
MANY = int(os.environ.get("HENDIG_HOSTILE", "100000"))
FIRST_SEED = 1_000_000
MOST_SECONDS, MOST_EXTRA_MB = 2, 256
SEEN_EVERY = 20


@pytest.fixture
def official(tmp_path: Path) -> Iterator[Engine]:
    installed.install(einvoice.data(), tmp_path / "einvoice", on=date(2026, 11, 25), trial={})
    with Engine(tmp_path / "einvoice") as made:
        yield made


def test_no_broken_file_breaks_hangs_or_fills_the_check(official: Engine) -> None:
    files = tuple(file.read_bytes() for file in sorted(einvoice.data().glob("*/*/*.xml")))
    files += tuple(file.read_bytes() for file in sorted(einvoice.data().glob("hendig-synthetic/*.xml")))
    assert len(files) > 100
    named = tuple(HOSTILE.values())
    for profile in ("nlcius", "peppol"):
        check.check(official, RIGHT, profile)  # from here on the rules are read
    levels: Counter[str] = Counter()
    longest, extra, wrong = 0.0, 0, 0
    for place in range(MANY):
        # Each name of the list comes by as well, once in fifty files.
        data = (
            named[place // 50 % len(named)][0]()
            if place % 50 == 0
            else einvoice.mutated(FIRST_SEED + place, files)
        )
        began, worked = time.perf_counter(), time.process_time()
        verdict = check.check(official, data)
        longest = max(longest, time.perf_counter() - began)
        assert time.process_time() - worked < MOST_SECONDS
        levels[verdict.level] += 1
        assert all(str(finding.words) for finding in verdict.findings)
        wrong += verdict.level != "error" and verdict.document is None
        if place % SEEN_EVERY == 0:
            extra = max(extra, grown(official))
    print(f"\n{MANY} files: {dict(levels)}; longest {longest:.2f} s by the clock; at most {extra} MB extra")
    assert check.check(official, RIGHT).level == "ok"
    assert wrong == 0
    assert extra <= MOST_EXTRA_MB


def grown(engine: Engine) -> int:
    """How many megabytes the fork that judges ever held beyond the process that it was copied from."""
    assert engine._process is not None
    keeper = engine._process.pid
    forks = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    return max((held(int(fork), "VmHWM") - held(keeper, "VmRSS") for fork in forks), default=0)


def held(pid: int, what: str) -> int:
    """0 for a process that has just ended: the kernel says nothing of its memory any more."""
    try:
        said = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0
    found = re.search(rf"^{what}:\s+(\d+)", said, re.MULTILINE)
    return int(found[1]) // 1024 if found else 0
