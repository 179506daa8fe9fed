"""A file of the bank is read in the process in which files of others are judged: what it costs ends there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from hendig.billing.adapters import bank
from hendig.billing.adapters.ubl.official import Broken, Engine
from hendig.billing.rules import NOT_READ, NotRead
from hendig.demo.bank import Booked
from tests.support.bank import NOWHERE, afschrift, brought
from tests.support.refusals import code_of
from tests.support.world import World

BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(NOWHERE, bank.CPU_SECONDS) as made:
        yield made


def long_statement(world: World, lines: int) -> bytes:
    return afschrift(world, *(Booked(100, f"12345670-2026-{place:06d}") for place in range(lines)))


def test_it_says_the_same_apart_as_here(world: World, engine: Engine) -> None:
    content = long_statement(world, 3)
    apart = bank.understood(content, engine.bank(content))
    # The door writes a file anew, and so gives it another fingerprint.
    assert apart.message == brought(content).message
    assert [word.cents for word in apart.message.statements[0].words] == [100, 100, 100]


def test_what_asks_for_more_than_it_shows_is_never_opened(world: World, engine: Engine) -> None:
    """Although the door opened it already, in a box of its own: entities, files of the machine, others."""
    good = long_statement(world, 1)
    head, _end, rest = good.partition(b"?>")
    for hostile in (
        head + b"?>" + BOMB + rest.replace(b"AFSCHRIFT-1", b"&b;"),
        head + b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rest.replace(b"EUR", b"&a;"),
        b"<a>" * 100_000,
        b"",
        b"\0" * 1000,
        b"%PDF-1.7",
        b"<html><body>Bank</body></html>",
    ):
        answer = engine.bank(hostile)
        assert answer == {"unread": NotRead.OTHER_MESSAGE}
        assert code_of(partial(bank.understood, b"", answer)) == "bank.no_bank_file"
    assert "unread" not in engine.bank(good)


def test_what_takes_too_long_is_refused_in_words_and_the_next_is_read(world: World) -> None:
    short, long = long_statement(world, 1), long_statement(world, 12_000)
    with Engine(NOWHERE, seconds=0.2) as hurried:
        answer = hurried.bank(long)
        assert code_of(lambda: bank.understood(long, answer)) == NotRead.TOO_MUCH
        assert "afschrift per dag" in str(NOT_READ[NotRead.TOO_MUCH].message)
        assert "unread" not in hurried.bank(short)


def test_what_fills_the_memory_is_refused_and_the_next_is_read(world: World, engine: Engine) -> None:
    short = long_statement(world, 1)
    filled = short.replace(b"<Ntry>", b"<Ntry>" + b"<A/>" * 6_000_000 + b"<Ntry>", 1)
    assert code_of(lambda: bank.understood(filled, engine.bank(filled))) in {
        NotRead.TOO_MUCH,
        "bank.no_bank_file",
    }
    assert "unread" not in engine.bank(short)


def test_where_nobody_reads_a_sentence_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_engine: Engine, _content: bytes) -> None:
        raise Broken

    monkeypatch.setattr(Engine, "bank", gone)
    assert code_of(lambda: bank.read(long_statement(world, 1))) == "bank.unread"
    monkeypatch.setattr(bank, "WAIT_SECONDS", 0)
    with bank._ONE_AT_A_TIME:
        assert code_of(lambda: bank.read(b"")) == "file.busy"
