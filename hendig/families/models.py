"""The persons of a family, who holds legal authority, who is around them, and who is involved until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.kernel.actor import Actor, Role
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
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


class FamilyQuerySet(RecordedQuerySet["Family"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> FamilyQuerySet:
        """The families in which the actor is involved at the moment `at`; no role opens a family."""
        return self.filter(_involved(actor, at, family=OuterRef("pk")), municipality_id=actor.municipality_id)


class OfFamilyQuerySet(RecordedQuerySet[F]):
    """Rows that belong to a family: seen by whoever is involved with that family."""

    def visible_to(self, actor: Actor, *, at: datetime) -> OfFamilyQuerySet[F]:
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        return rows.filter(_involved(actor, at, family=OuterRef("family_id")))

    def of(self, family: Family) -> OfFamilyQuerySet[F]:
        return self.filter(family=family)


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
    sought = _names("first_name", "last_name")

    objects = OfFamilyQuerySet["FamilyMember"].as_manager()

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
    REFERRER = "referrer", _("verwijzer")


class Ground(models.TextChoices):
    OWN = "own", _("het gaat over u zelf")
    YOUTH_ACT = "youth_act", _("taak van de gemeente (Jeugdwet)")
    CONSENT = "consent", _("u gaf toestemming")
    MATCH = "match", _("u koos samen voor deze hulp")


class InvolvementQuerySet(OfFamilyQuerySet["Involvement"]):
    def standing(self, at: datetime) -> InvolvementQuerySet:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)


class Involvement(Recorded):
    """Somebody is involved with a family in a part, on a ground, from a moment until a moment.

    This is what opens the record, and what the family reads under "wie is erbij".
    """

    privacy = Privacy(
        why="To open the record for who needs it, and show the family who that is (GDPR art. 5.1 b, 25).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="involvements")
    account = models.ForeignKey(Account, models.PROTECT, related_name="involvements")
    part = models.CharField(max_length=14, choices=Part)
    ground = models.CharField(max_length=10, choices=Ground)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["municipality_id", "account", "family"], name="involvement_of_account"),
            models.Index(fields=["municipality_id", "family"], name="involvement_of_family"),
        ]


class Bond(models.TextChoices):
    """How the contact is, as the drawing shows it."""

    WARM = "warm", _("goed")
    THIN = "thin", _("weinig contact")
    STRAINED = "strained", _("lastig")


class TieQuerySet(OfFamilyQuerySet["Tie"]):
    def present(self) -> TieQuerySet:
        return self.filter(removed_at=None)


class Tie(Recorded):
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


def _involved(actor: Actor, at: datetime, *, family: OuterRef) -> Exists:
    return Exists(Involvement.objects.standing(at).filter(account_id=actor.account_id, family=family))
