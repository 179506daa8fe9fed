"""Who works here and who may sign in: accounts, memberships with a role, partners, the municipality."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import LockedText, Recorded, RecordedManager, RecordedQuerySet
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.privacy import BOOKS_7_YEARS, WHILE_WORKING, Privacy
from hendig.people.models.settings import Expertise


class MunicipalityQuerySet(RecordedQuerySet["Municipality"]):
    def door(self, key: UUID) -> str:
        """Where visitors of this one come in: the address of the installation for the first, and for another
        its short name before that (`people.queries.municipality_at`). 1 query.
        """
        later = Exists(self.filter(pk__lt=OuterRef("pk")))
        slug = self.filter(later, pk=key).values_list("slug", flat=True).first()
        scheme, _apart, host = settings.ORIGIN.partition("://")
        return f"{scheme}://{slug}.{host}" if slug else settings.ORIGIN


class Municipality(Recorded):
    """One municipality: its name, its identifiers as a debtor and its own look."""

    privacy = Privacy(
        why="To say which municipality acts, and who pays. Nothing about a person.",
        kept="as long as the municipality works with Hendig",
        goes="deleted with the municipality's installation",
        fields={
            "name": "the name of the municipality",
            "slug": "the same in an address",
            "cbs_code": "its number with Statistics Netherlands",
            "kvk": "its number in the trade register",
            "oin": "its number among government organisations",
            "iban": "the account that pays",
            "bic": "the bank of that account",
            "phone": "the number that families can call",
            "post": "where a letter to the municipality goes",
            "counsellor": "who is the confidential counsellor, or which organisation",
            "counsellor_phone": "the number of the counsellor",
            "counsellor_email": "the address of the counsellor",
            "accent": "its colour: # and six digits; without one it is the green of Hendig",
        },
    )

    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    cbs_code = models.CharField(max_length=4)
    kvk = models.CharField(max_length=8, blank=True)
    oin = models.CharField(max_length=20, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    post = models.CharField(max_length=200, blank=True)
    counsellor = models.CharField(max_length=80, blank=True)
    counsellor_phone = models.CharField(max_length=20, blank=True)
    counsellor_email = models.EmailField(blank=True)
    accent = models.CharField(max_length=7, blank=True, db_default="")
    # From 12 a parent sees along once the child agrees; a municipality may choose: until it objects.
    parents_see_from_12 = models.BooleanField(default=False)
    is_example = models.BooleanField(default=False)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "municipalities"

    def fill(self, _actor: Any) -> None:
        """A municipality belongs to itself."""
        self.municipality_id = self.pk


class Partner(Recorded):
    """An organisation or solo practice in the network that gives help and sends invoices."""

    privacy = Privacy(
        why="To agree with and pay a partner (contract); about a person where it is a solo practice.",
        kept=BOOKS_7_YEARS,
        goes="deleted by year, when the seven years are over",
        fields={
            "name": "the name of the organisation, of its owner where it is one person",
            "kvk": "its number in the trade register",
            "agb": "its number as a care provider",
            "vat": "its VAT number, which an electronic invoice must name",
            "iban": "the account that is paid",
            "email": "where its office reads mail",
            "street": "where it is established, for the invoice",
            "postcode": "where it is established",
            "town": "where it is established",
        },
    )

    name = models.CharField(max_length=120)
    kvk = models.CharField(max_length=8)
    agb = models.CharField(max_length=8, blank=True)
    vat = models.CharField(max_length=14, blank=True)
    iban = models.CharField(max_length=34)
    email = models.EmailField()
    street = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=7, blank=True)
    town = models.CharField(max_length=80, blank=True)

    objects = RecordedManager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("municipality_id", "kvk", name="partner_once")]


class AccountQuerySet(RecordedQuerySet["Account"]):
    def with_email(self, email: str) -> AccountQuerySet:
        return self.filter(email__iexact=email.strip())


class Account(Recorded):
    """Somebody who can sign in, by a code sent to the address; there are no passwords."""

    privacy = Privacy(
        why="To let the right person in, and say who is who (Youth Act task; contract with who works here).",
        kept="while somebody works here or belongs to a record, then 2 years; gone with its record",
        goes="deleted; the log keeps an identifier that leads to nobody",
        fields={
            "email": "the address at which somebody gets codes and notices",
            "first_name": "what somebody is called",
            "last_name": "the family name",
            "phone": "the number at which somebody wants to be called, locked",
            "language": "the language of pages and mail, and whether they say je or u",
        },
    )

    email = models.EmailField()
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=80, blank=True)
    phone = LockedText(max_length=20, blank=True)
    # nl says u, nl-je says je.
    language = models.CharField(max_length=5, default="nl")
    is_active = models.BooleanField(default=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("municipality_id", Lower("email"), name="account_email_once")]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class User(AbstractBaseUser):
    """What allauth hangs passkeys, codes of an app, providers and sessions on: the same key as the account.

    It has no password and no permissions, and it stands outside the latch, because allauth's own rows do;
    each of them is written within a change of ours (docs/adr/0015).
    """

    privacy = Privacy(
        why="To tie what somebody signs in with to the account (GDPR art. 32). Nothing else is in it.",
        kept="as long as the account",
        goes="deleted with the account",
    )

    password = None  # type: ignore[assignment]
    last_login = None
    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="user")

    USERNAME_FIELD = "account"
    objects: models.Manager[User] = models.Manager()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.account.is_active


# What allauth keeps for us, by its own models.
BORROWED = {
    "mfa.Authenticator": Privacy(
        why="To let the right person in (GDPR art. 32).",
        kept="until the person removes it",
        goes="deleted with the account",
        fields={
            "type": "a passkey, an app or recovery codes",
            "data": "the public key of a passkey and the name of its device; the secret of an app, locked",
        },
    ),
    "socialaccount.SocialAccount": Privacy(
        why="To know again who signed in by a provider (GDPR art. 32).",
        kept="as long as the account",
        goes="deleted with the account",
        fields={"uid": "what the provider calls somebody; nothing else that it says is kept"},
    ),
    "usersessions.UserSession": Privacy(
        why="To show somebody where they are signed in, and to end it there (GDPR art. 32).",
        kept="while the session lasts, at most 12 hours",
        goes="deleted at signing out, and every hour by the job `people.clean_up`",
        fields={"user_agent": "browser and system in two words", "ip": "always 0.0.0.0: where is not kept"},
    ),
}


class MembershipQuerySet(RecordedQuerySet["Membership"]):
    def standing(self, on: date) -> MembershipQuerySet:
        return self.filter(Q(until_on=None) | Q(until_on__gte=on), from_on__lte=on, ended_at=None)

    def visible_to(self, actor: Any, *, at: datetime) -> MembershipQuerySet:
        """Who works here now: all, for who answers for it or checks it; for an office at its partner."""
        rows = self.standing(local_day(at)).filter(
            municipality_id=actor.municipality_id, account__is_active=True
        )
        rows = rows.exclude(role__in=[Role.FAMILY, Role.HELPER])
        if actor.has(Role.POLICY) or actor.has(Role.PRIVACY):
            return rows
        return rows.filter(partner__in=actor.offices)

    def beside(self, one: Membership) -> MembershipQuerySet:
        """Those of others with the same role; of an office, at the same partner."""
        rows = self.filter(municipality_id=one.municipality_id, role=one.role, account__is_active=True)
        rows = rows.exclude(account=one.account_id)
        return rows.filter(partner=one.partner_id) if one.role == Role.OFFICE else rows

    def asking(self, partner_id: UUID | None) -> MembershipQuerySet:
        """Those by which somebody may ask a role for this partner, or for the municipality."""
        office = Q(role=Role.OFFICE, partner=partner_id, partner__isnull=False)
        return self.filter(Q(role=Role.POLICY) | office)

    def agreeing(self, partner_id: UUID | None) -> MembershipQuerySet:
        """Those by which somebody may be the second person who agrees to one."""
        office = Q(role=Role.OFFICE, partner=partner_id, partner__isnull=False)
        return self.filter(Q(role__in=[Role.POLICY, Role.PRIVACY]) | office)


class EndReason(models.TextChoices):
    """Why somebody's role was ended: a closed list, so that nobody writes about a colleague."""

    LEFT = "left", _("werkt hier niet meer")
    OTHER_WORK = "other_work", _("doet ander werk")
    MISTAKE = "mistake", _("kreeg deze rol per ongeluk")
    DOUBT = "doubt", _("er klopt iets niet, dat zoeken we uit")


class Membership(Recorded):
    """Somebody has a role, for a partner or for the municipality itself, from a day until a day."""

    privacy = Privacy(
        why="To know for whom somebody works, and what belongs to that work (contract).",
        kept=WHILE_WORKING,
        goes="deleted with the account",
        fields={
            "title": "what the function is called",
            "end_reason": "why it was ended, from a closed list",
        },
    )

    ROLES = [
        (Role.FAMILY, _("gezin")),
        (Role.HELPER, _("buur of vrijwilliger")),
        (Role.COACH, _("gezinscoach")),
        (Role.PROFESSIONAL, _("beroepskracht")),
        (Role.TRAINEE, _("in opleiding")),
        (Role.OFFICE, _("kantoor van een partner")),
        (Role.FINANCE, _("financiën")),
        (Role.POLICY, _("beleid")),
        (Role.PRIVACY, _("privacy en controle")),
        (Role.AUDITOR, _("accountant")),
    ]

    account = models.ForeignKey(Account, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=ROLES)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="memberships")
    title = models.CharField(max_length=80, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="ended at once, in the middle of a day")
    # Of one that somebody ended on the page; a command names nobody.
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=10, choices=EndReason, blank=True, db_default="")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(role__in=[Role.PROFESSIONAL, Role.OFFICE]) | Q(partner__isnull=False),
                name="membership_works_for_partner",
            )
        ]


class ProfessionalQuerySet(RecordedQuerySet["Professional"]):
    def visible_to(
        self,
        actor: Any,
        *,
        at: datetime,  # noqa: ARG002 - every `visible_to` is asked for a moment
    ) -> ProfessionalQuerySet:
        """The directory of professionals is open to everyone who is signed in."""
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.signed_in or actor.roles else rows.none()


class Professional(Recorded):
    """Somebody who gives help: what they can do in their own words, and room for how many families."""

    privacy = Privacy(
        why="To be found by expertise, and to show that help is good by law (Youth Act art. 4.1.1).",
        kept=WHILE_WORKING,
        goes="deleted with the account",
        fields={
            "title": "the profession",
            "can_do": "what they can do, in their own words",
            "unless": "why this work can be theirs without one (Besluit Jeugdwet 5.1.1)",
        },
    )

    account = models.OneToOneField(Account, models.PROTECT, related_name="professional")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="professionals")
    title = models.CharField(max_length=80)
    can_do = models.CharField(max_length=300)
    unless = models.CharField(max_length=300, blank=True, default="", db_default="")
    families_max = models.PositiveSmallIntegerField(default=6)
    expertises = models.ManyToManyField(
        Expertise, through="ProfessionalExpertise", related_name="professionals"
    )

    objects = ProfessionalQuerySet.as_manager()


class ProfessionalExpertise(Recorded):
    """A professional can do this."""

    privacy = Privacy(
        why="To be asked for a tent by expertise (contract).",
        kept=WHILE_WORKING,
        goes="deleted with the account",
    )

    professional = models.ForeignKey(Professional, models.PROTECT)
    expertise = models.ForeignKey(Expertise, models.PROTECT)

    objects = RecordedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint("professional", "expertise", name="professional_expertise_once")
        ]


class SignInCode(Recorded):
    """A one-time code that was mailed: six digits, fifteen minutes, five tries. Only its hash is kept.

    One that a colleague gave (`given_by`) is read out by that colleague; the mail has only the way to it.
    One without an account was asked for an address that nobody has: it fails like a wrong code, so that
    nobody can tell which addresses are known.
    """

    privacy = Privacy(
        why="To let somebody in without a password (GDPR art. 32).",
        kept="it works for 15 minutes; the row stays for a day",
        goes="deleted every hour by the job `people.clean_up`",
        fields={
            "code_hash": "a hash of the code; the code itself is not kept",
        },
    )

    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="sign_in_codes")
    given_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    code_hash = models.BinaryField()
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True)

    objects = RecordedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=models.F("account")), name="a_colleague_helps"
            )
        ]


class Notice(Recorded):
    """Something happened that this person hears of: shown at the bell; one per entry and person."""

    privacy = Privacy(
        why="To tell somebody that something happened (Youth Act task), without saying what.",
        kept="a year",
        goes="deleted every night by the job `people.clear_lapsed`",
        fields={
            "code": "the kind of thing that happened",
            "url": "the page it leads to, by identifier",
        },
    )

    account = models.ForeignKey(Account, models.PROTECT, related_name="notices")
    entry_id = models.UUIDField()
    code = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    url = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = RecordedManager()

    class Meta:
        constraints = [models.UniqueConstraint("account", "entry_id", name="notice_once")]
        indexes = [
            models.Index(fields=["account", "-id"], name="notice_of_account"),
            models.Index(fields=["account"], name="notice_unread", condition=Q(read_at=None)),
        ]


class Letter(Recorded):
    """A mail: claimed before it is sent and marked after, so that it is never sent twice.

    `key` says what it is about (an entry and a person, or a one-time code); it never holds content of a case.
    """

    privacy = Privacy(
        why="To send mail once, and to show that it was sent (Youth Act task). Never content of a case.",
        kept="30 days after it was written",
        goes="deleted every night by the job `people.clear_lapsed`",
        fields={
            "to": "the address it goes to",
            "key": "what it is about, by identifier",
            "subject": "words that say nothing about the case",
            "body": "that something is waiting, and where; or a one-time code; locked",
            "calendar": "when a meeting is, for the calendar of who gets the mail; locked",
        },
    )

    to = models.EmailField()
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=200)
    body = LockedText()
    calendar = LockedText(blank=True, default="", db_default="")
    at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True, help_text="the mail server knows no such address")
    asked_by_id = models.UUIDField(null=True, help_text="who is told when it does not arrive")

    objects = RecordedManager()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="letter_latest")]
