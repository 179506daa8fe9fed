"""The public board: questions without names, offers and initiatives, and the answers to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import LockedText, Recorded, RecordedQuerySet
from hendig.families.models import Family, FamilyMember, Part, opened
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.kernel.privacy import Privacy
from hendig.people.models import Account

# Who asks a family's question and chooses among the answers: a guest of a tent or a helper may not.
CHOOSERS = (Part.FAMILY, Part.COACH)


def chooses_for(actor: Actor, at: datetime, *, compartment: str) -> Q:
    """Rows of a record for which the actor asks and chooses at the moment `at`."""
    return Q(**{f"{compartment}__in": opened("compartment_id", actor, at, parts=CHOOSERS)})


class PostKind(models.TextChoices):
    QUESTION = "question", _("vraag")
    OFFER = "offer", _("aanbod")
    INITIATIVE = "initiative", _("initiatief")


class PostQuerySet(RecordedQuerySet["Post"]):
    def on_board(self, *, at: datetime) -> PostQuerySet:
        """What everyone may see: open and not past."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), closed_at=None)

    def kept_by(self, actor: Actor, *, at: datetime) -> PostQuerySet:
        """Posts of which the actor chooses among the answers: the own offer, the question of the family.

        Having written a question down is not enough: a coach who left the family has left its question too.
        """
        own = ~Q(kind=PostKind.QUESTION) & Q(author_id=actor.account_id, author__isnull=False)
        asked = Q(kind=PostKind.QUESTION) & chooses_for(actor, at, compartment="request__compartment")
        return self.filter(own | asked, municipality_id=actor.municipality_id)

    def visible_to(self, actor: Actor, *, at: datetime) -> PostQuerySet:
        """The board is public; what left it stays visible to whoever keeps it."""
        open_to_all = Q(closed_at=None) & (Q(until_at=None) | Q(until_at__gt=at))
        if not actor.signed_in:
            return self.filter(open_to_all, municipality_id=actor.municipality_id)
        kept = Post.objects.kept_by(actor, at=at).values("pk")
        return self.filter(open_to_all | Q(pk__in=kept), municipality_id=actor.municipality_id)


class Post(Recorded):
    """One card on the board. A question of a family carries no name, no address and no link to the family
    that anybody but the family and its coach could follow.
    """

    privacy = Privacy(
        why="To ask and offer help among neighbours, without names (a family's question: its consent).",
        kept="on the board until its date or until it is closed; a family's question as long as its record",
        goes="an offer with the account of its author; a family's question is emptied with its record",
        fields={
            "title": "the question or offer in a few words, without names",
            "text": "the same in more words, without names",
            "neighbourhood": "the part of the town that it is about",
            "when": "when it is, in words",
        },
    )

    kind = models.CharField(max_length=10, choices=PostKind)
    title = models.CharField(max_length=100)
    text = models.TextField(max_length=1000)
    neighbourhood = models.CharField(max_length=60, blank=True)
    author = models.ForeignKey(Account, models.PROTECT, related_name="posts")
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="posts")
    request = models.ForeignKey(HelpRequest, models.PROTECT, null=True, related_name="posts")
    places = models.PositiveSmallIntegerField(null=True)
    when = models.CharField(max_length=80, blank=True)
    posted_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["municipality_id", "-id"], name="post_on_board", condition=Q(closed_at=None)
            ),
            models.Index(fields=["request"], name="post_of_request"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=PostKind.QUESTION) | Q(request__isnull=False, family__isnull=False),
                name="question_belongs_to_request",
            )
        ]


class ResponseStage(models.TextChoices):
    OFFERED = "offered", _("aangeboden")
    ACCEPTED = "accepted", _("ja gezegd")
    CONNECTED = "connected", _("verbonden")
    DECLINED = "declined", _("niet nu")
    WITHDRAWN = "withdrawn", _("ingetrokken")


MOVES: Mapping[ResponseStage, frozenset[ResponseStage]] = {
    ResponseStage.OFFERED: frozenset(
        {ResponseStage.ACCEPTED, ResponseStage.DECLINED, ResponseStage.WITHDRAWN}
    ),
    ResponseStage.ACCEPTED: frozenset(
        {ResponseStage.CONNECTED, ResponseStage.DECLINED, ResponseStage.WITHDRAWN}
    ),
    ResponseStage.CONNECTED: frozenset(),
    ResponseStage.DECLINED: frozenset(),
    ResponseStage.WITHDRAWN: frozenset(),
}

# A yes of the one who gives the place takes it, so that nobody is promised a place twice.
TAKES_A_PLACE = (ResponseStage.ACCEPTED, ResponseStage.CONNECTED)
ENDED = (ResponseStage.DECLINED, ResponseStage.WITHDRAWN)


class ResponseQuerySet(RecordedQuerySet["Response"]):
    def by(self, actor: Actor) -> ResponseQuerySet:
        """The actor's own answers."""
        return self.filter(
            author_id=actor.account_id, author__isnull=False, municipality_id=actor.municipality_id
        )

    def visible_to(self, actor: Actor, *, at: datetime) -> ResponseQuerySet:
        """Who answered sees the own answer; who keeps the post sees the answers to it. Nobody else."""
        kept = Post.objects.kept_by(actor, at=at).values("pk")
        own = Q(author_id=actor.account_id, author__isnull=False)
        return self.filter(own | Q(post__in=kept), municipality_id=actor.municipality_id)

    def standing(self) -> ResponseQuerySet:
        return self.exclude(stage__in=ENDED)


class Response(Recorded):
    """Somebody answers a post; contact details stay hidden until both sides said yes (`CONNECTED`)."""

    privacy = Privacy(
        why="To let two people find each other, unseen by others until both said yes (consent).",
        kept="as long as the post that it answers",
        goes="emptied with the post, or deleted with the account of its author",
        fields={
            "words": "what somebody offers, in own words, locked",
        },
    )

    post = models.ForeignKey(Post, models.PROTECT, related_name="responses")
    author = models.ForeignKey(Account, models.PROTECT, related_name="responses")
    # Whom the writer reaches once both said yes, noted by who may know it: a neighbour sees no family.
    reaches = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    words = LockedText(max_length=1000)
    stage = models.CharField(max_length=10, choices=ResponseStage, default=ResponseStage.OFFERED)
    at = models.DateTimeField()
    stage_since = models.DateTimeField()

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["post", "id"], name="responses_of_post")]
        constraints = [
            models.UniqueConstraint(
                "post",
                "author",
                name="one_standing_response",
                condition=~Q(stage__in=["declined", "withdrawn"]),
            )
        ]


def may_move(from_stage: str, to: ResponseStage) -> bool:
    """Whether the table of stages knows this step."""
    return to in MOVES[ResponseStage(from_stage)]


def names_of_family(family_id: UUID) -> list[str]:
    """Every name by which a family could be known. 2 queries."""
    members = FamilyMember.objects.there().filter(family_id=family_id).values_list("first_name", "last_name")
    families = Family.objects.filter(pk=family_id).values_list("name", flat=True)
    return [name for member in members for name in member] + list(families)
