"""The citizen service number (bsn) of a child: masked, shown on asking, and found by who typed all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.families.models import CitizenNumber, CompartmentKind, NumberWhy, Part, Record, opened
from hendig.families.queries.found import Hit, full_name, people_found
from hendig.families.queries.opening import opening
from hendig.kernel.actor import Actor
from hendig.kernel.bsn import masked, read_bsn
from hendig.kernel.names import Why
from hendig.kernel.refusal import NotVisible, Words

# It lies where the address lies; what is shared is there because the family reads the lines of that.
_KINDS = (CompartmentKind.ADDRESS, CompartmentKind.SHARED)


@dataclass(frozen=True, slots=True)
class Noted:
    """The number as it is shown, all of it or its end, and what it was written down for."""

    shown: str
    end: str
    whole: bool
    why: Words
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NumberPage:
    record_id: UUID
    family_id: UUID
    child: str
    noted: Noted | None


def number_page(actor: Actor, record_id: UUID, *, at: datetime, whole: bool = False) -> NumberPage:
    """The number of the child of a record, for its coach; the look is in the log. 4 queries.

    `whole` is a look by itself, and `NotVisible` where there is no number.
    """
    record = Record.objects.visible_to(actor, at=at).select_related("child").filter(pk=record_id).first()
    if record is None or record.child is None:
        raise NotVisible
    what = "citizen_number.shown" if whole else "citizen_number.seen"
    with opening(
        actor,
        what,
        record.family_id,
        at=at,
        kinds=_KINDS,
        needs=CompartmentKind.ADDRESS,
        record_id=record_id,
    ) as look:
        row = CitizenNumber.objects.standing().within(look).select_related("noted_by").first()
        # Who is here in an emergency has where somebody lives, and no use for a number.
        if look.part != Part.COACH or (whole and row is None):
            raise NotVisible
        return NumberPage(record_id, record.family_id, record.child.first_name, _noted(row, whole=whole))


def _noted(row: CitizenNumber | None, *, whole: bool) -> Noted | None:
    if row is None:
        return None
    number = str(row.number)
    return Noted(
        shown=number if whole else masked(number),
        end=number[-3:],
        whole=whole,
        why=NumberWhy(row.why).label,
        by=row.noted_by.first_name,
        at=row.noted_at,
    )


def found_by_number(actor: Actor, typed: str, *, at: datetime) -> Hit | None:
    """The child with exactly this number, among those whose coach the actor is; that it was found is a look.

    No query when what was typed is no number, else 1, and 2 for the look.
    """
    number = read_bsn(typed)
    if number is None:
        return None
    coached = opened("compartment_id", actor, at, parts=[Part.COACH])
    rows = CitizenNumber.objects.called(actor.municipality_id, number).filter(compartment__in=coached)
    row = rows.select_related("member").first()
    if row is None:
        return None
    with opening(
        actor,
        "citizen_number.found",
        row.family_id,
        at=at,
        kinds=_KINDS,
        needs=CompartmentKind.ADDRESS,
        record_id=row.record_id,
    ):
        one = row.member
        name = full_name(one.first_name, one.last_name)
        return Hit(one.pk, row.family_id, name, one.born_on, Why.EXACT, by_number=True)


def sought(actor: Actor, typed: str, *, at: datetime) -> tuple[Hit, ...] | None:
    """Who is found by what a coach typed: by a whole number that one child, else by name or birth date.

    None when nothing was typed to search by. 1 query, and for a number 2, or 3 where it is found.
    """
    one = found_by_number(actor, typed, at=at)
    return (one,) if one else people_found(actor, typed, at=at)
