"""What an installation makes of its environment."""

from __future__ import annotations

from pathlib import Path

import pytest

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
