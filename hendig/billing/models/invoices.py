"""The month's invoice from kept appointments, its payment, and on which account. No name of a family."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import LockedText, Recorded, RecordedManager, RecordedQuerySet
from hendig.billing.models.agreements import Agreement
from hendig.billing.models.books import sees_books
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.privacy import BOOKS_7_YEARS, Privacy
from hendig.matching.models import Match
from hendig.people.models import Account, Membership, Partner, ServiceCode
from hendig.plans.models import Appointment, AppointmentQuerySet, AppointmentStage

# Who pretends to be a partner is found out by the partner: so long there is to say no.
ACCOUNT_HOLD = timedelta(hours=72)
# The longest number of an invoice that a bank carries along whole, with what comes later of it.
MOST_NUMBER = 30


class AccountChangeQuerySet(RecordedQuerySet["AccountChange"]):
    def under_way(self) -> AccountChangeQuerySet:
        return self.filter(stopped_at=None, done_at=None)

    def due(self, at: datetime) -> AccountChangeQuerySet:
        """Those that somebody agreed to so long ago that they are to be done."""
        return self.under_way().filter(agreed_at__lte=at - ACCOUNT_HOLD)


class AccountChange(Recorded):
    """A partner wants to be paid on another account: its office asks, somebody of the municipality agrees.

    Without a partner it is the account from which the municipality itself pays: the operator asks.
    It holds still for a while after that, in which each of the two can stop it; until it is done everything
    is paid on the account that stood.
    """

    privacy = Privacy(
        why="To pay the right account, also when somebody pretends to be a partner (contract; GDPR art. 32).",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "iban": "the account to be paid on, or from which the municipality pays, locked",
            "bic": "the bank of an account of the municipality, locked",
        },
    )

    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="account_changes")
    iban = LockedText(max_length=34)
    bic = LockedText(max_length=11, blank=True, db_default="")
    # An operator has no account.
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = AccountChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(stopped_at=None, done_at=None), name="one_account_change_open"
            ),
            models.UniqueConstraint(
                fields=["municipality_id"],
                condition=Q(partner=None, stopped_at=None, done_at=None),
                name="one_own_account_change_open",
            ),
            models.CheckConstraint(
                condition=Q(partner=None) | Q(asked_by__isnull=False), name="office_asks_another_account"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None)
                | (Q(agreed_by__isnull=False, agreed_at__isnull=False) & ~Q(agreed_by=F("asked_by"))),
                name="another_agrees_to_account",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(agreed_at__isnull=False, stopped_at=None),
                name="account_done_when_agreed",
            ),
        ]


class Form(models.TextChoices):
    """In which form a partner's own invoice came."""

    NLCIUS = "nlcius", _("e-factuur (NLCIUS)")
    PEPPOL = "peppol", _("e-factuur (Peppol)")
    SHEET = "sheet", _("rekenblad")


class InvoiceKind(models.TextChoices):
    """What an invoice is for: hours that were kept, or what an agreement says of a month or a year.

    What a partner's own system sent is about hours too, as often in a month as it likes.
    """

    HOURS = "hours", _("uren")
    RECEIVED = "received", _("eigen factuur")
    ADVANCE = "advance", _("voorschot")
    FIXED = "fixed", _("vast bedrag")
    SETTLEMENT = "settlement", _("verrekening")


# Made once for each month in which an amount stands.
OF_MONTH = frozenset({InvoiceKind.ADVANCE, InvoiceKind.FIXED})


class InvoiceStage(models.TextChoices):
    SENT = "sent", _("verstuurd")
    RIGHT = "right", _("klopt")
    ASKED = "asked", _("vraag gesteld")
    PAID = "paid", _("betaald")
    SETTLED = "settled", _("verrekend")


MOVES: Mapping[InvoiceStage, frozenset[InvoiceStage]] = {
    InvoiceStage.SENT: frozenset({InvoiceStage.RIGHT, InvoiceStage.ASKED}),
    InvoiceStage.ASKED: frozenset({InvoiceStage.RIGHT, InvoiceStage.PAID, InvoiceStage.SETTLED}),
    InvoiceStage.RIGHT: frozenset({InvoiceStage.PAID, InvoiceStage.SETTLED}),
    # The bank refused it, or it came back; of what was taken back meanwhile nothing waits again.
    InvoiceStage.PAID: frozenset({InvoiceStage.RIGHT, InvoiceStage.SETTLED}),
    InvoiceStage.SETTLED: frozenset(),
}


def partners_run_by(actor: Actor, on: date) -> RecordedQuerySet[Partner]:
    """The partners whose office the actor runs on that day; working for one is not running it."""
    rows = Partner.objects.filter(municipality_id=actor.municipality_id)
    if actor.has(Role.SYSTEM):
        return rows
    held = Membership.objects.standing(on).filter(account=actor.account_id, role=Role.OFFICE)
    # A system comes in for one of the offices of who let it in.
    return rows.filter(pk__in=held.values("partner")).filter(pk__in=actor.offices)


def to_invoice(partner_id: UUID, before: datetime) -> AppointmentQuerySet:
    """What counts before that moment and is on no invoice yet, that of earlier months among it.

    That is what was kept; and where an agreement counts what did not go ahead, that within its days.
    """
    agreed = Agreement.objects.filter(
        partner=partner_id, missed_percent__gt=0, from_on__lte=OuterRef("starts_at__date")
    ).filter(Q(until_on=None) | Q(until_on__gte=OuterRef("starts_at__date")))
    # As the index has it (`settled_of_partner`), and each looked up on its own: a join reads all that was
    # ever invoiced by anybody.
    rows = Appointment.objects.filter(
        Q(stage=AppointmentStage.KEPT) | Q(Exists(agreed)),
        ~Exists(InvoicedAppointment.objects.filter(appointment=OuterRef("pk"))),
        stage__in=[AppointmentStage.KEPT, AppointmentStage.MISSED],
        partner_id=partner_id,
        starts_at__lt=before,
    )
    return rows.select_related("match__service_code").order_by("starts_at", "id")


class InvoiceQuerySet(RecordedQuerySet["Invoice"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> InvoiceQuerySet:
        """The partner's own office, the municipality's finance and who audits it; nobody else."""
        rows = self.filter(municipality_id=actor.municipality_id)
        if sees_books(actor):
            return rows
        return rows.filter(partner__in=partners_run_by(actor, local_day(at)).values("pk"))

    def of_hours(self, partner_id: UUID, month: date) -> InvoiceQuerySet:
        """The one invoice of the hours of a month; not what corrects it or what is paid without hours."""
        return self.filter(partner=partner_id, month=month, kind=InvoiceKind.HOURS, corrects=None)


class PaymentBatchQuerySet(RecordedQuerySet["PaymentBatch"]):
    def visible_to(self, actor: Actor) -> PaymentBatchQuerySet:
        """The municipality's finance only: a file holds what every partner got."""
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.has(Role.FINANCE) or actor.has(Role.SYSTEM) else rows.none()


class PaymentBatch(Recorded):
    """What finance paid with one button: a SEPA credit transfer file (pain.001.001.09)."""

    privacy = Privacy(
        why="To pay partners and answer for it (Youth Act art. 7.4.0). Nothing about a family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "number": "the number of the file",
            "xml": "the credit transfers: names, accounts and amounts of partners",
        },
    )

    number = models.CharField(max_length=20)
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    pays_on = models.DateField()
    total_cents = models.BigIntegerField()
    xml = models.TextField()

    objects = PaymentBatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "payment batches"
        constraints = [models.UniqueConstraint("municipality_id", "number", name="batch_number_once")]


class Invoice(Recorded):
    """A partner's month, made from kept appointments or sent by its own system (`Original`); checks itself.

    With `corrects` it is a credit note: a new document with a number of its own, that takes lines of the one
    it names back. Its amounts are negative, so that whoever adds up need not know of it.

    Of an agreement that is paid by the month it is made by itself: an advance or a fixed amount for a month,
    and what settles the advances, which is a credit note to the last of them when less was kept.
    """

    privacy = Privacy(
        why="To be invoiced for help (Youth Act art. 7.4.0, VAT Act art. 35a). Nothing about a family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "number": "the number of the invoice",
            "their_number": "the number that the partner gave it in its own books",
        },
    )

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="invoices")
    month = models.DateField()
    kind = models.CharField(max_length=10, choices=InvoiceKind, default=InvoiceKind.HOURS)
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="invoices")
    number = models.CharField(max_length=20)
    # Only of what the partner's own system sent; `number` is then the one under which it was booked.
    their_number = models.CharField(max_length=MOST_NUMBER, blank=True, default="", db_default="")
    stage = models.CharField(max_length=8, choices=InvoiceStage, default=InvoiceStage.SENT)
    total_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField(default=0)
    # Nobody when it was made by itself, or a system sent it.
    sent_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, null=True, related_name="invoices")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_notes")
    # Of what is settled: when its partner was last paid nothing of it was to come back any more. Whoever
    # looks for what is, passes it by (`still_owed`); what moves it afterwards takes this away.
    squared = models.BooleanField(default=False, db_default=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("municipality_id", "number", name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["partner", "month"],
                condition=Q(corrects=None, kind=InvoiceKind.HOURS),
                name="one_invoice_per_month",
            ),
            models.UniqueConstraint(
                fields=["agreement", "month"],
                condition=Q(kind__in=sorted(OF_MONTH), corrects=None),
                name="a_month_is_advanced_once",
            ),
            models.UniqueConstraint(
                fields=["partner", "their_number"],
                condition=Q(kind=InvoiceKind.RECEIVED),
                name="their_number_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=InvoiceKind.RECEIVED) & ~Q(their_number="")
                | ~Q(kind=InvoiceKind.RECEIVED) & Q(their_number=""),
                name="received_with_their_number",
            ),
            models.CheckConstraint(
                condition=Q(kind=InvoiceKind.HOURS, agreement=None, sent_by__isnull=False)
                | Q(kind=InvoiceKind.RECEIVED, agreement=None)
                | ~Q(kind__in=[InvoiceKind.HOURS, InvoiceKind.RECEIVED]) & Q(agreement__isnull=False),
                name="hours_are_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(stage=InvoiceStage.PAID, batch__isnull=False)
                | (~Q(stage=InvoiceStage.PAID) & Q(batch__isnull=True)),
                name="paid_in_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None, paid_cents__gte=0, paid_cents__lte=F("total_cents"))
                | Q(corrects__isnull=False, paid_cents=0, total_cents__lte=0),
                name="never_paid_more",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "stage", "month"], name="invoices_by_stage"),
            models.Index(fields=["partner", "-month"], name="invoices_of_partner"),
            models.Index(
                fields=["municipality_id", "partner"],
                name="settled_not_squared",
                condition=Q(stage=InvoiceStage.SETTLED, squared=False),
            ),
            models.Index(
                fields=["municipality_id", "partner", "id"],
                name="open_invoices",
                condition=Q(stage__in=[InvoiceStage.ASKED, InvoiceStage.RIGHT]),
            ),
        ]

    @property
    def is_settled_advance(self) -> bool:
        """Whether it was advanced, and taken off what was kept in its year already."""
        if self.kind != InvoiceKind.ADVANCE or self.agreement is None:
            return False
        return self.month < self.agreement.first_unsettled


class LineQuerySet(RecordedQuerySet["InvoiceLine"]):
    def asked(self) -> LineQuerySet:
        """What a question stands open about."""
        return self.exclude(findings=[]).filter(accepted_by=None, batch=None, credited_by=None)

    def to_take_back(self) -> LineQuerySet:
        """What a partner can take back by a file: what is asked first, what is paid last."""
        rows = self.charged().filter(cents__gte=0)
        right = ExpressionWrapper(Q(findings=[]), models.BooleanField())
        return rows.order_by(F("batch").desc(nulls_first=True), right, "id")

    def charged(self) -> LineQuerySet:
        """What was invoiced and not taken back."""
        return self.filter(credits=None, credited_by=None)

    def left(self) -> LineQuerySet:
        """What is neither paid nor taken back."""
        return self.filter(batch=None, credited_by=None)


class Original(Recorded):
    """An invoice as the partner's own system sent it, for the auditor: what was attached to it is cut out."""

    privacy = Privacy(
        why="To show what a partner asked for (Youth Act art. 7.4.0, VAT Act art. 35a). No name of a family.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "content": "the file, locked; one with a BSN or a name of a family in it is refused",
            "sha256": "the fingerprint of the file as it came, attachments included",
            "sent_as": "the fingerprint of the key under which a system sent it",
            "issued_on": "the date of the invoice",
            "kind": "380 for an invoice, 384 for a correction, 381 for a credit note",
            "answered": "the fingerprint of what its sender was told last, where that is told by the folder",
        },
    )

    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="original")
    # Each byte as a character of Latin-1, after compressing.
    content = LockedText()
    sha256 = models.CharField(max_length=64)
    sent_as = models.CharField(max_length=64, blank=True, default="", db_default="")
    form = models.CharField(max_length=7, choices=Form)
    kind = models.CharField(max_length=3)
    # Whether the official rules were there to judge it.
    official = models.BooleanField()
    issued_on = models.DateField()
    # Whether it came in by the folder: then how it stands is told there, each time that it is otherwise.
    by_folder = models.BooleanField(default=False, db_default=False)
    answer_due = models.BooleanField(default=False, db_default=False)
    answered = models.CharField(max_length=64, blank=True, default="", db_default="")

    objects = RecordedManager()

    class Meta:
        indexes = [models.Index(fields=["id"], name="answers_due", condition=Q(answer_due=True))]


class InvoiceLine(Recorded):
    """One match on one code at one tariff in the month: minutes and cents, no person.

    Without minutes it is what an agreement says of a month, or what was advanced and is taken off again.

    `findings` are the codes of what the check asks about; empty means that all four facts are right. The
    office answers, the municipality accepts, and a line is paid apart from the others of its invoice.
    """

    privacy = Privacy(
        why="To check the four facts of formal control, without a person (Regeling Jeugdwet art. 1).",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "findings": "codes of what is asked about",
            "answer": "what the office answers, locked; the page asks for it without names",
            "said": "match number and code as the partner wrote them, where we know no such, locked",
            "code_name": "what its code was called on its last day",
            "iv3_field": "under which field of Iv3 its code was booked on its last day",
        },
    )

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    # Without one nobody can accept a line of hours: only a match authorises help.
    match = models.ForeignKey(Match, models.PROTECT, null=True, related_name="+")
    service_code = models.ForeignKey(ServiceCode, models.PROTECT, null=True, related_name="+")
    said = LockedText(max_length=100, blank=True, default="", db_default="")
    # As it was on its last day: a code that is called or booked otherwise later takes nothing along. Empty
    # only of what was sent before it was kept.
    code_name = models.CharField(max_length=80, blank=True, default="", db_default="")
    iv3_field = models.CharField(max_length=6, blank=True, default="", db_default="")
    minutes = models.PositiveIntegerField()
    cents_per_hour = models.PositiveIntegerField()
    cents = models.BigIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    findings = ArrayField(models.CharField(max_length=30), default=list)
    answer = LockedText(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    # No index knows who has none (`lines_of_batch`): once millions are paid, PostgreSQL would look
    # for what waits of an invoice among all that waits.
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, null=True, related_name="lines", db_index=False)
    credits = models.OneToOneField("self", models.PROTECT, null=True, related_name="credited_by")
    # The line with which it was one, until a credit note took this part of it back.
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", db_index=False)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1) | Q(match=None, service_code=None, minutes=0, cents_per_hour=0),
                name="line_of_hours_or_of_a_month",
            ),
            models.CheckConstraint(
                condition=Q(credits=None, cents__gte=0)
                | Q(credits=None, match=None)
                | Q(credits__isnull=False, cents__lte=0, batch=None),
                name="line_never_negative",
            ),
            models.CheckConstraint(
                condition=Q(batch=None) | Q(findings=[]) | Q(accepted_by__isnull=False),
                name="paid_when_right_or_accepted",
            ),
            models.CheckConstraint(
                condition=Q(batch=None, accepted_by=None)
                | Q(minutes=0)
                | Q(match__isnull=False, service_code__isnull=False),
                name="paid_by_a_match_and_a_code",
            ),
        ]
        indexes = [
            models.Index(fields=["invoice"], name="lines_asked", condition=Q(batch=None) & ~Q(findings=[])),
            models.Index(fields=["batch"], name="lines_of_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=["part_of"], name="parts_of_line", condition=Q(part_of__isnull=False)),
        ]


class InvoicedAppointment(Recorded):
    """This kept appointment is on that line: it can never be invoiced twice."""

    privacy = Privacy(
        why="To pay an hour once (Youth Act art. 7.4.0).",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
    )

    line = models.ForeignKey(InvoiceLine, models.PROTECT, related_name="appointments")
    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="invoiced")

    objects = RecordedManager()


class CreditedAppointment(Recorded):
    """This appointment was on that line, which was taken back: what was invoiced before can still be told."""

    privacy = Privacy(
        why="To show what an hour was invoiced on before it was taken back (Youth Act art. 7.4.0).",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
    )

    line = models.ForeignKey(InvoiceLine, models.PROTECT, related_name="credited_appointments")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="credited")

    objects = RecordedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "appointment"], name="credited_once_on_a_line")
        ]
