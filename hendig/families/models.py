"""The persons of a family, who holds legal authority, who is around them, and who is involved until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.kernel.actor import Actor, Role
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import CONTENT, FAMILY, MEMBER, OF_FAMILY
from hendig.people.models import Account

F = TypeVar("F", bound=models.Model)

# Names are found without their accents; done by the database, so that no way of writing a row can forget it.
_ACCENTED = (
    "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿčćđğłńřśšťůžąęőűżźışŞțȚÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝČĆĐĞŁŃŘŚŠŤŮŽĄĘŐŰŻŹİ"
)
_PLAIN = "aaaaaaceeeeiiiinoooooouuuuyyccdglnrsstuzaeouzzisStTAAAAAACEEEEIIIINOOOOOOUUUUYCCDGLNRSSTUZAEOUZZI"
_FOLDED = str.maketrans(_ACCENTED, _PLAIN)


def _names(*fields: str) -> models.GeneratedField:
    """The words of these fields, indexed for search by how a word begins."""
    plain = (Func(field, Value(_ACCENTED), Value(_PLAIN), function="translate") for field in fields)
    return models.GeneratedField(
        expression=SearchVector(*plain, config="simple"), output_field=SearchVectorField(), db_persist=True
    )


def named(typed: str) -> SearchQuery | None:
    """What was typed as a search for words that begin so; None when it holds no letter."""
    letters = "".join(c if c.isalnum() else " " for c in typed.translate(_FOLDED)).split()
    words = " & ".join(f"{word}:*" for word in letters[:5])
    return SearchQuery(words, search_type="raw", config="simple") if words else None


def opened(what: str, actor: Actor, at: datetime, *, parts: Iterable[str] = ()) -> RawSQL:
    """The compartments, records or families that the rules of the gate open for the actor at that moment.

    The first wall: `hendig_open` is the rule table of `families/rules/gate.py` as one function of PostgreSQL.
    With `parts` only what is open in one of these.
    """
    words, values = f"SELECT {what} FROM hendig_open(%s, %s)", [actor.account_id, at]  # noqa: S608 - our own words
    if parts:
        return RawSQL(f"{words} WHERE part = ANY (%s)", [*values, list(parts)])  # noqa: S611
    return RawSQL(words, values)  # noqa: S611


class FamilyQuerySet(RecordedQuerySet["Family"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> FamilyQuerySet:
        """The families of which a record is open to the actor at the moment `at`; no role opens a family."""
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.has(Role.SYSTEM) else rows.filter(pk__in=opened("family_id", actor, at))


class OfFamilyQuerySet(RecordedQuerySet[F]):
    """Rows about a family as a whole: seen by whoever has a record of that family open."""

    def visible_to(self, actor: Actor, *, at: datetime) -> OfFamilyQuerySet[F]:
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.has(Role.SYSTEM) else rows.filter(family__in=opened("family_id", actor, at))

    def of(self, family: Family) -> OfFamilyQuerySet[F]:
        return self.filter(family=family)


class OfRecordQuerySet(RecordedQuerySet[F]):
    """Rows of a record: seen exactly when the compartment in which they lie is open."""

    def visible_to(self, actor: Actor, *, at: datetime) -> OfRecordQuerySet[F]:
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        return rows.filter(compartment__in=opened("compartment_id", actor, at))

    def within(self, look: Looking) -> OfRecordQuerySet[F]:
        """What this look may show: the compartments that were opened for it."""
        return self.filter(compartment__in=look.compartments)


class Looking(Protocol):
    """What a query asks of a look (`audit.actions.Viewing`): the compartments that it opened."""

    @property
    def compartments(self) -> frozenset[UUID]: ...

    @property
    def family_id(self) -> UUID: ...


class Family(Recorded):
    """The unit of one plan: a child or children and those who raise them."""

    privacy = Privacy(
        why="To hold together the persons of one plan (Youth Act art. 2.3).",
        kept=RECORD_20_YEARS,
        goes="deleted when the last record of its children goes",
        fields={
            "name": "what the family is called",
            "neighbourhood": "the part of the town where they live, never an address",
            "sought": "the same name, made ready for search",
        },
    )

    name = models.CharField(max_length=80)
    neighbourhood = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    sought = _names("name")

    wall = FAMILY

    objects = FamilyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "families"
        indexes = [GinIndex(fields=["sought"], name="family_by_name")]


class MemberKind(models.TextChoices):
    CHILD = "child", _("kind")
    PARENT = "parent", _("ouder")
    FOSTER_PARENT = "foster_parent", _("pleegouder")
    GUARDIAN = "guardian", _("voogd")
    CONFIDANT = "confidant", _("vertrouwde volwassene")


class FamilyMemberQuerySet(OfFamilyQuerySet["FamilyMember"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> FamilyMemberQuerySet:
        """The persons of an open family; who is known to one parent's side only, to that side only."""
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        known = Q(compartment=None) | Q(compartment__in=opened("compartment_id", actor, at))
        return rows.filter(known, family__in=opened("family_id", actor, at))

    def within(self, look: Looking) -> FamilyMemberQuerySet:
        """The persons of the family whom this look may show."""
        known = Q(compartment=None) | Q(compartment__in=look.compartments)
        return self.filter(known, family_id=look.family_id)


class FamilyMember(Recorded):
    """A person of a family; signs in with `account` when there is one."""

    privacy = Privacy(
        why="To know whom the question is about, and who may decide by age (Youth Act art. 2.3 and 7.3.4).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "first_name": "what somebody is called",
            "last_name": "the family name",
            "born_on": "the birth date, by which the law says who decides",
            "sought": "the same names, made ready for search",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="members")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="family_members")
    kind = models.CharField(max_length=14, choices=MemberKind)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=80, blank=True)
    born_on = models.DateField(null=True)
    # Somebody whom not everyone around the child may know of: the new partner of one parent.
    compartment = models.ForeignKey("Compartment", models.PROTECT, null=True, related_name="+")
    sought = _names("first_name", "last_name")

    wall = MEMBER

    objects = FamilyMemberQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [GinIndex(fields=["sought"], name="member_by_name")]
        constraints = [
            models.UniqueConstraint(
                "family", "account", name="member_once", condition=Q(account__isnull=False)
            ),
            models.CheckConstraint(
                condition=~Q(kind=MemberKind.CHILD) | Q(born_on__isnull=False), name="child_has_birth_date"
            ),
        ]


class Record(Recorded):
    """What is kept about one child. Until the first talk it may not be known yet which child that is."""

    privacy = Privacy(
        why="To keep apart what is about one child from what is about another (Youth Act art. 7.3.8).",
        kept=RECORD_20_YEARS,
        goes="deleted when its keys are destroyed and nothing must be kept",
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="records")
    child = models.OneToOneField(FamilyMember, models.PROTECT, null=True, related_name="record")
    begun_at = models.DateTimeField()
    # Child or parent died: the family's own view stops until somebody decides who may see what.
    frozen_at = models.DateTimeField(null=True)

    wall = OF_FAMILY

    objects = OfFamilyQuerySet["Record"].as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["family"], name="records_of_family")]


class CompartmentKind(models.TextChoices):
    """The parts of a record, each opened on its own; a fixed list."""

    SHARED = "shared", _("wat we samen weten")
    CHILD = "child", _("van het kind zelf")
    PARENT = "parent", _("van deze ouder zelf")
    SAFETY = "safety", _("veiligheid")
    GP = "gp", _("van de huisarts")
    ADDRESS = "address", _("waar iemand woont")
    INFORMANT = "informant", _("wie iets meldde")
    OWN_NOTE = "own_note", _("eigen werkaantekening")
    FINANCE = "finance", _("uren en bedragen")


class Compartment(Recorded):
    """One part of one record. Every row of a record lies in one, and is seen exactly when that is open."""

    privacy = Privacy(
        why="To open no more of a record than somebody's part in it asks (GDPR art. 5.1 c and 25).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="compartments")
    kind = models.CharField(max_length=10, choices=CompartmentKind)
    # Of `parent` there is one for each parent, of `own_note` one for each who keeps notes.
    person = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    wall = OF_FAMILY

    objects = OfFamilyQuerySet["Compartment"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "record", "kind", "person", "author", name="compartment_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(kind=CompartmentKind.PARENT, person__isnull=False)
                | ~Q(kind=CompartmentKind.PARENT) & Q(person=None),
                name="compartment_of_a_parent",
            ),
            models.CheckConstraint(
                condition=Q(kind=CompartmentKind.OWN_NOTE, author__isnull=False)
                | ~Q(kind=CompartmentKind.OWN_NOTE) & Q(author=None),
                name="compartment_of_an_author",
            ),
        ]


class OfRecord(Recorded):
    """A row of a record. It lies in the compartment of what it hangs under, unless it is told another."""

    # The name of the field of the row above, which has a compartment itself.
    under = "request"

    compartment = models.ForeignKey(Compartment, models.PROTECT, related_name="+")

    wall = CONTENT

    class Meta:
        abstract = True

    def fill(self, actor: Actor) -> None:
        super().fill(actor)
        if self.compartment_id is None:
            self.compartment_id = getattr(self, self.under).compartment_id


class Source(models.TextChoices):
    DECLARED = "declared", _("zelf verteld")
    REGISTER = "register", _("gezagsregister")
    COURT = "court", _("uitspraak van de rechter")


class LegalAuthorityQuerySet(OfFamilyQuerySet["LegalAuthority"]):
    def standing(self, on: date) -> LegalAuthorityQuerySet:
        """Authority that holds on the day `on`; a declared one that nobody checked lapses after 14 days."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=on), from_on__lte=on).filter(
            ~Q(source=Source.DECLARED) | Q(checked_on__isnull=False) | Q(lapses_on__gt=on)
        )


class LegalAuthority(Recorded):
    """An adult decides for a child (gezag): a fact of its own, with its source and dates."""

    privacy = Privacy(
        why="To ask the yes of those who decide for a child (Youth Act art. 7.3.4, Civil Code 1:245).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="authorities")
    child = models.ForeignKey(FamilyMember, models.PROTECT, related_name="authority_over")
    holder = models.ForeignKey(FamilyMember, models.PROTECT, related_name="authority_of")
    source = models.CharField(max_length=10, choices=Source)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    lapses_on = models.DateField(null=True)
    checked_on = models.DateField(null=True)

    wall = OF_FAMILY

    objects = LegalAuthorityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "legal authorities"
        constraints = [
            models.UniqueConstraint(
                "child", "holder", name="authority_once", condition=Q(until_on__isnull=True)
            )
        ]


class Part(models.TextChoices):
    """In what part somebody is involved; the part, never the role, opens the record."""

    FAMILY = "family", _("gezin")
    CONFIDANT = "confidant", _("vertrouwde volwassene")
    COACH = "coach", _("gezinscoach")
    GUEST = "guest", _("gast van de tent")
    PROFESSIONAL = "professional", _("beroepskracht door een match")
    DECIDER = "decider", _("wie over een aanvraag beslist")
    GUIDE = "guide", _("trajectbegeleider")
    SUPERVISOR = "supervisor", _("gezinsvoogd")
    GP = "gp", _("huisarts")
    REFERRER = "referrer", _("verwijzer")
    VOLUNTEER = "volunteer", _("vrijwilliger")
    EMERGENCY = "emergency", _("noodtoegang")


class Ground(models.TextChoices):
    OWN = "own", _("het gaat over u zelf")
    AUTHORITY = "authority", _("deze ouder heeft gezag")
    YOUTH_ACT = "youth_act", _("taak van de gemeente (Jeugdwet)")
    CONSENT = "consent", _("u gaf toestemming")
    MATCH = "match", _("u koos samen voor deze hulp")
    COURT = "court", _("de rechter besliste dit")
    DUTY = "duty", _("plicht om te melden")
    VITAL = "vital", _("er was direct gevaar")


class Purpose(models.TextChoices):
    """What somebody is involved for; what is kept for one purpose is not used for another."""

    HELP = "help", _("helpen")
    SAFETY = "safety", _("veiligheid")
    ACCESS = "access", _("besluiten over toegang tot hulp")


class InvolvementQuerySet(OfFamilyQuerySet["Involvement"]):
    def standing(self, at: datetime) -> InvolvementQuerySet:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)


class Involvement(Recorded):
    """Somebody is involved with a record in a part, for one purpose, on one ground, from a moment until a
    moment, and for named compartments: this opens them, and this the family reads under "wie mag wat".
    """

    privacy = Privacy(
        why="To open the record for who needs it, and show the family who that is (GDPR art. 5.1 b, 25).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"kinds": "which compartments it is for"},
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="involvements")
    record = models.ForeignKey(Record, models.PROTECT, related_name="involvements")
    account = models.ForeignKey(Account, models.PROTECT, related_name="involvements")
    # Which person of the family this is; of a professional, whose own compartment is meant.
    member = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    part = models.CharField(max_length=14, choices=Part)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.HELP)
    ground = models.CharField(max_length=10, choices=Ground)
    kinds = ArrayField(models.CharField(max_length=10, choices=CompartmentKind))
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    # A coach who takes up a question is not involved yet; nor is who opens a record in an emergency.
    wall = OF_FAMILY.and_also("Somebody's own involvements, always.", "account_id = (SELECT hendig_who())")

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "record"], name="involvement_of_account"),
            models.Index(fields=["municipality_id", "family"], name="involvement_of_family"),
        ]


class ConsentQuerySet(OfFamilyQuerySet["Consent"]):
    def standing(self, at: datetime) -> ConsentQuerySet:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)


class Consent(Recorded):
    """One person of the family says yes or no to somebody seeing along; who must say so follows from age.

    A yes opens nothing by itself: it is the ground under an involvement. A later answer ends the earlier one.
    """

    privacy = Privacy(
        why="To share only with whom the family wants (GDPR art. 6.1 a and 7, Youth Act art. 7.3.11).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"yes": "whether it is a yes"},
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="consents")
    giver = models.ForeignKey(FamilyMember, models.PROTECT, related_name="consents")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    yes = models.BooleanField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    wall = OF_FAMILY

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "record", "giver", "account", name="one_consent_at_a_time", condition=Q(until_at=None)
            )
        ]


class BlockQuerySet(OfFamilyQuerySet["Block"]):
    def standing(self, at: datetime) -> BlockQuerySet:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)


class Block(Recorded):
    """This person may not see these compartments of the record, whatever else says yes."""

    privacy = Privacy(
        why="To keep somebody out for the safety or the wish of the family (GDPR art. 18, Youth Act 7.3.11).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"kinds": "which compartments; none named means all"},
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="blocks")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    kinds = ArrayField(models.CharField(max_length=10, choices=CompartmentKind), default=list)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    wall = OF_FAMILY

    objects = BlockQuerySet.as_manager()


class Bond(models.TextChoices):
    """How the contact is, as the drawing shows it."""

    WARM = "warm", _("goed")
    THIN = "thin", _("weinig contact")
    STRAINED = "strained", _("lastig")


class TieQuerySet(OfRecordQuerySet["Tie"]):
    def present(self) -> TieQuerySet:
        return self.filter(removed_at=None)


class Tie(OfRecord):
    """Somebody in the own circle (ecogram): who, how near, how the contact is, and what they give."""

    privacy = Privacy(
        why="To see who is around before professionals are asked (Youth Act art. 2.1; the family's consent).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "name": "the first name of somebody in the own circle, who may not know it is here",
            "relation": "who that is to the family",
            "distance": "how near they are, from 1 to 3",
            "gives": "what they give, in the family's words",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="ties")
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=60)
    distance = models.PositiveSmallIntegerField(default=2)
    bond = models.CharField(max_length=8, choices=Bond, default=Bond.WARM)
    gives = models.CharField(max_length=120, blank=True)
    removed_at = models.DateTimeField(null=True)

    objects = TieQuerySet.as_manager()

    class Meta:
        ordering = ["distance", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(distance__gte=1, distance__lte=3), name="tie_distance_1_to_3")
        ]
