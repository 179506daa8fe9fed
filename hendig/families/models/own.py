"""What somebody keeps to oneself: a youth's own pieces, and a question to the privacy officer."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.families.models.about import ABOUT_ONE, told_to
from hendig.families.models.filters import OfRecordQuerySet
from hendig.families.models.further import FurtherNote
from hendig.families.models.persons import Family
from hendig.families.models.records import Record
from hendig.kernel.actor import Actor
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import ABOUT, Wall
from hendig.keys.models import SealedText
from hendig.people.models import Account


class NoteQuerySet(OfRecordQuerySet["Note"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """The pieces of a part that is open to the actor, as far as they are told to the actor."""
        return super().visible_to(actor, at=at).filter(told_to(actor, at))


class Note(FurtherNote):
    """A piece in the child's own compartment: of the youth, or of who works and was named or told by it.

    So does a piece of a GP in what the practice writes; once shared it lies a second time in what is shared.
    And so does what a coach or professional notes for the own work: it is emptied by itself.
    For those who raise it does not exist: no count, no gap, no line of the log and no page that moves.
    """

    privacy = Privacy(
        why="To let a child of 12 or older say something apart (Youth Act art. 7.3.4 and 7.3.10).",
        kept=f"{RECORD_20_YEARS}; a note for the own work 90 days, or as long as its writer helps",
        goes=WITH_THE_FAMILY,
        fields={
            "words": "what the youth, the named professional or who keeps a note for the own work wrote",
            "told": "whether it is what the child said, written down by whom it told",
            "because_words": "why it must be kept, in the words of who wrote it and is not of the family",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    words = SealedText(max_length=4000)
    # The piece of a practice that this one shares.
    shared_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # What a child said that has no way in of its own.
    told = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    wall = ABOUT

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["compartment", "-id"], name="notes_of_compartment")]
        constraints = [models.CheckConstraint(condition=ABOUT_ONE, name="own_piece_about_one")]


class LogQuestionQuerySet(RecordedQuerySet["LogQuestion"]):
    def visible_to(self, actor: Actor) -> LogQuestionQuerySet:
        """The own questions; the policy of the table shows a privacy officer those of the municipality."""
        return self.filter(municipality_id=actor.municipality_id, asked_by_id=actor.account)

    def to_answer(self, actor: Actor) -> LogQuestionQuerySet:
        """What waits for the privacy officer."""
        return self.filter(municipality_id=actor.municipality_id, answered_at=None)


class LogQuestion(Recorded):
    """Somebody of a family asks the privacy officer about one line of the log.

    It has a key of its own, so that the officer reads the question and nothing of the record; and it says no
    family, so that nobody else who reads the log of that family can tell that it was asked.
    """

    privacy = Privacy(
        why="To answer who doubts that a look was right (GDPR art. 12, 15 and 39).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "words": "what somebody asks, in own words",
            "answer": "what the privacy officer answers",
        },
    )

    # The lock of this question alone: no compartment of a record has this identifier.
    compartment_id = models.UUIDField()
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    entry_id = models.UUIDField()
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    words = SealedText(max_length=1000)
    asked_at = models.DateTimeField()
    answer = SealedText(max_length=2000, blank=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    wall = Wall(
        "Who asked, and the privacy officer, who answers.",
        "asked_by_id = (SELECT hendig_who()) OR (SELECT hendig_is('privacy'))",
    )

    objects = LogQuestionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["municipality_id", "id"], name="questions_to_answer", condition=Q(answered_at=None)
            )
        ]
        constraints = [models.UniqueConstraint("entry_id", "asked_by", name="one_question_a_line")]
