"""What somebody may pay, and what a colleague pays: nobody pays alone what they asked, agreed or accepted."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from hendig.billing.models.agreements import MonthlyAmount, Tariff
from hendig.billing.models.bank import turned_down_by
from hendig.billing.models.invoices import OF_MONTH, InvoiceKind, InvoiceLine
from hendig.kernel.actor import Actor


def own_of(actor: Actor) -> Q:
    """Invoices that a colleague of the actor pays: what the actor sent, and what was made by itself of what
    the actor agreed.

    Of the hours of a month the office of the partner says which stand on it. Nobody sends what is paid by the
    month, or what settles it: whoever agreed its amount or a tariff on it would pay it alone.
    """
    amounts = MonthlyAmount.objects.filter(agreement=OuterRef("agreement"), set_by=actor.account)
    lines = InvoiceLine.objects.filter(
        invoice=OuterRef(OuterRef("pk")),
        service_code=OuterRef("service_code"),
        cents_per_hour=OuterRef("cents_per_hour"),
        last_on__gte=OuterRef("from_on"),
    )
    tariffs = Tariff.objects.filter(Exists(lines), agreement=OuterRef("agreement"), set_by=actor.account)
    return (
        Q(sent_by__isnull=False, sent_by=actor.account_id)
        | Q(Exists(amounts.on(OuterRef("month"))), kind__in=sorted(OF_MONTH))
        | Q(Exists(tariffs), kind=InvoiceKind.SETTLEMENT)
    )


def payable_by(actor: Actor) -> Q:
    """Lines that are right, by the check or because a colleague of the actor accepted them, and not paid.

    What came back from the bank by a file that the actor read is for a colleague as well. A page marks by it
    what a payment filters by, so that no twin of it exists.
    """
    accepted = Q(accepted_by__isnull=False) & ~Q(accepted_by=actor.account_id)
    open_ones = Q(batch=None, credited_by=None, credits=None) & (Q(findings=[]) | accepted)
    return open_ones & ~Q(turned_down_by(actor))
