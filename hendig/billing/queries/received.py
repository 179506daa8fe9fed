"""What a partner's own system sent: how it stands, and the file as it came."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from hendig.billing import rules
from hendig.billing.adapters import inbox
from hendig.billing.adapters.ubl.document import CORRECTED, CREDIT, INVOICE, KVK, Identifier, Party
from hendig.billing.adapters.ubl.response import Action, Reason, Response, Status
from hendig.billing.adapters.ubl.response import written as response_file
from hendig.billing.models import (
    Form,
    Invoice,
    InvoiceLine,
    InvoiceStage,
    Original,
    TurnedAway,
    partners_run_by,
    sees_books,
)
from hendig.billing.queries.einvoice import buyer, number_of, seller
from hendig.billing.queries.office import InvoicePage, invoice, leave_trace_of
from hendig.billing.queries.rows import InvoiceRow, row_of, with_transfers
from hendig.billing.rules import Finding
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.people.models import Municipality

SHOWN, SHOWN_TURNED = 24, 5


@dataclass(frozen=True, slots=True)
class TurnedAwayRow:
    """A file that was not booked, and why; `partner` is empty when nobody can tell who sent it."""

    id: UUID
    partner: str
    number: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnInvoices:
    """What came in of the actor's partners, newest first, and whether the official rules look along."""

    rows: tuple[InvoiceRow, ...]
    official: bool
    offices: tuple[tuple[UUID, str], ...]
    turned_away: tuple[TurnedAwayRow, ...]


def own_invoices(actor: Actor, *, at: datetime) -> OwnInvoices:
    """For who runs an office. 3 queries."""
    offices = tuple(partners_run_by(actor, local_day(at)).order_by("name").values_list("pk", "name"))
    rows = with_transfers(Invoice.objects.filter(partner__in=[pk for pk, _name in offices]))
    turned = TurnedAway.objects.visible_to(actor, at=at).select_related("partner")
    return OwnInvoices(
        rows=tuple(row_of(row) for row in rows.exclude(their_number="").order_by("-sent_at", "-id")[:SHOWN]),
        official=inbox.official_check(),
        offices=offices,
        turned_away=tuple(_turned(row) for row in turned[:SHOWN_TURNED]),
    )


def turned_away(actor: Actor, turned_id: UUID, *, at: datetime) -> TurnedAwayRow:
    """1 query; `NotVisible` for the file of another partner."""
    row = TurnedAway.objects.visible_to(actor, at=at).filter(pk=turned_id).select_related("partner").first()
    if row is None:
        raise NotVisible
    return _turned(row)


def _turned(row: TurnedAway) -> TurnedAwayRow:
    return TurnedAwayRow(row.pk, row.partner.name if row.partner else "", row.number, row.why, row.at)


def municipality_for(sent: inbox.Sent) -> UUID:
    """The municipality that this is meant for, else the first: there it is refused in words. 1 query.

    `NotVisible` when there is none at all.
    """
    rows = list(Municipality.objects.order_by("id").values_list("pk", "kvk", "oin"))
    if not rows:
        raise NotVisible
    return next((key for key, *numbers in rows if sent.buyer & set(filter(None, numbers))), rows[0][0])


@dataclass(frozen=True, slots=True)
class SentFile:
    """What a partner's system sent, to be kept as a file; its name says nothing of anybody."""

    name: str
    media_type: str
    content: bytes


def original(actor: Actor, invoice_id: UUID, *, at: datetime) -> SentFile:
    """The file as it came, for the partner's office and who sees the books; `NotVisible` for anybody else.

    1 query, and 5 more for who sees the books: each family of whose hours it is reads that they left.
    """
    visible = Invoice.objects.visible_to(actor, at=at)
    row = Original.objects.filter(invoice__in=visible, invoice=invoice_id).select_related("invoice").first()
    if row is None:
        raise NotVisible
    if sees_books(actor):
        lines = InvoiceLine.objects.filter(invoice=row.invoice).select_related("match")
        leave_trace_of(actor, lines, at=at, takes=True)
    ending, media_type = ("csv", "text/csv") if row.form == Form.SHEET else ("xml", "application/xml")
    return SentFile(
        name=f"ontvangen-{row.invoice.number}.{ending}",
        media_type=media_type,
        content=zlib.decompress(row.content.encode("latin-1")),
    )


# What we ask about a line, as OpenPeppol calls it.
_REASONS: Mapping[Finding, Reason] = {
    Finding.OTHER_MUNICIPALITY: Reason.RECEIVER,
    Finding.NO_MATCH: Reason.REFERENCES,
    Finding.OTHER_PARTNER: Reason.REFERENCES,
    Finding.NO_CODE: Reason.ITEM,
    Finding.OTHER_CODE: Reason.ITEM,
    Finding.CODE_NOT_AGREED: Reason.ITEM,
    Finding.OTHER_TARIFF: Reason.PRICE,
    Finding.OTHER_HOURS: Reason.QUANTITY,
}
_STATUS: Mapping[InvoiceStage, tuple[Status, Action | None]] = {
    InvoiceStage.SENT: (Status.QUERY, Action.NOTHING),
    InvoiceStage.RIGHT: (Status.ACCEPTED, None),
    InvoiceStage.ASKED: (Status.QUERY, Action.INFORM),
    InvoiceStage.PAID: (Status.PAID, None),
    InvoiceStage.SETTLED: (Status.REJECTED, Action.NOTHING),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """How a received invoice stands, as a file; `said` is the fingerprint of that, on whichever day."""

    file: SentFile
    status: Status
    said: str


def response(actor: Actor, invoice_id: UUID, *, at: datetime) -> SentFile:
    """How a received invoice stands now, for the system of the partner. 5 queries.

    `NotVisible` for one that was made here, and for who may not read it.
    """
    kind = Original.objects.filter(invoice=invoice_id).values_list("kind", flat=True).first()
    page = invoice(actor, invoice_id, at=at, takes=True)
    if kind is None:
        raise NotVisible
    return _answer(page, kind, at).file


def answers_due() -> Sequence[tuple[UUID, UUID]]:
    """The municipality and the original of each invoice of the folder that may stand otherwise. 1 query."""
    rows = Original.objects.filter(answer_due=True).order_by("pk")
    return list(rows.values_list("municipality_id", "pk"))


def to_tell(actor: Actor, original: Original, *, at: datetime) -> Answer:
    """What its sender is to be told: the own administration of the partner, as when that asks. 4 queries.

    So no family reads of it, as it would of somebody of the municipality.
    """
    return _answer(invoice(actor, original.invoice_id, at=at, leaves_trace=False), original.kind, at)


def _answer(page: InvoicePage, kind: str, at: datetime) -> Answer:
    """No query."""
    status, action = _STATUS[page.invoice.stage]
    # Paid is what the bank says is paid.
    if page.corrects or page.invoice.waits_for_bank:
        status, action = Status.ACCEPTED, None
    reasons = [
        (_REASONS.get(finding, Reason.OTHER), f"{line.match_number}: {rules.FINDINGS[finding][1]}")
        for line in page.asked
        for finding in line.findings
    ]
    if status is Status.REJECTED:
        reasons = [(Reason.OTHER, str(_("Elke regel is gecrediteerd.")))]
    asked = [(line.match_number, finding.value) for line in page.asked for finding in line.findings]
    said = hashlib.sha256(json.dumps([status, asked]).encode()).hexdigest()
    written = response_file(
        Response(
            # Two answers of one day are two documents.
            number=f"{page.invoice.number}-{local_day(at):%Y%m%d}-{status}-{said[:8]}",
            issued_on=local_day(at),
            sender=buyer(page),
            receiver=seller(page),
            status=status,
            about=page.invoice.their_number,
            kind=kind,
            reasons=reasons,
            action=action,
        )
    )
    return Answer(SentFile(f"antwoord-{page.invoice.number}.xml", "application/xml", written), status, said)


# Why the whole is refused, as OpenPeppol calls it; what has no better name is `OTH`.
_WHOLE: Mapping[str, Reason] = {
    "received.format": Reason.LEGAL,
    "received.vat": Reason.LEGAL,
    "received.other_municipality": Reason.RECEIVER,
    "received.other_sender": Reason.UNKNOWN,
    "received.other_account": Reason.PAYMENT,
    "received.not_euro": Reason.FINANCE,
    "received.more": Reason.FINANCE,
    "received.no_earlier": Reason.REFERENCES,
    "received.credit_of": Reason.REFERENCES,
    "received.line_credit": Reason.REFERENCES,
    "received.line_unit": Reason.QUANTITY,
    "received.line_negative": Reason.QUANTITY,
    "received.line_hours": Reason.QUANTITY,
    "received.line_price": Reason.PRICE,
    "received.line_no_days": Reason.DAYS,
    "received.line_days": Reason.DAYS,
}
# Another invoice to us would be refused as well.
_NOT_TO_US = {"received.other_municipality", "received.other_sender"}
SHOWN_WRONG = 20


def rejection(actor: Actor, sent: inbox.Sent, refusal: Refusal, *, at: datetime) -> SentFile | None:
    """That an e-invoice is refused as a whole and why, for the system of who sent it (BIS 63). 2 queries.

    None where nobody can be answered: sender or number cannot be read, or the number may name somebody.
    The words are Dutch and ours. The name of the sender is that of our books, and never what stands in it.
    """
    head, kvk = sent.head, rules.trade_number(sent.seller)
    about = rules.number_to_answer(sent.number, refusal)
    if head is None or not kvk or not about:
        return None
    town = Municipality.objects.get(pk=actor.municipality_id)
    ours = number_of(town.oin, town.kvk)
    if not ours.value:
        return None
    name = partners_run_by(actor, local_day(at)).filter(kvk=kvk).values_list("name", flat=True).first()
    known = head.kind in {INVOICE, CORRECTED, CREDIT}
    with translation.override("nl"):
        words = [f"{one.words} ({one.rule})" for one in sent.wrong] or [str(refusal.message)]
    reason = _WHOLE.get(refusal.code, Reason.OTHER)
    number = f"{sent.sha256[:24]}-{local_day(at):%Y%m%d}-{Status.REJECTED}"
    written = response_file(
        Response(
            number=number,
            issued_on=local_day(at),
            sender=Party(f"Gemeente {town.name}", endpoint=ours),
            receiver=Party(name or f"KvK {kvk}", endpoint=Identifier(kvk, KVK)),
            status=Status.REJECTED,
            about=about,
            about_on=head.issued_on,
            kind=head.kind if known else CREDIT if head.is_credit else INVOICE,
            reasons=[(reason, text) for text in dict.fromkeys(words[:SHOWN_WRONG])],
            action=Action.NOTHING if refusal.code in _NOT_TO_US else Action.NEW_INVOICE,
        )
    )
    return SentFile(f"antwoord-{number}.xml", "application/xml", written)
