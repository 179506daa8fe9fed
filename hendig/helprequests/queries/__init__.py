"""What pages show of questions: the coach's board and list, the family's cards, the first talk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from hendig.audit.actions import Viewing
from hendig.audit.models.composed import ComposedWithin
from hendig.families.models import LegalAuthority, MemberKind, Part
from hendig.families.queries import Person, persons
from hendig.families.queries.about import Named
from hendig.families.queries.citizen_numbers import sought
from hendig.families.queries.found import (
    FOUND_AT_MOST,
    Double,
    Hit,
    Newcomer,
    likely_doubles,
)
from hendig.helprequests import rules
from hendig.helprequests.models import Asked, HelpRequest, Stage, StageMove, WaitingOn
from hendig.helprequests.queries.handover import NextCoach, named, next_coach
from hendig.helprequests.queries.notes import Note, as_note
from hendig.helprequests.queries.way import TALKED, WAITS, Step, next_words, way_of
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Words
from hendig.people.models import Membership, Municipality

ROWS = 50
CARDS = 8
NEW_AT_MOST = 20
DONE_SHOWN = timedelta(days=30)
LINE = 120


@dataclass(frozen=True, slots=True)
class Card:
    """One question on the board, in the shape that the flow board draws."""

    label: str
    days: int | None
    on: str
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with the questions that wait longest; `count` is all of them."""

    label: str
    cards: tuple[Card, ...]
    count: int
    url: str = ""

    @property
    def total(self) -> int:
        return self.count


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A question that no coach took up: no more than a first name and a first line."""

    request_id: UUID
    first_name: str
    line: str
    asked_at: datetime
    call_by: date


@dataclass(frozen=True, slots=True)
class Call:
    """A first talk that is to be held today, or was before; the longest waiting first."""

    label: str
    by: date
    url: str
    # The family was promised to be called by a day that has passed.
    late: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The flow of the coach's questions, the new ones to take up, and whom to call today."""

    columns: tuple[Column, ...]
    new: tuple[Unclaimed, ...]
    calls: tuple[Call, ...]

    @property
    def empty(self) -> bool:
        return not any(column.count for column in self.columns)


@dataclass(frozen=True, slots=True)
class Row:
    """One question in the coach's list."""

    request_id: UUID
    url: str
    who: str
    child: str
    stage: str
    stage_words: Words
    days: int
    on: str
    found: Hit | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the list; `more` says that what was typed fits more people than are shown."""

    rows: tuple[Row, ...]
    older: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A question as the family sees it; `note` is there for the coach only."""

    request_id: UUID
    words: str
    asked_by: str
    asked_at: datetime
    child_id: UUID | None
    child: str
    result: str
    note: Note | None
    stage: str
    stage_words: Words
    coach: str
    next: Words
    ask_phone: bool
    next_coach: NextCoach | None
    way: tuple[Step, ...]

    @property
    def done(self) -> bool:
        return self.stage == Stage.DONE


@dataclass(frozen=True, slots=True)
class FirstTalk:
    """What the coach has in hand at the first talk."""

    card: RequestCard
    phone: str
    family_name: str
    neighbourhood: str
    asker: Person
    children: tuple[Person, ...]
    others: tuple[Person, ...]

    @property
    def child(self) -> Named | None:
        """The child whom it is about, once that is known."""
        return (str(self.card.child_id), self.card.child) if self.card.child_id else None

    @property
    def relatives(self) -> tuple[Named, ...]:
        """Of whom something can be that is written down."""
        family = [one for one in self.persons if one.kind != MemberKind.CONFIDANT]
        return tuple((str(one.member_id), one.first_name) for one in family)

    @property
    def persons(self) -> tuple[Person, ...]:
        return (self.asker, *self.others, *(one for one in self.children if one is not self.asker))


def board(actor: Actor, *, at: datetime) -> Board:
    """The way of the coach's questions, longest waiting first, with the new ones to take up. 3 queries.

    Done questions stay for a month.
    """
    mine = HelpRequest.objects.visible_to(actor, at=at).filter(coach_id=actor.account_id)
    mine = mine.filter(~Q(stage=Stage.DONE) | Q(stage_since__gt=at - DONE_SHOWN))
    counts = dict(mine.order_by().values_list("stage").annotate(n=Count("id")))
    fields = ("stage", "waiting_since", "waiting_on", "family_id", "id", TALKED, "asked_at", *_WHO)
    longest = [
        mine.filter(stage=stage).order_by("waiting_since", "id").values_list(*fields)[:CARDS]
        for stage in Stage
        if stage is not Stage.NEW
    ]
    cards: dict[str, list[Card]] = {stage: [] for stage in Stage}
    today, calls = local_day(at), []
    for stage, since, on, family_id, pk, talked, asked_at, first_name, last_name in longest[0].union(
        *longest[1:], all=True
    ):
        who = f"{first_name} {last_name}".strip()
        days = (today - local_day(since)).days if stage in WAITS else None
        url = _where(stage, talked, family_id, pk)
        cards[stage].append(Card(who, days, _on(on) if stage in WAITS else "", url))
        by = rules.call_by(local_day(asked_at))
        if stage == Stage.TALK and not talked and by <= today:
            calls.append(Call(who, by, url, late=by < today))
    new = unclaimed(actor)
    counts[Stage.NEW] = len(new)
    for one in new[:CARDS]:
        waited = (today - local_day(one.asked_at)).days
        cards[Stage.NEW].append(Card(one.first_name, waited, "", f"#vraag-{one.request_id}"))
    columns = tuple(Column(str(stage.label), tuple(cards[stage]), counts.get(stage, 0)) for stage in Stage)
    return Board(columns, new, tuple(calls))


def unclaimed(actor: Actor) -> tuple[Unclaimed, ...]:
    """Questions of the municipality that wait for a coach, longest first; no record is opened. 1 query."""
    rows = HelpRequest.objects.unclaimed(actor).order_by("asked_at", "id")
    found = rows.values_list("id", "asked_by__first_name", "words", "asked_at")[:NEW_AT_MOST]
    return tuple(
        Unclaimed(pk, first_name, _first_line(words), asked_at, rules.call_by(local_day(asked_at)))
        for pk, first_name, words, asked_at in found
    )


_LISTED = ("id", "family_id", "stage", "waiting_since", "waiting_on", TALKED, "child__first_name")


def coach_list(actor: Actor, *, at: datetime, typed: str = "", after: str = "") -> Rows:
    """At most 50 open questions of the coach, longest waiting first, from after the place `after`. 1 query.

    With a name or a birth date typed: those of the families in which somebody is found by it, done ones too,
    best found first and all on one page. 2 queries. By a whole citizen service number: 3, where found 4.
    """
    mine = HelpRequest.objects.visible_to(actor, at=at).filter(coach_id=actor.account_id)
    hits = sought(actor, typed, at=at)
    if hits is not None:
        return _found(mine, hits, local_day(at))
    rows = _from(mine.exclude(stage=Stage.DONE), after).order_by("waiting_since", "id")
    found = list(rows.values_list(*_LISTED, *_WHO)[: ROWS + 1])
    older = _place(found[ROWS - 1][3], found[ROWS - 1][0]) if len(found) > ROWS else ""
    return Rows(_rows(found[:ROWS], {}, local_day(at)), older)


def _found(mine: QuerySet[HelpRequest], hits: tuple[Hit, ...], today: date) -> Rows:
    """The questions of families in which somebody was found, best first."""
    best: dict[UUID, Hit] = {}
    for hit in hits:
        best.setdefault(hit.family_id, hit)
    place = {family_id: at for at, family_id in enumerate(best)}
    rows = mine.filter(family_id__in=best).order_by("waiting_since", "id")
    found = sorted(rows.values_list(*_LISTED, *_WHO), key=lambda row: place[row[1]])
    more = len(found) > ROWS or len(hits) >= FOUND_AT_MOST
    return Rows(_rows(found[:ROWS], best, today), older="", more=more)


def _rows(found: Iterable[_Listed], hits: Mapping[UUID, Hit], today: date) -> tuple[Row, ...]:
    # Each word is looked up in the reader's language once, not once for every row.
    stages = {str(stage): str(stage.label) for stage in Stage}
    waits = {str(on): _on(on) for on in WaitingOn}
    return tuple(_row(row, today, stages, waits, hits.get(row[1])) for row in found)


_WHO = ("asked_by__first_name", "asked_by__last_name")
_Listed = tuple[UUID, UUID, str, datetime, str, bool, str | None, str, str]


def _row(row: _Listed, today: date, stages: dict[str, str], waits: dict[str, str], hit: Hit | None) -> Row:
    pk, family_id, stage, since, on, talked, child, first_name, last_name = row
    return Row(
        request_id=pk,
        url=_where(stage, talked, family_id, pk),
        who=f"{first_name} {last_name}".strip(),
        child=child or "",
        stage=stage,
        stage_words=stages[stage],
        days=(today - local_day(since)).days,
        on=waits[on] if stage in WAITS else "",
        found=hit,
    )


def _where(stage: str, talked: bool, family_id: UUID, request_id: UUID) -> str:
    """Where the coach goes on: to the first talk until it was had, then to the family's page."""
    if stage == Stage.TALK and not talked:
        return reverse("first_talk", args=[request_id])
    return reverse("family", args=[family_id])


def _on(waiting_on: str) -> str:
    """On whom it waits, as the coach reads it."""
    if waiting_on == WaitingOn.NOBODY:
        return ""
    return _("u") if waiting_on == WaitingOn.COACH else str(WaitingOn(waiting_on).label)


def _place(since: datetime, request_id: UUID) -> str:
    """Where a page of the list ended: a moment and an identifier, nothing about a person."""
    return f"{round(since.timestamp() * 1_000_000)}.{request_id}"


def _from(rows: QuerySet[HelpRequest], after: str) -> QuerySet[HelpRequest]:
    moment, _dot, key = after.partition(".")
    try:
        since, request_id = datetime.fromtimestamp(0, tz=UTC) + timedelta(microseconds=int(moment)), UUID(key)
    except (ValueError, OverflowError):
        return rows
    return rows.filter(Q(waiting_since__gt=since) | Q(id__gt=request_id), waiting_since__gte=since)


def _first_line(words: str) -> str:
    line = next((line.strip() for line in words.splitlines() if line.strip()), "")
    return line if len(line) <= LINE else f"{line[: LINE - 1].rstrip()}…"


def request_cards(look: Viewing) -> tuple[RequestCard, ...]:
    """The family's questions with their way, newest first. 1 query."""
    return _cards(look, _within(look))


@ComposedWithin
def _within(look: Viewing) -> QuerySet[HelpRequest]:
    return _with_way(look, HelpRequest.objects.within(look)).order_by("-id")


def _with_way(look: Viewing, rows: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    moves = StageMove.objects.filter(request=OuterRef("pk")).order_by("at", "id")
    return rows.select_related("asked_by__account", "child", "coach", "talk_note__about").annotate(
        passed=ArraySubquery(moves.values("stage")),
        passed_at=ArraySubquery(moves.values("at")),
        next_coach=named(),
        municipality_phone=Municipality.objects.filter(pk=OuterRef("municipality_id")).values("phone"),
        decides=_decides(look),
    )


def _cards(look: Viewing, rows: Iterable[Any]) -> tuple[RequestCard, ...]:
    # One after the other on the same rows: the two arrays have the same order.
    return tuple(_card(look, row, list(zip(row.passed, row.passed_at, strict=True))) for row in rows)


def _decides(look: Viewing) -> Exists | Value:
    """Whether the reader, one of the family, decides for the child of the question."""
    if look.part != Part.FAMILY:
        return Value(False)
    standing = LegalAuthority.objects.standing(local_day(look.at))
    return Exists(standing.filter(child=OuterRef("child"), holder__account=look.actor.account))


def _card(look: Viewing, row: HelpRequest, moves: list[tuple[str, datetime]]) -> RequestCard:
    asker = row.asked_by.account
    note = getattr(row, "talk_note", None) if look.part == Part.COACH else None
    return RequestCard(
        request_id=row.pk,
        words=row.words,
        asked_by=row.asked_by.first_name,
        asked_at=row.asked_at,
        child_id=row.child_id,
        child=row.child.first_name if row.child else "",
        result=row.result,
        note=as_note(note) if note and note.words else None,
        stage=row.stage,
        stage_words=Stage(row.stage).label,
        coach=row.coach.first_name if row.coach else "",
        next_coach=next_coach(row.next_coach, look.at),  # type: ignore[attr-defined]  # annotated
        next=next_words(row, moves, look),
        ask_phone=asker is not None
        and asker.pk == look.actor.account_id
        and not asker.phone
        and row.stage != Stage.DONE,
        way=way_of(row, moves, look),
    )


def family_of(actor: Actor, request_id: UUID, *, at: datetime) -> UUID:
    """The family that asked; `NotVisible` for whoever is not involved. 1 query."""
    rows = HelpRequest.objects.visible_to(actor, at=at).filter(pk=request_id)
    family_id = rows.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    return family_id


def first_talk(look: Viewing, request_id: UUID) -> FirstTalk:
    """One question with the persons of the family, for the first talk. 3 queries."""
    rows = HelpRequest.objects.within(look).filter(pk=request_id)
    card = next(iter(_cards(look, _with_way(look, rows))), None)
    row = rows.select_related("asked_by__account", "family").first()
    if card is None or row is None:
        raise NotVisible
    everyone = persons(look)
    asker = next(one for one in everyone if one.member_id == row.asked_by_id)
    return FirstTalk(
        card=card,
        phone=row.asked_by.account.phone if row.asked_by.account else "",
        family_name=row.asked_by.last_name,
        neighbourhood=row.family.neighbourhood,
        asker=asker,
        children=tuple(one for one in everyone if one.is_child),
        others=tuple(one for one in everyone if one.kind != MemberKind.CHILD and one is not asker),
    )


def doubles(
    actor: Actor, newcomers: Iterable[Newcomer], *, family_id: UUID, at: datetime
) -> tuple[Double, ...]:
    """Who of those typed may be there already, among whom the coach may see. 1 query for each of them."""
    found = (likely_doubles(actor, one, family_id=family_id, at=at) for one in newcomers)
    return tuple({one.member_id: one for alike in found for one in alike}.values())


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question whose code is not filled in yet, or was."""

    email: str
    tries_left: int
    confirmed: bool
    lapsed: bool


def waiting_for_code(actor: Actor, asked_id: UUID, *, at: datetime) -> Waiting:
    """Whether a code still works for this question; nothing of the question itself. 1 query."""
    rows = Asked.objects.filter(municipality_id=actor.municipality_id, pk=asked_id)
    row = rows.values_list("email", "tries_left", "confirmed_at", "expires_at").first()
    if row is None:
        raise NotVisible
    email, tries_left, confirmed_at, expires_at = row
    return Waiting(_masked(email), tries_left, confirmed_at is not None, at >= expires_at)


def _masked(email: str) -> str:
    """Enough of an address to recognise the own one: s•••@peelrand.example."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}•••@{host}"


def coaches(municipality_id: UUID, *, at: datetime) -> Iterable[UUID]:
    """The accounts of every coach of the municipality at this moment. 1 query."""
    rows = Membership.objects.standing(local_day(at)).filter(municipality_id=municipality_id, role=Role.COACH)
    return tuple(rows.order_by("id").values_list("account_id", flat=True))


def municipalities_to_clean(*, at: datetime) -> tuple[UUID, ...]:
    """Municipalities that hold a question whose day is over. 1 query."""
    rows = Asked.objects.filter(expires_at__lt=at).order_by("municipality_id")
    return tuple(rows.values_list("municipality_id", flat=True).distinct())
