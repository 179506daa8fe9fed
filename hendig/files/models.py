"""A file that somebody brought, as it was made anew and sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from hendig.families.models import (
    ABOUT_ONE,
    AboutSomebody,
    Family,
    FamilyMember,
    OfRecordQuerySet,
    Sort,
    told_to,
)
from hendig.kernel.actor import Actor
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import ABOUT
from hendig.keys.models import SealedBytes, SealedText
from hendig.people.models import Account


class FileQuerySet(OfRecordQuerySet["File"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """What lies in an open compartment, as far as it is told to the actor."""
        return super().visible_to(actor, at=at).filter(told_to(actor, at))


class File(AboutSomebody):
    """A photo or a paper beside words of a record: it lies where they lie, and is about whom they are."""

    privacy = Privacy(
        why="To keep a photo or a letter that a family puts beside its record (Youth Act art. 7.3.8).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "content": "the photo as JPEG or the paper as PDF, without place, camera or maker",
            "words": "what is on it, for who cannot see it",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    # Who brought it, and of whose words it is a part.
    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    is_photo = models.BooleanField()
    content = SealedBytes()
    words = SealedText(max_length=300, blank=True)
    at = models.DateTimeField()

    sort = Sort.OWN
    wall = ABOUT

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["family", "-id"], name="files_of_family")]
        constraints = [models.CheckConstraint(condition=ABOUT_ONE, name="file_about_one")]
