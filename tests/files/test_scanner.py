"""What a scanner finds is refused, and so is everything while it does not answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from hendig.files.adapters import box, clamd
from hendig.files.adapters.door import let_in
from hendig.files.rules import PHOTO_OR_LETTER
from hendig.kernel.refusal import Refused
from tests.support.files import EICAR, a_photo
from tests.support.scanner import Scanner, real_clamd


@pytest.fixture
def scanner(settings: Settings) -> Iterator[Scanner]:
    with Scanner() as running:
        settings.CLAMD = running.where
        yield running


def no(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        let_in(content, PHOTO_OR_LETTER)
    return refused.value.refusal.code


def test_it_gets_the_file_as_it_was_brought_before_anybody_opens_it(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box, "opened", lambda *_: pytest.fail("it was opened"))
    brought = a_photo() + EICAR
    assert no(brought) == "file.virus"
    assert scanner.got == brought


def test_a_virus_is_told_also_where_its_kind_would_be_refused(scanner: Scanner) -> None:
    assert no(EICAR) == "file.virus"


def test_what_is_clean_comes_in_also_when_it_is_sent_in_pieces(scanner: Scanner) -> None:
    brought = a_photo(size=(1500, 900)) + bytes(clamd.PIECE)
    assert let_in(brought, PHOTO_OR_LETTER).is_photo
    assert scanner.got == brought


def test_while_nothing_answers_nothing_comes_in(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "opened", lambda *_: pytest.fail("it was opened"))
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.CLAMD = f"127.0.0.1:{door.getsockname()[1]}"
    for where in (settings.CLAMD, "/nowhere/clamd.sock", "nonsense"):
        settings.CLAMD = where
        assert no(a_photo()) == "file.not_scanned"


@pytest.mark.parametrize("says", [None, "stream: INSTREAM size limit exceeded. ERROR", "what?"])
def test_an_answer_that_says_neither_is_no_yes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, says: str | None
) -> None:
    monkeypatch.setattr(clamd, "SECONDS", 0.5)
    with Scanner(says) as running:
        settings.CLAMD = running.where
        assert no(a_photo()) == "file.not_scanned"


def test_whether_it_is_there_can_be_asked(scanner: Scanner) -> None:
    assert clamd.answers(scanner.where)
    scanner.door.close()
    assert not clamd.answers("/nowhere/clamd.sock")
    assert not clamd.answers("nonsense")


@pytest.mark.clamd
def test_clamd_itself_finds_the_test_virus_and_lets_a_photo_through(settings: Settings) -> None:
    with real_clamd() as where:
        settings.CLAMD = where
        assert clamd.answers(where)
        assert no(EICAR) == "file.virus"
        assert no(a_photo() + EICAR) == "file.virus"
        assert let_in(a_photo(), PHOTO_OR_LETTER).is_photo
