"""Match talks: each who must say yes says yes; the match alone authorises help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedManager
from hendig.families.models import (
    Family,
    FamilyMember,
    LegalAuthority,
    MeasureKind,
    OfRecord,
    OfRecordQuerySet,
    instead,
    measured_until,
    opened,
    parents_say,
    shut_to,
)
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import BOOKS, WAY
from hendig.keys.models import SealedText
from hendig.people.models import Account, Professional, ServiceCode

# Which kind of measure help carries out, where it carries out one.
MEASURE_KIND: dict[str, Any] = {
    "max_length": 11,
    "choices": MeasureKind,
    "default": MeasureKind.SUPERVISION,
    "db_default": MeasureKind.SUPERVISION,
}


class TalkStage(models.TextChoices):
    OPEN = "open", _("gesprek")
    MATCHED = "matched", _("match")
    NO_CLICK = "no_click", _("geen klik")
    RENEWED = "renewed", _("opnieuw ja")


MOVES: Mapping[TalkStage, frozenset[TalkStage]] = {
    TalkStage.OPEN: frozenset({TalkStage.MATCHED, TalkStage.NO_CLICK, TalkStage.RENEWED}),
    TalkStage.MATCHED: frozenset(),
    TalkStage.NO_CLICK: frozenset(),
    TalkStage.RENEWED: frozenset(),
}


class MatchTalkQuerySet(OfRecordQuerySet["MatchTalk"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> MatchTalkQuerySet:
        """Those of an open record; while it is open also the professional with whom the talk is, and who
        must say yes, although that person may not see the record.
        """
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        return rows.filter(
            Q(compartment__in=opened("compartment_id", actor, at))
            | Q(pk__in=MatchTalk.objects.asking(actor, at=at).values("pk"))
        )

    def asking(self, actor: Actor, *, at: datetime) -> MatchTalkQuerySet:
        """The open talks in which the actor has a say: as the professional, the youth, or who decides.

        Not of the own family as the professional, after a death as one of the family, or from where one is
        kept out. From 16 on the youth alone decides, and a parent hears nothing of it by this way.
        """
        decides = LegalAuthority.objects.standing(local_day(at)).filter(holder__account_id=actor.account)
        own = FamilyMember.objects.filter(account_id=actor.account).values("family_id")
        frozen = Q(compartment__record__frozen_at__lte=at)
        return (
            self.alias(parents_say=parents_say(F("child_id"), at))
            .filter(
                Q(professional_id=actor.professional_id, professional__isnull=False, blind=False)
                & ~Q(family__in=own)
                | (
                    Q(child__account_id=actor.account)
                    | Q(child__in=decides.values("child"), parents_say=True)
                )
                & ~frozen,
                municipality_id=actor.municipality_id,
                stage=TalkStage.OPEN,
            )
            .exclude(compartment__in=shut_to(actor, at))
        )

    def seated(self, at: datetime) -> MatchTalkQuerySet:
        """With everyone who has a say at this moment and what they said: 1 more query in all."""
        return self.answered(at).prefetch_related(
            Prefetch("child__authority_over", who_decides(at), to_attr="authority_standing")
        )

    def answered(self, at: datetime) -> MatchTalkQuerySet:
        """With what was said and who says it in the place of the parents; not yet `who_decides`."""
        answers = Answer.objects.filter(talk=OuterRef("pk")).order_by("id")
        return self.select_related(
            "family",
            "child",
            "request__coach",
            "professional__account",
            "professional__partner",
            "professional__card",
            "service_code",
            "renews",
        ).annotate(
            said_by=ArraySubquery(answers.values_list(Coalesce("member_id", "account_id"))),
            said=ArraySubquery(answers.values("yes")),
            instead=instead(F("child_id"), at),
            measured_until=measured_until(F("child_id"), F("measure_kind"), at),
        )


def who_decides(at: datetime) -> QuerySet[LegalAuthority]:
    """Who holds authority over a child at this moment."""
    return LegalAuthority.objects.standing(local_day(at)).select_related("holder").order_by("holder_id")


class MatchTalk(OfRecord):
    """The talk in which a family and a professional choose each other."""

    privacy = Privacy(
        why="To let family and professional choose each other (Youth Act art. 2.3 and 7.3.4).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "purpose": "what they would do together, in a sentence",
            "exception": "which exception of the law held, as a code",
            "by_measure": "whether who carries out the measure decided that this belongs to it",
            "measure_kind": "which kind of measure that is, where it is one",
            "blind": "whether the professional hears of it only once the family agreed",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="match_talks")
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="match_talks")
    child = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="match_talks")
    service_code = models.ForeignKey(ServiceCode, models.PROTECT, related_name="+")
    coach = models.ForeignKey(Account, models.PROTECT, related_name="+")
    purpose = SealedText(max_length=300)
    stage = models.CharField(max_length=8, choices=TalkStage, default=TalkStage.OPEN)
    exception = models.CharField(max_length=14, blank=True)
    # Counts as long as a measure stands (Jeugdwet 3.5 and 7.3.4 lid 1); without one each is asked as always.
    by_measure = models.BooleanField(default=False, db_default=False)
    measure_kind = models.CharField(**MEASURE_KIND)
    opened_at = models.DateTimeField()
    # Help that ends and is to go on with somebody else. Who that is sees nothing until the family agreed.
    succeeds = models.ForeignKey("matching.Match", models.PROTECT, null=True, related_name="successors")
    blind = models.BooleanField(default=False)
    # Help that goes on: a yes holds a year and is asked anew; without it who helps sees until `sees_until`.
    renews = models.ForeignKey("matching.Match", models.PROTECT, null=True, related_name="renewals")
    sees_until = models.DateTimeField(null=True)
    # Who had not answered was reminded, once; later the talk stands with the coach as one that lies still.
    reminded_at = models.DateTimeField(null=True)
    stalled_at = models.DateTimeField(null=True)

    wall = WAY

    objects = MatchTalkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["family", "-id"], name="talks_of_family"),
            models.Index(fields=["professional", "stage"], name="talks_of_professional"),
        ]
        constraints = [
            models.UniqueConstraint(
                "request", "professional", name="one_open_talk", condition=Q(stage=TalkStage.OPEN)
            )
        ]


class Answer(OfRecord):
    """One person's answer to "klikt het?"; a member of the family, the coach or the professional."""

    privacy = Privacy(
        why="To keep who said yes, because that yes authorises the help (Youth Act art. 7.3.4).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "yes": "whether it clicks for this person",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    talk = models.ForeignKey(MatchTalk, models.PROTECT, related_name="answers")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    yes = models.BooleanField()
    at = models.DateTimeField()

    under = "talk"
    wall = WAY

    objects = OfRecordQuerySet["Answer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "talk", "member", name="one_answer_per_member", condition=Q(member__isnull=False)
            ),
            models.UniqueConstraint(
                "talk", "account", name="one_answer_per_worker", condition=Q(member__isnull=True)
            ),
        ]


class MatchQuerySet(OfRecordQuerySet["Match"]):
    def standing(self, on: date) -> MatchQuerySet:
        """Matches that authorise help on the day `on`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def families_of(self, professional_id: UUID, on: date, *, besides: UUID | None = None) -> int:
        """How many families, besides this one, the professional has a match with on the day `on`. 1 query."""
        with connection.cursor() as cursor:
            # Of other families nobody sees more than how many they are.
            cursor.execute("SELECT hendig_families_of(%s, %s, %s)", [professional_id, on, besides])
            (families,) = cursor.fetchone()
        return int(families)


class Match(OfRecord):
    """Everyone who must say yes has: from `starts_on` until `ends_on` this authorises help and its hours."""

    privacy = Privacy(
        why="To authorise help and its hours, with no decision letter (Youth Act art. 2.3 and 7.4.0).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "number": "the number on the invoice, which says nothing about the family",
            "lapses_on": "the last day of the measure that this help carries out, if it does",
            "measure_kind": "which kind of measure that is, where it is one",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="matches")
    talk = models.OneToOneField(MatchTalk, models.PROTECT, related_name="match")
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="matches")
    child = models.ForeignKey(FamilyMember, models.PROTECT, related_name="matches")
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="matches")
    partner_id = models.UUIDField()
    service_code = models.ForeignKey(ServiceCode, models.PROTECT, related_name="+")
    number = models.CharField(max_length=12)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # Help that rests on a measure of the court ends with it, that day, until all say yes or the court anew.
    lapses_on = models.DateField(null=True)
    measure_kind = models.CharField(**MEASURE_KIND)
    made_at = models.DateTimeField()

    under = "talk"
    wall = BOOKS

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "matches"
        indexes = [
            models.Index(fields=["professional"], name="matches_of_professional", condition=Q(ends_on=None)),
            models.Index(fields=["family"], name="matches_of_family"),
        ]
        constraints = [
            models.UniqueConstraint("municipality_id", "number", name="match_number_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="match_ends_after_start",
            ),
        ]


class MatchCounter(Recorded):
    """The last number given to a match in a year; locked while one is taken, so that none is skipped."""

    privacy = Privacy(
        why="To number matches without gaps. Nothing about a person.",
        kept="as long as the municipality works with Hendig",
        goes="deleted with the municipality's installation",
    )

    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    objects = RecordedManager()

    class Meta:
        constraints = [models.UniqueConstraint("municipality_id", "year", name="match_counter_once")]
