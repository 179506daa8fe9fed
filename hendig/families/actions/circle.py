"""Who stands in the own circle of the family."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.families.actions.persons import lock_family
from hendig.families.actions.records import shared_of
from hendig.families.models import Bond, Tie
from hendig.families.queries.apart import part_of
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible
from hendig.people.rules import Permission, require_permission


def add_tie(
    *,
    actor: Actor,
    family_id: UUID,
    name: str,
    relation: str,
    distance: int,
    at: datetime,
    record_id: UUID | None = None,
    gives: str = "",
    bond: Bond = Bond.WARM,
    side_of: UUID | None = None,
) -> Tie:
    """Somebody stands in the own circle of the family, this near, around the child of the record.

    On the side of a parent (`side_of`) only that parent sees it, and who was named there. Refused when it is
    not said around which child, and more than one record is open.
    """
    require_permission(actor, Permission.KEEP_OWN_CIRCLE)
    with change(actor, "family.tie_added", at=at) as act:
        family = lock_family(act, family_id)
        if side_of is not None:
            act.quiet, compartment = True, part_of(actor, side_of, at=at)
        else:
            compartment = shared_of(actor=actor, family_id=family_id, record_id=record_id, at=at)
        if compartment is None or compartment.family_id != family_id:
            raise NotVisible
        tie = Tie.objects.create(
            compartment=compartment,
            family=family,
            name=name,
            relation=relation,
            distance=distance,
            gives=gives,
            bond=bond,
        )
        act.record(tie, distance=distance)
    return tie
