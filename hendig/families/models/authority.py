"""Who decides for a child (gezag), from which source."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded
from hendig.families.models.about import myself
from hendig.families.models.filters import OfFamilyQuerySet, opened
from hendig.families.models.persons import Family, FamilyMember
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import AUTHORITY


class Source(models.TextChoices):
    DECLARED = "declared", _("zelf verteld")
    REGISTER = "register", _("gezagsregister")
    BRP = "brp", _("basisregistratie personen")
    COURT = "court", _("uitspraak van de rechter")


# What ends with the holder ends by no source.
BY_DEATH = "death"


class LegalAuthorityQuerySet(OfFamilyQuerySet["LegalAuthority"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> LegalAuthorityQuerySet:
        """That of an open family, between two whom the actor may know of; to who fosters without deciding not
        what is over, but their own.
        """
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        fostered = RawSQL("SELECT unnest(hendig_fostered(%s, %s))", [actor.account_id, at])
        over = Q(until_on__lt=local_day(at), child__in=fostered) & ~myself(actor, "holder")
        known = FamilyMember.objects.visible_to(actor, at=at).order_by().values("pk")
        between = rows.filter(child__in=known, holder__in=known)
        return between.filter(family__in=opened("family_id", actor, at)).exclude(over)

    def told(self, on: date) -> LegalAuthorityQuerySet:
        """Authority as it was told or looked up for the day `on`, lapsed by now or not."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=on), from_on__lte=on)

    def not_over(self, on: date) -> LegalAuthorityQuerySet:
        """Authority that did not end before the day `on`, lapsed or not: also what begins later."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=on))

    def standing(self, on: date) -> LegalAuthorityQuerySet:
        """Authority that holds on the day `on`; a declared one that nobody checked lapses after 14 days."""
        return self.told(on).filter(
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
    # By what source it ended: what a court ended is not told back.
    ended_by = models.CharField(
        max_length=10,
        choices=[*Source.choices, (BY_DEATH, _("overlijden"))],
        blank=True,
        default="",
        db_default="",
    )

    wall = AUTHORITY

    objects = LegalAuthorityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "legal authorities"
        constraints = [
            models.UniqueConstraint(
                "child", "holder", name="authority_once", condition=Q(until_on__isnull=True)
            )
        ]
