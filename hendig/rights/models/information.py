"""What a parent without authority asks about the child, and is told."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.families.models import Compartment, Family, FamilyMember, Record, opened
from hendig.kernel.actor import Actor, Role
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import Wall
from hendig.keys.models import SealedText
from hendig.people.models import Account


class Topic(models.TextChoices):
    """What somebody wants to know; a closed list, so that the log can say of what kind an answer was."""

    HEALTH = "health", _("Hoe het met het kind gaat")
    HELP = "help", _("Welke hulp er is")
    SCHOOL = "school", _("Hoe het op school gaat")


class Answering(models.TextChoices):
    """What who helps does with the question of such a parent."""

    TELLS = "1", _("Ik geef informatie")
    PLAINLY = "2", _("Ik geef dit niet, zonder reden")
    SAYS_WHY = "0", _("Ik geef dit niet, en schrijf waarom")


class InformationStage(models.TextChoices):
    ASKED = "asked", _("gevraagd")
    RELEASED = "released", _("beantwoord")
    REFUSED = "refused", _("niet gegeven")


class InformationQuerySet(RecordedQuerySet["InformationRequest"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> InformationQuerySet:
        """The own questions, and for who helps those about records of which that one sees what is shared."""
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        mine = Q(asker_id=actor.account)
        return rows.filter(mine | Q(pk__in=self._to_answer(actor, at).values("pk")))

    def to_answer(self, actor: Actor, *, at: datetime) -> InformationQuerySet:
        """Those that are this one's to answer, answered or not: never of the own family."""
        return self._to_answer(actor, at).filter(municipality_id=actor.municipality_id)

    def _to_answer(self, actor: Actor, at: datetime) -> InformationQuerySet:
        if not (actor.has(Role.COACH) or actor.has(Role.PROFESSIONAL)):
            return self.none()
        own = FamilyMember.objects.filter(account_id=actor.account).order_by().values("family_id")
        return self.filter(place__in=opened("compartment_id", actor, at)).exclude(family__in=own)


class InformationRequest(Recorded):
    """A parent without authority asks how it goes with the child; who helps tells, or says why not.

    It has a key of its own: who asked reads this question and its answer, and nothing of the record.
    """

    privacy = Privacy(
        why="To inform a parent without authority, never more than the other parent (Civil Code 1:377c).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "words": "what the parent asks, in own words",
            "answer": "what was told, or why it was not",
        },
    )

    # The lock of this question alone: no compartment of a record has this identifier.
    compartment_id = models.UUIDField()
    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    # What is shared of the record: who sees that and helps, answers.
    place = models.ForeignKey(Compartment, models.PROTECT, related_name="+")
    asker = models.ForeignKey(Account, models.PROTECT, related_name="+")
    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    topic = models.CharField(max_length=6, choices=Topic)
    words = SealedText(max_length=1000)
    asked_at = models.DateTimeField()
    stage = models.CharField(max_length=8, choices=InformationStage, default=InformationStage.ASKED)
    answer = SealedText(max_length=3000, blank=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    wall = Wall(
        "Who asked; and who helps, where what is shared is open, never of the own family.",
        "asker_id = (SELECT hendig_who()) OR place_id = ANY ((SELECT hendig_open_ids())::uuid[])"
        " AND ((SELECT hendig_is('coach')) OR (SELECT hendig_is('professional')))"
        " AND family_id <> ALL ((SELECT hendig_own_families())::uuid[])",
    )

    objects = InformationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["record", "-id"], name="information_of_record")]
        constraints = [
            models.UniqueConstraint(
                "record", "asker", name="one_open_information", condition=Q(stage=InformationStage.ASKED)
            )
        ]
