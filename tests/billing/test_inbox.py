"""Who judges files stays for the next one: what the official rules cost to read is paid once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hendig.billing.adapters import inbox
from hendig.billing.adapters.inbox import _Keeper
from hendig.billing.adapters.ubl import installed
from tests.support.einvoice import HOSTILE, RIGHT


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Keeper]:
    monkeypatch.setattr("django.conf.settings.HOME", tmp_path)
    made = _Keeper()
    monkeypatch.setattr(inbox, "_keeper", made)
    yield made
    made.go_home()


def judges(keeper: _Keeper) -> int:
    """The process that has judged, which is still there."""
    assert keeper._engine is not None
    assert keeper._engine._process is not None
    return keeper._engine._process.pid


def test_the_next_file_is_judged_by_who_is_still_there(keeper: _Keeper) -> None:
    assert inbox.judged(RIGHT).document is not None
    first = judges(keeper)
    assert inbox.judged(HOSTILE["half"][0]()).wrong
    assert inbox.judged(RIGHT).document is not None
    assert judges(keeper) == first


def test_rules_that_are_installed_meanwhile_are_those_of_the_next_file(
    keeper: _Keeper, tmp_path: Path
) -> None:
    inbox.judged(RIGHT)
    first = judges(keeper)
    (tmp_path / "einvoice").mkdir()
    one = {"key": "nlcius", "version": "2.0.3.13", "dated": "", "sha256": "", "installed_on": "2026-11-26"}
    (tmp_path / "einvoice" / installed.LIST).write_text(json.dumps([one]))
    inbox.judged(RIGHT)
    assert judges(keeper) != first
    assert not Path(f"/proc/{first}").exists()


def test_when_nobody_sends_any_more_the_memory_is_given_back(
    keeper: _Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.judged(RIGHT)
    process = Path(f"/proc/{judges(keeper)}")
    monkeypatch.setattr(inbox, "WARM_SECONDS", 0.1)
    inbox.judged(RIGHT)
    until = time.monotonic() + 20
    while process.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not process.exists()
    assert inbox.judged(RIGHT).document is not None
