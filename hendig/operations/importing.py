"""`hendig einvoice import`: what partners sent is booked, by the same action as on the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone, translation

from hendig.billing import actions, queries
from hendig.billing.adapters import inbox
from hendig.billing.adapters.ubl.parse import MOST_BYTES
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Refused
from hendig.operations.failure import Failure


def import_files(paths: Sequence[Path]) -> None:
    """Says of each file under which number it was booked, or why not; then `Failure`, if any was not."""
    gone = [str(path) for path in paths if not path.is_file()]
    if gone:
        raise Failure(f"There is no file {', '.join(gone)}.")
    refused = 0
    with translation.override("nl"), inbox.desk() as judge:
        for path in paths:
            with path.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
            try:
                print(f"{path}: {_booked(judge(content))}", flush=True)
            except Refused as no:
                refused += 1
                print(f"{path}: {no.refusal.message}", flush=True)
    if refused:
        raise Failure(f"{refused} of {len(paths)} files {'was' if refused == 1 else 'were'} refused.")


def _booked(sent: inbox.Sent) -> str:
    actor = Actor.system(queries.municipality_for(sent))
    now = timezone.now()  # noqa: TID251 - a command reads the clock
    invoice = actions.receive_invoice(actor=actor, sent=sent, at=now)
    asked = invoice.lines.asked().count()
    said = f"booked as {invoice.number}, {invoice.stage}"
    return f"{said}, {asked} of {invoice.lines.count()} lines asked about" if asked else said
