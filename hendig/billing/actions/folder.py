"""What lies in the folder for e-invoices is booked or refused, one file after another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils import translation

from hendig.billing.actions.received import receive_invoice
from hendig.billing.actions.turned_away import turn_away
from hendig.billing.adapters import folder, inbox
from hendig.billing.adapters.ubl.parse import MOST_BYTES
from hendig.billing.queries.received import rejection
from hendig.billing.rules import AGAIN
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Refusal, Refused


def _why(refusal: Refusal, sent: inbox.Sent) -> str:
    """In a line each: the refusal, and all that is wrong with the form of the file."""
    more = [f"- {one.words} ({one.rule})" for one in sent.wrong]
    return "\n".join([str(refusal.message), *more]) + "\n"


def _not_booked(actor: Actor, sent: inbox.Sent, at: datetime) -> Refusal | None:
    """Why the file was not booked, which was told to who can mend it; None when it was."""
    try:
        receive_invoice(actor=actor, sent=sent, at=at, by_folder=True)
    except Refused as no:
        if no.refusal.code != AGAIN:
            turn_away(actor=actor, sent=sent, refusal=no.refusal, at=at)
        return no.refusal
    return None


def take_in(path: Path, municipality_for: Callable[[inbox.Sent], UUID], *, at: datetime) -> tuple[int, int]:
    """How many files were booked and how many refused; beside each of the latter stands why.

    The answer to a refused e-invoice of which the sender can be read is handed out (Peppol BIS 63); how the
    booked ones stand is told by `tell_senders`. When the process that judges does not answer, what is left
    stays where it is.
    """
    folder.hand_out(path)
    done = {folder.BOOKED: 0, folder.REFUSED: 0}
    files = list(folder.waiting(path))
    if not files:
        return 0, 0
    with translation.override("nl"), inbox.desk() as judge:
        for file in files:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
            try:
                sent = judge(content)
            except Refused:
                break
            actor = Actor.system(municipality_for(sent))
            no = _not_booked(actor, sent, at)
            # A file that was booked a moment before its worker died comes once more, and is no fault.
            where = folder.BOOKED if no is None or no.code == AGAIN else folder.REFUSED
            beside = {".txt": _why(no, sent).encode()} if no else {}
            answer = rejection(actor, sent, no, at=at) if no and where == folder.REFUSED else None
            folder.put_away(file, where, beside=beside, answer=answer.content if answer else b"")
            folder.hand_out(path)
            done[where] += 1
    return done[folder.BOOKED], done[folder.REFUSED]
