"""Broken invoices, judged by the official rules, as `make hostile` does with very many."""

from __future__ import annotations

from pathlib import Path

import pytest

from hendig.operations.progress import Progress
from tests.support import hostile

pytestmark = pytest.mark.conformance
FEW = 300


def test_no_broken_file_breaks_hangs_or_fills_the_check(tmp_path: Path) -> None:
    with hostile.official_in(tmp_path / "einvoice") as official, Progress("Judging") as progress:
        found = hostile.judge(official, FEW, progress)
    assert found.right, found.said(0)
    # Some of them are e-invoices still, and some workbooks are.
    assert {"ok", "error", "workbook refused", "workbook read"} <= set(found.levels)
    assert sum(found.levels.values()) == len(found.clock) == FEW
