"""In which register of a profession somebody stands, and what the office of a partner proposes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.privacy import WHILE_WORKING, Privacy
from hendig.people.models.everyone import Account, Membership, Professional
from hendig.people.models.settings import Expertise


class Register(models.TextChoices):
    SKJ = "skj", "SKJ"
    BIG = "big", "BIG"
    OTHER = "other", _("een ander register")


class Profession(models.TextChoices):
    """As what somebody stands in the BIG register; the first five count for youth help as well."""

    PHYSICIAN = "physician", _("arts")
    NURSE = "nurse", _("verpleegkundige")
    PSYCHOLOGIST = "psychologist", _("gz-psycholoog")
    PSYCHOTHERAPIST = "therapist", _("psychotherapeut")
    PEDAGOGUE = "pedagogue", _("orthopedagoog-generalist")
    OTHER = "other", _("een ander beroep")


class Source(models.TextChoices):
    """How the municipality knows it."""

    REGISTER = "register", _("opgezocht in het register zelf")
    PROOF = "proof", _("een bewijs gezien")
    PARTNER = "partner", _("gehoord van de organisatie")
    EARLIER = "earlier", _("stond er al")


def answers_for(actor: Any, of: str) -> Q:
    """Rows of professionals for whom the actor answers: the municipality all, an office its own people."""
    rows = Q(municipality_id=actor.municipality_id)
    if actor.has(Role.POLICY) or actor.has(Role.SYSTEM):
        return rows
    return rows & Q(**{f"{of}partner__in": actor.offices})


class RegistrationQuerySet(RecordedQuerySet["Registration"]):
    def visible_to(
        self,
        actor: Any,
        *,
        at: datetime,  # noqa: ARG002 - every `visible_to` is asked for a moment
    ) -> RegistrationQuerySet:
        return self.filter(answers_for(actor, "professional__"))

    def standing(self) -> RegistrationQuerySet:
        """What the municipality keeps now, also where its last day is over."""
        return self.filter(kept_at__isnull=False, ended_at=None)

    def waiting(self) -> RegistrationQuerySet:
        return self.filter(kept_at=None, ended_at=None)

    def counting(self, on: date | Combinable) -> RegistrationQuerySet:
        """By which somebody is registered for youth help on that day (Besluit Jeugdwet art. 1.1)."""
        counts = Q(register=Register.SKJ) | Q(register=Register.BIG, profession__in=COUNTS)
        return self.standing().filter(counts, Q(until=None) | Q(until__gte=on))


COUNTS = (
    Profession.PHYSICIAN,
    Profession.NURSE,
    Profession.PSYCHOLOGIST,
    Profession.PSYCHOTHERAPIST,
    Profession.PEDAGOGUE,
)


class Registration(Recorded):
    """Somebody stands in this register under this number; until it is kept, an office proposes it."""

    privacy = Privacy(
        why="To show that help is given by who may give it (Youth Act art. 4.1.1, Besluit Jeugdwet 5.1.1).",
        kept=WHILE_WORKING,
        goes="deleted with the account",
        fields={
            "register": "in which register",
            "other": "what another register is called",
            "profession": "as what somebody stands in the BIG register",
            "number": "the number in the register",
            "until": "until when it holds",
            "source": "how the municipality knows it, from a closed list",
            "checked_on": "on which day that was looked up",
        },
    )

    professional = models.ForeignKey(Professional, models.PROTECT, related_name="registrations")
    register = models.CharField(max_length=5, choices=Register)
    other = models.CharField(max_length=60, blank=True)
    profession = models.CharField(max_length=12, choices=Profession, blank=True)
    number = models.CharField(max_length=20)
    until = models.DateField(null=True)
    source = models.CharField(max_length=8, choices=Source, blank=True)
    checked_on = models.DateField(null=True)
    proposed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    # What a command or the demo keeps names nobody.
    kept_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    kept_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "professional",
                "register",
                "other",
                "profession",
                name="one_registration_of_a_kind",
                condition=Q(kept_at__isnull=False, ended_at=None),
            ),
            models.CheckConstraint(
                condition=Q(kept_at=None) | ~Q(source=""), name="kept_registration_says_how_known"
            ),
        ]

    @property
    def name(self) -> str:
        """The register as people call it."""
        return self.other or str(Register(self.register).label)


def registers_of(who: str, on: date | Combinable) -> ArraySubquery:
    """In which registers that count somebody stands on a day; `who` is the column of the professional."""
    rows = Registration.objects.counting(on).filter(professional=OuterRef(who))
    return ArraySubquery(rows.order_by("register").values("register"))


class ProposedExpertiseQuerySet(RecordedQuerySet["ProposedExpertise"]):
    def visible_to(
        self,
        actor: Any,
        *,
        at: datetime,  # noqa: ARG002 - every `visible_to` is asked for a moment
    ) -> ProposedExpertiseQuerySet:
        return self.filter(answers_for(actor, "professional__"))

    def waiting(self) -> ProposedExpertiseQuerySet:
        return self.filter(answered_at=None)


class ProposedExpertise(Recorded):
    """An office proposes that one of its people can be asked for this, or not any more."""

    privacy = Privacy(
        why="To let an office say what its people can do, and the municipality answer for it (contract).",
        kept=WHILE_WORKING,
        goes="deleted with the account",
    )

    professional = models.ForeignKey(Professional, models.PROTECT, related_name="proposed_expertises")
    expertise = models.ForeignKey(Expertise, models.PROTECT, related_name="+")
    adds = models.BooleanField()
    proposed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = ProposedExpertiseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "professional", "expertise", name="expertise_proposed_once", condition=Q(answered_at=None)
            )
        ]


def working(actor: Any, *, at: datetime) -> models.QuerySet[Professional]:
    """The professionals who work here now and for whom the actor answers."""
    held = Membership.objects.standing(local_day(at)).filter(
        account=OuterRef("account"), role=Role.PROFESSIONAL
    )
    return Professional.objects.filter(answers_for(actor, ""), Exists(held), account__is_active=True)
