"""One look at the records of a family: what the gate opens, and its lines in the log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection

from hendig.audit.actions import Behind, Place, Viewing, reading, seen_along, viewing
from hendig.families.models import Compartment, CompartmentKind, Ground, Part
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible

# Whoever is involved in two parts looks in the first of these: closest to the family first.
PARTS = (
    Part.FAMILY,
    Part.CONFIDANT,
    Part.COACH,
    Part.GUIDE,
    Part.PROFESSIONAL,
    Part.TRAINEE,
    Part.SUPERVISOR,
    Part.PROBATION,
    Part.GUEST,
    Part.GP,
    Part.REFERRER,
    Part.VOLUNTEER,
    Part.EMERGENCY,
    Part.COLLEAGUE,
)


# Where a page shows the own family all that is open to it, each piece of it is entered.
EVERYTHING = tuple(CompartmentKind)


def asks_where(look: Viewing) -> bool:
    """Whether who looks comes to where the persons live: the family, a coach, and who was named."""
    asks = look.part in {Part.FAMILY, Part.COACH, Part.EMERGENCY}
    return asks or (look.part in {Part.GUIDE, Part.PROFESSIONAL} and CompartmentKind.ADDRESS in look.open)


@contextmanager
def opening_all(actor: Actor, what: str, family_id: UUID, *, at: datetime) -> Iterator[Viewing]:
    """A look at all that is open of the records that the actor sees along. 2 queries."""
    with opening(
        actor, what, family_id, at=at, kinds=EVERYTHING, needs=CompartmentKind.SHARED, homes=True
    ) as look:
        yield look


@contextmanager
def opening_persons(actor: Actor, what: str, family_id: UUID, *, at: datetime) -> Iterator[Viewing]:
    """A look at who belongs to the family or is around it, also on the sides open to the actor. 2 queries."""
    with opening(actor, what, family_id, at=at, needs=CompartmentKind.SHARED, sides=True) as look:
        yield look


OPEN = """
    SELECT compartment_id, record_id, kind, part, ground, purpose, rule, until_at, behind_id, a.first_name,
        kind = 'parent' AND (
            EXISTS (SELECT FROM families_familymember m WHERE m.compartment_id = o.compartment_id)
            OR EXISTS (SELECT FROM families_tie t WHERE t.compartment_id = o.compartment_id)),
        kind = 'address' AND EXISTS (
            SELECT FROM families_compartment c WHERE c.id = o.compartment_id AND c.person_id IS NOT NULL)
    FROM hendig_open(%s, %s) o LEFT JOIN people_account a ON a.id = behind_id
    WHERE family_id = %s ORDER BY record_id, kind
"""


@contextmanager
def opening(
    actor: Actor,
    what: str,
    family_id: UUID,
    *,
    at: datetime,
    kinds: Collection[CompartmentKind] = (CompartmentKind.SHARED,),
    needs: CompartmentKind | None = None,
    sides: bool = False,
    homes: bool = False,
    only: UUID | None = None,
    record_id: UUID | None = None,
    facts: Mapping[str, object] | None = None,
) -> Iterator[Viewing]:
    """One look at a family's records: what of these kinds is open to the actor, entered in the log.

    Somebody who is involved in two parts looks in the one that is closest to the family. With `needs` only
    records of which that kind is open too: a parent who has nothing left but what is about that parent opens
    no page about everybody. With `record_id` it is a look at that record alone, with `only` at no more than
    that compartment, with `sides` also at the part of a parent on whose side somebody is, and with `homes`
    also at where the persons live; `facts` say whom it is about (`Whom.said_of`). Raises `NotVisible` when
    nothing is open.
    2 queries: what is open, and the lines of the log.
    """
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [actor.account_id, at, family_id])
        rows = [row for row in cursor.fetchall() if record_id in {None, row[1]}]
    held = {Part(row[3]): Ground(row[4]) for row in rows}
    part = next((part for part in PARTS if part in held), None)
    whole = {row[1] for row in rows if needs in {None, row[2]}}
    places = {
        compartment: Place(compartment, record, rule, purpose)
        for compartment, record, kind, _part, _ground, purpose, rule, *_more, peopled, home in rows
        if ((kind in kinds and not home) or (homes and home) or (sides and peopled))
        and record in whole
        and only in {None, compartment}
    }
    if part is None or not places:
        raise NotVisible
    ends = {row[7] for row in rows if row[3] == part}
    with viewing(
        actor,
        what,
        family_id,
        part=part,
        ground=held[part],
        at=at,
        places=tuple(places.values()),
        until_at=None if None in ends else max(ends),
        open_kinds=frozenset(row[2] for row in rows),
        facts=facts,
        behind=_behind({(row[8], row[9]) for row in rows if row[3] == part}),
    ) as look:
        yield look


def leave_trace(actor: Actor, what: str, compartments: Collection[UUID], *, at: datetime) -> None:
    """Who sees something of these compartments without having them open leaves a line in each. 4 queries.

    As who pays and who audits see codes, hours and amounts: that is their task, and the family reads it.
    """
    if not compartments:
        return
    with reading(Actor.system(actor.municipality_id), at):
        rows = Compartment.objects.filter(pk__in=compartments).order_by("pk")
        found = list(rows.values_list("family_id", "pk", "record_id"))
    places = [(family_id, Place(pk, record_id)) for family_id, pk, record_id in found]
    seen_along(actor, what, places, ground=Ground.YOUTH_ACT, at=at)


def _behind(found: Collection[tuple[UUID | None, str | None]]) -> Behind | None:
    """By whom the reader is here; None for who is here in this part by themself as well."""
    if (None, None) in found:
        return None
    account_id, first_name = min(found, key=str)
    return Behind(account_id, first_name or "") if account_id else None
