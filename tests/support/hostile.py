"""Run as a program: lets very many broken invoices be judged, and says how that went in a line of JSON.

    python -m tests.support.hostile --files 100000

E-invoices that are mutated, each name of the list of bad ones, and workbooks that are broken.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import django
import orjson

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hendig.settings")
    django.setup()

from hendig.billing.adapters.ubl import check, installed
from hendig.billing.adapters.ubl.billed import billed
from hendig.billing.adapters.ubl.official import Engine, Rows
from hendig.billing.rules import why_not_told, why_too_told
from hendig.operations.bench.measure import at_part
from hendig.operations.progress import Progress
from tests.support import einvoice, workbook

FIRST_SEED = 1_000_000
MOST_SECONDS, MOST_EXTRA_MB = 2.0, 256
SEEN_EVERY, SAID_EVERY = 20, 500
# Of so many files one is a name of the list, and one a workbook.
NAMED_IN, WORKBOOK_IN = 50, 10


@dataclass
class Judged:
    """What came of them: verdicts, seconds by the clock and of the processor, memory, and what went wrong."""

    clock: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    levels: Counter[str] = field(default_factory=Counter)
    extra: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        return not self.wrong and max(self.worked) < MOST_SECONDS and self.extra <= MOST_EXTRA_MB

    def took(self, clock: float, worked: float) -> None:
        self.clock.append(clock)
        self.worked.append(worked)

    def said(self, began: float) -> dict[str, object]:
        return {
            "proof": "hostile",
            "right": self.right,
            "files": len(self.clock),
            "verdicts": dict(self.levels),
            "seconds": round(time.monotonic() - began, 1),
            **{
                f"{name}_ms": {
                    "p50": round(at_part(series, 0.50) * 1000),
                    "p95": round(at_part(series, 0.95) * 1000),
                    "longest": round(max(series) * 1000),
                }
                for name, series in (("clock", self.clock), ("processor", self.worked))
            },
            "most_extra_mb": self.extra,
            "load": round(os.getloadavg()[0], 1),
            "wrong": self.wrong[:10],
        }


def judge(official: Engine, files: int, progress: Progress) -> Judged:
    """So many broken files, the same for the same number."""
    sources = tuple(file.read_bytes() for file in sorted(einvoice.data().glob("*/*/*.xml")))
    sources += tuple(file.read_bytes() for file in sorted(einvoice.data().glob("hendig-synthetic/*.xml")))
    assert len(sources) > 100
    named, found = tuple(einvoice.HOSTILE.values()), Judged()
    for profile in ("nlcius", "peppol"):
        check.check(official, einvoice.RIGHT, profile)  # from here on the rules are read
    for place in range(files):
        if place % WORKBOOK_IN == 1:
            _workbook(official, _broken_workbook(FIRST_SEED + place), found, place)
        elif place % NAMED_IN == 0:
            _invoice(official, named[place // NAMED_IN % len(named)][0](), found, place)
        else:
            _invoice(official, einvoice.mutated(FIRST_SEED + place, sources), found, place)
        if place % SEEN_EVERY == 0:
            found.extra = max(found.extra, grown(official))
        if place % SAID_EVERY == SAID_EVERY - 1:
            progress(f"{place + 1:,} of {files:,}")
    if check.check(official, einvoice.RIGHT).level != "ok":
        found.wrong.append("after all of them one that is right was not found to be")
    return found


# What a partner fills in: the form, and a row of it.
ROWS = (workbook.HEAD, ("M2026-000001", "H2", "2026-11-03", "2026-11-30", 2.5, 86.4, None))


def _broken_workbook(seed: int) -> bytes:
    """Half of them are broken as a zip, and half are a zip of which the sheet is broken."""
    if seed // WORKBOOK_IN % 2:
        return einvoice.broken(seed, (workbook.workbook(ROWS),))
    sheet = einvoice.broken(seed, (workbook.sheet(ROWS).encode(),))
    return workbook.workbook([], parts={"xl/worksheets/sheet1.xml": sheet})


def _invoice(official: Engine, data: bytes, found: Judged, place: int) -> None:
    began, worked = time.perf_counter(), spent(official)
    try:
        verdict = check.check(official, data)
        words = all(str(finding.words) for finding in verdict.findings)
        if verdict.document is not None and verdict.level != "error":
            asked = billed(verdict.document, verdict.told)
            if why_too_told(asked) is None:
                why_not_told(asked, ("Verhoeven",))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        found.wrong.append(f"file {place}: {error!r}")
        return
    found.took(time.perf_counter() - began, spent(official) - worked)
    found.levels[str(verdict.level)] += 1
    if not words or (verdict.level != "error" and verdict.document is None):
        found.wrong.append(f"file {place}: {verdict.level} without words or without what it says")


def _workbook(official: Engine, data: bytes, found: Judged, place: int) -> None:
    began, worked = time.perf_counter(), spent(official)
    try:
        read: Rows = official.rows(data)
    except Exception as error:  # noqa: BLE001 - as above
        found.wrong.append(f"workbook {place}: {error!r}")
        return
    found.took(time.perf_counter() - began, spent(official) - worked)
    found.levels["workbook refused" if read.refused else "workbook read"] += 1


def spent(engine: Engine) -> float:
    """Seconds of the processor so far: of who asks, of who judges, and of what judged for it."""
    assert engine._process is not None
    keeper = engine._process.pid
    ticks = 0
    for pid in (keeper, *forks_of(keeper)):
        try:
            said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        # Its own, and with the keeper that of the forks that ended.
        ticks += sum(int(one) for one in said[11:15])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def forks_of(keeper: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()]


def grown(engine: Engine) -> int:
    """How many megabytes the fork that judges ever held beyond the process that it was copied from."""
    assert engine._process is not None
    keeper = engine._process.pid
    return max((held(one, "VmHWM") - held(keeper, "VmRSS") for one in forks_of(keeper)), default=0)


def held(pid: int, what: str) -> int:
    """0 for a process that has just ended: the kernel says nothing of its memory any more."""
    try:
        said = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0
    found = re.search(rf"^{what}:\s+(\d+)", said, re.MULTILINE)
    return int(found[1]) // 1024 if found else 0


def official_in(folder: Path) -> Engine:
    installed.install(einvoice.data(), folder, on=date(2026, 11, 25), trial={})
    return Engine(folder)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--files", type=int, default=100_000)
    files, began = asked.parse_args().files, time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        official_in(Path(folder) / "einvoice") as official,
        Progress("Judging broken files") as progress,
    ):
        found = judge(official, files, progress)
    print(orjson.dumps(found.said(began)).decode())
    return 0 if found.right else 1


if __name__ == "__main__":
    sys.exit(main())
