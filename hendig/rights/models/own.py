"""What somebody of the family puts beside its record, in own words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from hendig.families.models import (
    ABOUT_ONE,
    AboutSomebody,
    Family,
    FamilyMember,
    OfRecordQuerySet,
    Sort,
    told_to,
)
from hendig.files.models import File
from hendig.kernel.actor import Actor
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import ABOUT
from hendig.keys.models import SealedText
from hendig.people.models import Account


class OwnKind(models.TextChoices):
    """What somebody of the family wants with a piece of the record."""

    ADDITION = "addition", _("Ik wil iets toevoegen")
    ANSWER = "answer", _("Ik wil ergens op antwoorden")
    CORRECTION = "correction", _("Er staat iets wat niet klopt")
    STATEMENT = "statement", _("Ik wil dat mijn verklaring erbij blijft")


class Piece(models.TextChoices):
    """Which piece of the record it is about."""

    QUESTION = "question", _("onze vraag")
    PLAN = "plan", _("ons plan")
    TENT = "tent", _("de bladzijde van een tent")
    HELP = "help", _("de hulp en de afspraken")
    PERSONS = "persons", _("wie wij zijn: namen, datums, gezag")
    ALL = "all", _("iets anders")


class OwnStage(models.TextChoices):
    STANDS = "stands", _("staat erbij")
    ASKED = "asked", _("gevraagd")
    CORRECTED = "corrected", _("verbeterd")
    NOT_CORRECTED = "not_corrected", _("niet verbeterd")
    TAKEN_BACK = "taken_back", _("teruggenomen")


OWN_MOVES: Mapping[OwnStage, frozenset[OwnStage]] = {
    OwnStage.STANDS: frozenset({OwnStage.TAKEN_BACK}),
    OwnStage.ASKED: frozenset({OwnStage.CORRECTED, OwnStage.NOT_CORRECTED, OwnStage.TAKEN_BACK}),
    OwnStage.CORRECTED: frozenset(),
    OwnStage.NOT_CORRECTED: frozenset(),
    OwnStage.TAKEN_BACK: frozenset(),
}


class OwnWordsQuerySet(OfRecordQuerySet["OwnWords"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """What stands beside an open record, as far as it is told to the actor."""
        return super().visible_to(actor, at=at).filter(told_to(actor, at))


class OwnWords(AboutSomebody):
    """What somebody of the family puts beside the record: added as it was written, and kept with it.

    A correction (GDPR art. 16) is asked, and answered within a month (GDPR art. 12.3); what is not corrected
    stays beside the record as the family wrote it (Jeugdwet art. 7.3.8 lid 2).
    """

    privacy = Privacy(
        why="To keep a family's own view with its record (Youth Act art. 7.3.8; GDPR art. 16).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "words": "what somebody of the family says, in own words",
            "reply": "what the coach answered to a correction",
            "due_on": "the last day for that answer",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="own_words")
    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    # Who wrote it reads it, whoever it is about.
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=OwnKind)
    topic = models.CharField(max_length=8, choices=Piece)
    words = SealedText(max_length=4000)
    stage = models.CharField(max_length=13, choices=OwnStage)
    reply = SealedText(max_length=2000, blank=True)
    file = models.OneToOneField(File, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    sort = Sort.OWN
    wall = ABOUT

    objects = OwnWordsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "own words"
        ordering = ["-id"]
        indexes = [models.Index(fields=["family", "-id"], name="own_words_of_family")]
        constraints = [models.CheckConstraint(condition=ABOUT_ONE, name="own_words_about_one")]
