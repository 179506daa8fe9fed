"""A family's question on its way from asked to done: the case that everything else belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import LockedText, Recorded, RecordedManager
from hendig.families.models import (
    ABOUT_ONE,
    Family,
    FamilyMember,
    FurtherNote,
    OfRecord,
    OfRecordQuerySet,
    told_to,
)
from hendig.kernel.actor import Actor
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import ABOUT, LEARNING, WAY
from hendig.keys.models import SealedText
from hendig.people.models import Account


class Asked(Recorded):
    """A question that was typed but not yet confirmed with the code from the mail; it lapses after a day."""

    privacy = Privacy(
        why="To hear a question before anybody has an account (Youth Act art. 2.3; the family asks).",
        kept="one day, unless it is confirmed",
        goes="deleted every hour by the job `helprequests.forget_unconfirmed`",
        fields={
            "words": "the question in own words, locked with the key of this installation",
            "first_name": "what somebody is called",
            "email": "where the code goes",
            "code_hash": "a hash of the code; the code itself is not kept",
        },
    )

    # There is no family yet, and so no key of one.
    words = LockedText(max_length=4000)
    first_name = LockedText(max_length=60)
    email = models.EmailField()
    code_hash = models.BinaryField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    objects = RecordedManager()

    class Meta:
        indexes = [
            models.Index(
                "municipality_id",
                Upper("email"),
                "asked_at",
                name="asked_lately",
                condition=Q(confirmed_at=None),
            )
        ]


class Stage(models.TextChoices):
    NEW = "new", _("nieuw")
    TALK = "talk", _("gesprek")
    TENT = "tent", _("tent")
    MATCH = "match", _("match")
    HELP = "help", _("hulp")
    DONE = "done", _("klaar")


MOVES: Mapping[Stage, frozenset[Stage]] = {
    Stage.NEW: frozenset({Stage.TALK}),
    Stage.TALK: frozenset({Stage.TENT, Stage.MATCH, Stage.DONE}),
    Stage.TENT: frozenset({Stage.TALK, Stage.MATCH, Stage.DONE}),
    Stage.MATCH: frozenset({Stage.TALK, Stage.TENT, Stage.HELP, Stage.DONE}),
    Stage.HELP: frozenset({Stage.TALK, Stage.TENT, Stage.MATCH, Stage.DONE}),
    Stage.DONE: frozenset({Stage.TALK}),
}


class WaitingOn(models.TextChoices):
    COACH = "coach", _("de gezinscoach")
    FAMILY = "family", _("het gezin")
    TENT = "tent", _("de tent")
    PROFESSIONAL = "professional", _("de beroepskracht")
    NOBODY = "nobody", _("niemand")


class HelpRequestQuerySet(OfRecordQuerySet["HelpRequest"]):
    def to_take_up(self, actor: Actor, *, at: datetime) -> HelpRequestQuerySet:
        """Questions of the municipality that no coach took up, and those that a coach took up just now.

        The latter only so that who was a moment too late is told so; they are on nobody's board any more.
        """
        just_now = Q(stage=Stage.TALK, stage_since__gt=at - timedelta(hours=1))
        return self.filter(Q(coach=None) | just_now, municipality_id=actor.municipality_id)

    def unclaimed(self, actor: Actor) -> HelpRequestQuerySet:
        """Questions of the municipality that wait for a coach."""
        return self.filter(municipality_id=actor.municipality_id, coach=None)

    def coached_by(self, actor: Actor) -> HelpRequestQuerySet:
        """The actor's own list of work."""
        return self.filter(municipality_id=actor.municipality_id, coach_id=actor.account_id)


class HelpRequest(OfRecord):
    """The question in the family's own words, its stage, on whom it waits, and since when both."""

    privacy = Privacy(
        why="To help with what a family asks, and to know on whom it waits (Youth Act art. 2.3).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "words": "the question in the family's own words",
            "result": "what the family hopes for, in its own words",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="requests")
    asked_by = models.ForeignKey(FamilyMember, models.PROTECT, related_name="requests_asked")
    child = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="requests_about")
    coach = models.ForeignKey(Account, models.PROTECT, null=True, related_name="requests_coached")
    words = SealedText(max_length=4000)
    result = SealedText(max_length=300, blank=True)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.NEW)
    stage_since = models.DateTimeField()
    waiting_on = models.CharField(max_length=12, choices=WaitingOn, default=WaitingOn.COACH)
    waiting_since = models.DateTimeField()
    asked_at = models.DateTimeField()

    wall = WAY.and_also(
        "A coach who was a moment too late to take it up.",
        "(SELECT hendig_is('coach')) AND stage = 'talk'"
        " AND family_id <> ALL ((SELECT hendig_own_families())::uuid[])"
        " AND stage_since > (SELECT hendig_at()) - interval '1 hour'",
    ).and_also("Totals to learn from.", LEARNING)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["municipality_id", "coach", "waiting_since", "id"],
                name="request_open_of_coach",
                condition=~Q(stage=Stage.DONE),
            ),
            models.Index(
                fields=["municipality_id", "coach", "stage", "stage_since"], name="request_of_coach_by_stage"
            ),
            models.Index(
                fields=["municipality_id", "asked_at"], name="request_unclaimed", condition=Q(coach=None)
            ),
            models.Index(fields=["family"], name="request_of_family"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=Stage.NEW) | Q(coach__isnull=False), name="request_has_coach_after_new"
            ),
        ]


class TalkNoteQuerySet(OfRecordQuerySet["TalkNote"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """Those in open compartments that are told to the actor."""
        return super().visible_to(actor, at=at).filter(told_to(actor, at))


class TalkNote(FurtherNote):
    """What the coach wrote down of the first talk.

    A row of its own, so that the walls hold it from whom it is not told to, and not the question with it.
    """

    privacy = Privacy(
        why="To tell who comes after what the first talk brought; the family reads it (Youth Act task).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "words": "one line of the coach after the first talk",
            "because_words": "why it must be kept, in the words of the coach",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    request = models.OneToOneField(HelpRequest, models.PROTECT, related_name="talk_note")
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    words = SealedText(max_length=300)
    at = models.DateTimeField()

    wall = ABOUT

    objects = TalkNoteQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=ABOUT_ONE, name="talk_note_about_one")]


class StageMove(OfRecord):
    """One step on the way of a question: from when it stood in which stage, and on whom it waited."""

    privacy = Privacy(
        why="To show the way of a question and learn where it waits (Youth Act art. 2.3 and 7.4.0).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="moves")
    stage = models.CharField(max_length=8, choices=Stage)
    waiting_on = models.CharField(max_length=12, choices=WaitingOn)
    at = models.DateTimeField()

    wall = WAY.and_also("Totals to learn from.", LEARNING)

    objects = OfRecordQuerySet["StageMove"].as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["request", "at"], name="moves_of_request")]


class HandoverStage(models.TextChoices):
    PLANNED = "planned", _("aangekondigd")
    DONE = "done", _("overgedragen")
    # The family wants somebody else: nothing happens, or the question looks for another coach still.
    DECLINED = "declined", _("liever een ander")
    LAPSED = "lapsed", _("ging niet door")


class Handover(OfRecord):
    """Another coach goes along with this question from a moment on; the family knows who, and may say no."""

    privacy = Privacy(
        why="To let a family know beforehand who comes, and choose another (Youth Act art. 2.3).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="handovers")
    leaving = models.ForeignKey(Account, models.PROTECT, related_name="+")
    coming = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    stage = models.CharField(max_length=8, choices=HandoverStage, default=HandoverStage.PLANNED)

    objects = OfRecordQuerySet["Handover"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["from_at"], name="handover_due", condition=Q(stage=HandoverStage.PLANNED))
        ]
        constraints = [
            models.UniqueConstraint(
                "request", name="one_handover_at_a_time", condition=Q(stage=HandoverStage.PLANNED)
            )
        ]


def may_move(from_stage: str, to: Stage) -> bool:
    """Whether the table of stages knows this step."""
    return to in MOVES[Stage(from_stage)]
