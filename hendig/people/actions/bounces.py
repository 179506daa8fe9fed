"""A mail came back: who had it sent is told, once, and nothing else of the report is kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from hendig.audit.actions import change
from hendig.kernel.actor import Actor
from hendig.people.adapters import bounces
from hendig.people.models import Letter

# In one go; what is left waits for the next.
AT_ONCE = 500


def came_back(*, report: bounces.Report | None, at: datetime) -> bool:
    """The letter of this report did not arrive; whether that was news.

    A report that it is late is none, nor one about a letter that went long ago or came back before.
    """
    if report is None or not report.for_good:
        return False
    known = Letter.objects.filter(pk=report.letter_id, bounced_at=None, sent_at__isnull=False).first()
    if known is None:
        return False
    with change(Actor.system(known.municipality_id), "letter.bounced", at=at) as act:
        letter = act.lock(Letter.objects.all(), known.pk)
        # Two reports at once: who asked hears it by the first.
        news = letter.bounced_at is None
        letter.bounced_at = letter.bounced_at or at
        letter.save()
        act.record(letter, asked_by=letter.asked_by_id if news else None)
    return news


def read_box(maildir: Path, *, at: datetime) -> tuple[int, int]:
    """The reports in this box are read and thrown away; how many letters came back, and other mails."""
    back = others = 0
    for path in bounces.waiting(maildir)[:AT_ONCE]:
        report = bounces.read_file(path)
        if report is None:
            bounces.put_by(path)
            others += 1
            continue
        back += came_back(report=report, at=at)
        # It names the address of somebody: it is gone once it was read.
        path.unlink()
    return back, others
