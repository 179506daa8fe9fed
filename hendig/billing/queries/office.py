"""The month of a partner as its office sees it, and the invoice that came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from hendig.billing import rules
from hendig.billing.models import (
    Invoice,
    InvoiceKind,
    InvoiceLine,
    Tariff,
    partners_run_by,
    sees_books,
    to_invoice,
)
from hendig.billing.queries.repayments import CameBack, Owed, came_back, owed, owed_of
from hendig.billing.queries.rows import (
    InvoiceRow,
    Line,
    Mark,
    hour_of,
    hours_under,
    line_of,
    row_of,
    with_transfers,
)
from hendig.families.queries.opening import leave_trace
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day, month_of
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.models import Municipality, Partner
from hendig.people.rules import Permission, may
from hendig.plans.models import Appointment, AppointmentStage


@dataclass(frozen=True, slots=True)
class Waiting:
    """Appointments of a professional about which nothing was said yet."""

    first_name: str
    count: int


@dataclass(frozen=True, slots=True)
class Month:
    """The month of a partner, as its office sees it."""

    partner_id: UUID
    partner: str
    offices: tuple[tuple[UUID, str], ...]
    month: date
    before: date
    after: date | None
    lines: tuple[Line, ...]
    minutes: int
    cents: int
    unpriced: tuple[tuple[str, int], ...]
    # Minutes that are paid by advances, and wait until those are settled.
    advanced: int
    waiting: tuple[Waiting, ...]
    invoice: InvoiceRow | None
    invoices: tuple[InvoiceRow, ...]
    # What comes off the next payment.
    owed: tuple[Owed, ...]
    # Without a right account nothing can be paid.
    has_account: bool
    why_not: Refusal | None

    @property
    def owed_notes(self) -> frozenset[UUID]:
        """The credit notes of which something is still to come off a payment."""
        return frozenset(one.note_id for one in self.owed)


def month(actor: Actor, partner_id: UUID | None, month: date | None, *, at: datetime) -> Month:
    """The month as it would be sent now, or the invoice that was. `NotVisible` for another partner's office.

    Without a partner the first of the actor, without a month the latest that may be sent. 7 queries.
    """
    today = local_day(at)
    run = list(partners_run_by(actor, today).order_by("name").values_list("pk", "name", "iban"))
    chosen = next((one for one in run if partner_id in (None, one[0])), None)
    if chosen is None:
        raise NotVisible
    month = (month or rules.latest_month(today)).replace(day=1)
    invoices = _invoices(chosen[0], month)
    of_month = (one for one in invoices if one.month == month and one.is_of_hours)
    sent = next((one for one in of_month if not one.is_credit), None)
    kept = list(to_invoice(chosen[0], rules.month_ends(month)))
    lines, unpriced, advanced = _drafts(kept, chosen[0], month)
    after = (month_of(month).last or month) + timedelta(days=1)
    return Month(
        partner_id=chosen[0],
        partner=chosen[1],
        offices=tuple((key, name) for key, name, _iban in run),
        month=month,
        before=(month - timedelta(days=1)).replace(day=1),
        after=after if after <= today else None,
        lines=() if sent else lines,
        minutes=sum(line.minutes for line in lines),
        cents=sum(line.cents for line in lines),
        unpriced=() if sent else unpriced,
        advanced=advanced,
        waiting=_waiting(chosen[0], month, at),
        invoice=sent,
        invoices=invoices,
        owed=owed(actor, partners=[chosen[0]]),
        has_account=rules.is_iban(chosen[2]),
        why_not=rules.why_not_send(
            month, today, already=sent is not None, lines=len(lines), unpriced=len(unpriced)
        ),
    )


def _invoices(partner_id: UUID, month: date) -> tuple[InvoiceRow, ...]:
    """The newest of the partner, with that of the hours of this month, however many came after. 1 query."""
    of_hours = Q(month=month, kind=InvoiceKind.HOURS, corrects=None)
    rows = with_transfers(Invoice.objects.filter(partner=partner_id)).annotate(
        shown_first=ExpressionWrapper(of_hours, BooleanField())
    )
    newest = rows.order_by("-shown_first", "-month", "-number")[: rules.MONTHS_SHOWN * 2]
    return tuple(row_of(one) for one in sorted(newest, key=lambda one: (one.month, one.number), reverse=True))


def _drafts(
    kept: Sequence[Appointment], partner_id: UUID, month: date
) -> tuple[tuple[Line, ...], tuple[tuple[str, int], ...], int]:
    """The lines that a sending now would write, the minutes per code without a tariff, and those that are
    advanced. 1 query.
    """
    prices = [rules.price_of(row) for row in Tariff.objects.of(partner_id)]
    matches = {appointment.match_id: appointment.match for appointment in kept}
    hours = {appointment.pk: hour_of(appointment) for appointment in kept}
    ones = [rules.kept_of(appointment) for appointment in kept]
    drafts = rules.drafts(ones, prices)
    lines = tuple(
        Line(
            code=matches[draft.match_id].service_code.code,
            code_name=matches[draft.match_id].service_code.name,
            match_number=matches[draft.match_id].number,
            minutes=draft.minutes,
            cents_per_hour=draft.cents_per_hour,
            cents=draft.cents,
            first_on=draft.first_on,
            last_on=draft.last_on,
            earlier=draft.first_on < month,
            hours=tuple(hours[key] for key in draft.appointments),
        )
        for draft in drafts
    )
    left: dict[str, int] = defaultdict(int)
    for one in rules.unpriced(ones, prices):
        left[matches[one.match_id].service_code.code] += one.minutes
    in_order = tuple(sorted(lines, key=lambda line: (line.code, line.match_number)))
    return in_order, tuple(sorted(left.items())), rules.advanced(ones, prices)


def _waiting(partner_id: UUID, month: date, at: datetime) -> tuple[Waiting, ...]:
    """Who still has to say of how many appointments whether they took place. 1 query."""
    rows = Appointment.objects.filter(
        partner_id=partner_id, stage=AppointmentStage.PLANNED, starts_at__lt=at
    ).during(month_of(month))
    counted = rows.values_list("professional_id", "match__professional__account__first_name").annotate(
        count=Count("pk")
    )
    return tuple(
        Waiting(first_name, count)
        for _id, first_name, count in counted.order_by("match__professional__account__first_name")
    )


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    name: str
    street: str
    postcode: str
    town: str
    kvk: str
    agb: str
    iban: str
    vat: str


@dataclass(frozen=True, slots=True)
class MunicipalityFacts:
    name: str
    kvk: str
    oin: str
    address: rules.Address | None
    iban: str = ""


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """One invoice with its lines and the four facts; no person is on it."""

    invoice: InvoiceRow
    partner: PartnerFacts
    municipality: MunicipalityFacts
    lines: tuple[Line, ...]
    minutes: int
    marks: tuple[Mark, ...]
    due_on: date
    vat_exempt: Words
    topic: str
    batch_number: str
    may_answer: bool
    may_accept: bool
    corrects: tuple[UUID, str] | None
    # Of a credit note: what of it is still to come back. Of each: what was kept off, or came back.
    owed: int
    came_back: tuple[CameBack, ...]

    @property
    def to_take_back(self) -> tuple[Line, ...]:
        """What its partner may take back although nothing is asked about it."""
        if self.corrects is not None or not self.may_answer:
            return ()
        return tuple(line for line in self.lines if not line.asked and line.why_not_credit is None)

    @property
    def is_paid_back(self) -> bool:
        """Whether less was kept than was advanced: the partner pays the difference back."""
        return self.corrects is not None and self.invoice.kind is InvoiceKind.SETTLEMENT

    @property
    def asked(self) -> tuple[Line, ...]:
        """The lines about which a question stands open."""
        return tuple(line for line in self.lines if line.asked)


def _facts_of(partner: Partner) -> PartnerFacts:
    return PartnerFacts(
        name=partner.name,
        street=partner.street,
        postcode=partner.postcode,
        town=partner.town,
        kvk=partner.kvk,
        agb=partner.agb,
        iban=partner.iban,
        vat=partner.vat,
    )


def leave_trace_of(actor: Actor, lines: Iterable[InvoiceLine], *, at: datetime, takes: bool) -> None:
    """Who sees the books saw the hours of these, whose match must have been read with them. 4 queries."""
    if sees_books(actor):
        seen = {line.match.compartment_id for line in lines if line.match}
        leave_trace(actor, "invoice.taken_along" if takes else "invoice.seen", seen, at=at)


def invoice_of_line(actor: Actor, line_id: UUID, *, at: datetime) -> UUID:
    """The invoice on which the line stands; `NotVisible` for who may not read it. 1 query."""
    visible = Invoice.objects.visible_to(actor, at=at)
    found = InvoiceLine.objects.filter(pk=line_id, invoice__in=visible)
    invoice_id = found.values_list("invoice_id", flat=True).first()
    if invoice_id is None:
        raise NotVisible
    return invoice_id


def invoice(
    actor: Actor,
    invoice_id: UUID,
    *,
    at: datetime,
    takes: bool = False,
    hours: bool = False,
    leaves_trace: bool = True,
) -> InvoicePage:
    """The invoice, for the partner's office and who sees the books; `NotVisible` for others. 6 queries.

    Each family of whose hours it is reads that somebody of the municipality looked, or with `takes` that they
    left as a file; 3 queries more. Not where it goes to its own sender (`leaves_trace`): to the partner it is
    the own administration. With `hours` that reads the appointments under each line; 2 queries more.
    """
    visible = with_transfers(Invoice.objects.visible_to(actor, at=at))
    row = visible.select_related("batch", "corrects").filter(pk=invoice_id).first()
    if row is None:
        raise NotVisible
    town = Municipality.objects.get(pk=row.municipality_id)
    lines = list(
        InvoiceLine.objects.filter(invoice=row)
        .select_related("match", "service_code", "credited_by")
        .order_by("service_code__code", "match__number", "id")
    )
    if leaves_trace:
        leave_trace_of(actor, lines, at=at, takes=takes)
    own, ours = row.sent_by_id == actor.account_id, row.partner_id in actor.offices
    under = hours_under(lines) if ours and hours else {}
    shown = tuple(line_of(line, row, own=own, hours=under.get(line.pk, ())) for line in lines)
    asked = rules.facts_asked(
        code
        for line, row_shown in zip(lines, shown, strict=True)
        if row_shown.asked
        for code in line.findings
    )
    return InvoicePage(
        invoice=row_of(row),
        partner=_facts_of(row.partner),
        municipality=MunicipalityFacts(
            name=town.name, kvk=town.kvk, oin=town.oin, address=rules.address_in(town.post), iban=town.iban
        ),
        lines=shown,
        minutes=sum(line.minutes for line in shown),
        marks=tuple(Mark(words, fact not in asked) for fact, words in rules.FACTS.items()),
        due_on=local_day(row.sent_at) + timedelta(days=rules.PAID_WITHIN_DAYS),
        vat_exempt=rules.VAT_EXEMPT,
        topic="invoices" if sees_books(actor) else f"partner:{row.partner_id}",
        batch_number=row.batch.number if row.batch else "",
        may_answer=ours,
        may_accept=may(actor, Permission.PAY),
        corrects=(row.corrects.pk, row.corrects.their_number or row.corrects.number)
        if row.corrects
        else None,
        owed=owed_of(row.pk),
        came_back=came_back(Q(note=row) | Q(invoice=row)),
    )
