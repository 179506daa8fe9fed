"""What the bank was asked to pay, and what it said of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.billing.models.books import sees_books
from hendig.kernel.actor import Actor, Role
from hendig.kernel.privacy import BOOKS_7_YEARS, Privacy
from hendig.kernel.references import LONGEST_REFERENCE
from hendig.people.models import Account


class BankFileKind(models.TextChoices):
    STATEMENT = "statement", _("afschrift")
    STATUS = "status", _("statusbericht")


class BankFileQuerySet(RecordedQuerySet["BankFile"]):
    def visible_to(self, actor: Actor) -> BankFileQuerySet:
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.has(Role.FINANCE) or actor.has(Role.SYSTEM) else rows.none()


class BankFile(Recorded):
    """A file of the bank was read: which one, by whom, and what came of it. The file itself is not kept.

    A statement tells of everything that a municipality paid and got; only what is about a payment of ours is
    written down, at that payment. Without `read_by` a command read it.
    """

    privacy = Privacy(
        why="To know that a file of the bank was read, and by whom (Youth Act art. 7.4.0). No family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "message_id": "what the bank calls the file",
            "page": "which page the file is of what the bank says in more files",
            "sha256": "a fingerprint of the file, which is not kept",
        },
    )

    kind = models.CharField(max_length=9, choices=BankFileKind)
    message_id = models.CharField(max_length=LONGEST_REFERENCE)
    sha256 = models.CharField(max_length=64)
    read_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField()
    paid = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    others = models.PositiveIntegerField()
    # Which page it is, where the bank says it in more files, and whether it is the last.
    page = models.PositiveIntegerField(default=1, db_default=1)
    last = models.BooleanField(default=True, db_default=True)
    # Of how many accounts that are not ours it told as well: nothing of those was taken.
    elsewhere = models.PositiveIntegerField(default=0, db_default=0)

    objects = BankFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("municipality_id", "sha256", name="bank_file_once"),
            models.UniqueConstraint(
                "municipality_id", "kind", "message_id", "page", name="bank_message_page_once"
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "-read_at"], name="bank_files_read")]


class PaymentStage(models.TextChoices):
    SENT = "sent", _("bij de bank")
    PAID = "paid", _("betaald")
    REFUSED = "refused", _("afgewezen")
    RETURNED = "returned", _("teruggestort")


# Nothing leads out of a refusal: what is paid again is another payment.
PAYMENT_MOVES = {
    PaymentStage.SENT: frozenset({PaymentStage.PAID, PaymentStage.REFUSED, PaymentStage.RETURNED}),
    PaymentStage.PAID: frozenset({PaymentStage.RETURNED}),
    PaymentStage.REFUSED: frozenset(),
    PaymentStage.RETURNED: frozenset(),
}
NOT_PAID = (PaymentStage.REFUSED, PaymentStage.RETURNED)


class PaymentQuerySet(RecordedQuerySet["Payment"]):
    def visible_to(self, actor: Actor) -> PaymentQuerySet:
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if sees_books(actor) else rows.none()

    def in_order(self) -> PaymentQuerySet:
        return self.order_by("id")


class Payment(Recorded):
    """One transfer of a batch: what of an invoice, under which end-to-end id, and what the bank said of it.

    A payment that the bank refuses, or that comes back, is over. Its lines wait again, and go to the bank as
    another payment with a reference of its own. Where no file of the bank is read somebody looks at the bank
    and says that it was paid (`confirmed_by`); what a file says later goes before that.
    """

    privacy = Privacy(
        why="To know whether a payment arrived, and answer for it (Youth Act art. 7.4.0). No family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "reference": "the end-to-end id: the number of the invoice",
            "booked_on": "the day on which the bank paid",
            "refused_on": "the day on which the bank said no or gave it back",
            "booked_line": "what the bank calls the line by which it paid",
            "refused_line": "what the bank calls the line by which it came back",
            "reason": "the code of the bank for why not",
        },
    )

    batch = models.ForeignKey("billing.PaymentBatch", models.PROTECT, related_name="payments")
    invoice = models.ForeignKey("billing.Invoice", models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    cents = models.BigIntegerField()
    stage = models.CharField(max_length=8, choices=PaymentStage, default=PaymentStage.SENT)
    booked_on = models.DateField(null=True)
    booked_line = models.CharField(max_length=LONGEST_REFERENCE, blank=True)
    booked_in = models.ForeignKey(BankFile, models.PROTECT, null=True, related_name="booked")
    refused_on = models.DateField(null=True)
    refused_line = models.CharField(max_length=LONGEST_REFERENCE, blank=True)
    refused_in = models.ForeignKey(BankFile, models.PROTECT, null=True, related_name="turned_down")
    reason = models.CharField(max_length=LONGEST_REFERENCE, blank=True)
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("municipality_id", "reference", name="payment_reference_once"),
            models.UniqueConstraint(fields=["batch", "invoice"], name="payment_once_in_a_batch"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(stage=PaymentStage.SENT, booked_on=None, refused_on=None)
                | Q(stage=PaymentStage.PAID, booked_on__isnull=False, refused_on=None)
                | Q(stage=PaymentStage.REFUSED, booked_on=None, refused_on__isnull=False)
                | Q(stage=PaymentStage.RETURNED, booked_on__isnull=False, refused_on__isnull=False),
                name="payment_as_the_bank_said",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="payment_confirmed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["invoice"], name="payments_of_invoice")]


def turned_down_by(actor: Actor, *, of: str = "invoice") -> Exists:
    """Of a line (`of` its invoice): the actor read the file by which a payment of the invoice came back.

    Who could pay it again as well could have a partner paid twice by a file of their own making.
    """
    return Exists(
        Payment.objects.filter(invoice=OuterRef(of), stage__in=NOT_PAID, refused_in__read_by=actor.account)
    )
