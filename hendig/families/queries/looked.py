"""Who looked and who changed what: as the family reads it, and what is asked of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Viewing
from hendig.audit.models import Entry, Kind
from hendig.audit.notices import code as declared
from hendig.audit.notices import that_take
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    LogQuestion,
    Part,
)
from hendig.families.queries import (
    PART_WORDS,
    _people,
    _Worker,
)
from hendig.families.queries.aims import own_aims, told_more
from hendig.families.queries.grounds import ground_words
from hendig.families.queries.lines import lines_for
from hendig.families.queries.who_may import OWN_PIECES, PIECES, RULES
from hendig.families.rules.gate import Rule
from hendig.kernel.actor import Actor, Role
from hendig.kernel.refusal import NotVisible, Words

TAKEN = "taken"
ITSELF = _("Hendig zelf")
_FIELDS = ("id", "at", "kind", "code", "account_id", "part", "ground", "rule", "compartment_id", "behind_id",
           "object_id", "facts")  # fmt: skip
KINDS: tuple[tuple[str, Words], ...] = (
    ("", _("Kijken en opschrijven")),
    (Kind.LOOK.value, _("Alleen kijken")),
    (Kind.CHANGE.value, _("Alleen opschrijven")),
    (TAKEN, _("Alleen meegenomen als bestand")),
)
SINCE: tuple[tuple[str, Words], ...] = (
    ("", _("Altijd")),
    ("1", _("Vandaag en gisteren")),
    ("7", _("Deze week")),
    ("31", _("Deze maand")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked about a line, and what came of it."""

    words: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Looked:
    """One line: who, as what and for whom, what and when, why, and at what kind of piece."""

    entry_id: UUID
    at: datetime
    account_id: UUID | None
    first_name: Words
    function: Words
    organisation: str
    words: Words
    look: bool
    ground: Words
    rule: Rule | None
    piece: Words
    # For what somebody may see along, and what was left out for them before and is now.
    more: Words
    emergency: bool
    # Whom who looked stood in for, or under whom they worked.
    behind: Words
    asked: Asked | None


@dataclass(frozen=True, slots=True)
class LookedPage:
    lines: tuple[Looked, ...]
    older: UUID | None


@dataclass(frozen=True, slots=True)
class Sieve:
    """What of the log is asked for: of one person or of no person, of one kind, of the last days."""

    account_id: UUID | None = None
    itself: bool = False
    kind: str = ""
    days: int | None = None

    @property
    def sifts(self) -> bool:
        return self != Sieve()


@dataclass(frozen=True, slots=True)
class Somebody:
    account_id: UUID
    first_name: str


def who_looked(
    look: Viewing, limit: int | None = 50, before: UUID | None = None, sieve: Sieve = Sieve()
) -> LookedPage:
    """What others saw and did of this family, newest first, from before the line `before`. 4 queries.

    Two more where a line leads to a purpose in own words.
    """
    found, older = _page(_sifted(lines_for(look), sieve, look.at), limit, before)
    people, pieces = _people(_named(found), look.at), _pieces(look.compartments, OWN_PIECES)
    asked = _asked(look.actor, [row[0] for row in found])
    own = own_aims((row[10], row[11]) for row in found)
    lines = tuple(_looked(row, people, pieces, asked, own) for row in found)
    return LookedPage(lines, older)


def every_line(look: Viewing) -> tuple[Looked, ...]:
    """All that others saw and did of this record, newest first, to take along. At most 6 queries."""
    return who_looked(look, limit=None).lines


def topics(look: Viewing) -> tuple[str, ...]:
    """What moves the page: a change in the family, and a look at what this reader sees. No query."""
    places = sorted(str(pk) for pk in look.compartments)
    return (f"family:{look.family_id}", *(f"looked:{pk}" for pk in places[:7]))


def one_line(look: Viewing, entry_id: UUID) -> Looked:
    """One line of what this reader may read; `NotVisible` for any other. At most 6 queries."""
    found = list(lines_for(look).filter(pk=entry_id).values_list(*_FIELDS))
    if not found:
        raise NotVisible
    people, pieces = _people(_named(found), look.at), _pieces(look.compartments, OWN_PIECES)
    own = own_aims([(found[0][10], found[0][11])])
    return _looked(found[0], people, pieces, _asked(look.actor, [entry_id]), own)


def who_is_there(look: Viewing) -> tuple[Somebody, ...]:
    """Everybody of whom there is a line that this reader may read. 2 queries."""
    ids = lines_for(look).exclude(account_id=None).order_by().values_list("account_id", flat=True).distinct()
    found = _people(list(ids), look.at)
    named = (Somebody(pk, one.first_name) for pk, one in found.items())
    return tuple(sorted(named, key=lambda one: (one.first_name, str(one.account_id))))


def _sifted(rows: QuerySet[Entry], sieve: Sieve, at: datetime) -> QuerySet[Entry]:
    if sieve.account_id is not None:
        rows = rows.filter(account_id=sieve.account_id)
    if sieve.itself:
        rows = rows.filter(account_id=None)
    if sieve.kind == TAKEN:
        rows = rows.filter(code__in=that_take())
    elif sieve.kind:
        rows = rows.filter(kind=sieve.kind)
    if sieve.days is not None:
        rows = rows.filter(at__gte=at - timedelta(days=sieve.days))
    return rows


def _page(rows: QuerySet[Entry], limit: int | None, before: UUID | None) -> tuple[list[Any], UUID | None]:
    if before is not None:
        rows = rows.filter(id__lt=before)
    lines = rows.order_by("-id").values_list(*_FIELDS)
    if limit is None:
        return list(lines), None
    found = list(lines[: limit + 1])
    return found[:limit], found[limit - 1][0] if len(found) > limit else None


def _pieces(
    compartments: Collection[UUID], words: Mapping[CompartmentKind, Words] = PIECES
) -> dict[UUID, Words]:
    kinds = Compartment.objects.filter(pk__in=compartments).values_list("pk", "kind")
    return {pk: words[CompartmentKind(kind)] for pk, kind in kinds}


def _named(rows: Iterable[Any]) -> set[UUID | None]:
    """Everybody who is named in these lines: who acted, by whom, and for whom something was left out."""
    found = {account for row in rows for account in (row[4], row[9])}
    return found | {whom for row in rows if (whom := _left_out_for(row[11]))}


def _left_out_for(facts: dict[str, Any]) -> UUID | None:
    return UUID(facts["account"]) if "leaves_out" in facts else None


def _asked(actor: Actor, lines: Collection[UUID]) -> dict[UUID, Asked]:
    rows = LogQuestion.objects.visible_to(actor).filter(entry_id__in=lines)
    return {one.entry_id: Asked(one.words, one.asked_at, one.answer, one.answered_at) for one in rows}


def _looked(
    row: Any,
    people: dict[UUID, _Worker],
    pieces: dict[UUID, Words],
    asked: dict[UUID, Asked],
    own: Mapping[UUID, str],
    *,
    at_work: bool = False,
) -> Looked:
    pk, at, kind, code, account_id, part, ground, rule, compartment_id, behind_id, thing, facts = row
    left_out_for = _left_out_for(facts)
    whom = people.get(left_out_for) if left_out_for else None
    other = people.get(behind_id) if behind_id else None
    who = people.get(account_id) if account_id else None
    told = declared(code)
    known = PART_WORDS[Part(part)] if part else _("gezinslid")
    return Looked(
        entry_id=pk,
        at=at,
        account_id=account_id,
        first_name=who.first_name if who else ITSELF,
        function=who.function or known if who else _("zonder mens erbij"),
        organisation=who.organisation if who else "",
        words=told.seen_as,
        look=kind == Kind.LOOK,
        ground=ground_words(part, ground, own=not at_work),
        rule=RULES.get(rule),
        piece=pieces.get(compartment_id, "") if told.piece is None else told.piece,
        more=told_more(facts, own.get(thing, ""), whom.first_name if whom else ""),
        emergency=part == Part.EMERGENCY,
        behind=_by_whom(who, other.first_name) if other else "",
        asked=asked.get(pk),
    )


def _by_whom(who: _Worker | None, other: str) -> Words:
    learns = who is not None and who.role == Role.TRAINEE
    words = _("onder begeleiding van {name}") if learns else _("in plaats van {name}")
    return format_lazy(words, name=other)


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """A question of somebody of a family, with the line that it is about: its kind, never its content."""

    question_id: UUID
    words: str
    asked_at: datetime
    line: Looked | None
    answer: str
    answered_at: datetime | None


def to_answer(actor: Actor, *, at: datetime) -> tuple[ToAnswer, ...]:
    """What waits for the privacy officer, oldest first. 3 queries."""
    return _to_answer(list(LogQuestion.objects.to_answer(actor).order_by("id")[:100]), at)


def count_to_answer(actor: Actor) -> int:
    """How many questions wait for the privacy officer. 1 query."""
    return LogQuestion.objects.to_answer(actor).count()


def answered(actor: Actor, *, at: datetime) -> tuple[ToAnswer, ...]:
    """What privacy officers answered last, newest first. 3 queries."""
    rows = LogQuestion.objects.filter(municipality_id=actor.municipality_id, answered_at__isnull=False)
    return _to_answer(list(rows.order_by("-answered_at", "-id")[:20]), at)


def question(actor: Actor, question_id: UUID, *, at: datetime) -> ToAnswer:
    """One question; `NotVisible` when there is none here. 3 queries."""
    rows = LogQuestion.objects.filter(municipality_id=actor.municipality_id, pk=question_id)
    found = _to_answer(list(rows), at)
    if not found:
        raise NotVisible
    return found[0]


def _to_answer(rows: list[LogQuestion], at: datetime) -> tuple[ToAnswer, ...]:
    lines = {row[0]: row for row in _entries([one.entry_id for one in rows])}
    people = _people(_named(lines.values()), at)
    return tuple(
        ToAnswer(
            question_id=one.pk,
            words=one.words,
            asked_at=one.asked_at,
            line=_looked(lines[one.entry_id], people, {}, {}, {}, at_work=True)
            if one.entry_id in lines
            else None,
            answer=one.answer,
            answered_at=one.answered_at,
        )
        for one in rows
    )


def _entries(ids: Collection[UUID]) -> list[Any]:
    return list(Entry.objects.filter(pk__in=ids).values_list(*_FIELDS))
