"""Where a page of a family leads to what a GP shared, or writes."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from hendig.audit.actions import Viewing
from hendig.families.models import Compartment, CompartmentKind, Note, Part, told_to


def gp_door(look: Viewing) -> Subquery:
    """Of a child, its record: where a GP shared something with this reader, or where the reader is the GP."""
    of_child = {"record__child": OuterRef("pk")}
    if look.part == Part.GP:
        mine = Compartment.objects.filter(kind=CompartmentKind.GP, author_id=look.actor.account, **of_child)
        return Subquery(mine.filter(record__one_of=look.records).values("record_id")[:1])
    shared = Note.objects.within(look).filter(shared_from__isnull=False, taken_back_at=None)
    return Subquery(shared.filter(told_to(look.actor, look.at), **of_child).values("record_id")[:1])
