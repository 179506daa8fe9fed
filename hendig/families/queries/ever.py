"""Who was ever involved with a record, and who the family is: as a copy of it tells."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from hendig.audit.actions import Viewing
from hendig.families.models import (
    FamilyMember,
    Involvement,
    LegalAuthority,
    MemberKind,
    Part,
    Source,
)
from hendig.families.queries import PART_WORDS, _work
from hendig.families.queries.grounds import ground_words
from hendig.families.queries.who_may import NO_SECRET
from hendig.kernel.refusal import Words


@dataclass(frozen=True, slots=True)
class Deciding:
    """Somebody decides for the child: by which source, from when until when."""

    source: Words
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Relative:
    """A person of the family. Surname and birth date only of the child and of who reads: they are theirs."""

    member_id: UUID
    me: bool
    first_name: str
    kind: Words
    last_name: str
    born_on: date | None
    decides: tuple[Deciding, ...]


@dataclass(frozen=True, slots=True)
class Been:
    """Somebody who is or was involved from outside, or raises along: as what, why, from when until when."""

    name: str
    function: Words
    organisation: str
    why: Words
    from_at: datetime
    until_at: datetime | None


def relatives(look: Viewing, child_id: UUID | None) -> tuple[Relative, ...]:
    """The persons whom the reader may know of, with who decides for this child. 2 queries."""
    decides = defaultdict(list)
    authority = LegalAuthority.objects.visible_to(look.actor, at=look.at).filter(child_id=child_id)
    for one in authority.order_by("from_on", "id"):
        decides[one.holder_id].append(Deciding(Source(one.source).label, one.from_on, one.until_on))
    found = []
    for member in FamilyMember.objects.within(look).order_by("id"):
        own = member.pk == child_id or member.account_id == look.actor.account
        found.append(
            Relative(
                member_id=member.pk,
                me=member.account_id == look.actor.account,
                first_name=member.first_name,
                kind=MemberKind(member.kind).label,
                last_name=member.last_name if own else "",
                born_on=member.born_on if own else None,
                decides=tuple(decides[member.pk]),
            )
        )
    return tuple(found)


def ever_involved(look: Viewing, known: frozenset[UUID]) -> tuple[Been, ...]:
    """Whoever was involved with the record of this look, first come first. 1 query.

    `known` are the relatives whom the reader may know of. Of each who came in one part on one ground it says
    one thing, so that no break in it tells of something between that person and the child.
    """
    work = _work(OuterRef("account_id"), look.at)
    rows = (
        Involvement.objects.filter(record__in=look.records, kinds__overlap=[*NO_SECRET])
        .filter(Q(member=None) | Q(member__in=known))
        .told()
        .exclude(account_id=look.actor.account)
        .select_related("account", "member")
        .annotate(
            works_as=Subquery(work.values("title")[:1]), works_for=Subquery(work.values("partner__name")[:1])
        )
        .order_by("from_at", "id")
    )
    together: dict[tuple[UUID, str, str], list[Involvement]] = defaultdict(list)
    for row in rows:
        together[row.account_id, row.part, row.ground].append(row)
    return tuple(_been(those) for those in together.values())


def _been(rows: list[Involvement]) -> Been:
    first, ends = rows[0], [row.until_at for row in rows]
    raises = first.part == Part.FAMILY and first.member is not None
    function = (
        MemberKind(first.member.kind).label if raises and first.member else PART_WORDS[Part(first.part)]
    )
    return Been(
        # Surnames of the family are for who bears them.
        name=first.account.first_name if raises else first.account.name,
        function=first.works_as or function,  # type: ignore[attr-defined]  # annotated
        organisation=first.works_for or "",  # type: ignore[attr-defined]  # annotated
        why=ground_words(first.part, first.ground),
        from_at=first.from_at,
        until_at=None if None in ends else max(end for end in ends if end),
    )
