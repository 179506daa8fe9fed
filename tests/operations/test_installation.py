"""What an installation makes of its environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from hendig.audit.rules import chain
from hendig.operations import sealing
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation


@pytest.mark.parametrize(
    ("bind", "environment", "demo"),
    [
        ("localhost", {}, True),
        ("192.0.2.1", {}, False),
        ("localhost", {"HENDIG_ORIGIN": "https://hulp.example"}, False),
        ("localhost", {"HENDIG_ORIGIN": "https://hulp.example", "HENDIG_DEMO": "1"}, True),
        ("localhost", {"HENDIG_DEMO": "0"}, False),
    ],
)
def test_a_visitor_is_only_anyone_where_no_visitor_can_come(
    monkeypatch: pytest.MonkeyPatch, bind: str, environment: dict[str, str], demo: bool
) -> None:
    for name in ("HENDIG_ORIGIN", "HENDIG_DEMO"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    place = Installation(home=Path(), port=8000, bind=bind, secret="x", owner_url="")
    assert place.demo == demo


def test_the_key_of_the_sealer_is_made_once_and_read_by_us_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HENDIG_SEAL_KEY", raising=False)
    key = sealing.seal_key(tmp_path)
    assert sealing.seal_key(tmp_path) == key
    assert (tmp_path / "seal.key").stat().st_mode & 0o077 == 0
    assert sealing.trusted(tmp_path, key) == [chain.public_text(chain.private_key(key))]


def test_after_another_key_older_seals_are_still_trusted(tmp_path: Path) -> None:
    old, new = chain.new_key(), chain.new_key()
    older = sealing.trusted(tmp_path, old)
    assert sealing.trusted(tmp_path, new)[1:] == older
    assert sealing.trusted(tmp_path, new)[1:] == older


def test_a_key_that_is_none_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HENDIG_SEAL_KEY", "geheim")
    with pytest.raises(Failure, match="HENDIG_SEAL_KEY is not a key"):
        sealing.seal_key(tmp_path)


def test_only_the_worker_can_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HENDIG_SEAL_KEY", "of whoever started us")
    url = "postgresql://owner@/town"
    place = Installation(Path(), 8000, "localhost", "x", url, "private", ("public",))
    assert place.as_worker()["HENDIG_SEAL_KEY"] == "private"
    for environment in (place.as_web(), place.as_app(), place.as_owner()):
        assert "HENDIG_SEAL_KEY" not in environment
        assert environment["HENDIG_SEAL_PUBLIC"] == "public"
