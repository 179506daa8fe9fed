"""Every invoice that is not done, page by page: what Betalen names only the first of. No family is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from hendig.billing.models import NOT_PAID, Invoice, InvoiceStage, own_of, still_owed
from hendig.billing.queries.payable import Payable
from hendig.billing.queries.repayments import Owed, owed_by
from hendig.billing.queries.rows import row_of, with_transfers
from hendig.billing.queries.still_open import last_stage, with_payable
from hendig.billing.rules import WHICH, Which
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Words
from hendig.people.models import Partner


@dataclass(frozen=True, slots=True)
class OpenPage:
    """So many of them by partner, the oldest of each first; `older` is where the next page begins."""

    which: Which
    partner: str
    invoices: tuple[Payable, ...]
    notes: tuple[Owed, ...]
    older: UUID | None

    @property
    def title(self) -> Words:
        return WHICH[self.which]


def still_open(
    actor: Actor,
    which: Which | None = None,
    *,
    at: datetime,
    partner_id: UUID | None = None,
    after: UUID | None = None,
    size: int = 50,
) -> OpenPage:
    """What is right, asked about, came back or is to come back; of all or of one partner. 1 to 3 queries.

    What is right, where nobody says which. As many are read as the page shows, wherever it begins.
    """
    which = which or Which.RIGHT
    rows = _of(actor, which, at)
    if partner_id:
        rows = rows.filter(partner=partner_id)
    if after:
        rows = rows.filter(_behind(actor, after, at))
    found = list(rows.order_by("partner_id", "pk")[: size + 1])
    shown = found[:size]
    return OpenPage(
        which=which,
        partner=_name(actor, partner_id) if partner_id else "",
        invoices=() if which == Which.OWED else tuple(_payable(one, which) for one in shown),
        notes=tuple(owed_by(one) for one in shown) if which == Which.OWED else (),
        older=shown[-1].pk if len(found) > size else None,
    )


def _name(actor: Actor, partner_id: UUID) -> str:
    rows = Partner.objects.filter(municipality_id=actor.municipality_id, pk=partner_id)
    return rows.values_list("name", flat=True).first() or ""


def _of(actor: Actor, which: Which, at: datetime) -> QuerySet[Invoice]:
    if which == Which.OWED:
        notes = Invoice.objects.visible_to(actor, at=at)
        return still_owed(notes).select_related("partner")
    rows = with_transfers(with_payable(actor, at=at))
    if which == Which.ASKED:
        return rows.filter(stage=InvoiceStage.ASKED)
    if which == Which.BACK:
        return rows.annotate(last_stage=last_stage()).filter(last_stage__in=NOT_PAID)
    return rows.filter(Q(payable__gt=0)).exclude(own_of(actor))


def _behind(actor: Actor, after: UUID, at: datetime) -> Q:
    """By the key in which they lie; nothing when it is of nobody's. 1 query."""
    before = Invoice.objects.visible_to(actor, at=at).filter(pk=after)
    partner = before.values_list("partner_id", flat=True).first()
    # The first half is what the index goes by.
    return Q(partner__gte=partner) & (Q(partner__gt=partner) | Q(pk__gt=after)) if partner else Q(pk=None)


def _payable(invoice: Invoice, which: Which) -> Payable:
    row = row_of(invoice)
    if which == Which.BACK and row.last:
        return Payable(row, row.last.cents)
    right: int = invoice.payable  # type: ignore[attr-defined]
    return Payable(row, right if which == Which.RIGHT else row.cents)
