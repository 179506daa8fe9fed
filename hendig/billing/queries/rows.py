"""An invoice and its lines as every page shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from hendig.billing import rules
from hendig.billing.models import (
    NOT_PAID,
    CreditedAppointment,
    Invoice,
    InvoicedAppointment,
    InvoiceKind,
    InvoiceLine,
    InvoiceStage,
    Payment,
    PaymentStage,
)
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal, Words
from hendig.plans.models import Appointment, AppointmentStage

TONES = {
    InvoiceStage.SENT: "busy",
    InvoiceStage.RIGHT: "good",
    InvoiceStage.ASKED: "waiting",
    InvoiceStage.PAID: "done",
    InvoiceStage.SETTLED: "quiet",
}
BANK_TONES = {
    PaymentStage.SENT: "busy",
    PaymentStage.PAID: "done",
    PaymentStage.REFUSED: "stopped",
    PaymentStage.RETURNED: "stopped",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One of the four facts, and whether it is right."""

    words: Words
    right: bool


@dataclass(frozen=True, slots=True)
class Hour:
    """An appointment under a line: which, on which day and how long. It went ahead unless `missed`."""

    id: UUID
    on: date
    minutes: int
    missed: bool
    settled_at: datetime | None


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
    findings: tuple[rules.Finding, ...] = ()
    id: UUID | None = None
    answer: str = ""
    accepted: bool = False
    credited: bool = False
    paid: bool = False
    # Whether the line leads to a match and a code; without them what the partner wrote stands here instead.
    known: bool = True
    # Whether the reader sent the invoice.
    own: bool = False
    # Whether it was advanced, and taken off the hours of its year already.
    settled_advance: bool = False
    # Whether it was one with another line, until a credit note took this part of it back.
    part: bool = False
    # The appointments under it, for the office whose people kept them.
    hours: tuple[Hour, ...] = ()

    @property
    def questions(self) -> tuple[Words, ...]:
        """What is asked about it, in words."""
        return tuple(rules.FINDINGS[finding][1] for finding in self.findings)

    @property
    def asked(self) -> bool:
        """Whether a question stands open about it."""
        return rules.is_open(self.findings, settled=self.settled)

    @property
    def settled(self) -> bool:
        return self.accepted or self.credited

    @property
    def why_not_credit(self) -> Refusal | None:
        """Why the partner cannot take it back."""
        return rules.why_not_credit(
            takes=self.cents < 0, credited=self.credited, settled=self.settled_advance
        )

    @property
    def why_not_accept(self) -> Refusal | None:
        """Why the reader cannot accept it as it stands."""
        return rules.why_not_accept(self.findings, settled=self.settled, own=self.own, known=self.known)


@dataclass(frozen=True, slots=True)
class Transfer:
    """A payment of an invoice, and what the bank said of it; `on` is when it paid, said no or is to pay."""

    id: UUID
    reference: str
    cents: int
    stage: PaymentStage
    on: date
    reason: Words | None

    @property
    def tone(self) -> str:
        return BANK_TONES[self.stage]


def transfer_of(payment: Payment) -> Transfer:
    """The payment, whose batch must have been read with it."""
    on = payment.refused_on or payment.booked_on or payment.batch.pays_on
    return _transfer(payment.pk, payment.reference, payment.cents, payment.stage, payment.reason, on)


def _transfer(pk: UUID, reference: str, cents: int, stage: str, reason: str, on: date) -> Transfer:
    said = rules.reason_words(reason) if stage in NOT_PAID else None
    return Transfer(pk, reference, cents, PaymentStage(stage), on, said)


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
    transfers: tuple[Transfer, ...]
    # The number by which the partner knows it, where its own system sent it.
    their_number: str = ""

    @property
    def shown(self) -> str:
        """The number by which people know it."""
        return self.their_number or self.number

    @property
    def waits_for_bank(self) -> bool:
        return self.stage == InvoiceStage.PAID and any(
            one.stage == PaymentStage.SENT for one in self.transfers
        )

    @property
    def state(self) -> Words:
        """Where it stands: paid only when the bank says so."""
        return (PaymentStage.SENT if self.waits_for_bank else self.stage).label

    @property
    def is_of_hours(self) -> bool:
        return self.kind is InvoiceKind.HOURS

    @property
    def tone(self) -> str:
        return BANK_TONES[PaymentStage.SENT] if self.waits_for_bank else TONES[self.stage]

    @property
    def last(self) -> Transfer | None:
        """What was asked of the bank last for it."""
        return self.transfers[-1] if self.transfers else None

    @property
    def came_back(self) -> bool:
        """The bank said no to what was asked last, and that waits to be paid."""
        return self.last is not None and self.last.stage in NOT_PAID


def with_transfers(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """The invoices with what `row_of` needs of each, in the same query."""
    payments = Payment.objects.filter(invoice=OuterRef("pk")).in_order()
    on = Coalesce("refused_on", "booked_on", "batch__pays_on")
    named = {name: name for name in ("pk", "reference", "cents", "stage", "reason")}
    asked_of_bank = payments.values(fact=JSONObject(**named, on=on))
    return rows.select_related("partner", "agreement").annotate(asked_of_bank=ArraySubquery(asked_of_bank))


def row_of(invoice: Invoice) -> InvoiceRow:
    """The invoice, which must have been read `with_transfers`."""
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
        transfers=tuple(_transfer_in(fact) for fact in invoice.asked_of_bank),  # type: ignore[attr-defined]
        their_number=invoice.their_number,
    )


def _transfer_in(fact: dict[str, Any]) -> Transfer:
    """The payment as `with_transfers` reads it."""
    return _transfer(**fact | {"pk": UUID(fact["pk"]), "on": date.fromisoformat(fact["on"])})


OF_MONTH: dict[str, Words] = {
    InvoiceKind.ADVANCE: _("Voorschot"),
    InvoiceKind.FIXED: _("Vast bedrag"),
    InvoiceKind.SETTLEMENT: _("Eraf: voorschotten"),
}


def line_of(line: InvoiceLine, invoice: Invoice, *, own: bool = False, hours: Iterable[Hour] = ()) -> Line:
    code = line.service_code
    # What the partner wrote, where we know no such match or code.
    said_match, _between, said_code = line.said.partition(rules.SAID)
    return Line(
        code=code.code if code else said_code,
        code_name=line.code_name or code.name if code else str(OF_MONTH.get(invoice.kind, "")),
        match_number=line.match.number if line.match else said_match,
        minutes=line.minutes,
        cents_per_hour=line.cents_per_hour,
        cents=line.cents,
        first_on=line.first_on,
        last_on=line.last_on,
        earlier=bool(line.match_id) and line.first_on < invoice.month,
        findings=tuple(rules.Finding(one) for one in line.findings),
        id=line.pk,
        answer=line.answer,
        accepted=line.accepted_by_id is not None,
        credited=hasattr(line, "credited_by"),
        paid=line.batch_id is not None,
        known=not line.minutes or (line.match_id is not None and line.service_code_id is not None),
        own=own,
        settled_advance=invoice.is_settled_advance,
        part=line.part_of_id is not None,
        hours=tuple(hours),
    )


def hour_of(appointment: Appointment) -> Hour:
    return Hour(
        id=appointment.pk,
        on=local_day(appointment.starts_at),
        minutes=appointment.minutes,
        missed=appointment.stage == AppointmentStage.MISSED,
        settled_at=appointment.settled_at,
    )


def hours_under(lines: Sequence[InvoiceLine]) -> Mapping[UUID, list[Hour]]:
    """The hours under each line; under one that was taken back those that stood there. 2 queries."""
    found: dict[UUID, list[Hour]] = defaultdict(list)
    for model in (InvoicedAppointment, CreditedAppointment):
        rows = model.objects.filter(line__in=lines).select_related("appointment")
        for row in rows.order_by("appointment__starts_at", "id"):
            found[row.line_id].append(hour_of(row.appointment))
    return found
