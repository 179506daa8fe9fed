"""What lies in the folder for e-invoices is booked or refused, one file after another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils import translation

from hendig.billing.actions.received import receive_invoice
from hendig.billing.adapters import folder, inbox
from hendig.billing.adapters.ubl.parse import MOST_BYTES
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Refusal, Refused

# A file that was booked a moment before its worker died comes once more, and is no fault.
BOOKED_BEFORE = "received.again"


def _why(refusal: Refusal, sent: inbox.Sent | None) -> str:
    """In a line each: the refusal, and all that is wrong with the form of the file."""
    more = [f"- {one.words} ({one.rule})" for one in sent.wrong] if sent else []
    return "\n".join([str(refusal.message), *more]) + "\n"


def take_in(path: Path, municipality_for: Callable[[inbox.Sent], UUID], *, at: datetime) -> tuple[int, int]:
    """How many files were booked and how many refused; beside each of the latter stands why.

    When the process that judges does not answer, what is left stays where it is.
    """
    done = {folder.BOOKED: 0, folder.REFUSED: 0}
    files = list(folder.waiting(path))
    if not files:
        return 0, 0
    with translation.override("nl"), inbox.desk() as judge:
        for file in files:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
            sent = None
            try:
                sent = judge(content)
                receive_invoice(actor=Actor.system(municipality_for(sent)), sent=sent, at=at)
                where, beside = folder.BOOKED, {}
            except Refused as no:
                if no.refusal == inbox.UNJUDGED:
                    break
                again = no.refusal.code == BOOKED_BEFORE
                where = folder.BOOKED if again else folder.REFUSED
                beside = {".txt": _why(no.refusal, sent).encode()}
            folder.put_away(file, where, beside=beside)
            done[where] += 1
    return done[folder.BOOKED], done[folder.REFUSED]
