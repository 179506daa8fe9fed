"""An invoice and its lines as every page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.billing import rules
from hendig.billing.models import Invoice, InvoiceKind, InvoiceLine, InvoiceStage
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Words

TONES = {
    InvoiceStage.SENT: "busy",
    InvoiceStage.RIGHT: "good",
    InvoiceStage.ASKED: "waiting",
    InvoiceStage.PAID: "done",
    InvoiceStage.SETTLED: "quiet",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the four facts, and whether it is right."""

    words: Words
    right: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Hours on a match and a code at one tariff; `earlier` when some are of a month before.

    Without a code it is no hours: `code_name` says what it is then.
    """

    code: str
    code_name: str
    match_number: str
    minutes: int
    cents_per_hour: int
    cents: int
    first_on: date
    last_on: date
    earlier: bool
    questions: tuple[Words, ...] = ()
    id: UUID | None = None
    answer: str = ""
    accepted: bool = False
    credited: bool = False
    paid: bool = False

    @property
    def asked(self) -> bool:
        """Whether a question stands open about it."""
        return rules.is_open(self.questions, settled=self.accepted or self.credited)


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice in a list."""

    id: UUID
    partner: str
    number: str
    month: date
    stage: InvoiceStage
    cents: int
    paid_cents: int
    is_credit: bool
    kind: InvoiceKind
    sent_on: date
    paid_on: date | None

    @property
    def is_of_hours(self) -> bool:
        return self.kind is InvoiceKind.HOURS

    @property
    def tone(self) -> str:
        return TONES[self.stage]


def row_of(invoice: Invoice) -> InvoiceRow:
    return InvoiceRow(
        id=invoice.pk,
        partner=invoice.partner.name,
        number=invoice.number,
        month=invoice.month,
        stage=InvoiceStage(invoice.stage),
        cents=invoice.total_cents,
        paid_cents=invoice.paid_cents,
        is_credit=invoice.corrects_id is not None,
        kind=InvoiceKind(invoice.kind),
        sent_on=local_day(invoice.sent_at),
        paid_on=invoice.batch.pays_on if invoice.batch else None,
    )


OF_MONTH: dict[str, Words] = {
    InvoiceKind.ADVANCE: _("Voorschot"),
    InvoiceKind.FIXED: _("Vast bedrag"),
    InvoiceKind.SETTLEMENT: _("Eraf: voorschotten"),
}


def line_of(line: InvoiceLine, invoice: Invoice) -> Line:
    code = line.service_code
    return Line(
        code=code.code if code else "",
        code_name=code.name if code else str(OF_MONTH[invoice.kind]),
        match_number=line.match.number if line.match else "",
        minutes=line.minutes,
        cents_per_hour=line.cents_per_hour,
        cents=line.cents,
        first_on=line.first_on,
        last_on=line.last_on,
        earlier=bool(line.match_id) and line.first_on < invoice.month,
        questions=tuple(rules.FINDINGS[rules.Finding(code)][1] for code in line.findings),
        id=line.pk,
        answer=line.answer,
        accepted=line.accepted_by_id is not None,
        credited=hasattr(line, "credited_by"),
        paid=line.batch_id is not None,
    )
