"""What a family asks of its record and of the municipality: a decision on paper, destruction.

And the one question that the municipality asks itself first: which municipality is responsible.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hendig.families.models import (
    Family,
    FamilyMember,
    Involvement,
    LegalAuthority,
    OfRecord,
    OfRecordQuerySet,
    Purpose,
    opened,
)
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.refusal import Words
from hendig.kernel.residence import Place, Stay
from hendig.kernel.walls import CONTENT
from hendig.keys.models import SealedBytes, SealedText
from hendig.matching.models import Match
from hendig.people.models import Account, Membership


class PaperStage(models.TextChoices):
    """Where an application for a decision stands."""

    RECEIVED = "received", _("in behandeling")
    INCOMPLETE = "incomplete", _("er is u iets gevraagd")
    DECIDED = "decided", _("besloten")
    WITHDRAWN = "withdrawn", _("ingetrokken")


PAPER_MOVES: Mapping[PaperStage, frozenset[PaperStage]] = {
    PaperStage.RECEIVED: frozenset({PaperStage.INCOMPLETE, PaperStage.DECIDED, PaperStage.WITHDRAWN}),
    PaperStage.INCOMPLETE: frozenset({PaperStage.RECEIVED, PaperStage.DECIDED, PaperStage.WITHDRAWN}),
    PaperStage.DECIDED: frozenset(),
    PaperStage.WITHDRAWN: frozenset(),
}
OPEN_STAGES = (PaperStage.RECEIVED, PaperStage.INCOMPLETE)


# After the decision: the six weeks for an objection (Awb art. 6:7), and two to read it.
DECIDER_SEES = timedelta(weeks=8)


class Reminded(models.IntegerChoices):
    """How far the municipality was reminded of the day on which it must have decided."""

    NOT = 0
    SOON = 1
    TODAY = 2
    OVERDUE = 3


class ApplicationQuerySet(OfRecordQuerySet["Application"]):
    def for_decider(self, actor: Actor, *, at: datetime) -> ApplicationQuerySet:
        """What a coach who decides may see: what is open and nobody took up, and what this coach took up.

        Once it is closed, eight weeks more: as long as an objection may come in and be read. Never one of the
        own family. The application only: it opens nothing else of the record.
        """
        rows = self.filter(municipality_id=actor.municipality_id)
        if not actor.has(Role.COACH):
            return rows.none()
        own = FamilyMember.objects.filter(account_id=actor.account).values("family_id")
        free = Q(decider=None, closed_at=None)
        mine = Q(decider_id=actor.account_id) & (Q(closed_at=None) | Q(closed_at__gt=at - DECIDER_SEES))
        return rows.filter(free | mine).exclude(family__in=own)

    def visible_to(self, actor: Actor, *, at: datetime) -> ApplicationQuerySet:
        """Those of an open record, those on which the actor decides, and those that the actor asked.

        A parent may ask one while the view of the record rests, and sees it while that parent decides.
        """
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        decides = LegalAuthority.objects.standing(local_day(at)).filter(holder__account_id=actor.account)
        return rows.filter(
            Q(compartment__in=opened("compartment_id", actor, at))
            | Q(asker_id=actor.account, child__in=decides.values("child"))
            | Q(pk__in=self.for_decider(actor, at=at).values("pk"))
        )

    def left_alone(self, *, at: datetime) -> ApplicationQuerySet:
        """Those that are open, and on which somebody decides who may not go on: who works here as a coach no
        more, or is of the family or goes along with it by now (Awb art. 2:4).

        Who was named for safety is not found by it: the family reads that somebody gave it back.
        """
        works = Membership.objects.standing(local_day(at)).filter(
            account=OuterRef("decider"), account__is_active=True, role=Role.COACH
        )
        inside = Involvement.objects.standing(at).filter(
            account=OuterRef("decider"), family=OuterRef("family")
        )
        of_family = FamilyMember.objects.filter(account=OuterRef("decider"), family=OuterRef("family"))
        gone = ~Exists(works) | Exists(inside.exclude(purpose=Purpose.SAFETY)) | Exists(of_family)
        return self.filter(gone, closed_at=None, decider__isnull=False)


class Application(OfRecord):
    """ "Ik wil een besluit op papier": an application (Awb art. 1:3 lid 3) on which the municipality decides.

    `due_on` is the last day for the decision (Awb art. 4:13), kept so that it can be found; actions set it by
    `kernel.terms`. It needs no motive, so its words may be empty.
    """

    privacy = Privacy(
        why="To decide on an application of a family (Awb art. 4:1 and 4:13, Youth Act art. 2.3 and 8.1.1).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "child_name": "the name of the child, for who decides and may see no more of the family",
            "asker_name": "the name of who asked, for the same reason",
            "words": "what the family asks, in its own words",
            "pgb_why": "why the family wants a budget of its own, in its own words",
            "pgb_who": "who would give and keep that help, in the family's words",
            "due_on": "the last day for the decision",
            "extension_reason": "why the decision takes longer",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="applications")
    child = models.ForeignKey(FamilyMember, models.PROTECT, related_name="applications")
    asked_by = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    asker = models.ForeignKey(Account, models.PROTECT, related_name="+")
    decider = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    child_name = SealedText(max_length=150)
    asker_name = SealedText(max_length=150)
    words = SealedText(max_length=4000, blank=True)
    wants_pgb = models.BooleanField(default=False)
    pgb_why = SealedText(max_length=2000, blank=True)
    pgb_who = SealedText(max_length=2000, blank=True)
    stage = models.CharField(max_length=10, choices=PaperStage, default=PaperStage.RECEIVED)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    extension_weeks = models.PositiveSmallIntegerField(default=0)
    extension_reason = SealedText(max_length=500, blank=True)
    extended_at = models.DateTimeField(null=True)
    in_default_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(choices=Reminded, default=Reminded.NOT)
    closed_at = models.DateTimeField(null=True)

    wall = CONTENT.and_also("Who asked it.", "asker_id = (SELECT hendig_who())").and_also(
        "The coach who decides; while nobody does, every coach who could. Never one of the own family.",
        "(SELECT hendig_is('coach')) AND family_id <> ALL ((SELECT hendig_own_families())::uuid[])"
        " AND (decider_id = (SELECT hendig_who()) OR decider_id IS NULL AND closed_at IS NULL)",
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["family", "-id"], name="applications_of_family"),
            models.Index(
                fields=["municipality_id", "due_on", "id"],
                name="application_open",
                condition=Q(closed_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint("child", name="one_open_application", condition=Q(closed_at=None)),
            models.CheckConstraint(
                condition=Q(stage__in=OPEN_STAGES, closed_at=None)
                | (~Q(stage__in=OPEN_STAGES) & Q(closed_at__isnull=False)),
                name="application_closed_when_done",
            ),
        ]

    @property
    def stage_words(self) -> Words:
        """Where it stands, as one reads it: what nobody took up yet was received, and no more than that."""
        if self.stage == PaperStage.RECEIVED and self.decider_id is None:
            return _("ontvangen")
        return PaperStage(self.stage).label

    @property
    def reference(self) -> str:
        """What a letter calls it: it says nothing and leads nobody to the page."""
        return f"B-{self.pk.int % 10**8:08d}"


# What hangs under an application is there for whom the application is: its own wall is asked.
WITH_APPLICATION = CONTENT.and_also(
    "Whoever has the application.", "application_id IN (SELECT id FROM rights_application)"
)


class Question(OfRecord):
    """The municipality needs more before it can decide; meanwhile its clock stands still (Awb art. 4:15)."""

    privacy = Privacy(
        why="To ask what is missing in an application (Awb art. 4:5 and 4:15).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "words": "what the municipality asks",
            "answer": "what the family answers, in its own words",
            "asked_on": "the day on which it was asked",
            "answer_by": "the last day for the answer",
            "answered_on": "the day of the answer",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="questions")
    words = SealedText(max_length=2000)
    answer = SealedText(max_length=4000, blank=True)
    asked_on = models.DateField()
    answer_by = models.DateField()
    answered_on = models.DateField(null=True)
    lapsed = models.BooleanField(default=False)

    under = "application"
    wall = WITH_APPLICATION

    objects = OfRecordQuerySet["Question"].as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "application", name="one_open_question", condition=Q(answered_on=None, lapsed=False)
            ),
            models.CheckConstraint(
                condition=Q(answer_by__gt=models.F("asked_on")), name="question_gives_time"
            ),
        ]


class Verdict(models.TextChoices):
    GRANTED = "granted", _("toegekend")
    PARTLY = "partly", _("voor een deel toegekend")
    REFUSED = "refused", _("afgewezen")


class Decision(OfRecord):
    """The decision on an application: what, why, and the letter as it was sent (Awb art. 3:41, 3:46)."""

    privacy = Privacy(
        why="To decide with reasons, and show what was decided (Awb art. 3:41, 3:45 and 3:46).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "what": "what help is given, from when until when",
            "reasons": "why it was decided so",
            "objection_by": "the last day for an objection",
            "paper": "the letter as PDF, made here or uploaded",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    application = models.OneToOneField(Application, models.PROTECT, related_name="decision")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict)
    pgb = models.BooleanField(null=True)
    what = SealedText(max_length=2000, blank=True)
    reasons = SealedText(max_length=4000)
    objection_by = models.DateField()
    uploaded = models.BooleanField(default=False)
    paper = SealedBytes()
    at = models.DateTimeField()

    under = "application"
    wall = WITH_APPLICATION

    objects = OfRecordQuerySet["Decision"].as_manager()


class DestructionStage(models.TextChoices):
    ASKED = "asked", _("gevraagd")
    GRANTED = "granted", _("toegezegd, wordt vernietigd")
    PARTLY = "partly", _("voor een deel toegezegd, wordt vernietigd")
    REFUSED = "refused", _("niet vernietigd")
    TAKEN_BACK = "taken_back", _("teruggenomen")


DESTRUCTION_MOVES: Mapping[DestructionStage, frozenset[DestructionStage]] = {
    DestructionStage.ASKED: frozenset(
        {
            DestructionStage.GRANTED,
            DestructionStage.PARTLY,
            DestructionStage.REFUSED,
            DestructionStage.TAKEN_BACK,
        }
    ),
    DestructionStage.GRANTED: frozenset({DestructionStage.TAKEN_BACK}),
    DestructionStage.PARTLY: frozenset({DestructionStage.TAKEN_BACK}),
    DestructionStage.REFUSED: frozenset(),
    DestructionStage.TAKEN_BACK: frozenset(),
}


class Destruction(OfRecord):
    """Somebody asks that a child's record is destroyed: within three months (Jeugdwet art. 7.3.9 lid 1).

    `keep` says what stays and why (lid 2), `pieces` what goes where not all of it does. Two others carry it
    out.
    """

    privacy = Privacy(
        why="To destroy a record when it is asked (Youth Act art. 7.3.9, GDPR art. 17).",
        kept="20 years, as proof that it was asked and what was answered; it holds nothing of the record",
        goes="deleted with the log of its time",
        fields={
            "keep": "what is kept and why, by codes",
            "pieces": "what goes where not all of it does, by kind and identifier",
            "reply": "what was answered, in words",
            "due_on": "the day by which it is done",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="destructions")
    child = models.ForeignKey(FamilyMember, models.PROTECT, related_name="destructions")
    asked_by = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, choices=DestructionStage, default=DestructionStage.ASKED)
    keep = models.JSONField(default=list)
    # What goes where not all of it does: table and row.
    pieces = ArrayField(models.CharField(max_length=80), default=list)
    reply = SealedText(max_length=2000, blank=True)
    due_on = models.DateField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects = OfRecordQuerySet["Destruction"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "child",
                name="one_standing_destruction",
                condition=Q(
                    stage__in=[DestructionStage.ASKED, DestructionStage.GRANTED, DestructionStage.PARTLY]
                ),
            )
        ]


class Residence(OfRecord):
    """Which municipality is responsible for a child: the facts that were needed, the rule, the answer.

    Answered within two weeks of the question (Regeling Jeugdwet art. 1a.1).
    """

    privacy = Privacy(
        why="To know which municipality is responsible (Youth Act art. 1.1 and 8.2.1, its Regulation 1a.1).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "asked_from": "the municipality that asked, when another one did",
            "other": "the municipality that is responsible, when it is another one",
            "rule": "the row of the table that gave the answer",
            "asked_on": "the day on which it was asked",
            "due_on": "the last day for the answer",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="residences")
    child = models.ForeignKey(FamilyMember, models.PROTECT, related_name="residences")
    asked_from = SealedText(max_length=80, blank=True)
    asked_on = models.DateField()
    due_on = models.DateField()
    stay = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Stay], blank=True)
    address = models.CharField(max_length=7, choices=[(one.value, one.value) for one in Place], blank=True)
    before = models.CharField(max_length=7, choices=[(one.value, one.value) for one in Place], blank=True)
    mother = models.CharField(max_length=7, choices=[(one.value, one.value) for one in Place], blank=True)
    found = models.CharField(max_length=7, choices=[(one.value, one.value) for one in Place], blank=True)
    rule = models.CharField(max_length=2, blank=True)
    ours = models.BooleanField(null=True)
    other = SealedText(max_length=80, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(choices=Reminded, default=Reminded.NOT)

    objects = OfRecordQuerySet["Residence"].as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["municipality_id", "due_on"],
                name="residence_open",
                condition=Q(answered_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint("child", name="one_open_residence", condition=Q(answered_at=None)),
            models.CheckConstraint(
                condition=Q(answered_at=None) | (Q(ours__isnull=False) & ~Q(rule="")),
                name="residence_answered_by_rule",
            ),
        ]


class Continuation(OfRecord):
    """The family moved away or came here and keeps its helper, at most a year (Jeugdwet art. 2.7a).

    Of who came here `came_from` says from where, and `terms` on which terms the help ran there.
    """

    privacy = Privacy(
        why="To let a family keep its helper after a move (Youth Act art. 2.7a).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "moved_on": "the day of the move",
            "to": "the municipality to which the family moved",
            "came_from": "the municipality from which the family came",
            "terms": "how the help was agreed there, which stays so",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="continuations")
    match = models.OneToOneField(Match, models.PROTECT, related_name="continuation")
    moved_on = models.DateField()
    to = SealedText(max_length=80)
    came_from = SealedText(max_length=80, blank=True, default="", db_default="")
    terms = SealedText(max_length=500, blank=True, default="", db_default="")
    until_on = models.DateField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    under = "match"

    objects = OfRecordQuerySet["Continuation"].as_manager()
