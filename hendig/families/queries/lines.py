"""Which lines of the log somebody may read: those of what that reader may see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import BooleanField, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from hendig.audit.actions import Viewing
from hendig.audit.models import Entry, Kind
from hendig.audit.notices import that_take
from hendig.families.models import FamilyMember, Purpose, Sort, known_to
from hendig.families.models.filters import limited
from hendig.kernel.actor import Actor

# Who raises reads also what is about the family as a whole; a youth or a confidant, of one record.
RAISES = frozenset({"T2", "T3", "T4", "T5"})

# A look says by its code what was looked at.
CODES_OF: dict[Sort, tuple[str, ...]] = {
    Sort.AGENDA: ("appointment.",),
    Sort.PLAN: ("goal.", "task.", "plan.", "outcome."),
    Sort.TENT: ("tent.",),
    Sort.OWN: ("own.", "file."),
}


def lines_for(look: Viewing) -> QuerySet[Entry]:
    """The lines of others whose object this reader may see: nothing of a compartment that is not open."""
    within = Q(compartment_id__in=look.compartments)
    of_the_record = Q(compartment_id=None, record_id__in=look.records)
    readable = within | of_the_record
    if any(place.rule in RAISES for place in look.places):
        readable |= Q(compartment_id=None, record_id=None)
    return log_lines(look.actor, look.family_id, look.compartments, at=look.at).filter(readable)


def log_lines(
    actor: Actor, family_id: UUID, compartments: Collection[UUID], *, at: datetime
) -> QuerySet[Entry]:
    """The lines of the log about the family that somebody may read to whom these compartments are open.

    A line about safety is held as long as a safety hold stands on its record; then it is there. The child of
    a record, and who fosters it without deciding, read no line of what is about somebody else, as they do not
    read that either: by what was said last, so that older lines go and come with a correction. So it is with
    a sort of pieces that the family leaves out for who is here by its yes.
    """
    held = RawSQL("SELECT unnest(hendig_held())", [])
    return (
        Entry.objects.about(family_id)
        .filter(Q(compartment_id=None) | Q(compartment_id__in=compartments))
        .filter(municipality_id=actor.municipality_id, kind__in=[Kind.CHANGE, Kind.LOOK])
        .exclude(account_id=actor.account_id)
        .exclude(purpose=Purpose.SAFETY, record_id__in=held)
        .exclude(_of_unknown(actor, family_id, at))
        .exclude(_of_another(actor, family_id, at))
        .exclude(_of_left_out(actor, at))
    )


def _of_unknown(actor: Actor, family_id: UUID, at: datetime) -> Q:
    """A line about a person of the family whom the actor may not know of, also from before that was said."""
    known = FamilyMember.objects.filter(known_to(actor, at), family_id=family_id).order_by().values("pk")
    return Q(object_type=FamilyMember._meta.label) & ~Q(object_id__in=known)


def _of_left_out(actor: Actor, at: datetime) -> Q:
    """A line about a sort of pieces that the family leaves out for the actor, by what it is about or says."""
    found = Q()
    for sort, codes in CODES_OF.items():
        kinds = [one._meta.label for one in apps.get_models() if getattr(one, "sort", "") == sort]
        about = Q(object_type__in=kinds)
        for code in codes:
            about |= Q(code__startswith=code)
        found |= about & Q(compartment_id__in=limited(actor, at, sort), compartment_id__isnull=False)
    return found


def _of_another(actor: Actor, family_id: UUID, at: datetime) -> RawSQL:
    """Where somebody reads of the child alone: a line of what is about another, by its newest line."""
    return RawSQL(
        """
        coalesce(compartment_id = ANY ((SELECT hendig_of_child_alone(%s, %s))::uuid[]), false)
        AND CASE WHEN facts ? 'said_of' THEN facts ->> 'said_of' IN (
            SELECT newest.thing FROM (
                SELECT DISTINCT ON (l.facts ->> 'said_of') l.facts ->> 'said_of' AS thing, l.facts
                FROM audit_entry l WHERE l.municipality_id = %s AND l.family_id = %s AND l.facts ? 'said_of'
                ORDER BY l.facts ->> 'said_of', l.id DESC
            ) newest WHERE newest.facts ? 'another' AND newest.facts ->> 'another' <> ALL (
                SELECT m.id::text FROM families_familymember m WHERE m.account_id = %s)
        ) ELSE facts ? 'another' END
        """,
        [actor.account_id, at, actor.municipality_id, family_id, actor.account_id],
        output_field=BooleanField(),
    )


def last_taken(look: Viewing, record: OuterRef, account: OuterRef) -> QuerySet[Any]:
    """When an account last took something of a record along as a file: for a subquery of one moment."""
    rows = lines_for(look).filter(code__in=that_take(), record_id=record, account_id=account)
    return rows.order_by("-id").values("at")[:1]
