"""The persons of a family, who holds legal authority, who is around them, and who is involved until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.kernel.actor import Actor, Role
from hendig.kernel.names import LONGEST, found_by, halves
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.sounds import sound
from hendig.kernel.walls import CONTENT, FAMILY, MEMBER, OF_FAMILY, Wall
from hendig.keys.models import SealedText
from hendig.people.models import Account

Row = TypeVar("Row", bound=models.Model)


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
    def update(self, **fields: Any) -> int:
        families = list(self.values_list("pk", flat=True))
        done = super().update(**fields)
        NamePart.objects.follow(FamilyMember.objects.filter(family_id__in=families))
        return done

    def visible_to(self, actor: Actor, *, at: datetime) -> FamilyQuerySet:
        """The families of which a record is open to the actor at the moment `at`; no role opens a family."""
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.has(Role.SYSTEM) else rows.filter(pk__in=opened("family_id", actor, at))


class OfFamilyQuerySet(RecordedQuerySet[Row]):
    """Rows about a family as a whole: seen by whoever has a record of that family open."""

    def visible_to(self, actor: Actor, *, at: datetime) -> OfFamilyQuerySet[Row]:
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.has(Role.SYSTEM) else rows.filter(family__in=opened("family_id", actor, at))

    def of(self, family: Family) -> OfFamilyQuerySet[Row]:
        return self.filter(family=family)


class OfRecordQuerySet(RecordedQuerySet[Row]):
    """Rows of a record: seen exactly when the compartment in which they lie is open."""

    def visible_to(self, actor: Actor, *, at: datetime) -> OfRecordQuerySet[Row]:
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        return rows.filter(compartment__in=opened("compartment_id", actor, at))

    def within(self, look: Looking) -> OfRecordQuerySet[Row]:
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
        },
    )

    name = models.CharField(max_length=80)
    neighbourhood = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()

    wall = FAMILY

    objects = FamilyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "families"

    def save(self, **options: Any) -> None:
        """Whoever is found by the name of the family is found by the new one at once."""
        begun = self._state.adding
        super().save(**options)
        if not begun:
            NamePart.objects.follow(self.members.all())


class MemberKind(models.TextChoices):
    CHILD = "child", _("kind")
    PARENT = "parent", _("ouder")
    FOSTER_PARENT = "foster_parent", _("pleegouder")
    GUARDIAN = "guardian", _("voogd")
    CONFIDANT = "confidant", _("vertrouwde volwassene")


class FamilyMemberQuerySet(OfFamilyQuerySet["FamilyMember"]):
    """However a member is written, it is found by its name."""

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

    def bulk_create(self, objs: Iterable[FamilyMember], *args: Any, **options: Any) -> list[FamilyMember]:
        members = super().bulk_create(objs, *args, **options)
        NamePart.objects.follow(members)
        return members

    def update(self, **fields: Any) -> int:
        members = list(self)
        done = super().update(**fields)
        NamePart.objects.follow(members)
        return done

    def bulk_update(self, objs: Iterable[FamilyMember], *args: Any, **options: Any) -> int:
        members = list(objs)
        done = super().bulk_update(members, *args, **options)
        NamePart.objects.follow(members)
        return done


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

    wall = MEMBER

    objects = FamilyMemberQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["municipality_id", "born_on"], name="member_by_birth")]
        constraints = [
            models.UniqueConstraint(
                "family", "account", name="member_once", condition=Q(account__isnull=False)
            ),
            models.CheckConstraint(
                condition=~Q(kind=MemberKind.CHILD) | Q(born_on__isnull=False), name="child_has_birth_date"
            ),
        ]

    def save(self, **options: Any) -> None:
        super().save(**options)
        NamePart.objects.follow([self])


class NamePartQuerySet(OfFamilyQuerySet["NamePart"]):
    def follow(self, members: Iterable[FamilyMember]) -> None:
        """The words by which these members are found are those of their names, and of their family's."""
        keys = [member.pk for member in members]
        people = FamilyMember.objects.filter(pk__in=keys).values_list(
            "pk", "municipality_id", "family_id", "first_name", "last_name", "family__name"
        )
        stands = self.filter(member_id__in=keys).values_list("member_id", "word", "own", "pk")
        has = {(member_id, word, own): pk for member_id, word, own, pk in stands}
        new = []
        for pk, municipality_id, family_id, first_name, last_name, of_family in people:
            own = set(found_by(first_name, last_name))
            for word in sorted(own | set(found_by("", of_family))):
                if has.pop((pk, word, word in own), None) is None:
                    head, tail = halves(word)
                    new.append(
                        NamePart(
                            municipality_id=municipality_id,
                            family_id=family_id,
                            member_id=pk,
                            own=word in own,
                            word=word,
                            sound=sound(word),
                            head=head,
                            tail=tail,
                        )
                    )
        if has:
            self.filter(pk__in=has.values()).delete()
        if new:
            self.bulk_create(new)


class NamePart(Recorded):
    """A word by which a member is found: as it is spelled, how it sounds, and its halves for a slip.

    Written by whatever writes a member or the name of a family, and never by hand.
    """

    privacy = Privacy(
        why="To find somebody whose name was only heard, or typed with a slip (Youth Act art. 2.3).",
        kept=RECORD_20_YEARS,
        goes="deleted with the member",
        fields={
            "own": "whether it is of somebody's own name or of the family's",
            "word": "a word of the name, without accents",
            "sound": "how that word sounds",
            "head": "the first half of the word",
            "tail": "the last half of the word",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="name_parts")
    own = models.BooleanField()
    # In the order of bytes, so that one index finds a word and how it begins.
    word = models.CharField(max_length=LONGEST, db_collation="C")
    sound = models.CharField(max_length=LONGEST, blank=True, db_collation="C")
    head = models.CharField(max_length=LONGEST, blank=True, db_collation="C")
    tail = models.CharField(max_length=LONGEST, blank=True, db_collation="C")

    wall = OF_FAMILY

    objects = NamePartQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["municipality_id", "word"], name="part_by_word"),
            models.Index(fields=["municipality_id", "sound"], name="part_by_sound"),
            models.Index(fields=["municipality_id", "head"], name="part_by_head", condition=~Q(head="")),
            models.Index(fields=["municipality_id", "tail"], name="part_by_tail", condition=~Q(tail="")),
            models.Index(fields=["family"], name="part_of_family"),
        ]


class SamePersonQuerySet(RecordedQuerySet["SamePerson"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> SamePersonQuerySet:
        """Links of which the actor may see both ends; one end tells nothing of the other."""
        seen = FamilyMember.objects.visible_to(actor, at=at).order_by().values("pk")
        return self.filter(municipality_id=actor.municipality_id, one__in=seen, other__in=seen)

    def standing(self) -> SamePersonQuerySet:
        return self.filter(ended_at=None)

    def between(self, one: UUID, other: UUID) -> SamePersonQuerySet:
        return self.filter(one_id=min(one, other), other_id=max(one, other))


class SamePerson(Recorded):
    """Two members are one and the same person, somebody who sees both found; until it proves not to be so.

    It is a link and nothing more: no row moves, so that it opens nothing to anybody, and after its end each
    record is what it was.
    """

    privacy = Privacy(
        why="To see that help in two families is about one person (Youth Act art. 2.3; GDPR art. 5.1 d).",
        kept=RECORD_20_YEARS,
        goes="deleted with the first of the two",
        fields={"reason": "why it is the same person, in a few words of the coach"},
    )

    one = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    other = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    wall = Wall(
        "Whoever sees both of them.",
        "one_id IN (SELECT id FROM families_familymember)"
        " AND other_id IN (SELECT id FROM families_familymember)",
    )

    objects = SamePersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "same persons"
        constraints = [
            models.UniqueConstraint("one", "other", name="same_once", condition=Q(ended_at=None)),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="same_in_one_order"),
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
    GUIDE = "guide", _("trajectbegeleider")
    SUPERVISOR = "supervisor", _("gezinsvoogd")
    GP = "gp", _("huisarts")
    REFERRER = "referrer", _("verwijzer")
    VOLUNTEER = "volunteer", _("vrijwilliger")
    EMERGENCY = "emergency", _("noodtoegang")
    COLLEAGUE = "colleague", _("collega die meedenkt over veiligheid")


# Who looks in one of these reads of the own family.
OWN_PARTS = frozenset({Part.FAMILY, Part.CONFIDANT})


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

    def told(self) -> InvolvementQuerySet:
        """Those that the family reads: what is for safety alone is not, nor an emergency that is held."""
        held = RawSQL("SELECT unnest(hendig_held())", [])  # noqa: S611 - our own words
        hidden = ~Q(part=Part.EMERGENCY) | Q(record__in=held)
        return self.exclude(hidden, purpose=Purpose.SAFETY)


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
    wall = OF_FAMILY.but(
        "For safety only whoever has that part open; an emergency the family too, unless it is held.",
        "purpose <> 'safety' OR record_id = ANY ((SELECT hendig_safe_records())::uuid[])"
        " OR part = 'emergency' AND record_id <> ALL ((SELECT hendig_held())::uuid[])",
    ).and_also("Somebody's own involvements, always.", "account_id = (SELECT hendig_who())")

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
    name = SealedText(max_length=60)
    relation = SealedText(max_length=60)
    distance = models.PositiveSmallIntegerField(default=2)
    bond = models.CharField(max_length=8, choices=Bond, default=Bond.WARM)
    gives = SealedText(max_length=120, blank=True)
    removed_at = models.DateTimeField(null=True)

    objects = TieQuerySet.as_manager()

    class Meta:
        ordering = ["distance", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(distance__gte=1, distance__lte=3), name="tie_distance_1_to_3")
        ]
