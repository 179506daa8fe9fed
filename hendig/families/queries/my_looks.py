"""What somebody who works here opened and wrote of families, as they read it of themself: quietly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from hendig.audit.models import Entry, Kind
from hendig.families.models import CompartmentKind, Family, Purpose
from hendig.families.queries import PARTS, _people, _Worker
from hendig.families.queries.looked import _FIELDS, Looked, _looked, _pieces
from hendig.families.queries.quiet import reads_as
from hendig.families.queries.who_may import PIECES
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import begins, is_over
from hendig.kernel.quiet import OneLine, together
from hendig.people.models import Account

# What lies here no family reads, and no line of it.
UNREAD = frozenset(
    PIECES[kind]
    for kind in (
        CompartmentKind.SAFETY,
        CompartmentKind.INFORMANT,
        CompartmentKind.GP,
        CompartmentKind.OWN_NOTE,
        CompartmentKind.FINANCE,
    )
)


@dataclass(frozen=True, slots=True)
class MyLook:
    """One of the own lines, with the family while it still is open to the reader."""

    line: Looked
    family_id: UUID | None
    family: str
    # Whether the family reads this line as well: not of what is about safety, nor of what only one may read.
    family_reads: bool
    # Of which family it was, closed to the reader now or not: so that two are never told as one. Never shown.
    of: UUID | None

    @property
    def at(self) -> datetime:
        return self.line.at


@dataclass(frozen=True, slots=True)
class MyLooks:
    """A page of the own lines: what was the same within a quarter of an hour once, and nothing left out."""

    lines: tuple[OneLine[MyLook], ...]
    older: UUID | None


@dataclass(frozen=True, slots=True)
class MySieve:
    """What of the own lines is asked for: of one family, of one kind, of these days."""

    family_id: UUID | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def sifts(self) -> bool:
        return self != MySieve()


@dataclass(frozen=True, slots=True)
class MyFamily:
    family_id: UUID
    name: str


def my_families(actor: Actor, *, at: datetime) -> tuple[MyFamily, ...]:
    """The families that are open to the actor, by name. 1 query."""
    rows = Family.objects.visible_to(actor, at=at).order_by("name", "pk").values_list("pk", "name")
    return tuple(MyFamily(*row) for row in rows)


def my_looks(
    actor: Actor,
    *,
    at: datetime,
    limit: int = 50,
    before: UUID | None = None,
    sieve: MySieve = MySieve(),
) -> MyLooks:
    """What the actor opened and wrote, newest first, from before the line `before`. 4 queries.

    A family that is not open to the actor any more has no name here.
    """
    rows = _sifted(
        Entry.objects.filter(municipality_id=actor.municipality_id, account_id=actor.account), sieve
    )
    if before is not None:
        rows = rows.filter(id__lt=before)
    other = Account.objects.filter(pk=OuterRef("behind_id")).values("first_name")
    rows = rows.annotate(other=Subquery(other)).order_by("-id")
    found = list(rows.values_list(*_FIELDS, "other", "family_id", "purpose")[: limit + 1])
    shown = found[:limit]
    names = dict(
        Family.objects.visible_to(actor, at=at)
        .filter(pk__in={row[-2] for row in shown})
        .values_list("pk", "name")
    )
    pieces = _pieces({row[8] for row in shown if row[8]})
    me = _people([actor.account], at)[actor.account]
    # Who looked is called by the part in which that was; who wrote, by their work.
    looks = _Worker("", None, "", Role.TRAINEE if actor.has(Role.TRAINEE) else "")
    others = {row[9]: _Worker(row[-3], None, "", "") for row in shown if row[9]}
    lines = []
    for row in shown:
        who = looks if row[2] == Kind.LOOK else me
        line = _looked(row[:-3], {**others, actor.account: who}, pieces, {}, {}, at_work=True)
        family = names.get(row[-2])
        hidden = row[-1] == Purpose.SAFETY or line.piece in UNREAD
        open_to_me = row[-2] if family is not None else None
        lines.append(MyLook(line, open_to_me, family or "", not hidden, of=row[-2]))
    quiet = together(lines, lambda one: (one.of, one.family_reads, reads_as(one.line)))
    return MyLooks(quiet, shown[-1][0] if len(found) > limit else None)


def _sifted(rows: QuerySet[Entry], sieve: MySieve) -> QuerySet[Entry]:
    looks, writes = Q(kind=Kind.LOOK, part__in=PARTS), Q(kind=Kind.CHANGE, family_id__isnull=False)
    if sieve.kind == Kind.LOOK:
        rows = rows.filter(looks)
    elif sieve.kind == Kind.CHANGE:
        rows = rows.filter(writes)
    else:
        rows = rows.filter(looks | writes)
    if sieve.family_id is not None:
        rows = rows.filter(family_id=sieve.family_id)
    if sieve.first is not None:
        rows = rows.filter(at__gte=begins(sieve.first))
    if sieve.last is not None:
        rows = rows.filter(at__lt=is_over(sieve.last))
    return rows
