"""Which official rules take the place of which: version, date, and never an older set by mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hendig.billing.adapters.ubl import installed
from hendig.operations.command import main

TODAY = date(2026, 11, 25)
SHEET = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:svrl="http://purl.oclc.org/dsdl/svrl"><!-- {more} -->
  <xsl:template match="/"><svrl:schematron-output title="SI-UBL 2.0 validation{version}"/></xsl:template>
</xsl:stylesheet>"""


def rules(at: Path, version: str = "", more: str = "") -> Path:
    at.mkdir(exist_ok=True)
    (at / "si-ubl.xsl").write_text(SHEET.format(version=f", version {version}" if version else "", more=more))
    return at


def put(tmp_path: Path, version: str = "", more: str = "", *, older: bool = False) -> str:
    (change,) = installed.install(
        rules(tmp_path / "sent", version, more), tmp_path / "einvoice", on=TODAY, trial={}, older=older
    )
    return str(change)


def test_what_comes_and_what_it_replaces_are_said_with_version_and_date(tmp_path: Path) -> None:
    first = put(tmp_path, "2.0.3.9", "Last update: 2025-11-27")
    assert first == "NLCIUS (SI-UBL 2.0) 2.0.3.9 (2025-11-27): there was none"
    assert put(tmp_path, "2.0.3.9", "Last update: 2025-11-27").endswith(": the same as was there")
    later, replaced = put(tmp_path, "2.0.3.10").split(", in the place of ")
    assert later == "NLCIUS (SI-UBL 2.0) 2.0.3.10 (date not stated)"
    assert replaced == "NLCIUS (SI-UBL 2.0) 2.0.3.9 (2025-11-27)"


@pytest.mark.parametrize(
    ("installed_one", "sent"),
    [
        (("2.0.3.12", ""), ("2.0.3.9", "Last update: 2026-11-27")),
        (("2.0.3.12", "Last update: 2026-02-23"), ("2.0.3.12", "Last update: 2025 November")),
        (("", "Last update: 2026-02-23"), ("2.0.3.12", "Last update: 2026-02-22")),
    ],
)
def test_an_older_set_is_refused_unless_it_is_asked_for(
    tmp_path: Path, installed_one: tuple[str, str], sent: tuple[str, str]
) -> None:
    put(tmp_path, *installed_one)
    before = (tmp_path / "einvoice" / "nlcius.xsl").read_bytes()
    with pytest.raises(installed.NotInstalled, match="is older than what is installed"):
        put(tmp_path, *sent)
    assert (tmp_path / "einvoice" / "nlcius.xsl").read_bytes() == before
    assert "in the place of" in put(tmp_path, *sent, older=True)
    assert (tmp_path / "einvoice" / "nlcius.xsl").read_bytes() != before


def test_of_which_is_newer_nothing_is_made_up(tmp_path: Path) -> None:
    put(tmp_path, "2.0.3.12")
    assert put(tmp_path).endswith("which of the two is newer their makers do not say")


def test_the_command_refuses_what_is_older_and_takes_it_when_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("django.conf.settings.HOME", tmp_path)
    ask = ["einvoice", "rules", "install", str(rules(tmp_path / "sent", "2.0.3.12"))]
    assert main(ask) == 0
    rules(tmp_path / "sent", "2.0.3.11")
    capsys.readouterr()
    assert main(ask) == 1
    assert "is older than what is installed" in capsys.readouterr().err
    assert main([*ask, "--older"]) == 0
    assert "2.0.3.11 (date not stated), in the place of" in capsys.readouterr().out
