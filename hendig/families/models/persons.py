"""A family and its persons, and the words by which they are found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import LockedText, Recorded, RecordedQuerySet
from hendig.audit.models.composed import Looking
from hendig.families.models.filters import OfFamilyQuerySet, opened
from hendig.kernel.actor import Actor, Role
from hendig.kernel.names import LONGEST, found_by, halves
from hendig.kernel.privacy import EMPTIED, RECORD_20_YEARS, Privacy
from hendig.kernel.sounds import sound
from hendig.kernel.walls import FAMILY, MEMBER, OF_KNOWN, Wall
from hendig.people.models import Account


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


class Family(Recorded):
    """The unit of one plan: a child or children and those who raise them."""

    privacy = Privacy(
        why="To hold together the persons of one plan (Youth Act art. 2.3).",
        kept=RECORD_20_YEARS,
        goes="emptied when the last record of its children is destroyed",
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
            NamePart.objects.follow(self.members.there())


class MemberKind(models.TextChoices):
    CHILD = "child", _("kind")
    PARENT = "parent", _("ouder")
    FOSTER_PARENT = "foster_parent", _("pleegouder")
    GUARDIAN = "guardian", _("voogd")
    CONFIDANT = "confidant", _("vertrouwde volwassene")


def known_to(actor: Actor, at: datetime, *, of: str = "") -> Q:
    """Whom everyone around the child may know of, who is known to the side that is open to the actor, and the
    child of a record of which a part is open.
    """
    own, records = opened("compartment_id", actor, at), opened("record_id", actor, at)
    to_all = Q(**{f"{of}compartment": None})
    return to_all | Q(**{f"{of}compartment__in": own}) | Q(**{f"{of}record__in": records})


class FamilyMemberQuerySet(OfFamilyQuerySet["FamilyMember"]):
    """However a member is written, it is found by its name."""

    def visible_to(self, actor: Actor, *, at: datetime) -> FamilyMemberQuerySet:
        """The persons of an open family; who is known to one parent's side only, to that side only."""
        rows = self.there().filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        return rows.filter(known_to(actor, at), family__in=opened("family_id", actor, at))

    def unknown_to(self, actor: Actor, at: datetime) -> FamilyMemberQuerySet:
        """Who belongs to a side that is shut to the actor: they find no row that says of whom it is."""
        return self.exclude(known_to(actor, at)).exclude(account_id=actor.account_id)

    def there(self) -> FamilyMemberQuerySet:
        """Not those who went with a record that was destroyed: nothing is known of them any more."""
        return self.filter(gone_at=None)

    def at_table(self, compartment_id: UUID) -> FamilyMemberQuerySet:
        """Who is known to everyone who meets about a child: that child too, else nobody of one side alone."""
        child = FamilyMember.objects.filter(record__compartments=compartment_id).order_by().values("pk")
        return self.there().filter(Q(compartment=None) | Q(pk__in=child))

    def within(self, look: Looking) -> FamilyMemberQuerySet:
        """The persons of the family whom this look may show."""
        known = (
            Q(compartment=None)
            | Q(compartment__one_of=look.compartments)
            | Q(record__pk__one_of=look.records)
        )
        return self.there().filter(known, family_id=look.family_id)

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
        goes=EMPTIED,
        fields={
            "first_name": "what somebody is called",
            "last_name": "the family name",
            "born_on": "the birth date, by which the law says who decides",
            "asked_email": "the address that one of the family gave for a youth, until the coach confirms it",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="members")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="family_members")
    kind = models.CharField(max_length=14, choices=MemberKind)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=80, blank=True)
    born_on = models.DateField(null=True)
    # Of a youth: the address that one of the family gave; and who gave what the youth signs in with.
    asked_email = LockedText(max_length=254, blank=True)
    address_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    address_at = models.DateTimeField(null=True)
    # When the letter was sent by which this person signs in; nobody invited who came by itself.
    invited_at = models.DateTimeField(null=True)
    # Somebody who belongs to the side of one parent alone, and lies in what is of that parent: a new partner.
    compartment = models.ForeignKey("Compartment", models.PROTECT, null=True, related_name="+")
    # The last record by which this person was known here was destroyed.
    gone_at = models.DateTimeField(null=True)

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
                condition=~Q(kind=MemberKind.CHILD) | Q(born_on__isnull=False) | Q(gone_at__isnull=False),
                name="child_has_birth_date",
            ),
            models.CheckConstraint(
                condition=Q(gone_at=None)
                | Q(first_name="", last_name="", asked_email="", born_on=None, account=None),
                name="of_who_is_gone_nothing_is_known",
            ),
        ]

    def save(self, **options: Any) -> None:
        super().save(**options)
        NamePart.objects.follow([self])


class NamePartQuerySet(OfFamilyQuerySet["NamePart"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> NamePartQuerySet:
        """The words of those of an open family whom the actor may know of."""
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        return rows.filter(known_to(actor, at, of="member__"), family__in=opened("family_id", actor, at))

    def of_open_families(self, actor: Actor, *, at: datetime) -> NamePartQuerySet:
        """The words of an open family: what is found by them is looked up among whom the actor may see."""
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows.filter(family__in=opened("family_id", actor, at))

    def follow(self, members: Iterable[FamilyMember]) -> None:
        """The words by which these members are found are those of their names, and of their family's."""
        keys = [member.pk for member in members]
        people = (
            FamilyMember.objects.there()
            .filter(pk__in=keys)
            .values_list("pk", "municipality_id", "family_id", "first_name", "last_name", "family__name")
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
        goes="deleted when the member is emptied",
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

    wall = OF_KNOWN

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
        goes="deleted when the first of the two is emptied",
        fields={"reason": "why it is the same person, in a few words of the coach, locked"},
    )

    one = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    other = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    # Of two records at once, and so of no compartment.
    reason = LockedText(max_length=200)
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
