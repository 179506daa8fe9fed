"""The family's plan: goals in their words, who does what, appointments, and how it ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hendig.families.models import (
    ABOUT_ONE,
    CHILD,
    AboutSomebody,
    Family,
    FamilyMember,
    OfRecord,
    OfRecordQuerySet,
    Sort,
    Whom,
    lies_open,
    myself,
    told_to,
)
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import Period, begins, day_began, is_over, month_of
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import ABOUT, BOOKS, CONTENT, GOAL, LEARNING
from hendig.keys.models import SealedText
from hendig.matching.models import Match
from hendig.people.models import Account


class GoalQuerySet(OfRecordQuerySet["Goal"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """The goals of a record that is open to the actor, as far as they are told to the actor."""
        return super().visible_to(actor, at=at).told(actor, at)

    def told(self, actor: Actor, at: datetime) -> Self:
        """To the child, and to who fosters it without deciding, none of another that they did not write."""
        return self.filter(told_to(actor, at, of_child=_of_child(actor, "member")))


class Goal(OfRecord):
    """A result in the family's own words, with a score from 1 to 10 over time.

    It is of all of them, or of one; what another wants for oneself the child of the record does not read, nor
    does who fosters it without deciding.
    """

    privacy = Privacy(
        why="To work on what the family wants (Youth Act art. 4.1.2 and 4.1.3).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "words": "the goal in the family's own words",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="goals")
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="goals")
    member = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="goals")
    # Of goals from before this was kept nobody knows who wrote them.
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    words = SealedText(max_length=300)
    set_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True)

    sort = Sort.PLAN
    wall = GOAL

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["family", "id"], name="goals_of_family")]

    @property
    def whom(self) -> Whom:
        """Whom it is about; what is of all of them is the child's as well."""
        return CHILD if self.member_id in {None, self.compartment.record.child_id} else Whom(self.member_id)


class ScoreQuerySet(OfRecordQuerySet["Score"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """The scores of the goals that the actor sees."""
        of_child = _of_child(actor, "goal__member")
        told = told_to(actor, at, author="goal__author_id", of_child=of_child)
        return super().visible_to(actor, at=at).filter(told)


def _of_child(actor: Actor, member: str) -> Q:
    """What is of the child or of the actor, or of all of them."""
    of_all = Q(**{member: None}) | Q(**{member: F("compartment__record__child")})
    return of_all | myself(actor, member)


class Score(OfRecord):
    """How near a goal is, as a member of the family sees it: 1 (far away) to 10 (there)."""

    privacy = Privacy(
        why="To see together whether it gets nearer (Youth Act art. 4.1.3).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "value": "how near a goal is, as somebody of the family sees it",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="scores")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    under = "goal"
    sort = Sort.PLAN
    wall = CONTENT.but(
        "Of a goal that is there for who asks.", "EXISTS (SELECT FROM plans_goal g WHERE g.id = goal_id)"
    )

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(value__gte=1, value__lte=10), name="score_1_to_10")]


class TaskQuerySet(OfRecordQuerySet["Task"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """The tasks of an open record, as far as they are told to the actor."""
        return super().visible_to(actor, at=at).filter(told_to(actor, at))


class Task(AboutSomebody):
    """Who does what by when; who does it may be of the family, the network or a professional.

    What the child of the record does itself is about the child.
    """

    privacy = Privacy(
        why="To agree who does what by when (Youth Act art. 4.1.3).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "what": "what somebody will do",
            "who": "the name of who does it",
            "by": "the day by which it is done",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="tasks")
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="tasks")
    what = SealedText(max_length=300)
    who = SealedText(max_length=80)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="tasks")
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    by = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    set_at = models.DateTimeField()

    sort = Sort.PLAN
    wall = ABOUT

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["by", "id"]
        indexes = [models.Index(fields=["family", "id"], name="tasks_of_family")]
        constraints = [models.CheckConstraint(condition=ABOUT_ONE, name="task_about_one")]


class AppointmentStage(models.TextChoices):
    PLANNED = "planned", _("afgesproken")
    KEPT = "kept", _("geweest")
    MISSED = "missed", _("niet doorgegaan")
    CANCELLED = "cancelled", _("afgezegd")


MOVES: Mapping[AppointmentStage, frozenset[AppointmentStage]] = {
    AppointmentStage.PLANNED: frozenset(
        {AppointmentStage.KEPT, AppointmentStage.MISSED, AppointmentStage.CANCELLED}
    ),
    AppointmentStage.KEPT: frozenset({AppointmentStage.PLANNED}),
    AppointmentStage.MISSED: frozenset({AppointmentStage.PLANNED}),
    AppointmentStage.CANCELLED: frozenset(),
}


# How long an appointment takes, as PostgreSQL counts it.
DURATION = F("minutes") * timedelta(minutes=1)


class AppointmentQuerySet(OfRecordQuerySet["Appointment"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> AppointmentQuerySet:
        """Those of a family in which the actor is involved, and a professional's own hours."""
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        return rows.filter(lies_open(self.model, actor, at) | Q(professional_id=actor.professional_id))

    def own(self, actor: Actor) -> AppointmentQuerySet:
        """The appointments of the professional who asks; none for anybody else."""
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows.filter(professional_id=actor.professional_id) if actor.professional_id else rows.none()

    def during(self, period: Period) -> AppointmentQuerySet:
        """Those that begin on a day of the period, as days are counted in the Netherlands."""
        rows = self.filter(starts_at__gte=begins(period.first))
        return rows if period.last is None else rows.filter(starts_at__lt=is_over(period.last))

    def kept_in(self, partner_ids: Collection[UUID], month: date) -> AppointmentQuerySet:
        """What the partners' professionals kept in the month in which the day `month` lies."""
        return self.filter(stage=AppointmentStage.KEPT, partner_id__in=partner_ids).during(month_of(month))

    def to_rate(self, *, at: datetime, since: datetime) -> AppointmentQuerySet:
        """What began after `since`, was kept or is over, and is not rated or still changeable on that day."""
        fresh = Q(felt=None) | Q(felt_at__gte=day_began(at))
        over = Q(starts_at__lte=at - DURATION)
        been = Q(stage=AppointmentStage.KEPT) | Q(over, stage=AppointmentStage.PLANNED)
        return self.filter(fresh, been, starts_at__lte=at, starts_at__gt=since)

    def invoiced(self) -> AppointmentQuerySet:
        """Those on an invoice: billing, which stands above us, hangs its row on ours."""
        return self.filter(invoiced__isnull=False)


class Appointment(OfRecord):
    """Help at a moment, under a match. A kept one is the whole hour registration."""

    privacy = Privacy(
        why="To give help, and to pay for what took place (Youth Act art. 7.3.8 and 7.4.0).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "place": "where they meet, perhaps somebody's home",
            "felt": "how it was, in one of five faces",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="appointments")
    match = models.ForeignKey(Match, models.PROTECT, related_name="appointments")
    professional_id = models.UUIDField()
    partner_id = models.UUIDField()
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    # Of a group: the same for each family that is there at that moment, and nothing else of the others.
    group_id = models.UUIDField(null=True)
    place = SealedText(max_length=80, blank=True)
    stage = models.CharField(max_length=10, choices=AppointmentStage, default=AppointmentStage.PLANNED)
    settled_at = models.DateTimeField(null=True)
    felt = models.PositiveSmallIntegerField(null=True)
    felt_at = models.DateTimeField(null=True)

    under = "match"
    sort = Sort.AGENDA
    wall = BOOKS

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        indexes = [
            models.Index(
                fields=["municipality_id", "professional_id", "starts_at"], name="day_of_professional"
            ),
            models.Index(fields=["family", "starts_at"], name="appointments_of_family"),
            models.Index(
                fields=["municipality_id", "partner_id", "starts_at"],
                name="kept_of_partner",
                condition=Q(stage="kept"),
            ),
            models.Index(
                fields=["partner_id", "starts_at"],
                name="settled_of_partner",
                condition=Q(stage__in=["kept", "missed"]),
            ),
            models.Index(
                fields=["partner_id", "starts_at"],
                name="planned_of_partner",
                condition=Q(stage="planned"),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=720), name="minutes_5_to_720"),
            models.CheckConstraint(condition=Q(felt=None) | Q(felt__gte=1, felt__lte=5), name="felt_1_to_5"),
        ]


class Reason(models.TextChoices):
    """Why help ended, as the national statistics ask (Informatieprotocol Beleidsinformatie Jeugd v7)."""

    PLANNED = "01", _("Zoals afgesproken")
    AGREED_EARLY = "02", _("Eerder, samen besloten")
    FAMILY_STOPPED = "03", _("Het gezin wilde stoppen")
    PROVIDER_STOPPED = "04", _("De hulpverlener stopte")
    EXTERNAL = "05", _("Door iets anders, zoals een verhuizing")


class Ending(OfRecord):
    """A question is done: why, what the family looks back on, and what to do if it returns.

    A question that came back can end again, so the last ending counts and the earlier ones stay.
    """

    privacy = Privacy(
        why="To end well, and know what to do if it returns (Youth Act art. 7.3.8; policy statistics).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "looking_back": "how the family looks back",
            "if_it_returns": "what to do if it returns",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="endings")
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="endings")
    reason = models.CharField(max_length=2, choices=Reason)
    looking_back = SealedText(max_length=1000, blank=True)
    if_it_returns = SealedText(max_length=300, blank=True)
    ended_on = models.DateField()
    at = models.DateTimeField()

    sort = Sort.PLAN
    wall = CONTENT.and_also("Totals to learn from.", LEARNING)

    objects = OfRecordQuerySet["Ending"].as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["request", "-id"], name="endings_of_request")]


class Onward(models.TextChoices):
    """National outcome indicator 3.1, the four answers (Informatieprotocol Beleidsinformatie Jeugd v7)."""

    SAME_OR_MORE = "01", _("Ik heb eenzelfde of zwaardere hulp nodig")
    LIGHTER = "02", _("Met lichtere hulp red ik het")
    NOT_NOW = "03", _("Nu geen verdere hulp, later misschien")
    NONE = "04", _("Geen verdere hulp meer nodig")


class Outcome(OfRecord):
    """The two questions at the end, answered by one member of the family, once for each ending."""

    privacy = Privacy(
        why="To learn what helped (policy statistics of the Youth Act; answered by choice).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "useful": "how much good it did, from 1 to 10",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="outcomes")
    ending = models.ForeignKey(Ending, models.PROTECT, related_name="outcomes")
    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="outcomes")
    useful = models.PositiveSmallIntegerField()
    onward = models.CharField(max_length=2, choices=Onward)
    at = models.DateTimeField()

    under = "ending"
    sort = Sort.PLAN
    wall = CONTENT.and_also("Totals to learn from.", LEARNING)

    objects = OfRecordQuerySet["Outcome"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("ending", "member", name="outcome_once"),
            models.CheckConstraint(condition=Q(useful__gte=1, useful__lte=10), name="useful_1_to_10"),
        ]
