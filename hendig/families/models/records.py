"""The record of a child, its compartments, and what lies in them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded
from hendig.families.models.filters import OfFamilyQuerySet, opened
from hendig.families.models.persons import Family, FamilyMember
from hendig.kernel.actor import Actor, Role
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import COMPARTMENT, CONTENT, RECORD
from hendig.people.models import Account


class RecordQuerySet(OfFamilyQuerySet["Record"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> RecordQuerySet:
        """Those of an open family, and each of which a part is open."""
        return self.filter(_open(actor, at, "record_id", of="child"))


def _open(actor: Actor, at: datetime, what: str, *, of: str) -> Q:
    """Of an open family and of nobody whom the actor may not know of, or open itself: a parent outside it has
    no more than the own part.
    """
    here = Q(municipality_id=actor.municipality_id)
    if actor.has(Role.SYSTEM):
        return here
    known = ~Exists(FamilyMember.objects.unknown_to(actor, at).filter(pk=OuterRef(of)))
    near = Q(family__in=opened("family_id", actor, at))
    return here & (near & known | Q(pk__in=opened(what, actor, at)))


class Record(Recorded):
    """What is kept about one child. Until the first talk it may not be known yet which child that is."""

    privacy = Privacy(
        why="To keep apart what is about one child from what is about another (Youth Act art. 7.3.8).",
        kept=RECORD_20_YEARS,
        goes="its keys are destroyed and who was involved is involved no more; an identifier stays, as proof",
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="records")
    child = models.OneToOneField(FamilyMember, models.PROTECT, null=True, related_name="record")
    begun_at = models.DateTimeField()
    # Child or parent died: the family's own view stops until somebody decides who may see what.
    frozen_at = models.DateTimeField(null=True)
    # Destroyed: nobody is involved with it any more, and nobody comes to be.
    gone_at = models.DateTimeField(null=True)

    wall = RECORD

    objects = RecordQuerySet.as_manager()

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


class CompartmentQuerySet(OfFamilyQuerySet["Compartment"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> CompartmentQuerySet:
        """Those of an open family, and each that is open."""
        return self.filter(_open(actor, at, "compartment_id", of="person"))


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
    # Of `parent` there is one for each parent, of `own_note` and `gp` one for each who writes there; of
    # `address` one for the number of the child, and one for each person of whom it is known where they live.
    person = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    wall = COMPARTMENT

    objects = CompartmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "record", "kind", "person", "author", name="compartment_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(kind=CompartmentKind.PARENT, person__isnull=False)
                | Q(kind=CompartmentKind.ADDRESS)
                | ~Q(kind=CompartmentKind.PARENT) & Q(person=None),
                name="compartment_of_a_parent",
            ),
            models.CheckConstraint(
                # Of `gp` there once was one for all GPs together: nobody wrote that one, so nobody opens it.
                condition=Q(kind=CompartmentKind.OWN_NOTE, author__isnull=False)
                | Q(kind=CompartmentKind.GP)
                | ~Q(kind=CompartmentKind.OWN_NOTE) & Q(author=None),
                name="compartment_of_an_author",
            ),
        ]


class OfRecord(Recorded):
    """A row of a record. It lies in the compartment of what it hangs under, unless it is told another."""

    # The name of the field of the row above, which has a compartment itself.
    under = "request"
    # Of what sort of pieces it is, where the family can leave that out for who is here by its yes (`Sort`).
    sort: ClassVar[str] = ""

    compartment = models.ForeignKey(Compartment, models.PROTECT, related_name="+")

    wall = CONTENT

    class Meta:
        abstract = True

    def fill(self, actor: Actor) -> None:
        super().fill(actor)
        if not self.compartment_id:  # type: ignore[truthy-bool]  # none yet, whatever the field's type says
            self.compartment_id = getattr(self, self.under).compartment_id
