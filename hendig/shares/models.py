"""Chosen pieces of one record that a family lets one person outside it read, as somebody of the school."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.families.models import (
    Compartment,
    Family,
    FamilyMember,
    OfRecord,
    OfRecordQuerySet,
    Record,
    opened,
)
from hendig.kernel.actor import Actor, Role
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import CONTENT, Wall
from hendig.keys.models import SealedText
from hendig.people.models import Account

MAY_SAY = "share_id = ANY ((SELECT hendig_shares_to_say(hendig_who(), hendig_at()))::uuid[])"


class PieceKind(models.TextChoices):
    """What may be chosen: what a family agreed to, and what it wants in its own words.

    It lies in what is shared of the record. What is for safety, of a GP, of who told of a worry, somebody's
    own note or where somebody lives lies elsewhere, and there is no kind for it.
    """

    PAGE = "page", _("De bladzijde van een tent")
    LATER_PAGE = "later_page", _("Een latere versie van de bladzijde")
    GOAL = "goal", _("Een doel uit het plan")


class ShareQuerySet(RecordedQuerySet["Share"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """Those of a record of which what is shared is open, and those to which the actor must say yes.

        Who must say so reads what is asked also while the own view of the record rests.
        """
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        asked = RawSQL("SELECT unnest(hendig_shares_to_say(%s, %s))", [actor.account_id, at])
        return rows.filter(Q(place__in=opened("compartment_id", actor, at)) | Q(pk__in=asked))

    def open_to(self, actor: Actor, *, at: datetime) -> Self:
        """Those of which the actor may read the pieces now: each who must say yes does, nothing denies it."""
        read = RawSQL("SELECT unnest(hendig_shares_open(%s, %s))", [actor.account_id, at])
        return self.filter(municipality_id=actor.municipality_id, pk__in=read)

    def with_state(self, at: datetime) -> Self:
        """Each with whether its pieces can be read now, or never, by the gate: so no page says otherwise."""
        words = "shares_share.id = ANY (hendig_shares_open(shares_share.account_id, %s))"
        dead = "hendig_share_of_dead(shares_share.id, %s)"
        return self.annotate(
            is_read=RawSQL(words, [at], output_field=models.BooleanField()),  # noqa: S611
            of_dead=RawSQL(dead, [at], output_field=models.BooleanField()),  # noqa: S611
        )

    def read_now(self, at: datetime) -> Self:
        """Those whose pieces can be read now by with whom they are shared."""
        return self.with_state(at).filter(is_read=True)

    def holding_of_dead(self, at: datetime) -> Self:
        """Those with a goal of somebody who died."""
        return self.with_state(at).filter(of_dead=True)


class Share(Recorded):
    """One person, outside the family and its help, may read chosen pieces of one record for one purpose.

    It opens no compartment: whether its pieces can be read follows at each look from who says yes to it
    (`hendig_shares_open`). It has a key of its own, so that who reads why reads nothing else by that.
    """

    privacy = Privacy(
        why="To let somebody read what the family chose, and no more (Youth Act 7.3.11, GDPR 6.1 a and 7).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"purpose": "what it is shared for, in a sentence that the reader of it sees too"},
    )

    # The lock of this sentence alone: no compartment of a record has this identifier.
    compartment_id = models.UUIDField()
    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    # What is shared of the record: here lie the pieces, and who has it open sees what is shared with whom.
    place = models.ForeignKey(Compartment, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    purpose = SealedText(max_length=200)
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    until_at = models.DateTimeField()
    # Stopped, or refused before it began; another one can be proposed.
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    wall = Wall(
        "Whoever has open what is shared of that record; who must say yes; and with whom it is shared, while"
        " it is.",
        "place_id = ANY ((SELECT hendig_open_ids())::uuid[])"
        f" OR {MAY_SAY.replace('share_id', 'id')}"
        " OR id = ANY ((SELECT hendig_shares_open(hendig_who(), hendig_at()))::uuid[])",
    )

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["record", "-id"], name="shares_of_record"),
            models.Index(fields=["account", "until_at"], name="shares_with_account"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("proposed_at")), name="share_ends_later"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ended_share_says_by_whom",
            ),
        ]


class SharedPiece(OfRecord):
    """Which piece it is. The piece itself stays where it lies: nothing of it is copied."""

    privacy = Privacy(
        why="To know exactly which pieces somebody may read, and no other (GDPR art. 5.1 c).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    share = models.ForeignKey(Share, models.PROTECT, related_name="pieces")
    kind = models.CharField(max_length=10, choices=PieceKind)
    piece_id = models.UUIDField()

    # With whom it is shared finds the piece by the share, and this row too.
    wall = CONTENT.and_also("Whoever must say yes.", MAY_SAY).read_too(
        "With whom it is shared.",
        "share_id = ANY ((SELECT hendig_shares_open(hendig_who(), hendig_at()))::uuid[])",
    )

    objects = OfRecordQuerySet["SharedPiece"].as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("share", "kind", "piece_id", name="shared_piece_once")]


class ShareAnswer(OfRecord):
    """What somebody who must say so says to a share. A later answer takes the place of the earlier one."""

    privacy = Privacy(
        why="To share only what each who must say so agrees to (Youth Act 7.3.4 and 7.3.11, GDPR art. 7).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"yes": "whether it is a yes"},
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    share = models.ForeignKey(Share, models.PROTECT, related_name="answers")
    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    yes = models.BooleanField()
    said_at = models.DateTimeField()

    # With whom it is shared reads no name of who said so.
    wall = CONTENT.and_also("Whoever must say yes.", MAY_SAY)

    objects = OfRecordQuerySet["ShareAnswer"].as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("share", "member", name="share_answered_once")]
