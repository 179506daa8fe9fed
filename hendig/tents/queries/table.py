"""The one screen of a tent, for everyone at the table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from hendig.audit.actions import Viewing
from hendig.audit.models.composed import Composed
from hendig.families.models import FamilyMember, MemberKind, Part, told_to
from hendig.families.queries.about import Named, SaidOf, said_of, the_child
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.opentent.queries import Card
from hendig.tents import rules
from hendig.tents.models import (
    Gesture,
    LaterPage,
    Page,
    PageRemark,
    PageText,
    Phase,
    Piece,
    PieceKind,
    Talk,
    Tent,
    TentStage,
)
from hendig.tents.queries.deciding import decider
from hendig.tents.queries.directions import beside_of
from hendig.tents.queries.drawn import NOTHING, Picture, as_agreed, of_the_page, picture_of, standing
from hendig.tents.queries.engaged import is_engaged
from hendig.tents.queries.first import First, first_at
from hendig.tents.queries.gestures import (
    Heard,
    Understanding,
    heard_of,
    there_of,
    understanding_of,
)
from hendig.tents.queries.knowledge import cards_at
from hendig.tents.queries.lists import BEFORE, Guest, guests_at
from hendig.tents.queries.pieces import AGREED, UNDERSTOOD, PieceOnTable, Pile, by_circle, pieces_on, piles
from hendig.tents.queries.sheet import Sheet, Version, sheet_of
from hendig.tents.queries.turns import AtTable, Turns, at_the_table, names_of, turns_of
from hendig.tents.rules import guide, prompts, words
from hendig.tents.rules import page as page_rules

WITH_CIRCLE = (Phase.UNDERSTAND, Phase.GOES_WELL, Phase.DIRECTIONS)


@dataclass(frozen=True, slots=True)
class Move:
    """A phase to go to, and why not."""

    phase: str
    name: str
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class TentPage:
    """Everything on the screen of one tent, with why each button cannot be pressed."""

    id: UUID
    request_id: UUID
    family_id: UUID
    record_id: UUID
    starts_at: datetime
    place: str
    video_link: str
    stage: str
    stage_words: str
    phase: str
    phase_names: tuple[str, ...]
    phase_number: int
    # For how many more seconds who only listens is not asked who is there.
    listens: int
    prompt: words.Prompt
    question: str
    result: str
    table: tuple[AtTable, ...]
    turns: Turns
    # Of whom something can be: the child of the record, and who else is of the family.
    child: Named | None
    relatives: tuple[Named, ...]
    guests: tuple[Guest, ...]
    # The coach or the family has another tent at this time; only the coach is told, and it stays possible.
    engaged: bool
    piles: tuple[Pile, ...]
    directions: tuple[Pile, ...]
    agreements: tuple[Pile, ...]
    factors: tuple[PieceOnTable, ...]
    drawing: Picture
    cards: tuple[tuple[str, str], ...]
    part: str
    kinds: tuple[PieceKind, ...]
    leads: bool
    next_phase: Move | None
    previous_phase: Move | None
    not_begin: Refusal | None
    not_undo_begin: Refusal | None
    not_close: Refusal | None
    not_stop_here: Refusal | None
    not_cancel: Refusal | None
    not_give_chair: Refusal | None
    not_say_away: Refusal | None
    not_say_there: Refusal | None
    no_solutions: Refusal | None
    understanding: Understanding | None
    heard: Heard | None
    # What the family chose before anybody was asked, where the talk is about that.
    first: First | None
    beside: tuple[Card, ...]
    sheet: Sheet | None

    @property
    def is_family(self) -> bool:
        return self.part in rules.FAMILY_PARTS

    @property
    def chooses(self) -> bool:
        return self.part == Part.FAMILY and self.stage in {
            TentStage.CALLING,
            TentStage.PLANNED,
            TentStage.MEETING,
        }

    @property
    def is_coach(self) -> bool:
        return self.part == Part.COACH

    @property
    def is_meeting(self) -> bool:
        return self.stage == TentStage.MEETING

    @property
    def may_see_circle(self) -> bool:
        """Whether the talk is so far that it helps to see who is around the family."""
        return self.is_meeting and self.phase in WITH_CIRCLE

    @property
    def is_ahead(self) -> bool:
        return self.stage in BEFORE

    @property
    def is_closed(self) -> bool:
        return self.stage == TentStage.CLOSED

    @property
    def is_cancelled(self) -> bool:
        return self.stage == TentStage.CANCELLED

    @property
    def free(self) -> tuple[Guest, ...]:
        return tuple(guest for guest in self.guests if guest.is_free)

    @property
    def welcome(self) -> tuple[Guest, ...]:
        return tuple(guest for guest in self.guests if guest.is_welcome)


def tent_page(look: Viewing, tent_id: UUID, *, draws: bool = True) -> TentPage:
    """The screen of a tent for this actor. 7 queries, whatever lies on the table, without it (`draws`) 5.

    Who draws nothing of it is told how much lies there, and not what: that is what most changes need.
    And 2 before it begins for the coach; and 1 each: for what the family chose first where the talk is about
    that, with the drawing for the knowledge cards, and for what is offered while directions are weighed.
    """
    tent = tent_at(look, tent_id)
    part, account = look.part, look.actor.account_id
    guests = tuple(guests_at(look, tent, all_of_them=sees_all(part)))
    members = members_of(look, tent)
    gestures = _gestures(look.actor, look.at, tent_id=tent.pk)
    table = at_the_table(tent, members, guests, gestures, account=account)
    names = names_of(table)
    relatives = tuple((str(one.pk), names[one.pk]) for one in members if one.kind != MemberKind.CONFIDANT)
    child = the_child(relatives, tent.compartment.record.child_id)
    pieces = (lying_on if draws else _counted_on)(look, tent)
    shown = pieces_on(tent, pieces, part, account) if draws else []
    phase = Phase(tent.phase)
    own, known = own_texts(tent), guide.grasp(pieces, gestures)
    leads = rules.why_not_lead(tent, part=part, account=account) is None
    welcome = [guest.account_id for guest in guests if guest.is_welcome]
    return TentPage(
        id=tent.pk,
        request_id=tent.request_id,
        family_id=tent.family_id,
        record_id=tent.compartment.record_id,
        starts_at=tent.starts_at,
        place=tent.place,
        video_link=tent.video_link,
        stage=tent.stage,
        stage_words=tent.get_stage_display(),
        phase=tent.phase,
        phase_names=tuple(str(prompts.prompt(one, own).title) for one in rules.PHASES),
        phase_number=_number(tent, phase),
        listens=guide.listens_for(tent, look.at),
        prompt=prompts.prompt(phase, own),
        question=tent.request.words,
        result=tent.request.result,
        table=table,
        turns=turns_of(look, tent, table, gestures, leads=leads),
        child=child,
        relatives=relatives,
        guests=guests,
        engaged=part == Part.COACH and tent.stage in BEFORE and is_engaged(look, tent),
        piles=piles(shown, UNDERSTOOD),
        directions=by_circle(shown),
        agreements=piles(shown, AGREED),
        factors=tuple(piece for piece in shown if piece.kind == PieceKind.FACTOR),
        drawing=picture_of(look, tent, pieces, child=child[1] if child else "") if draws else NOTHING,
        cards=cards_at(tent) if draws else (),
        part=part,
        kinds=rules.KINDS[phase],
        **_buttons(tent, part, account, known, welcome, lying=len(pieces), at=look.at),
        understanding=understanding_of(look, tent, there_of(members, gestures), gestures, known, names),
        heard=heard_of(look, tent, members, gestures, names),
        first=first_at(look, tent),
        beside=beside_of(look, tent, [tent.request.words, *(one.text for one in pieces)]) if draws else (),
        sheet=sheet_of(tent.page, tent, part) if hasattr(tent, "page") else None,
    )


def _buttons(
    tent: Tent,
    part: str,
    account: UUID | None,
    known: guide.Grasp,
    welcome: Collection[UUID],
    *,
    lying: int,
    at: datetime,
) -> dict[str, Any]:
    """Who leads, where the talk can go, and why each button cannot be pressed."""
    return {
        "leads": rules.why_not_lead(tent, part=part, account=account) is None,
        "next_phase": _move(tent, part, account, 1, known),
        "previous_phase": _move(tent, part, account, -1, known),
        "not_begin": rules.why_not_begin(tent, part=part, guests=welcome, at=at),
        "not_undo_begin": rules.why_not_undo_begin(tent, part=part, pieces=lying),
        "not_close": rules.why_not_close(tent, part=part, account=account),
        "not_stop_here": rules.why_not_close(tent, part=part, account=account, stops_here=True),
        "not_cancel": rules.why_not_cancel(tent, part=part),
        "not_give_chair": rules.why_not_give_chair(tent, part=part, account=account),
        "not_say_away": _why_not_there(tent, part, account, there=False),
        "not_say_there": _why_not_there(tent, part, account, there=True),
        "no_solutions": known.why_no_solutions(tent.phase),
    }


def _why_not_there(tent: Tent, part: str, account: UUID | None, *, there: bool) -> Refusal | None:
    """Of another at the table, and that oneself is there after all."""
    page = getattr(tent, "page", None)
    return guide.why_not_say_there(tent, page, there=there, part=part, account=account, own=there)


def piece_about(look: Viewing, piece_id: UUID) -> tuple[UUID, SaidOf]:
    """A piece and whom it is about, with its tent. `NotVisible` for who does not read it. 2 queries."""
    rows = Piece.objects.visible_to(look.actor, at=look.at)
    shown = rows.filter(compartment__in=look.compartments, removed_at=None, pk=piece_id)
    piece = shown.select_related("compartment__record").first()
    if piece is None:
        raise NotVisible
    return piece.tent_id, said_of(look, piece, piece.text, wrote=piece.author_id == look.actor.account_id)


def sheet(look: Viewing, tent_id: UUID, number: int | None = None) -> Sheet:
    """The page that remains of this tent: its newest version, or the one with this number.

    `NotVisible` before it was drafted and for a version that is not there. 4 queries, for the family 7, once
    agreed 1; where there are later versions 1 more, and so where somebody sees a line of it otherwise.
    """
    tent = tent_at(look, tent_id, versions=True)
    first: Page | None = getattr(tent, "page", None)
    if first is None:
        raise NotVisible
    later = tent.later_pages.select_related("agreed_by") if vars(tent)["has_later"] else ()
    pages: list[PageText] = [first, *later]
    if number is not None and not 1 <= number <= len(pages):
        raise NotVisible
    shown = number or len(pages)
    page = pages[shown - 1]
    found = replace(
        sheet_of(page, tent, look.part),
        number=shown,
        versions=tuple(Version(at, one.agreed_at) for at, one in enumerate(pages, start=1)),
        not_later=page_rules.why_no_later_page(page, part=look.part),
        remarks=_remarks(tent, shown),
        reader=look.actor.account_id,
        was_there=not vars(tent)["was_away"],
        picture=as_agreed(page) or _picture(look, tent),
    )
    if look.part != Part.FAMILY or found.is_agreed:
        return found
    return replace(found, agrees=True, not_agree=_why_not_agree(look, tent, page))


def _picture(look: Viewing, tent: Tent) -> Picture:
    """The drawing as it lies on the table now. 3 queries."""
    child = tent.compartment.record.child
    lying = lying_on(look, tent)
    return of_the_page(lying, *standing(look, tent), child=child.first_name if child else "")


def _remarks(tent: Tent, number: int) -> tuple[PageRemark, ...]:
    """Who sees a line of this version otherwise. 1 query where anybody ever did, else none."""
    if not vars(tent)["has_remarks"]:
        return ()
    return tuple(tent.page_remarks.filter(number=number, removed_at=None).order_by("id"))


def _why_not_agree(look: Viewing, tent: Tent, page: PageText) -> Refusal | None:
    decides = decider(look.actor, tent.request, at=look.at) is not None
    return page_rules.why_not_agree(page, part=look.part, decides=decides, edition=page.edition)


def tent_at(look: Viewing, tent_id: UUID, *, versions: bool = False) -> Tent:
    """The tent with all that a screen of it needs. `NotVisible` for who does not sit at it. 1 query."""
    seen = (_with_versions if versions else _by_itself)(look.actor, look.at, tent_id=tent_id)
    tent = next((one for one in seen if one.compartment_id in look.compartments), None)
    if tent is None:
        raise NotVisible
    return tent


@Composed
def _by_itself(actor: Actor, at: datetime, tent_id: UUID) -> QuerySet[Tent]:
    joined = (
        "request__coach",
        "request__own_plan__offered_by",
        "request__own_plan__chosen_by",
        "request__compartment",
        "called_by",
        "page__agreed_by",
        "compartment__record__child",
        "talk__guide",
        "family",
    )
    return Tent.objects.visible_to(actor, at=at).filter(pk=tent_id).select_related(*joined)


@Composed
def _with_versions(actor: Actor, at: datetime, tent_id: UUID) -> QuerySet[Tent]:
    rows: QuerySet[Tent] = _by_itself.compose(actor, at, tent_id)
    return rows.annotate(
        has_later=Exists(LaterPage.objects.filter(tent=OuterRef("pk"))),
        has_remarks=Exists(PageRemark.objects.filter(tent=OuterRef("pk"))),
        was_away=Exists(
            Gesture.objects.away()
            .of_person(account_id=actor.account_id, member_id=None)
            .filter(tent=OuterRef("pk"))
        ),
    )


def lying_on(look: Viewing, tent: Tent) -> list[Piece]:
    """What lies on this table, as far as the actor is told it. 1 query."""
    return _lying(look.actor, look.at, tent_id=tent.pk)


def _counted_on(look: Viewing, tent: Tent) -> list[Piece]:
    """The same pieces without their words: of each only what kind it is, and since when. 1 query."""
    return _counted(look.actor, look.at, tent_id=tent.pk)


def members_of(look: Viewing, tent: Tent) -> list[FamilyMember]:
    """Who is of the family whose tent it is. 1 query."""
    return _members(look.actor, look.at, family_id=tent.family_id, compartment_id=tent.compartment_id)


@Composed
def _lying(actor: Actor, at: datetime, tent_id: UUID) -> QuerySet[Piece]:
    return _told(actor, at, tent_id).select_related("about").order_by("id")


@Composed
def _counted(actor: Actor, at: datetime, tent_id: UUID) -> QuerySet[Piece]:
    return _told(actor, at, tent_id).only("kind", "at").order_by("id")


def _told(actor: Actor, at: datetime, tent_id: UUID) -> QuerySet[Piece]:
    return Piece.objects.filter(told_to(actor, at), tent=tent_id, removed_at=None)


@Composed
def _gestures(_actor: Actor, _at: datetime, tent_id: UUID) -> QuerySet[Gesture]:
    return Gesture.objects.filter(tent=tent_id).select_related("account", "member")


@Composed
def _members(_actor: Actor, _at: datetime, family_id: UUID, compartment_id: UUID) -> QuerySet[FamilyMember]:
    return FamilyMember.objects.at_table(compartment_id).filter(family=family_id)


def own_texts(tent: Tent) -> prompts.Texts:
    """The municipality's own words with which this talk began."""
    talk: Talk | None = getattr(tent, "talk", None)
    return talk.guide.phases if talk and talk.guide else {}


def sees_all(part: str) -> bool:
    """Whether somebody sees also who was asked and does not come."""
    return part in {Part.FAMILY, Part.CONFIDANT, Part.COACH}


def _number(tent: Tent, phase: Phase) -> int:
    """Where the talk is, from 1; before it nowhere, after it past the end."""
    if tent.stage == TentStage.MEETING:
        return rules.PHASES.index(phase) + 1
    return len(rules.PHASES) + 1 if tent.stage == TentStage.CLOSED else 0


def _move(tent: Tent, part: str, account: UUID | None, step: int, known: guide.Grasp) -> Move | None:
    at = rules.PHASES.index(Phase(tent.phase)) + step
    if not 0 <= at < len(rules.PHASES):
        return None
    to = rules.PHASES[at]
    refusal = rules.why_not_phase(
        tent, to, part=part, account=account, factors=known.factors, understood=known.understood
    )
    return Move(to.value, str(prompts.prompt(to, own_texts(tent)).title), refusal)
