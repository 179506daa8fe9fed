"""Whom an entry is about: the child of the record, unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from hendig.families.models.persons import FamilyMember
from hendig.families.models.records import OfRecord
from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import Words


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom something is about: a person of the family, or somebody outside it; nobody said is the child."""

    member_id: UUID | None = None
    outside: bool = False

    def said_of(self, thing: UUID) -> dict[str, Any]:
        """What a line of the log says of it: which thing, and about whom when that is not the child.

        The newest line about a thing is right for all lines about it: the log itself is never put right.
        """
        return {SAID_OF: thing, **({ANOTHER: self.member_id or "outside"} if self != CHILD else {})}


CHILD, OUTSIDE = Whom(), Whom(outside=True)
# By these names a line of the log says of which thing it tells, and that this is about somebody else.
SAID_OF, ANOTHER = "said_of", "another"
# A row is about one person of the family or about somebody outside it, never both.
ABOUT_ONE = Q(about=None) | Q(outside=False)


def of_child_alone(actor: Actor, at: datetime) -> RawSQL:
    """Where the actor reads of nobody but the child and themself: as that child, or as who fosters it."""
    return RawSQL("SELECT unnest(hendig_of_child_alone(%s, %s))", [actor.account_id, at])


def myself(actor: Actor, field: str) -> Q:
    """That somebody is the actor."""
    own = FamilyMember.objects.filter(account_id=actor.account_id, account__isnull=False)
    return Q(**{f"{field}__in": own})


def told_to(
    actor: Actor, at: datetime, *, author: str = "author_id", of: str = "", of_child: Q | None = None
) -> Q:
    """To the child of a record, and to who fosters it without deciding: what is about the child or about that
    reader, or what they wrote themselves; to anybody else all.

    `of` is the path to what says whom it is about; `of_child` what is about the child, where that is said
    otherwise.
    """
    if actor.has(Role.SYSTEM):
        return Q()
    about = of_child or Q(**{f"{of}about": None, f"{of}outside": False}) | myself(actor, f"{of}about")
    wrote = Q(**{f"{of}{author}": actor.account_id})
    return about | wrote | ~Q(compartment__in=of_child_alone(actor, at))


class AboutSomebody(OfRecord):
    """A row of a record that says whom it is about, where that is not the child."""

    about = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    # The database knows it too: a process of before an upgrade writes on while that runs.
    outside = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True

    @property
    def whom(self) -> Whom:
        return Whom(self.about_id, self.outside)

    @property
    def about_words(self) -> Words:
        """Whom it is about, in words; empty for the child."""
        if self.outside:
            return _("iemand buiten het gezin")
        if self.about_id is None:
            return ""
        # Whom a reader may not know of has no name here, nor who went with a destroyed record.
        return (self.about.first_name if self.about else "") or _("iemand anders")

    def is_about(self, persons: Collection[UUID | None]) -> bool:
        """Whether it is about one of these; None is the child of the record."""
        return not self.outside and self.about_id in persons
