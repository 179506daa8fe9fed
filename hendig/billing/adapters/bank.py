"""Files of the bank, read in the process in which files of others are judged; here come only plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hendig.billing.adapters.ubl.official import Broken, Engine
from hendig.billing.models import BankFileKind
from hendig.billing.rules.accounts import written
from hendig.billing.rules.bank import NOT_READ, NotRead, Said, Word
from hendig.billing.rules.statements import BankMessage, Statement
from hendig.files.rules import BUSY
from hendig.kernel.refusal import Refusal, Refused

# A statement of a year takes a second; who waits too long for others is told.
CPU_SECONDS = 10.0
WAIT_SECONDS = 20
_ONE_AT_A_TIME = Lock()
UNREAD = Refusal(
    "bank.unread", _("Het lezen van bestanden van de bank werkt nu niet. Probeer het later opnieuw.")
)


@dataclass(frozen=True, slots=True)
class BankSaid:
    """What a file of the bank says, and by which fingerprint it is known again."""

    message: BankMessage
    sha256: str


def read(content: bytes) -> BankSaid:
    """What the file says. It takes a second: nothing may be locked meanwhile.

    `Refused` in words for anything but a whole statement or status report, and for one that costs too much.
    """
    if not _ONE_AT_A_TIME.acquire(timeout=WAIT_SECONDS):
        raise Refused(BUSY)
    try:
        with Engine(Path(settings.HOME) / "bank", CPU_SECONDS) as engine:
            return understood(content, engine.bank(content))
    except Broken:
        raise Refused(UNREAD) from None
    finally:
        _ONE_AT_A_TIME.release()


def understood(content: bytes, answer: Mapping[str, Any]) -> BankSaid:
    """What the process apart answered about this file."""
    if "unread" in answer:
        raise Refused(NOT_READ[NotRead(answer["unread"])])
    if "refused" in answer:
        raise Refused(NOT_READ[NotRead.TOO_MUCH])
    message = BankMessage(
        kind=BankFileKind(answer["kind"]),
        message_id=answer["message_id"],
        statements=tuple(_statement(one) for one in answer["statements"]),
        words=tuple(_word(one) for one in answer["words"]),
        page=answer["page"],
        last=answer["last"],
    )
    return BankSaid(message, hashlib.sha256(content).hexdigest())


def _statement(one: Mapping[str, Any]) -> Statement:
    return Statement(
        iban=written(one["iban"]),
        currencies=frozenset(one["currencies"]),
        opening=one["opening"],
        closing=one["closing"],
        moved=one["moved"],
        words=tuple(_word(word) for word in one["words"]),
        others=one["others"],
        name=one["name"],
        page=one["page"],
        last=one["last"],
    )


def _word(one: Mapping[str, Any]) -> Word:
    return Word(
        said=Said(one["said"]),
        reference=one["reference"],
        batch=one["batch"],
        cents=one["cents"],
        on=date.fromisoformat(one["on"]),
        line=one["line"],
        beside=tuple(one.get("beside", ())),
        reason=one["reason"],
    )
