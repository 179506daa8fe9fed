"""The desk for what a partner sends itself: judged in a process apart, then read as one document."""

from __future__ import annotations

import atexit
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Timer

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hendig.billing.adapters.ubl import installed, official
from hendig.billing.adapters.ubl.billed import between
from hendig.billing.adapters.ubl.check import Finding, Level, check
from hendig.billing.adapters.ubl.document import Document, Head
from hendig.billing.adapters.ubl.engine import RULES
from hendig.billing.models import Form
from hendig.files.rules import BUSY
from hendig.kernel.refusal import Refusal, Refused

UNJUDGED = Refusal(
    "received.unjudged", _("De controle van facturen werkt nu niet. Probeer het later opnieuw.")
)
# The official rules take hundreds of megabytes: one at a time in each process; who waits too long is told.
_ONE_AT_A_TIME = Lock()
WAIT_SECONDS = 20
# To read them takes seconds: who has read them waits so long for the next file, then gives the memory back.
WARM_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Sent:
    """What came in: what was found about it, the document if it can be booked, and what is kept of it."""

    findings: tuple[Finding, ...]
    document: Document | None
    form: Form
    official: bool
    content: bytes
    sha256: str
    told: tuple[str, ...] = ()
    # What it says of itself as far as that can be read: also when it cannot be booked.
    head: Head | None = None

    @property
    def seller(self) -> frozenset[str]:
        """The numbers of who it says to be of."""
        return between(self.head)[0]

    @property
    def buyer(self) -> frozenset[str]:
        """The numbers of who it says to be for."""
        return between(self.head)[1]

    @property
    def number(self) -> str:
        return self.head.number if self.head else ""

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """Why it cannot be booked, as far as its form goes."""
        return tuple(one for one in self.findings if one.level == Level.ERROR)


def rules_folder() -> Path:
    """Where the official rules of this installation are."""
    return Path(settings.HOME) / "einvoice"


def official_check() -> bool:
    """Whether the official rules of both profiles are installed here."""
    here = {one.key for one in installed.installed(rules_folder())}
    return all(name in here for names in RULES.values() for name in names)


class _Keeper:
    """Has the process that judges, for who holds the lock; sent home when nobody came for a while."""

    def __init__(self) -> None:
        self._engine: official.Engine | None = None
        self._rules: tuple[installed.RuleSet, ...] = ()
        self._rest: Timer | None = None

    def begin(self) -> official.Engine:
        """The one that is still there, unless other rules were installed meanwhile."""
        if self._rest:
            self._rest.cancel()
        folder, rules = rules_folder(), installed.installed(rules_folder())
        if self._engine is None or (self._engine.folder, self._rules) != (folder, rules):
            self.go_home()
            self._engine, self._rules = official.Engine(folder), rules
        return self._engine

    def rest(self) -> None:
        self._rest = Timer(WARM_SECONDS, self._rested)
        # Who ends us need not wait for it.
        self._rest.daemon = True
        self._rest.start()

    def _rested(self) -> None:
        with _ONE_AT_A_TIME:
            self.go_home()

    def go_home(self) -> None:
        engine, self._engine = self._engine, None
        if engine:
            engine.stop()


_keeper = _Keeper()
atexit.register(_keeper.go_home)


@contextmanager
def _engine() -> Iterator[official.Engine]:
    """The process that judges, for one at a time. `Refused` when others are at it, or it does not answer."""
    if not _ONE_AT_A_TIME.acquire(timeout=WAIT_SECONDS):
        raise Refused(BUSY)
    try:
        yield _keeper.begin()
    except official.Broken:
        raise Refused(UNJUDGED) from None
    finally:
        _keeper.rest()
        _ONE_AT_A_TIME.release()


@contextmanager
def desk() -> Iterator[Callable[[bytes], Sent]]:
    """Judges files one after another. `Refused` when others are at it, or what judges does not answer."""
    with _engine() as engine:

        def judged(content: bytes) -> Sent:
            try:
                return sent_in(engine, content)
            except official.Broken:
                raise Refused(UNJUDGED) from None

        yield judged


def rows(content: bytes) -> official.Rows:
    """The rows of a workbook, read where nothing of ours is."""
    with _engine() as engine:
        return engine.rows(content)


def form(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """The workbook to fill in: made there too, for what writes one is large."""
    with _engine() as engine:
        return engine.form(json.dumps({"head": head, "rows": rows}, default=str).encode())


def judged(content: bytes) -> Sent:
    """One file. The first takes seconds by the official rules: nothing may be locked meanwhile."""
    with desk() as judge:
        return judge(content)


def sent_in(engine: official.Engine, content: bytes) -> Sent:
    verdict = check(engine, content)
    whole = verdict.document is not None and verdict.level != Level.ERROR
    return Sent(
        findings=verdict.findings,
        document=verdict.document if whole else None,
        form=Form(verdict.profile) if verdict.profile else Form.NLCIUS,
        official=verdict.official,
        content=(verdict.kept or content) if whole else b"",
        sha256=hashlib.sha256(content).hexdigest(),
        told=verdict.told if whole else (),
        head=verdict.head,
    )
