"""A file that somebody brought, as it was made anew and sealed."""

from __future__ import annotations

from django.db import models

from hendig.families.models import Family, FamilyMember, OfRecord, OfRecordQuerySet
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.keys.models import SealedBytes, SealedText


class File(OfRecord):
    """A photo or a paper beside words of a record: it lies in their compartment, and goes where they go."""

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
    is_photo = models.BooleanField()
    content = SealedBytes()
    words = SealedText(max_length=300, blank=True)
    at = models.DateTimeField()

    objects = OfRecordQuerySet["File"].as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["family", "-id"], name="files_of_family")]
