"""Expertise tents: who is asked, who may come, the meeting with its phases, and the page that remains."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import RecordedQuerySet
from hendig.families.models import (
    ABOUT_ONE,
    AboutSomebody,
    Family,
    FamilyMember,
    Involvement,
    OfRecord,
    OfRecordQuerySet,
    Part,
    Sort,
    learning,
    told_to,
)
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor, Role
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import LATER_PAGE, PAGE, SAID_AT_TABLE, WAY_TO_TABLE
from hendig.keys.models import SealedText
from hendig.people.models import Account, Expertise, Membership, Professional, ProfessionalExpertise
from hendig.tents.models.laid import Laid
from hendig.tents.models.recurring import MINUTES, RecurringTent

T = TypeVar("T", bound=models.Model)
Rows = TypeVar("Rows", bound=models.QuerySet[Any])
# Nothing that somebody is at takes longer: a bound by which an index finds what goes on at a moment.
LONGEST = timedelta(days=1)


class TentStage(models.TextChoices):
    CALLING = "calling", _("mensen vragen")
    PLANNED = "planned", _("afgesproken")
    MEETING = "meeting", _("in gesprek")
    CLOSED = "closed", _("afgerond")
    CANCELLED = "cancelled", _("gaat niet door")


MOVES: Mapping[TentStage, frozenset[TentStage]] = {
    TentStage.CALLING: frozenset({TentStage.PLANNED, TentStage.CANCELLED}),
    TentStage.PLANNED: frozenset({TentStage.MEETING, TentStage.CALLING, TentStage.CANCELLED}),
    # Back while nothing lies on the table: who began by accident, or too soon, undoes it.
    TentStage.MEETING: frozenset({TentStage.CLOSED, TentStage.PLANNED, TentStage.CALLING}),
    TentStage.CLOSED: frozenset(),
    TentStage.CANCELLED: frozenset(),
}


class Phase(models.TextChoices):
    """Where the conversation is; directions come only after understanding."""

    ARRIVE = "arrive", _("aankomen")
    LISTEN = "listen", _("luisteren")
    UNDERSTAND = "understand", _("begrijpen")
    GOES_WELL = "goes_well", _("wat gaat goed")
    DIRECTIONS = "directions", _("richtingen")
    AGREE = "agree", _("afspreken")
    LOOK_BACK = "look_back", _("terugkijken")


AHEAD = (TentStage.CALLING, TentStage.PLANNED, TentStage.MEETING)

# Whose part opens every tent of the family; a guest or a professional sees only tents they were welcome at.
OWN_TABLE = (Part.FAMILY, Part.CONFIDANT, Part.COACH)


def _over(tent: str) -> ExpressionWrapper[Any]:
    """When a tent is over, as the database counts it."""
    lasts = Func(
        F(f"{tent}minutes"),
        template="make_interval(mins => %(expressions)s)",
        output_field=models.DurationField(),
    )
    return ExpressionWrapper(F(f"{tent}starts_at") + lasts, output_field=models.DateTimeField())


def at_that_time(rows: Rows, first: datetime, last: datetime) -> Rows:
    """Of what begins at a moment and takes so many minutes: what goes on then; not what comes right after."""
    near = rows.filter(starts_at__lt=last, starts_at__gt=first - LONGEST)
    return near.annotate(over_at=_over("")).filter(over_at__gt=first)


class TentQuerySet(OfRecordQuerySet["Tent"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> TentQuerySet:
        """The tents of records that are open to the actor; a guest sees those with an own welcome.

        Who only learns beside somebody sees none.
        """
        rows = super().visible_to(actor, at=at)
        if actor.has(Role.TRAINEE):
            rows = rows.exclude(compartment__in=learning(actor, at))
        if actor.professional_id is None or actor.has(Role.SYSTEM):
            return rows
        own = Involvement.objects.standing(at).filter(
            account_id=actor.account_id, part__in=OWN_TABLE, family=OuterRef("family_id")
        )
        welcome = Seat.objects.filter(
            tent=OuterRef("pk"), professional_id=actor.professional_id, stage=SeatStage.WELCOME
        )
        return rows.filter(Exists(own) | Exists(welcome))

    def going_on(self, first: datetime, last: datetime) -> TentQuerySet:
        """Those not off that go on at any moment from the first to the last; not one right after it."""
        return at_that_time(self.filter(stage__in=AHEAD), first, last)


class OfTentQuerySet(RecordedQuerySet[T]):
    """Rows of a tent: seen by whoever sees the tent."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        return self.filter(
            municipality_id=actor.municipality_id, tent__in=Tent.objects.visible_to(actor, at=at)
        )


class Tent(OfRecord):
    """One meeting of a family with people of different expertise."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To meet the family with people of the right expertise (task; who comes: the family's consent).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "place": "where the meeting is, perhaps somebody's home",
            "video_link": "the way into the call",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="tents")
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="tents")
    called_by = models.ForeignKey(Account, models.PROTECT, related_name="tents_called")
    chair = models.ForeignKey(Account, models.PROTECT, null=True, related_name="tents_chaired")
    starts_at = models.DateTimeField()
    # The database knows these too: a process of before an upgrade writes on while that runs.
    minutes = models.PositiveSmallIntegerField(default=MINUTES, db_default=MINUTES)
    place = SealedText(max_length=120, blank=True)
    video_link = SealedText(max_length=200, blank=True)
    # In a slot of a tent that comes back, where that building is no secret; else at a moment of its own.
    recurring = models.ForeignKey(RecurringTent, models.PROTECT, null=True, related_name="tents")
    # How often the moment changed since it was told: calendars take the newest.
    edition = models.PositiveSmallIntegerField(default=0, db_default=0)
    reminded_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=10, choices=TentStage, default=TentStage.CALLING)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.ARRIVE)
    called_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    sort = Sort.TENT
    wall = WAY_TO_TABLE

    objects = TentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["family", "-id"], name="tents_of_family")]
        constraints = [
            models.UniqueConstraint("request", name="one_tent_at_a_time", condition=Q(stage__in=AHEAD)),
            models.UniqueConstraint(
                "recurring", "starts_at", name="a_slot_is_given_once", condition=~Q(stage="cancelled")
            ),
            models.CheckConstraint(condition=~Q(place="") | ~Q(video_link=""), name="tent_is_somewhere"),
            models.CheckConstraint(
                condition=~Q(stage="closed") | Q(closed_at__isnull=False), name="closed_tent_has_moment"
            ),
        ]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class SeatStage(models.TextChoices):
    ASKED = "asked", _("gevraagd")
    FREE = "free", _("kan komen")
    BUSY = "busy", _("kan niet")
    WELCOME = "welcome", _("welkom")
    REFUSED = "refused", _("liever niet")


SEAT_MOVES: Mapping[SeatStage, frozenset[SeatStage]] = {
    SeatStage.ASKED: frozenset({SeatStage.FREE, SeatStage.BUSY, SeatStage.REFUSED}),
    SeatStage.FREE: frozenset({SeatStage.WELCOME, SeatStage.REFUSED, SeatStage.BUSY}),
    SeatStage.BUSY: frozenset({SeatStage.FREE}),
    SeatStage.WELCOME: frozenset({SeatStage.REFUSED, SeatStage.BUSY}),
    SeatStage.REFUSED: frozenset({SeatStage.WELCOME}),
}


class SeatQuerySet(RecordedQuerySet["Seat"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> SeatQuerySet:
        """The asked professional sees the own seat; whoever sees the tent sees all of them."""
        rows = self.filter(municipality_id=actor.municipality_id)
        seen = Q(tent__in=Tent.objects.visible_to(actor, at=at))
        if actor.professional_id is None:
            return rows.filter(seen)
        return rows.filter(seen | Q(professional_id=actor.professional_id))

    def with_clashes(self) -> SeatQuerySet:
        """With how many tents and appointments the person has while it goes on: a number, this one too."""
        return self.annotate(
            around=Func(
                F("professional_id"),
                F("tent__starts_at"),
                _over("tent__"),
                function="hendig_held_then",
                output_field=models.IntegerField(),
            )
        )


class Seat(OfRecord):
    """One expertise at the tent and the professional who is asked for it; the family decides who is welcome.

    Only `WELCOME` makes somebody a guest who may see the family's question with names.
    """

    privacy: ClassVar[Privacy] = Privacy(
        why="To ask professionals by expertise, and to keep whom the family made welcome or not (consent).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    tent = models.ForeignKey(Tent, models.PROTECT, related_name="seats")
    expertise = models.ForeignKey(Expertise, models.PROTECT, related_name="+")
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="seats")
    stage = models.CharField(max_length=8, choices=SeatStage, default=SeatStage.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    under = "tent"
    sort = Sort.TENT
    wall = WAY_TO_TABLE

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("tent", "professional", name="one_seat_per_professional")]
        indexes = [models.Index(fields=["professional", "stage"], name="seats_of_professional")]


# How far ahead "the coming weeks" look when the system proposes who to ask.
COMING_WEEKS = timedelta(weeks=4)
HELD = (SeatStage.ASKED, SeatStage.FREE, SeatStage.WELCOME)


def able(
    actor: Actor, *, on: date, expertise_ids: Collection[UUID]
) -> models.QuerySet[ProfessionalExpertise]:
    """Who works here with which of these expertises."""
    working = Membership.objects.standing(on).filter(
        account=OuterRef("professional__account"), role=Role.PROFESSIONAL
    )
    return ProfessionalExpertise.objects.filter(
        Exists(working),
        municipality_id=actor.municipality_id,
        professional__account__is_active=True,
        expertise__in=expertise_ids,
    ).order_by("id")


class PieceKind(models.TextChoices):
    QUESTION = "question", _("de vraag")
    FACTOR = "factor", _("wat speelt er")
    GOES_WELL = "goes_well", _("wat gaat goed")
    TRIED = "tried", _("wat is geprobeerd")
    DIRECTION = "direction", _("richting")
    AGREEMENT = "agreement", _("afspraak")


class Outcome(models.TextChoices):
    """What came of something that was tried."""

    HELPED = "helped", _("dat hielp")
    PARTLY = "partly", _("dat hielp een beetje")
    NOT = "not", _("dat hielp niet")


class Circle(models.TextChoices):
    """Where a direction looks for help: own circle first, then neighbours, then professionals."""

    OWN = "own", _("eigen kring")
    COMMUNITY = "community", _("buurt")
    PROFESSIONAL = "professional", _("beroepskracht")


class Became(models.TextChoices):
    """What was made of a direction."""

    TASK = "task", _("een taak")
    GOAL = "goal", _("een doel")
    QUESTION = "question", _("een vraag aan de buurt")
    TALK = "talk", _("een matchgesprek")


class PieceQuerySet(OfTentQuerySet["Piece"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """What lies on the tables that the actor sees, as far as it is told to the actor."""
        return super().visible_to(actor, at=at).filter(told_to(actor, at))


class Piece(AboutSomebody, Laid):
    """Something that was said at the table and written down for all to see, with whose voice it is."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To understand together what plays a part, and what could help (Youth Act task).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "text": "what somebody said at the table",
            "voice": "the first name of who said it, with their role where two share it",
            "who": "who could do it",
            "result": "what for",
            "by_on": "by when",
            "moved_before": "where in the drawing it lay before, and who laid it elsewhere when",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    tent = models.ForeignKey(Tent, models.PROTECT, related_name="pieces")
    kind = models.CharField(max_length=10, choices=PieceKind)
    text = SealedText(max_length=500)
    circle = models.CharField(max_length=12, choices=Circle, blank=True)
    # Of a direction and of an agreement: who, for what result, by when; and what was made of a direction.
    who = SealedText(max_length=80, blank=True, default="", db_default="")
    result = SealedText(max_length=200, blank=True, default="", db_default="")
    by_on = models.DateField(null=True)
    became = models.CharField(max_length=8, choices=Became, blank=True, default="", db_default="")
    became_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True, default="", db_default="")
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    voice = SealedText(max_length=60)
    # The member of the family or else the account whose voice it is; of before this was kept, nobody.
    speaker_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    # Nobody took away what its writer undid.
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    under = "tent"
    sort = Sort.TENT
    wall = SAID_AT_TABLE

    objects = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["tent", "id"], name="pieces_of_tent")]
        constraints = [models.CheckConstraint(condition=ABOUT_ONE, name="piece_about_one")]


class PageStage(models.TextChoices):
    DRAFT = "draft", _("concept")
    AGREED = "agreed", _("akkoord")


AGREED = Q(stage="draft") | Q(agreed_at__isnull=False, agreed_by__isnull=False)


class PageText(OfRecord):
    """What stands on a page that remains, and whether the family agreed to it."""

    question = SealedText()
    understanding = SealedText(blank=True)
    goes_well = SealedText(blank=True)
    agreements = SealedText(blank=True)
    people = SealedText(blank=True)
    # As it stood there when it was agreed to; of a page agreed before this was kept, nothing.
    drawing = SealedText(blank=True, default="", db_default="")
    until_on = models.DateField(null=True)
    edition = models.PositiveSmallIntegerField(default=1)
    stage = models.CharField(max_length=8, choices=PageStage, default=PageStage.DRAFT)
    drafted_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")

    # Which version of the page it is; a later one keeps its own number.
    @property
    def version(self) -> int:
        return getattr(self, "number", 1)

    class Meta:
        abstract = True


PARTS_OF_PAGE = {
    "question": "the family's question in its own words",
    "understanding": "what the table understood",
    "goes_well": "what goes well in the family",
    "agreements": "who does what",
    "people": "the names of who sat at the table",
    "drawing": "how it hangs together, as it stood there when it was agreed to",
}


class Page(PageText):
    """The one page that remains: drafted from what was said, amended by the family, agreed, then frozen."""

    privacy: ClassVar[Privacy] = Privacy(
        why="The one page that the family takes home and that help starts from (Youth Act art. 7.3.8).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields=PARTS_OF_PAGE,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="pages")
    tent = models.OneToOneField(Tent, models.PROTECT, related_name="page")

    under = "tent"
    sort = Sort.TENT
    wall = PAGE

    objects = OfTentQuerySet["Page"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=AGREED, name="agreed_page_says_by_whom")]


class LaterPage(PageText):
    """A later version of it: made from one that was agreed, amended, agreed and frozen in its turn.

    A row of its own, for what was agreed is never altered and stays readable.
    """

    privacy: ClassVar[Privacy] = Privacy(
        why="To keep the page true when something changes, and what was agreed before beside it.",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields=PARTS_OF_PAGE,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    tent = models.ForeignKey(Tent, models.PROTECT, related_name="later_pages")
    # The first is the page itself.
    number = models.PositiveSmallIntegerField()

    under = "tent"
    sort = Sort.TENT
    wall = LATER_PAGE

    objects = OfTentQuerySet["LaterPage"].as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=AGREED, name="agreed_later_page_says_by_whom"),
            models.UniqueConstraint("tent", "number", name="later_page_version_once"),
            models.UniqueConstraint("tent", name="one_later_page_in_the_making", condition=Q(stage="draft")),
        ]
