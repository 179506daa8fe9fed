"""How far a data breach went, as the log tells it: which records, which kinds of piece, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    F,
    Max,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from hendig.audit.actions import reading
from hendig.audit.models import Entry, Kind
from hendig.families.models import Compartment, CompartmentKind, FamilyMember, Record
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Words
from hendig.people.queries import names
from hendig.safety.models import DataKind

SHOWN = 50
_PLACE = Compartment.objects.filter(pk=OuterRef("compartment_id"))
# Of which record a line is.
OF = Coalesce(
    "record_id",
    Subquery(_PLACE.values("record_id")[:1]),
    output_field=UUIDField(),
)
# Of what kind the piece is. That somebody outside told something is said of no record: it is for safety.
_KIND = Case(
    When(kind=CompartmentKind.INFORMANT, then=Value(CompartmentKind.SAFETY.value)), default=F("kind")
)
PIECE = Subquery(_PLACE.annotate(piece=_KIND).values("piece")[:1])


@dataclass(frozen=True, slots=True)
class Search:
    """What the log is asked: of whom, or of which record, and between which moments."""

    account_id: UUID | None
    record_id: UUID | None
    from_at: datetime
    until_at: datetime


def _lines(actor: Actor, search: Search) -> QuerySet[Entry]:
    """What was looked at or changed; of nobody and no record in particular, nothing.

    A line that names no record is of the one in which its compartment lies: asked as Hendig itself, because
    the officer has no compartment open.
    """
    rows = Entry.objects.filter(municipality_id=actor.municipality_id, family_id__isnull=False)
    rows = rows.filter(at__gte=search.from_at, at__lte=search.until_at).exclude(kind=Kind.REFUSAL)
    if search.account_id is None and search.record_id is None:
        return rows.none()
    if search.account_id is not None:
        rows = rows.filter(account_id=search.account_id)
    if search.record_id is None:
        return rows
    # By the family first: by that the log is found, however much of it there is.
    family = Record.objects.filter(pk=search.record_id).values("family_id")
    return rows.filter(family_id__in=family).alias(of=OF).filter(of=search.record_id)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody came between two moments: how many records and families, and since when."""

    records: int
    families: int
    lines: int
    first: datetime | None
    last: datetime | None


def reach(actor: Actor, search: Search, *, at: datetime) -> Reach:
    """How many records, families and lines it is. 1 query."""
    with reading(Actor.system(actor.municipality_id), at):
        found = _lines(actor, search).aggregate(
            records=Count(OF, distinct=True),
            families=Count("family_id", distinct=True),
            lines=Count("id"),
            first=Min("at"),
            last=Max("at"),
        )
    return Reach(**found)


@dataclass(frozen=True, slots=True)
class Touched:
    """A piece of one record that somebody came at: by number and kind, never a name of a family."""

    record_id: UUID | None
    piece: Words
    who: str
    lines: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Reached:
    """What the log fills in of a breach: how far, which kinds of data, how many people, piece by piece."""

    reach: Reach
    data: tuple[str, ...]
    people: int
    touched: tuple[Touched, ...]
    more: bool


def reached(actor: Actor, search: Search, *, at: datetime) -> Reached:
    """The same for the form and the page of a breach. 5 queries, however much it is.

    Which kind of piece a line is about, and how many people a family has, Hendig itself reads: the officer
    has no record open, and hears no more than kinds and numbers.
    """
    rows = _lines(actor, search).order_by()
    with reading(Actor.system(actor.municipality_id), at):
        kinds = set(rows.annotate(piece=PIECE).values_list("piece", flat=True).distinct())
        people = FamilyMember.objects.filter(family_id__in=rows.values("family_id")).count()
        touched = _touched(rows)
    return Reached(
        reach=reach(actor, search, at=at),
        data=tuple(kind for kind in DataKind.values if kind in kinds),
        people=people,
        touched=touched[:SHOWN],
        more=len(touched) > SHOWN,
    )


def _touched(rows: QuerySet[Entry]) -> tuple[Touched, ...]:
    counted = (
        rows.annotate(of=OF, piece=PIECE)
        .values("of", "piece", "account_id")
        .annotate(lines=Count("id"), first=Min("at"), last=Max("at"))
    )
    found = list(counted.order_by("-lines", "first", "of", "piece")[: SHOWN + 1])
    who = names({one["account_id"] for one in found if one["account_id"]})
    return tuple(
        Touched(
            record_id=one["of"],
            piece=DataKind(one["piece"]).label if one["piece"] else "",
            who=who.get(one["account_id"], "") if one["account_id"] else "",
            lines=one["lines"],
            first=one["first"],
            last=one["last"],
        )
        for one in found
    )
