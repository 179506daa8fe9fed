"""How it hangs together: what works on what, and what each at the table thinks of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hendig.families.models import Family, OfRecord, Sort, told_to
from hendig.kernel.actor import Actor
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import CONTENT
from hendig.keys.models import SealedText
from hendig.people.models import Account
from hendig.tents.models.table import OfTentQuerySet, Piece, Tent


class Sign(models.TextChoices):
    """What the one does to the other."""

    WORSE = "worse", _("maakt erger")
    KEEPS = "keeps", _("houdt in stand")
    SOFTENS = "softens", _("maakt lichter")
    PROTECTS = "protects", _("beschermt tegen")


def _of_told(actor: Actor, at: datetime, *pieces: str) -> Q:
    """Of pieces that are told to the actor, all of them."""
    found = Q()
    for piece in pieces:
        found &= told_to(actor, at, of=f"{piece}__")
    return found


class InfluenceQuerySet(OfTentQuerySet["Influence"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """On the tables that the actor sees."""
        return super().visible_to(actor, at=at).told(actor, at)

    def told(self, actor: Actor, at: datetime) -> Self:
        """Where both ends are told to the actor."""
        return self.filter(_of_told(actor, at, "cause", "effect"))


class Influence(OfRecord):
    """One thing on the table works on another. It says nothing of itself: who sees both ends, sees it.

    A loop is no mistake: two things may keep each other going. One of another sign is a row of its own, and
    the older one stays, so that it can be seen how the understanding grew.
    """

    privacy = Privacy(
        why="To understand together what makes it so, and what helps (Youth Act task).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"sign": "what the one does to the other", "voice": "the first name of who said it"},
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    tent = models.ForeignKey(Tent, models.PROTECT, related_name="influences")
    cause = models.ForeignKey(Piece, models.PROTECT, related_name="leads_to")
    effect = models.ForeignKey(Piece, models.PROTECT, related_name="because")
    sign = models.CharField(max_length=8, choices=Sign)
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    # Empty where it was said with its cause, in one breath.
    voice = SealedText(max_length=60, blank=True)
    speaker_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    # Nobody took away what its writer undid, or what went on under another sign.
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    under = "tent"
    sort = Sort.TENT
    wall = CONTENT.but(
        "Between what is there for who asks, at both ends.",
        "EXISTS (SELECT FROM tents_piece p WHERE p.id = cause_id)"
        " AND EXISTS (SELECT FROM tents_piece p WHERE p.id = effect_id)",
    )

    objects = InfluenceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["tent", "id"], name="influences_of_tent")]
        constraints = [
            models.UniqueConstraint(
                "cause", "effect", name="one_influence_at_a_time", condition=Q(removed_at=None)
            )
        ]


class View(models.TextChoices):
    """What somebody thinks of something on the table."""

    AGREE = "agree", _("mee eens")
    DIFFER = "differ", _("ik zie het anders")
    FIRST = "first", _("dit eerst")


class RemarkQuerySet(OfTentQuerySet["Remark"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """On the tables that the actor sees."""
        return super().visible_to(actor, at=at).told(actor, at)

    def told(self, actor: Actor, at: datetime) -> Self:
        """About what is told to the actor: with what it works on, where it is about that."""
        return self.filter(_of_told(actor, at, "piece"), Q(effect=None) | _of_told(actor, at, "effect"))

    def lying(self) -> Self:
        """About what nobody took off the table."""
        return self.filter(Q(effect=None) | Q(effect__removed_at=None), piece__removed_at=None)


class Remark(OfRecord):
    """What somebody at the table thinks of what another said: never in the place of it, always beside it.

    With an `effect` it is about that the one works on the other, whatever sign that has: who changes the line
    changes nobody's view of it.
    """

    privacy = Privacy(
        why="To see where people differ, and what they would do first (Youth Act task).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "view": "whether somebody sees it so, otherwise, or as what comes first",
            "text": "how somebody sees it, or why it comes first",
            "voice": "the first name of who said it",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    tent = models.ForeignKey(Tent, models.PROTECT, related_name="remarks")
    piece = models.ForeignKey(Piece, models.PROTECT, related_name="remarks")
    effect = models.ForeignKey(Piece, models.PROTECT, null=True, related_name="+")
    view = models.CharField(max_length=6, choices=View)
    text = SealedText(max_length=300, blank=True)
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    voice = SealedText(max_length=60)
    speaker_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    under = "piece"
    sort = Sort.TENT
    wall = CONTENT.but(
        "Of something that is there for who asks, and of how it works on something that is.",
        "EXISTS (SELECT FROM tents_piece p WHERE p.id = piece_id)"
        " AND (effect_id IS NULL OR EXISTS (SELECT FROM tents_piece p WHERE p.id = effect_id))",
    )

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["tent", "id"], name="remarks_of_tent")]
