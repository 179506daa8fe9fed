"""The reference pages: written from the code, and the check stops when one differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from hendig.operations import command, reference

PAGES = [
    "stages.md",
    "permissions.md",
    "audit-codes.md",
    "privacy-register.md",
    "gate.md",
    "api.md",
    "copy.schema.json",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reference, "FOLDER", tmp_path / "reference")
    return tmp_path / "reference"


def test_comparing_writes_nothing(folder: Path) -> None:
    assert reference.write(check_only=True) == PAGES
    assert not folder.exists()


def test_a_page_that_somebody_changed_is_named_and_written_again(folder: Path) -> None:
    reference.write(check_only=False)
    (folder / "stages.md").write_text("By hand.")
    assert reference.write(check_only=True) == ["stages.md"]
    assert reference.write(check_only=False) == ["stages.md"]
    assert reference.write(check_only=True) == []


def test_the_check_says_in_one_sentence_what_differs_and_fails(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference.write(check_only=False)
    (folder / "permissions.md").unlink()
    assert command.main(["check"]) == 1
    said = capsys.readouterr().err
    assert (
        said == "hendig: permissions.md (docs/reference) is not what the code says; run `make reference`.\n"
    )
    assert command.main(["check", "--write"]) == 0
    assert command.main(["check"]) == 0
