"""How a booked invoice stands is told to the system that sent it by the folder (Peppol BIS 63)."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils import translation

from hendig.audit.actions import change
from hendig.billing.adapters import folder
from hendig.billing.models import Original
from hendig.billing.queries.received import answers_due, to_tell
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible


def answer_anew(invoices: Collection[UUID]) -> None:
    """A step: these may stand otherwise now, so who sent one by the folder is to be told."""
    Original.objects.filter(invoice__in=invoices, by_folder=True).update(answer_due=True)


def tell_senders(path: Path, *, at: datetime) -> int:
    """How many answers were handed out: one for each invoice that stands otherwise than was told of it."""
    told = 0
    with translation.override("nl"):
        for municipality_id, original_id in answers_due() if path.is_dir() else ():
            # Another worker told it a moment ago.
            with suppress(NotVisible):
                told += _tell(Actor.system(municipality_id), original_id, path, at)
    return told


def _tell(actor: Actor, original_id: UUID, path: Path, at: datetime) -> bool:
    """Whether there was anything new to tell. Who dies before it is written down tells the same once more."""
    with change(actor, "invoice.answered", at=at) as act:
        original = act.lock(Original.objects.filter(answer_due=True), original_id)
        answer = to_tell(actor, original, at=at)
        is_new = answer.said != original.answered
        original.answered, original.answer_due = answer.said, False
        original.save()
        if is_new:
            folder.hand_over(path, answer.file.content)
        act.record(original.invoice, status=answer.status, new=is_new)
    return is_new
