"""What partners are to give back, what of it came back, and what comes off what is paid next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from hendig.billing import rules
from hendig.billing.models import Invoice, InvoiceKind, Repayment, still_owed, with_owed
from hendig.billing.queries.still_open import NotePlace
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day


@dataclass(frozen=True, slots=True)
class Owed:
    """A credit note of which a partner is to give something back; below nothing too much came back."""

    note_id: UUID
    partner_id: UUID
    partner: str
    number: str
    # Whether it is of advances that were more than the hours; else of lines that were paid.
    advanced: bool
    cents: int


def owed(actor: Actor, *, partners: Iterable[UUID] | None = None) -> tuple[Owed, ...]:
    """What partners of the municipality are to give back, or these of them, in order of number. 1 query."""
    rows = Invoice.objects.filter(municipality_id=actor.municipality_id)
    if partners is not None:
        rows = rows.filter(partner__in=partners)
    return tuple(owed_by(row) for row in still_owed(rows).select_related("partner"))


def owed_by(note: Invoice) -> Owed:
    """The note, which must have been read by `still_owed` with its partner."""
    return Owed(
        note_id=note.pk,
        partner_id=note.partner_id,
        partner=note.partner.name,
        number=note.their_number or note.number,
        advanced=note.kind == InvoiceKind.SETTLEMENT,
        cents=note.owed,  # type: ignore[attr-defined]
    )


def owed_in(place: NotePlace) -> Owed:
    return Owed(
        note_id=place.pk,
        partner_id=place.partner_id,
        partner=place.partner,
        number=place.number,
        advanced=place.kind == InvoiceKind.SETTLEMENT,
        cents=place.cents,
    )


def owed_of(note_id: UUID) -> int:
    """What of this note is still to come back; of an invoice nothing. 1 query."""
    row = with_owed(Invoice.objects.filter(pk=note_id)).first()
    return row.owed if row else 0  # type: ignore[attr-defined]


def keep_off(due: Iterable[Owed], paid: Sequence[tuple[Invoice, int]]) -> tuple[rules.KeptOff, ...]:
    """What of what is due comes off these invoices when so much of each is paid. No query."""
    by_partner: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for invoice, cents in paid:
        by_partner[invoice.partner_id].append((invoice.pk, cents))
    notes = _by_partner(due)
    return tuple(
        one for partner, parts in by_partner.items() for one in rules.kept_off(notes[partner], parts)
    )


def kept_of(below: int, above: int, paid: int) -> int:
    """How much comes off a partner when so much is paid to it: as much as `keep_off` says by invoice.

    `below` nothing is what came back too much of all its notes, `above` what is still to come back.
    """
    return below + min(above, paid - below)


def _by_partner(due: Iterable[Owed]) -> dict[UUID, list[tuple[UUID, int]]]:
    notes: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for one in due:
        notes[one.partner_id].append((one.note_id, one.cents))
    return notes


@dataclass(frozen=True, slots=True)
class CameBack:
    """So much of a note came back on that day: in a batch off an invoice, or by the bank."""

    note_id: UUID
    note: str
    invoice_id: UUID | None
    invoice: str
    batch: str
    cents: int
    on: date
    # Whether the payment that it was kept off came back, so that it counts no more.
    over: bool


def came_back(rows: Q) -> tuple[CameBack, ...]:
    """What came back of these, in order. 1 query."""
    found = Repayment.objects.filter(rows).marked().select_related("note", "invoice", "batch")
    return tuple(
        CameBack(
            note_id=row.note_id,
            note=row.note.their_number or row.note.number,
            invoice_id=row.invoice_id,
            invoice=(row.invoice.their_number or row.invoice.number) if row.invoice else "",
            batch=row.batch.number if row.batch else "",
            cents=row.cents,
            on=local_day(row.batch.made_at) if row.batch else row.booked_on or date.min,
            over=row.is_over,  # type: ignore[attr-defined]
        )
        for row in found.order_by("id")
    )
