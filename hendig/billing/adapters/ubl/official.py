"""Asks the process that judges files. It is started at the first question, and gone when the block ends."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from hendig.billing.adapters.ubl.engine import BANK, FORM, ROWS
from hendig.billing.adapters.ubl.parse import CPU_SECONDS, MOST_BYTES, Gate
from hendig.billing.adapters.ubl.taken import Taken, understood

# Past every limit that the process keeps for itself, also while it reads the rules on a busy machine.
PATIENCE_SECONDS = 180


class Broken(Exception):
    """The process that judges files does not answer: the installed rules cannot be used."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A rule that failed, or did not like something; `text` is what the official rules say about it."""

    rule: str
    level: str
    text: str = ""
    where: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate, the schema and the official rules said about a file, and which of them were asked."""

    refused: Gate | None = None
    line: int = 0
    profile: str = ""
    named: str = ""
    checked: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
    more: int = 0
    taken: Taken = field(default_factory=Taken)
    seconds: float = 0
    beside: float = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a workbook as texts, None for a formula without an outcome; or why they are not read."""

    refused: str = ""
    rows: tuple[tuple[str | None, ...], ...] = ()


class Engine:
    """The process that judges files by the rules in `folder`, which may be none. One question at a time.

    A file that takes more than `seconds` of the processor is refused.
    """

    def __init__(self, folder: Path, seconds: float = CPU_SECONDS) -> None:
        self.folder, self.seconds = folder, seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        process, self._process = self._process, None
        if process and process.stdin and process.stdout:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()

    def ask(self, data: bytes, profile: str = "auto") -> Judgement:
        """What is wrong with this file, and what is taken of it to be booked."""
        if len(data) > MOST_BYTES:
            return Judgement(Gate.TOO_BIG)
        try:
            return _judgement(self._framed(profile, data))
        except (ValueError, TypeError, LookupError, ArithmeticError, AssertionError):
            # What it says is no answer.
            raise Broken from None

    def rows(self, data: bytes) -> Rows:
        """What stands in the first sheet of this workbook."""
        answer = self._framed(ROWS, data)
        rows = answer.get("rows")
        found = tuple(tuple(row) for row in rows) if isinstance(rows, list) else ()
        return Rows(str(answer.get("refused") or ""), found)

    def form(self, data: bytes) -> bytes:
        """The workbook of these rows (JSON)."""
        return base64.b64decode(str(self._framed(FORM, data)["made"]))

    def _framed(self, asked: str, data: bytes) -> Mapping[str, object]:
        with self._one_at_a_time:
            return self._asked(f"{asked} {len(data)}\n".encode() + data)

    def bank(self, data: bytes) -> Mapping[str, object]:
        """What a file of the bank says, in plain values; or why that is not read (`adapters/statement`)."""
        return self._framed(BANK, data)

    def _asked(self, request: bytes) -> Mapping[str, object]:
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(request)
            process.stdin.flush()
            answer: Mapping[str, object] = json.loads(_frame(process.stdout.fileno()))
        except (BrokenPipeError, EOFError, TimeoutError):
            self.stop()
            raise Broken from None
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "hendig.billing.adapters.ubl.engine", str(self.folder), str(self.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Saxon writes there what stands in the file.
            stderr=subprocess.DEVNULL,
            # No database, no keys: it needs none.
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)},
            process_group=0,
        )


def _frame(descriptor: int) -> bytes:
    until = time.monotonic() + PATIENCE_SECONDS
    read = b""
    while b"\n" not in read or len(read) < len(read.partition(b"\n")[0]) + 1 + int(read.partition(b"\n")[0]):
        if not select.select([descriptor], [], [], max(until - time.monotonic(), 0))[0]:
            raise TimeoutError
        part = os.read(descriptor, 1 << 20)
        if not part:
            raise EOFError
        read += part
    return read.partition(b"\n")[2]


def _judgement(answer: Mapping[str, object]) -> Judgement:
    refused, findings, checked = answer.get("refused"), answer.get("findings"), answer.get("checked")
    told = answer.get("taken")
    return Judgement(
        refused=Gate(str(refused)) if refused else None,
        line=int(str(answer.get("line") or 0)),
        profile=str(answer.get("profile") or ""),
        named=str(answer.get("named") or ""),
        checked=tuple(map(str, checked)) if isinstance(checked, list) else (),
        failed=tuple(map(_failed, findings)) if isinstance(findings, list) else (),
        more=int(str(answer.get("more") or 0)),
        taken=understood(told) if isinstance(told, dict) else Taken(),
        seconds=float(str(answer.get("seconds") or 0)),
        beside=float(str(answer.get("beside") or 0)),
    )


def _failed(one: Mapping[str, str]) -> Failed:
    return Failed(one["rule"], one["level"], one["text"], one["where"], int(one.get("line") or 0))
