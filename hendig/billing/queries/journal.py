"""The months that were written for the financial system, and their files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Min

from hendig.billing import rules
from hendig.billing.models import Invoice, Journal
from hendig.billing.queries.tables import TableFile
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal


@dataclass(frozen=True, slots=True)
class JournalRow:
    id: UUID
    number: str
    month: date
    entries: int
    made_on: date
    made_by: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    """What was written, and the month that is next: the oldest that is not, so that none is left out."""

    rows: tuple[JournalRow, ...]
    next: date
    why_not: Refusal | None


def journals(actor: Actor, *, at: datetime) -> JournalPage:
    """All journals of the municipality, newest first. 2 queries."""
    found = (
        Journal.objects.visible_to(actor).select_related("made_by").defer("csv", "json").order_by("-month")
    )
    rows = tuple(
        JournalRow(
            id=row.pk,
            number=row.number,
            month=row.month,
            entries=row.entries,
            made_on=local_day(row.made_at),
            made_by=row.made_by.first_name,
        )
        for row in found
    )
    last = (local_day(at).replace(day=1) - timedelta(days=1)).replace(day=1)
    sent = Invoice.objects.visible_to(actor, at=at).aggregate(first=Min("sent_at"))["first"]
    first = local_day(sent).replace(day=1) if sent else None
    month = rules.next_journal([row.month for row in rows], first, last)
    return JournalPage(rows, month, rules.why_no_journal(month, at, already=False, nothing=False))


def journal_file(actor: Actor, journal_id: UUID, kind: str) -> TableFile:
    """The bytes as they were written; `NotVisible` for anybody but finance. 1 query."""
    row = Journal.objects.visible_to(actor).filter(pk=journal_id).first()
    if row is None:
        raise NotVisible
    name = f"journaal-{row.number}.{kind}"
    if kind == "json":
        return TableFile(name, "application/json", row.json.encode())
    return TableFile(name, "text/csv; charset=utf-8", row.csv.encode("utf-8-sig"))
