"""What a partner was paid and is to give back, and how it came back: kept off a payment, or paid back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.billing.models.bank import NOT_PAID, BankFile, Payment, PaymentStage
from hendig.billing.models.invoices import Invoice, InvoiceLine, InvoiceStage, PaymentBatch
from hendig.kernel.privacy import BOOKS_7_YEARS, Privacy
from hendig.kernel.references import LONGEST_REFERENCE


def _is_over() -> Exists:
    return Exists(
        Payment.objects.filter(batch=OuterRef("batch"), invoice=OuterRef("invoice"), stage__in=NOT_PAID)
    )


class RepaymentQuerySet(RecordedQuerySet["Repayment"]):
    def standing(self) -> RepaymentQuerySet:
        """Not what was kept off a payment that the bank refused or gave back: that waits again, whole."""
        return self.filter(~_is_over())

    def marked(self) -> RepaymentQuerySet:
        """All of them, each with whether it is over (`is_over`)."""
        return self.annotate(is_over=_is_over())


class Repayment(Recorded):
    """So much of a credit note came back: kept off what was paid of an invoice, or paid back to the bank.

    Of an invoice from which all was kept off nothing went to the bank. Below nothing it is more that came
    back than was to: that is paid on top of the next invoice.
    """

    privacy = Privacy(
        why="To settle what a partner was paid too much (Youth Act art. 7.4.0). Nothing about a family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "booked_on": "the day on which the bank got it",
            "booked_line": "what the bank calls the line by which it got it",
        },
    )

    note = models.ForeignKey(Invoice, models.PROTECT, related_name="repayments")
    cents = models.BigIntegerField()
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, null=True, related_name="kept_off")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="kept_off")
    booked_in = models.ForeignKey(BankFile, models.PROTECT, null=True, related_name="paid_back")
    booked_on = models.DateField(null=True)
    booked_line = models.CharField(max_length=LONGEST_REFERENCE, blank=True)

    objects = RepaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["note", "batch", "invoice"],
                condition=Q(batch__isnull=False),
                name="kept_off_once_in_a_batch",
            ),
            models.CheckConstraint(condition=~Q(cents=0), name="repayment_of_something"),
            models.CheckConstraint(
                condition=Q(batch__isnull=False, invoice__isnull=False, booked_in=None, booked_on=None)
                | Q(batch=None, invoice=None, booked_in__isnull=False, booked_on__isnull=False),
                name="kept_off_or_paid_back",
            ),
        ]
        indexes = [models.Index(fields=["batch", "invoice"], name="kept_off_of_payment")]


def with_owed(notes: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Of these what is settled and not paid, each with what of it is still to come back (`owed`).

    That is what a credit note says by itself, and what is left of a settlement: advances that were more than
    the hours. And what a note takes back that was paid: not while the bank said nothing of that payment. Less
    what came back already.
    """
    at_bank = Payment.objects.filter(
        batch=OuterRef("batch"), invoice=OuterRef("invoice"), stage=PaymentStage.SENT
    )
    said = InvoiceLine.objects.filter(invoice=OuterRef("pk"), credits=None).left()
    taken = InvoiceLine.objects.filter(
        ~Exists(at_bank), credited_by__invoice=OuterRef("pk"), batch__isnull=False
    )
    back = Repayment.objects.standing().filter(note=OuterRef("pk"))
    return notes.filter(stage=InvoiceStage.SETTLED).annotate(
        owed=_sum(taken, "credited_by__invoice") - _sum(said, "invoice") - _sum(back, "note")
    )


def still_owed(notes: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """The notes of which something is still to come back, or came back too much, in their order."""
    return with_owed(notes.filter(squared=False)).exclude(owed=0).order_by("number")


def square(notes: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Of these those of which nothing is to come back any more, and of which the bank has nothing to say yet.

    What the bank says no to, or gets back, moves them once more.
    """
    at_bank = Payment.objects.filter(
        batch=OuterRef("batch"), invoice=OuterRef("invoice"), stage=PaymentStage.SENT
    )
    waits = InvoiceLine.objects.filter(Exists(at_bank), credited_by__invoice=OuterRef("pk"))
    return with_owed(notes).filter(~Exists(waits), owed=0)


def _sum(rows: QuerySet[Any], by: str) -> Coalesce:
    summed = rows.order_by().values(of=F(by)).annotate(sum=Sum("cents")).values("sum")
    return Coalesce(Subquery(summed), 0, output_field=BigIntegerField())
