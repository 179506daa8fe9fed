"""How the understanding grew: the drawing step by step, from what lies there and when that came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from hendig.audit.actions import Viewing
from hendig.families.models import MemberKind
from hendig.families.queries.about import the_child
from hendig.tents.models import Influence, Piece, PieceKind, Remark, View
from hendig.tents.queries.drawn import Picture, picture, titles_of, tried_of
from hendig.tents.queries.table import lying_on, members_of, tent_at
from hendig.tents.rules import words
from hendig.tents.rules.analysis import DRAWN
from hendig.tents.rules.drawing import Drawing, Factor
from hendig.tents.rules.twin import sentence_of


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


def growth(look: Viewing, tent_id: UUID, step: int | None = None) -> Growth:
    """The drawing as it was at this step, by default the first. 5 queries, whatever was drawn.

    What was taken off the table does not come back here: its words were taken back.
    """
    tent = tent_at(look, tent_id)
    members = members_of(look, tent)
    relatives = tuple((str(one.pk), one.first_name) for one in members if one.kind != MemberKind.CONFIDANT)
    child = the_child(relatives, tent.compartment.record.child_id)
    pieces = lying_on(look, tent)
    between = Influence.objects.filter(tent=tent, cause__removed_at=None, effect__removed_at=None)
    lines = _that_stood(list(between.told(look.actor, look.at).order_by("id")))
    remarks = list(
        Remark.objects.filter(tent=tent, removed_at=None).lying().told(look.actor, look.at).order_by("id")
    )
    happened = _in_steps(pieces, lines, remarks)
    number = min(max(step or 1, 1), len(happened))
    now = happened[number - 1] if happened else []
    moment = now[0].at if now else None
    return Growth(
        id=tent.pk,
        step=number,
        steps=len(happened),
        at=moment,
        came=tuple(one.words for one in now),
        new=frozenset(one.key for one in now),
        picture=_as_it_was(pieces, lines, remarks, moment, titles_of(child[1] if child else "")),
    )


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
) -> Picture:
    """Laid out as it ended, and only what was there by then: so nothing jumps from step to step."""
    if moment is None:
        return picture([], [], [], titles)
    by_then = [piece for piece in pieces if piece.at <= moment]
    there = {piece.pk for piece in by_then}
    standing = [
        one for one in lines if one.at <= moment and (one.removed_at is None or one.removed_at > moment)
    ]
    said = [one for one in remarks if one.at <= moment]
    ended: list[Factor] = words.factors_of(pieces, said)
    links = words.links_of(standing, pieces, said)
    then = picture([one for one in ended if one.id in there], links, tried_of(by_then), titles)
    # As wide as every line needs that ever stood: a later one then moves nothing that is there.
    ever = words.links_of(lines, pieces)
    last = picture(ended, links, (), titles, room_for=ever)
    return replace(then, desk=_only(last.desk, there), phone=_only(last.phone, there))


def _only(drawing: Drawing, there: set[UUID]) -> Drawing:
    return replace(drawing, boxes=tuple(box for box in drawing.boxes if box.id in there))


def _in_steps(
    pieces: Sequence[Piece], lines: Sequence[Influence], remarks: Sequence[Remark]
) -> list[list[_Came]]:
    """What happened at one moment is one step."""
    steps: dict[datetime, list[_Came]] = defaultdict(list)
    for came in (*_said(pieces), *_joined(pieces, lines), *_thought(pieces, lines, remarks)):
        steps[came.at].append(came)
    return [steps[at] for at in sorted(steps)]


def _said(pieces: Sequence[Piece]) -> Iterator[_Came]:
    for piece in pieces:
        if piece.kind in (*DRAWN, PieceKind.TRIED):
            told = _("%(name)s zegt: %(what)s") % {"name": piece.voice, "what": piece.text}
            yield _Came(piece.at, told, piece.pk)


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
            yield _Came(gone, _("Dit verband ging weg: %(what)s") % {"what": sentence}, one.pk)


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
