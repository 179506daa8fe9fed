"""What the family writes down at home before the meeting, and whether it makes a plan of its own first."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hendig.families.models import Family, FamilyMember, OfRecord, OfRecordQuerySet
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor, Role
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import CONTENT
from hendig.keys.models import SealedText
from hendig.people.models import Account


class PreparedKind(models.TextChoices):
    QUESTION = "question", _("wat ik wil vragen of vertellen")
    GOES_WELL = "goes_well", _("wat er goed gaat")
    WORRY = "worry", _("waar ik me zorgen over maak")


class PreparedQuerySet(OfRecordQuerySet["PreparedNote"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """The own notes, as long as the record is open."""
        rows = super().visible_to(actor, at=at)
        return rows if actor.has(Role.SYSTEM) else rows.filter(author_id=actor.account)


class PreparedNote(OfRecord):
    """Something that somebody wants to bring to the table: nobody else reads it until it is laid there."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To come prepared to the meeting, each in own words (Youth Act task).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"text": "what somebody wants to ask or tell, for the writer alone until it is laid down"},
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="prepared")
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    # Of the family, when a coach writes it down with them; else the writer.
    said_by = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=9, choices=PreparedKind)
    text = SealedText(max_length=500)
    at = models.DateTimeField()

    wall = CONTENT.but("Only for who wrote it.", "author_id = (SELECT hendig_who())")

    objects = PreparedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["request", "author", "id"], name="prepared_of_author")]


class OwnPlan(models.TextChoices):
    """Whether a family makes a plan with its own people first (Jeugdwet art. 4.1.2: familiegroepsplan)."""

    FIRST = "first", _("we maken eerst zelf een plan")
    TOGETHER = "together", _("we maken het plan samen in de tent")
    NO = "no", _("we willen nu geen eigen plan")


class OwnPlanChoice(OfRecord):
    """That an own plan was offered first, by whom, and what the family answered; it may change its mind.

    A family reads the offer on its own page too, and may answer before its coach brought it up.
    """

    privacy: ClassVar[Privacy] = Privacy(
        why="To offer a family group plan first, as the law asks (Youth Act art. 4.1.2).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    request = models.OneToOneField(HelpRequest, models.PROTECT, related_name="own_plan")
    # Empty until the family answers; `at` is when it last did, or before that when it was offered.
    choice = models.CharField(max_length=8, choices=OwnPlan, blank=True, default="", db_default="")
    chosen_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    offered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    objects = OfRecordQuerySet["OwnPlanChoice"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(choice="", chosen_by=None, offered_at__isnull=False, offered_by__isnull=False)
                | ~Q(choice="") & Q(chosen_by__isnull=False),
                name="own_plan_is_offered_or_chosen",
            )
        ]
