"""The answers to a post, for who chooses among them and for who gave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Field,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, Least, NullIf

from hendig.audit.actions import Place, Viewing, reading, seen_along
from hendig.families.models import (
    OWN_PARTS,
    Compartment,
    CompartmentKind,
    FamilyMember,
    Ground,
    Part,
    Tie,
    opened,
)
from hendig.families.queries import opening
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.opentent import rules
from hendig.opentent.models import (
    CHOOSERS,
    Post,
    PostKind,
    Response,
    ResponseStage,
    chooses_for,
    names_of_family,
)
from hendig.opentent.queries.board import LATEST, Card, cards_of
from hendig.opentent.rules import Candidate, Placed, Ring
from hendig.people.models import Account, Membership

ICONS = {Ring.NEIGHBOUR: "house-heart", Ring.INITIATIVE: "sprout", Ring.PROFESSIONAL: "stethoscope"}
CONTACT = ("reach_first_name", "reach_last_name", "reach_email", "reach_phone", "reach_until")


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach somebody: only ever made of an answer to which both sides said yes."""

    first_name: str
    last_name: str
    email: str
    phone: str
    until: datetime
    # What the family is called to whom it said yes; empty for who offered something.
    family: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as the one who chooses sees it: without a name until both sides said yes."""

    id: UUID
    words: str
    stage: ResponseStage
    since: datetime
    ring: Ring
    why: Words
    why_no_yes: Refusal | None
    contact: Contact | None

    @property
    def who(self) -> Words:
        return rules.RINGS[self.ring]

    @property
    def icon(self) -> str:
        """No drawn face before a name: that would be somebody else's."""
        return ICONS[self.ring]

    @property
    def waits(self) -> Words:
        return rules.WAITS_FOR_CHOOSER[self.stage]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the own circle, as a reminder before anybody else is asked."""

    name: str
    relation: str
    gives: str
    why: Words


@dataclass(frozen=True, slots=True)
class KeptPost:
    """A post with its answers, for who keeps it."""

    card: Card
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A family's questions on the board and what came of them: own circle first."""

    family_id: UUID
    request_id: UUID
    own: bool
    # Whether the reader is who asked, and says where to come.
    mine: bool
    why_no_question: Refusal | None
    circle: tuple[Known, ...]
    posts: tuple[KeptPost, ...]


@contextmanager
def opening_answers(actor: Actor, request_id: UUID, *, at: datetime) -> Iterator[Viewing]:
    """One look at the answers to a request, entered in the log. 3 queries.

    Raises `NotVisible` for whoever is not involved as family or coach.
    """
    mine = chooses_for(actor, at, compartment="compartment")
    asked = HelpRequest.objects.visible_to(actor, at=at).filter(mine)
    family_id = asked.filter(pk=request_id).values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    with opening(actor, "opentent.answers_seen", family_id, at=at) as look:
        yield look


def of_request(look: Viewing, request_id: UUID | None = None) -> Asked | None:
    """The questions of one request (else of the family's newest that is not done) with answers, ranked.

    None when there is no request, or when the reader is involved in another part than family or coach.
    4 queries.
    """
    if look.part not in CHOOSERS:
        return None
    asker = FamilyMember.objects.filter(pk=OuterRef("asked_by_id"), account_id=look.actor.account)
    requests = HelpRequest.objects.within(look).annotate(done=Q(stage=Stage.DONE), mine=Exists(asker))
    wanted = requests.filter(pk=request_id) if request_id else requests.order_by("done", "-id")
    request = wanted.values("pk", "done", "mine").first()
    if request is None:
        return None
    posts = Post.objects.filter(family_id=look.family_id, request=request["pk"], kind=PostKind.QUESTION)
    cards = cards_of(posts.order_by(F("closed_at").desc(nulls_first=True), "-id"), at=look.at)
    answers = _answers(cards, at=look.at)
    on_board = sum(not card.gone for card in cards)
    return Asked(
        family_id=look.family_id,
        request_id=request["pk"],
        own=look.part in OWN_PARTS,
        mine=request["mine"],
        why_no_question=rules.why_no_question(done=request["done"], on_board=on_board),
        circle=_circle(look),
        posts=tuple(_kept(card, answers) for card in cards),
    )


@dataclass(frozen=True, slots=True)
class QuestionStart:
    """What the system already knows when a family's question is written."""

    family_id: UUID
    own: bool
    neighbourhood: str
    text: str
    why_no_question: Refusal | None


def question_start(look: Viewing, request_id: UUID) -> QuestionStart:
    """The neighbourhood and the hoped-for result, the latter only when it gives nobody away. 3 queries."""
    rows = HelpRequest.objects.filter(pk=request_id, family_id=look.family_id)
    on_board = Post.objects.on_board(at=look.at).filter(request=OuterRef("pk")).order_by().values("request")
    row = rows.annotate(
        place=F("family__neighbourhood"),
        on_board=Coalesce(Subquery(on_board.annotate(n=Count("pk")).values("n")), 0),
    ).values("place", "result", "stage", "on_board")[0]
    safe = rules.why_names_are_in(row["result"], names_of_family(look.family_id)) is None
    return QuestionStart(
        family_id=look.family_id,
        own=look.part in OWN_PARTS,
        neighbourhood=row["place"],
        text=row["result"] if safe else "",
        why_no_question=rules.why_no_question(done=row["stage"] == Stage.DONE, on_board=row["on_board"]),
    )


@dataclass(frozen=True, slots=True)
class MyAnswer:
    """An own answer: to what, where it stands, and how to reach the other once both said yes."""

    id: UUID
    post_title: str
    post_kind: str
    words: str
    stage: ResponseStage
    since: datetime
    why_no_confirm: Refusal | None
    contact: Contact | None
    # Whether the family lets the reader know where to come.
    where: bool

    @property
    def waits(self) -> Words:
        return rules.WAITS_FOR_RESPONDER[self.stage]

    @property
    def may_withdraw(self) -> bool:
        return rules.why_no_move(self.stage, ResponseStage.WITHDRAWN) is None


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody does in the Open Tent: own answers, and own offers with what came of them."""

    answers: tuple[MyAnswer, ...]
    posts: tuple[KeptPost, ...]

    @property
    def waits_on_me(self) -> int:
        """How many yeses of this person somebody waits for."""
        asked = sum(answer.stage is ResponseStage.ACCEPTED for answer in self.answers)
        offered = sum(a.stage is ResponseStage.OFFERED for kept in self.posts for a in kept.answers)
        return asked + offered


def answers_for(actor: Actor, *, at: datetime) -> Mine:
    """The actor's own answers and offers, at most fifty of each, and what they wait for.

    3 queries, and 2 of the families with which both said yes: each of them reads of this look.
    """
    door = Compartment.objects.filter(
        family=OuterRef("post__family"),
        kind=CompartmentKind.ADDRESS,
        pk__in=opened("compartment_id", actor, at, parts=[Part.VOLUNTEER]),
    )
    own = Response.objects.by(actor).annotate(
        where=Exists(door),
        ended=Q(stage__in=[ResponseStage.DECLINED, ResponseStage.WITHDRAWN]),
        **_when_connected("reaches", at=at),
    )
    rows = own.order_by("ended", "-stage_since").values(
        "id", "words", "stage", "stage_since", "post__title", "post__kind", "where", *CONTACT
    )
    offers = Post.objects.kept_by(actor, at=at).exclude(kind=PostKind.QUESTION)
    cards = cards_of(offers.order_by(F("closed_at").desc(nulls_first=True), "-id"), at=at, limit=LATEST)
    answers = _answers(cards, at=at)
    return Mine(
        answers=_my_answers(actor, list(rows[:LATEST]), at=at),
        posts=tuple(_kept(card, answers) for card in cards),
    )


def _when_connected(*accounts: str, at: datetime) -> dict[str, Combinable]:
    """Names and addresses leave the database only for answers to which both sides said yes, for a while."""
    # The task is over when the post is, not before the two found each other; LEAST passes over what is empty.
    over = Least("post__closed_at", "post__until_at", F("stage_since") + rules.REACHED_AT_MOST)
    until = Greatest(over, "stage_since") + Value(rules.REACHED_AFTERWARDS)

    def shown(field: str) -> Case:
        kind = Account._meta.get_field(field)
        assert isinstance(kind, Field)
        ways = [When(**{f"{account}__isnull": False}, then=F(f"{account}__{field}")) for account in accounts]
        reached = Case(*ways, default=Value(""), output_field=kind)
        connected = When(stage=ResponseStage.CONNECTED, reach_until__gt=at, then=reached)
        return Case(connected, default=Value(""), output_field=kind)

    # The moment first: what follows asks for it.
    moment = ExpressionWrapper(until, output_field=DateTimeField())
    return {
        "reach_until": moment,
        **{f"reach_{one}": shown(one) for one in ("first_name", "last_name", "email", "phone")},
    }


def _contact(row: Mapping[str, Any], family: str = "") -> Contact | None:
    """None too where it was long enough ago: then there is no address."""
    if row["stage"] != ResponseStage.CONNECTED or not row["reach_email"]:
        return None
    return Contact(
        first_name=row["reach_first_name"],
        last_name=row["reach_last_name"],
        email=row["reach_email"],
        phone=row["reach_phone"],
        until=row["reach_until"],
        family=family,
    )


def _answers(cards: tuple[Card, ...], *, at: datetime) -> Mapping[UUID, tuple[Answer, ...]]:
    """The standing answers to these posts, ranked within each. 1 query."""
    places_left = {card.id: card.places_left for card in cards}
    theirs = Post.objects.on_board(at=at).filter(author=OuterRef("author")).exclude(kind=PostKind.QUESTION)
    initiatives = theirs.filter(kind=PostKind.INITIATIVE).order_by("-id").values("title")[:1]
    works = Membership.objects.standing(local_day(at)).filter(
        account=OuterRef("author"), role=Role.PROFESSIONAL
    )
    nearby = theirs.filter(neighbourhood=OuterRef("post__neighbourhood")).exclude(neighbourhood="")
    rows = (
        Response.objects.filter(post__in=list(places_left))
        .standing()
        .annotate(
            works=Exists(works),
            initiative=Coalesce(Subquery(initiatives), Value("")),
            near=Exists(nearby),
            place=F("post__neighbourhood"),
            **_when_connected("author", at=at),
        )
    )
    fields = ("id", "post_id", "words", "stage", "stage_since", "at", "works", "initiative", "near", "place")
    found = {row["id"]: row for row in rows.values(*fields, *CONTACT)} if places_left else {}
    ranked: dict[UUID, tuple[Answer, ...]] = {}
    for placed in rules.rank(_candidate(row) for row in found.values()):
        row = found[placed.key]
        answer = _answer(row, placed, places_left[row["post_id"]])
        ranked[row["post_id"]] = (*ranked.get(row["post_id"], ()), answer)
    return ranked


def _candidate(row: Mapping[str, Any]) -> Candidate:
    ring = Ring.INITIATIVE if row["initiative"] else Ring.NEIGHBOUR
    return Candidate(
        key=row["id"],
        ring=Ring.PROFESSIONAL if row["works"] else ring,
        at=row["at"],
        near=row["place"] if row["near"] else "",
        initiative=row["initiative"],
    )


def _answer(row: Mapping[str, Any], placed: Placed, places_left: int | None) -> Answer:
    stage = ResponseStage(row["stage"])
    return Answer(
        id=row["id"],
        words=row["words"],
        stage=stage,
        since=row["stage_since"],
        ring=placed.ring,
        why=placed.why,
        why_no_yes=rules.why_no_move(stage, ResponseStage.ACCEPTED, places_left=places_left),
        contact=_contact(row),
    )


def _my_answers(actor: Actor, rows: list[dict[str, Any]], *, at: datetime) -> tuple[MyAnswer, ...]:
    """With what a family is called that the reader reaches: its row they do not see. Each of these families
    reads that its name and how to reach it were looked at, each time. At most 2 queries.
    """
    reached = [row["id"] for row in rows if row["reach_email"] and row["post__kind"] == PostKind.QUESTION]
    names: dict[UUID, str] = {}
    if reached:
        called = Coalesce(NullIf("post__request__asked_by__last_name", Value("")), "post__family__name")
        place = "post__request__compartment"
        with reading(Actor.system(actor.municipality_id), at):
            theirs = Response.objects.filter(pk__in=reached)
            found = list(theirs.values_list("pk", called, "post__family_id", place, f"{place}__record_id"))
        names = {pk: name for pk, name, *_place in found}
        places = {(family, Place(place, record)) for _pk, _name, family, place, record in found}
        seen_along(actor, "opentent.contact_seen", places, part=Part.VOLUNTEER, ground=Ground.MATCH, at=at)
    return tuple(_my_answer(row, names.get(row["id"], "")) for row in rows)


def _my_answer(row: Mapping[str, Any], family: str) -> MyAnswer:
    stage = ResponseStage(row["stage"])
    return MyAnswer(
        id=row["id"],
        post_title=row["post__title"],
        post_kind=row["post__kind"],
        words=row["words"],
        stage=stage,
        since=row["stage_since"],
        why_no_confirm=rules.why_no_move(stage, ResponseStage.CONNECTED),
        contact=_contact(row, family),
        where=stage is ResponseStage.CONNECTED and row["where"],
    )


def _kept(card: Card, answers: Mapping[UUID, tuple[Answer, ...]]) -> KeptPost:
    return KeptPost(card=card, answers=answers.get(card.id, ()))


def _circle(look: Viewing) -> tuple[Known, ...]:
    """Who is in the drawing of the own circle, nearest first. 1 query."""
    ties = {tie.pk: tie for tie in Tie.objects.present().within(look)}
    ranked = rules.rank(
        Candidate(key=tie.pk, ring=Ring.OWN_CIRCLE, at=look.at, distance=tie.distance)
        for tie in ties.values()
    )
    return tuple(
        Known(
            name=ties[one.key].name, relation=ties[one.key].relation, gives=ties[one.key].gives, why=one.why
        )
        for one in ranked
    )
