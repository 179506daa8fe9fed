"""A month is written for the financial system: what was invoiced, taken back and paid, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When

from hendig.audit.actions import change
from hendig.billing import rules
from hendig.billing.actions.invoices import account_of
from hendig.billing.adapters.sheets import as_csv, as_json
from hendig.billing.models import (
    NOT_PAID,
    InvoiceKind,
    InvoiceLine,
    Journal,
    Payment,
    PaymentStage,
    Repayment,
)
from hendig.kernel.actor import Actor
from hendig.kernel.money import euros
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.models import Municipality
from hendig.people.rules import Permission, require_permission


@dataclass(frozen=True, slots=True)
class Booking:
    """One row of a journal: what a document says on one code, or what moved on the account of the bank.

    Of `invoice` and `credit` the amount is what it costs; of `payment` and `return` what left the account. Of
    `offset` no money moved: so much of a credit note came off a payment, or below nothing does so no more,
    for that payment came back. Of `repayment` it came in.
    """

    kind: str
    document: str
    on: date
    partner: str
    kvk: str
    month: date
    code: str
    iv3: str
    minutes: int
    cents: int


HEAD = ("soort", "stuk", "datum", "partner", "kvk", "maand", "code", "iv3", "minuten", "bedrag")


def make_journal(*, actor: Actor, month: date, at: datetime) -> Journal:
    """The month stands in a numbered journal, whose bytes never change.

    It holds every invoice and credit note that was sent in the month, per code with its field of Iv3 (what is
    paid by the month has the field of its amount), every payment that was read from the bank in it, and what
    was kept off a payment, or is no more; after the first one also a month in which nothing was. Refused for
    a month that is not over, or written before, and for a first one without a row.
    """
    require_permission(actor, Permission.KEEP_JOURNAL)
    month = month.replace(day=1)
    with change(actor, "journal.made", at=at) as act:
        # The municipality's series of journals is what is scarce: of two presses the first writes.
        municipality = act.lock(Municipality.objects.filter(pk=actor.municipality_id), actor.municipality_id)
        rows = [
            *_documents(municipality, month),
            *_moved(municipality, month),
            *_set_off(municipality, month),
            *_not_set_off(municipality, month),
            *_paid_back(municipality, month),
        ]
        made = Journal.objects.filter(municipality_id=municipality.pk)
        already = made.filter(month=month).exists()
        nothing = not rows and not made.exists()
        require(rules.why_no_journal(month, at, already=already, nothing=nothing))
        year = local_day(at).year
        before = made.filter(number__startswith=rules.journal_series(year)).count()
        number = rules.journal_number(year, before)
        data = {
            "number": number,
            "municipality": municipality.name,
            "month": f"{month:%Y-%m}",
            "currency": "EUR",
            "entries": [asdict(row) for row in rows],
        }
        table = [(*list(asdict(row).values())[:-1], euros(row.cents)) for row in rows]
        journal = Journal.objects.create(
            month=month,
            number=number,
            entries=len(rows),
            csv=as_csv(HEAD, table).decode("utf-8-sig"),
            json=as_json(data).decode(),
            made_by_id=account_of(actor),
            made_at=at,
        )
        act.record(journal, month=f"{month:%Y-%m}", entries=len(rows))
    return journal


def _documents(municipality: Municipality, month: date) -> list[Booking]:
    """What was sent in the month, per document and code: a month that is over gets no more of them."""
    sent = InvoiceLine.objects.filter(
        invoice__municipality_id=municipality.pk,
        invoice__sent_at__gte=rules.month_begins(month),
        invoice__sent_at__lt=rules.month_ends(month),
    )
    by_month = Q(minutes=0, invoice__agreement__isnull=False)
    found = [*_of_codes(sent.exclude(by_month)), *_of_months(sent.filter(by_month))]
    return sorted(found, key=lambda one: (one.document, one.code, one.iv3))


def _of_codes(sent: QuerySet[InvoiceLine]) -> Iterator[Booking]:
    columns = ("partner__name", "partner__kvk", "number", "sent_at", "month", "corrects")
    names = [f"invoice__{one}" for one in columns] + ["service_code__code", "iv3"]
    # Lines of before the field was kept with them are booked as their code is now.
    iv3 = Case(When(iv3_field="", then=F("service_code__iv3_field")), default=F("iv3_field"))
    summed = (
        sent.order_by()
        .annotate(iv3=iv3)
        .values_list(*names)
        .annotate(minutes=Sum("minutes"), cents=Sum("cents"))
    )
    for name, kvk, number, sent_at, of, corrects, code, iv3, minutes, cents in summed.order_by(
        "invoice__number", "service_code__code"
    ).iterator():
        kind = "credit" if corrects else "invoice"
        yield Booking(kind, number, local_day(sent_at), name, kvk, of, code or "", iv3 or "", minutes, cents)


def _of_months(sent: QuerySet[InvoiceLine]) -> Iterator[Booking]:
    """What an agreement says of a month, and what was advanced and is taken off: by field of Iv3."""
    rows = sent.select_related("invoice__partner", "invoice__agreement").order_by("invoice__number", "id")
    for line in rows.prefetch_related("invoice__agreement__amounts").iterator(chunk_size=500):
        invoice, partner = line.invoice, line.invoice.partner
        kind = "credit" if invoice.corrects_id else "invoice"
        on = local_day(invoice.sent_at)
        for iv3, cents in _fields_of(line).items():
            head = (kind, invoice.number, on, partner.name, partner.kvk, invoice.month)
            yield Booking(*head, "", iv3, 0, cents)


def _fields_of(line: InvoiceLine) -> dict[str, int]:
    """The cents of the line by their field of Iv3; of a settlement those of the advances it takes off."""
    agreement = line.invoice.agreement
    assert agreement is not None
    parts = [(line.first_on, line.cents)]
    if line.invoice.kind == InvoiceKind.SETTLEMENT and line.credits_id is None:
        advances = agreement.invoices.filter(
            kind=InvoiceKind.ADVANCE, month__range=(line.first_on, line.last_on)
        )
        parts = [(month, -cents) for month, cents in advances.values_list("month", "total_cents")]
    found: Counter[str] = Counter()
    for month, cents in parts:
        amounts = (one for one in agreement.amounts.all() if one.period.covers(month))
        found[next((one.iv3_field for one in amounts), "")] += cents
    return dict(found)


def _moved(municipality: Municipality, month: date) -> Iterator[Booking]:
    """What the bank paid, or gave back, by a file that was read in the month or as somebody saw in it.

    What was seen first and read later was written when it was seen; if the bank refused it, it is given back.
    """
    first, end = rules.month_begins(month), rules.month_ends(month)
    rows = Payment.objects.filter(municipality_id=municipality.pk).select_related("invoice__partner", "batch")
    seen = Q(confirmed_at__gte=first, confirmed_at__lt=end)
    read = Q(confirmed_at=None, booked_in__read_at__gte=first, booked_in__read_at__lt=end)
    paid = rows.filter(seen | read)
    given_back = Q(stage=PaymentStage.RETURNED) | Q(stage=PaymentStage.REFUSED, confirmed_at__isnull=False)
    back = rows.filter(given_back, refused_in__read_at__gte=first, refused_in__read_at__lt=end)
    for one in paid.order_by("reference").iterator():
        yield _movement("payment", one, one.booked_on or one.batch.pays_on, one.cents)
    for one in back.order_by("reference").iterator():
        yield _movement("return", one, one.refused_on, -one.cents)


def _set_off(municipality: Municipality, month: date) -> Iterator[Booking]:
    """What was kept off a payment of the month for a credit note."""
    made = Repayment.objects.filter(
        municipality_id=municipality.pk,
        batch__made_at__gte=rules.month_begins(month),
        batch__made_at__lt=rules.month_ends(month),
    )
    for one in made.select_related("note__partner", "batch").order_by("note__number", "id").iterator():
        assert one.batch is not None
        yield _of_note("offset", one, local_day(one.batch.made_at), one.cents)


def _not_set_off(municipality: Municipality, month: date) -> Iterator[Booking]:
    """What was kept off a payment that came back, by a file that was read in the month: it is owed again."""
    over = Payment.objects.filter(
        batch=OuterRef("batch"),
        invoice=OuterRef("invoice"),
        stage__in=NOT_PAID,
        refused_in__read_at__gte=rules.month_begins(month),
        refused_in__read_at__lt=rules.month_ends(month),
    )
    rows = Repayment.objects.filter(municipality_id=municipality.pk, batch__isnull=False)
    found = rows.annotate(over_on=Subquery(over.values("refused_on")[:1])).exclude(over_on=None)
    for one in found.select_related("note__partner").order_by("note__number", "id").iterator():
        yield _of_note("offset", one, one.over_on, -one.cents)  # type: ignore[attr-defined]


def _paid_back(municipality: Municipality, month: date) -> Iterator[Booking]:
    """What partners paid back, by a file that was read in the month."""
    came = Repayment.objects.filter(
        municipality_id=municipality.pk,
        booked_in__read_at__gte=rules.month_begins(month),
        booked_in__read_at__lt=rules.month_ends(month),
    )
    for one in came.select_related("note__partner").order_by("note__number", "id").iterator():
        yield _of_note("repayment", one, one.booked_on, -one.cents)


def _of_note(kind: str, one: Repayment, on: date | None, cents: int) -> Booking:
    assert on is not None
    partner = one.note.partner
    return Booking(kind, one.note.number, on, partner.name, partner.kvk, one.note.month, "", "", 0, cents)


def _movement(kind: str, payment: Payment, on: date | None, cents: int) -> Booking:
    assert on is not None
    invoice = payment.invoice
    partner = invoice.partner
    return Booking(kind, payment.reference, on, partner.name, partner.kvk, invoice.month, "", "", 0, cents)
