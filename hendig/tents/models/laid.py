"""Where something lies in the drawing, and each place where it lay before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from hendig.people.models import Account


class Place(models.TextChoices):
    """Where in life something plays a part; the helpers look at themselves as well."""

    CHILD = "child", _("het kind")
    PARENTS = "parents", _("de ouders")
    FAMILY = "family", _("ons gezin")
    SCHOOL = "school", _("school")
    HELPERS = "helpers", _("de hulp zelf")
    AROUND = "around", _("om ons heen")


@dataclass(frozen=True, slots=True)
class Moved:
    """Something was laid elsewhere: where it lay until then, when, and who did."""

    was: str
    at: datetime
    by: UUID


class Laid(models.Model):
    """Of what plays a part and of what goes well; a process of before an upgrade knows of no place."""

    place = models.CharField(max_length=8, choices=Place, blank=True, default="", db_default="")
    # The last time that somebody laid it elsewhere, for as long as that is not undone.
    was_place = models.CharField(max_length=8, choices=Place, blank=True, default="", db_default="")
    moved_at = models.DateTimeField(null=True)
    moved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    # And each time before that, the oldest first: where it lay, when, and who did.
    moved_before = models.JSONField(default=list, db_default=Value([], models.JSONField()))

    class Meta:
        abstract = True

    @property
    def moves(self) -> tuple[Moved, ...]:
        """Each time that it was laid elsewhere, the oldest first."""
        before = (Moved(was, datetime.fromisoformat(at), UUID(by)) for was, at, by in self.moved_before)
        if self.moved_at is None or self.moved_by_id is None:
            return ()
        return (*before, Moved(self.was_place, self.moved_at, self.moved_by_id))

    @moves.setter
    def moves(self, found: Sequence[Moved]) -> None:
        last = found[-1] if found else None
        self.moved_before = [[one.was, one.at.isoformat(), str(one.by)] for one in found[:-1]]
        self.was_place = last.was if last else ""
        self.moved_at, self.moved_by_id = (last.at, last.by) if last else (None, None)
