"""How the understanding grew: the drawing step by step, what came, what moved and what went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils.translation import gettext as _

from hendig.audit.actions import Viewing
from hendig.families.models import MemberKind, told_to
from hendig.families.queries.about import the_child
from hendig.tents.models import Influence, Piece, PieceKind, Place, Remark, Tent, View
from hendig.tents.queries.drawn import Picture, picture, titles_of, tried_of
from hendig.tents.queries.table import members_of, tent_at
from hendig.tents.rules import words
from hendig.tents.rules.analysis import DRAWN
from hendig.tents.rules.drawing import Drawing, Factor, Link
from hendig.tents.rules.twin import ended, sentence_of


@dataclass(frozen=True, slots=True)
class Growth:
    """One step of it; nothing that stands here moves until the last."""

    id: UUID
    step: int
    steps: int
    at: datetime | None
    # What came at this step, in words and in the drawing.
    came: tuple[str, ...]
    new: frozenset[UUID]
    # What left at this step, where it lay until then: it is shown a last time.
    gone: frozenset[UUID]
    picture: Picture

    @property
    def before(self) -> int | None:
        return self.step - 1 if self.step > 1 else None

    @property
    def after(self) -> int | None:
        return self.step + 1 if self.step < self.steps else None


@dataclass(frozen=True, slots=True)
class _Came:
    """Something that happened: in words, and what of the drawing it is."""

    at: datetime
    words: str
    key: UUID
    # What left by it: the thing itself, or the place where it lay.
    left: UUID | None = None


def growth(look: Viewing, tent_id: UUID, step: int | None = None) -> Growth:
    """The drawing as it was at this step, by default the first. 5 queries, whatever was drawn.

    That something was taken off the table is seen, and not what it said: its words were taken back.
    """
    tent = tent_at(look, tent_id)
    members = members_of(look, tent)
    relatives = tuple((str(one.pk), one.first_name) for one in members if one.kind != MemberKind.CONFIDANT)
    child = the_child(relatives, tent.compartment.record.child_id)
    titles = titles_of(child[1] if child else "")
    pieces = _ever_on(look, tent)
    between = Influence.objects.filter(tent=tent, cause__removed_at=None, effect__removed_at=None)
    lines = _that_stood(list(between.told(look.actor, look.at).order_by("id")))
    remarks = list(
        Remark.objects.filter(tent=tent, removed_at=None).lying().told(look.actor, look.at).order_by("id")
    )
    happened = _in_steps(pieces, lines, remarks, titles)
    number = min(max(step or 1, 1), len(happened))
    now = happened[number - 1] if happened else []
    moment = now[0].at if now else None
    gone = frozenset(one.left for one in now if one.left)
    return Growth(
        id=tent.pk,
        step=number,
        steps=len(happened),
        at=moment,
        came=tuple(one.words for one in now),
        new=frozenset(one.key for one in now),
        gone=gone,
        picture=_as_it_was(pieces, lines, remarks, moment, titles, gone),
    )


def _ever_on(look: Viewing, tent: Tent) -> list[Piece]:
    """What lies or lay there, as far as the actor is told it; what its writer undid never did. 1 query."""
    told = Piece.objects.filter(told_to(look.actor, look.at), tent=tent)
    ever = told.filter(Q(removed_at=None) | Q(removed_by__isnull=False))
    return [_without_words(piece) for piece in ever.select_related("about").order_by("id")]


def _without_words(piece: Piece) -> Piece:
    """As it may be shown: what was taken off the table says only that it was there."""
    if piece.removed_at is not None:
        piece.text, piece.voice = _("Dit is weggehaald."), ""
    return piece


def _that_stood(lines: Sequence[Influence]) -> list[Influence]:
    """Without those that were undone: a slip of the hand is no step of understanding."""
    begun = {(one.cause_id, one.effect_id, one.at) for one in lines}
    return [
        one
        for one in lines
        if one.removed_at is None
        or one.removed_by_id is not None
        or (one.cause_id, one.effect_id, one.removed_at) in begun
    ]


def _as_it_was(
    pieces: Sequence[Piece],
    lines: Sequence[Influence],
    remarks: Sequence[Remark],
    moment: datetime | None,
    titles: dict[str, str],
    gone: frozenset[UUID],
) -> Picture:
    """Laid out with room for all that ever lay there, and only what did by then: so nothing jumps."""
    if moment is None:
        return picture([], [], [], titles)
    said = [one for one in remarks if one.at <= moment]
    drawn = {one.id: one for one in words.factors_of(pieces, said)}
    moved = [piece for piece in pieces if piece.moves and piece.pk in drawn]
    before = [
        replace(drawn[one.pk], id=_was(one, turn), place=move.was)
        for one in moved
        for turn, move in enumerate(one.moves)
    ]
    there = {piece.pk for piece in pieces if piece.at <= moment and not _over(piece.removed_at, moment)}
    then_at = {piece.pk: lay for piece in moved if (lay := _lay(piece, moment)) and piece.pk in there}
    there = there - then_at.keys() | {*then_at.values()}
    ever_drawn: list[Factor] = [*drawn.values(), *before]
    links = [_from(then_at, one) for one in words.links_of(_standing(lines, moment), pieces, said)]
    left = [one for one in lines if one.pk in gone]
    tried = tried_of(one for one in pieces if one.at <= moment and one.removed_at is None)
    then = picture([one for one in ever_drawn if one.id in there], links, tried, titles)
    # As wide as every line needs that ever stood: a later one then moves nothing that is there.
    ever = words.links_of(lines, pieces)
    most = max((len(piece.moves) for piece in moved), default=0)
    everywhere = [{one.pk: _was(one, turn) for one in moved if turn < len(one.moves)} for turn in range(most)]
    room = [*ever, *(_from(lay, one) for lay in everywhere for one in ever)]
    shown = [*links, *(_from(then_at, one) for one in words.links_of(left, pieces))]
    last = picture(ever_drawn, shown, (), titles, room_for=room)
    return replace(then, desk=_only(last.desk, there | gone), phone=_only(last.phone, there | gone))


def _standing(lines: Sequence[Influence], moment: datetime) -> list[Influence]:
    return [one for one in lines if one.at <= moment and not _over(one.removed_at, moment)]


def _over(ended: datetime | None, moment: datetime) -> bool:
    return ended is not None and ended <= moment


def _was(piece: Piece, turn: int) -> UUID:
    """The place where it lay until it was moved for that time, as something of its own in the drawing."""
    return uuid5(piece.pk, f"before {turn}")


def _lay(piece: Piece, moment: datetime) -> UUID | None:
    """Where it lay at that moment, if that is not where it lies now."""
    turns = (_was(piece, turn) for turn, move in enumerate(piece.moves) if move.at > moment)
    return next(turns, None)


def _from(lay: Mapping[UUID, UUID], link: Link) -> Link:
    """The line, to where both its ends lay."""
    return replace(link, cause=lay.get(link.cause, link.cause), effect=lay.get(link.effect, link.effect))


def _only(drawing: Drawing, there: Collection[UUID]) -> Drawing:
    return replace(drawing, boxes=tuple(box for box in drawing.boxes if box.id in there))


def _in_steps(
    pieces: Sequence[Piece], lines: Sequence[Influence], remarks: Sequence[Remark], titles: dict[str, str]
) -> list[list[_Came]]:
    """What happened at one moment is one step."""
    steps: dict[datetime, list[_Came]] = defaultdict(list)
    for came in (*_said(pieces, titles), *_joined(pieces, lines), *_thought(pieces, lines, remarks)):
        steps[came.at].append(came)
    return [steps[at] for at in sorted(steps)]


def _said(pieces: Sequence[Piece], titles: Mapping[str, str]) -> Iterator[_Came]:
    """What was said, where it went to lie since, and that it was taken away."""
    for piece in pieces:
        if piece.kind not in (*DRAWN, PieceKind.TRIED):
            continue
        places = [titles[one or Place.CHILD] for one in (*(move.was for move in piece.moves), piece.place)]
        if piece.removed_at is not None:
            lay = {"place": places[-1] if piece.kind in DRAWN else _("wat is geprobeerd")}
            yield _Came(
                piece.at, _("Hier kwam iets bij wat later wegging. Het lag bij: %(place)s.") % lay, piece.pk
            )
            yield _Came(
                piece.removed_at,
                _("Dit ging van tafel. Het lag bij: %(place)s.") % lay,
                piece.pk,
                left=piece.pk,
            )
            continue
        told = _("%(name)s zegt: %(what)s") % {"name": piece.voice, "what": piece.text}
        yield _Came(piece.at, told, piece.pk)
        for turn, (move, (was, now)) in enumerate(zip(piece.moves, pairwise(places), strict=True)):
            where = {"what": ended(piece.text), "was": was, "now": now}
            went = _("%(what)s Dat lag bij: %(was)s. Nu ligt het bij: %(now)s.") % where
            yield _Came(move.at, went, piece.pk, left=_was(piece, turn))


def _joined(pieces: Sequence[Piece], lines: Sequence[Influence]) -> Iterator[_Came]:
    texts = {piece.pk: piece.text for piece in pieces}
    begun = {(one.cause_id, one.effect_id, one.at) for one in lines}
    for one, link in zip(lines, words.links_of(lines, pieces), strict=True):
        sentence = sentence_of(one.sign, texts[one.cause_id], texts[one.effect_id])
        yield _Came(
            one.at, _("%(name)s ziet dit verband: %(what)s") % {"name": link.voice, "what": sentence}, one.pk
        )
        gone = one.removed_at
        if gone is not None and (one.cause_id, one.effect_id, gone) not in begun:
            told = _("Dit verband ging weg: %(what)s") % {"what": sentence}
            yield _Came(gone, told, one.pk, left=one.pk)


def _thought(
    pieces: Sequence[Piece], lines: Sequence[Influence], remarks: Sequence[Remark]
) -> Iterator[_Came]:
    """What each thought of something, and of a line as it was then."""
    texts = {piece.pk: piece.text for piece in pieces}
    told = {
        View.AGREE: _("%(name)s is het eens met: %(about)s"),
        View.DIFFER: _("%(name)s ziet het anders: %(what)s Dat gaat over: %(about)s"),
        View.FIRST: _("%(name)s zou hier beginnen: %(about)s Waarom: %(what)s"),
    }
    for one in remarks:
        key, about = one.piece_id, texts[one.piece_id]
        if one.effect_id is not None:
            line = _line_then(lines, one)
            if line is None:
                continue
            key, about = line.pk, sentence_of(line.sign, about, texts[one.effect_id])
        given = {"name": one.voice, "what": one.text, "about": about}
        yield _Came(one.at, told[View(one.view)] % given, key)


def _line_then(lines: Sequence[Influence], said: Remark) -> Influence | None:
    """The line of which this was said, as it lay there; one that was undone is none."""
    ends = (said.piece_id, said.effect_id)
    then = (
        one
        for one in lines
        if (one.cause_id, one.effect_id) == ends
        and one.at <= said.at
        and (one.removed_at is None or one.removed_at > said.at)
    )
    return next(then, None)
