"""The question told without a name: what is told, to whom, and what they answered."""

from __future__ import annotations

from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from hendig.audit.models import LockedText, Recorded, RecordedQuerySet
from hendig.families.models import Family, FamilyMember, OfRecord, OfRecordQuerySet
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.keys.models import SealedText
from hendig.people.models import Account, Expertise, Professional

SIXTY_DAYS = "60 days after it was told"
BY_JOB = "deleted each night by the job `tents.forget_told`"


class Told(Recorded):
    """What was told without a name. It knows no family: who has this row alone cannot tell whose it is."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To ask people of an expertise what they think, without a name (the family's consent).",
        kept=SIXTY_DAYS,
        goes=BY_JOB,
        fields={"text": "the question as the family lets it be told, without a name, locked"},
    )

    expertise = models.ForeignKey(Expertise, models.PROTECT, related_name="+")
    text = LockedText(max_length=600)
    told_at = models.DateTimeField()
    until_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = RecordedQuerySet["Told"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["told_at"], name="told_by_age")]


class NamelessQuestion(OfRecord):
    """A question as it may be told without a name: written down, read by the family, and then told."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To let a family hear what people of an expertise think before it says who it is (consent).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"text": "the question without a name, as the family reads it before it is told"},
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="nameless")
    expertise = models.ForeignKey(Expertise, models.PROTECT, related_name="+")
    text = SealedText(max_length=600)
    written_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    allowed_by = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # The only way from the one to the other is this one; after its term it leads nowhere.
    told = models.OneToOneField(Told, models.PROTECT, null=True, related_name="question")

    objects = OfRecordQuerySet["NamelessQuestion"].as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "request",
                "expertise",
                name="nameless_once_at_a_time",
                condition=Q(told_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(allowed_by__isnull=False), name="told_with_a_yes"
            ),
        ]


class HearerQuerySet(RecordedQuerySet["Hearer"]):
    def told_to(self, actor: Actor) -> Self:
        """What was told to this professional; to nobody else nothing."""
        works_as = actor.professional_id or UUID(int=0)
        return self.filter(municipality_id=actor.municipality_id, professional_id=works_as)


class Hearer(Recorded):
    """Somebody to whom a question was told, and what they answered. Nobody of the family's own is one."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To let a family read what people of an expertise think (contract; the family's consent).",
        kept=SIXTY_DAYS,
        goes=BY_JOB,
        fields={"words": "what somebody answered who knows no name, locked"},
    )

    told = models.ForeignKey(Told, models.PROTECT, related_name="hearers")
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="+")
    words = LockedText(max_length=600, blank=True)
    can_come = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)

    objects = HearerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("told", "professional", name="told_once_to_each")]
