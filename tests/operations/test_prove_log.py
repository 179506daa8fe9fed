"""`hendig prove log` as a person runs it: what it says, its last line, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hendig.operations.failure import Failure
from hendig.operations.prove.log import anchors_in
from tests.support.database import server
from tests.support.home import ROOT, home

LINES = 2_500


def prove(*arguments: str) -> tuple[int, list[str], str]:
    with server() as url:
        done = subprocess.run(
            [sys.executable, "-m", "hendig.operations.command", "prove", "log", *arguments],
            env={**os.environ, "DATABASE_URL": url, "HENDIG_HOME": str(home())},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    return done.returncode, done.stdout.splitlines(), done.stderr


@pytest.mark.slow
def test_a_made_log_proves_to_be_whole_and_an_anchor_that_it_lacks_is_told() -> None:
    status, said, _wrong = prove("--lines", str(LINES))
    assert status == 0, said
    figures = json.loads(said[-1])
    assert (figures["entries"], figures["broken"]) == (LINES, 0)
    assert figures["seconds"] > 0
    status, said, wrong = prove(
        "--lines", str(LINES), "--anchor", "4 mei mei mei mei mei", "--anchor", f"1:{'0' * 64}"
    )
    assert status == 1
    assert json.loads(said[-1])["broken"] == 2
    assert "anchor 4: its seal is gone: the tail was cut off" in said
    assert "anchor 1: its seal is another one now" in said
    assert wrong == "hendig: The log is not what it was.\n"


def test_an_anchor_is_read_from_words_from_a_hash_and_from_a_kept_mail(tmp_path: Path) -> None:
    kept = tmp_path / "mail"
    kept.write_text(f"Dag,\n\nZegel 7 mei juni juli april boom\n7:{'a' * 64}\n\nHendig")
    assert [(one.number, one.held) for one in anchors_in(str(kept))] == [
        (7, "a" * 64),
        (7, "7 mei juni juli april boom"),
    ]
    assert anchors_in("7, Mei, juni, juli, april, boom")[0].held == "7 mei juni juli april boom"
    with pytest.raises(Failure, match="There is no anchor in"):
        anchors_in("zomaar iets")
