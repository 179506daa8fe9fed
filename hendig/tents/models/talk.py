"""How a talk goes: where it is and since when, and what each at the table shows with one tap."""

from __future__ import annotations

from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hendig.families.models import Family, FamilyMember, OfRecord, Sort
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import LEARNING, TABLE
from hendig.keys.models import SealedText
from hendig.people.models import Account
from hendig.tents.models.guide import Guide
from hendig.tents.models.table import OfTentQuerySet, SeatQuerySet, Tent, TentStage


class Talk(OfRecord):
    """Since when they talk, since when they are in this phase, and how far the round of it is."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To let everybody at the table have their turn in peace (Youth Act task).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    tent = models.OneToOneField(Tent, models.PROTECT, related_name="talk")
    # None is the standard text.
    guide = models.ForeignKey(Guide, models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField()
    phase_at = models.DateTimeField()
    turn = models.PositiveSmallIntegerField(default=0)

    under = "tent"
    sort = Sort.TENT
    wall = TABLE

    objects = OfTentQuerySet["Talk"].as_manager()


class GestureKind(models.TextChoices):
    HAND = "hand", _("wil iets zeggen")
    UNDERSTOOD = "understood", _("begrijpen we het zo goed")
    HEARD = "heard", _("voelde zich gehoord")
    AWAY = "away", _("was er niet")


class GestureQuerySet(OfTentQuerySet["Gesture"]):
    def of_person(self, *, account_id: UUID | None, member_id: UUID | None) -> Self:
        """Of somebody at the table, by whichever of the two they are known; a member may have no account."""
        found = Q(pk=None)
        if account_id is not None:
            found |= Q(account=account_id) | Q(member__account=account_id)
        return self.filter(found | Q(member=member_id) if member_id is not None else found)

    def away(self) -> Self:
        """Who was said not to be there."""
        return self.filter(kind=GestureKind.AWAY)


class Gesture(OfRecord):
    """What somebody at the table shows with one tap: a hand, that it is understood so, that they felt heard.

    That somebody is not there is said of them by another. A hand that is down is no row any more: who wanted
    to speak, and when, is nobody's business afterwards.
    Of the family it is a member, who may have no account; who tapped is the author.
    """

    privacy: ClassVar[Privacy] = Privacy(
        why="To hear from each at the table, also from who does not speak up (Youth Act task).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "yes": "whether somebody finds that it is understood so, or felt heard",
            "words": "what is missing, or one line about how it was",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    tent = models.ForeignKey(Tent, models.PROTECT, related_name="gestures")
    kind = models.CharField(max_length=10, choices=GestureKind)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    yes = models.BooleanField(default=True)
    words = SealedText(max_length=300, blank=True)
    at = models.DateTimeField()
    # When who leads gave them the floor.
    turn_at = models.DateTimeField(null=True)

    under = "tent"
    sort = Sort.TENT
    wall = TABLE.and_also(
        "Totals to learn from: how often people felt heard.", f"({LEARNING} AND kind = 'heard')"
    )

    objects = GestureQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("tent", "kind", "account", name="one_gesture_of_a_kind"),
            models.UniqueConstraint("tent", "kind", "member", name="one_gesture_of_a_member"),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(member__isnull=False), name="gesture_is_of_somebody"
            ),
        ]

    @property
    def person_id(self) -> UUID:
        """Who shows it, by the identifier that the table knows them by."""
        found = self.account_id or self.member_id
        assert found is not None
        return found


def who_came(seats: SeatQuerySet) -> SeatQuerySet:
    """Without those of whom it was said that they did not come to a talk that is over."""
    away = Gesture.objects.away().filter(
        tent=OuterRef("tent"), account=OuterRef("professional__account"), tent__stage=TentStage.CLOSED
    )
    return seats.exclude(Exists(away))
