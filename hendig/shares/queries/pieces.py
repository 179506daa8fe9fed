"""The pieces: which can be chosen, what they are called, and what they say to with whom they are shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.text import format_lazy

from hendig.families.models import Death, MemberKind
from hendig.kernel.actor import Actor
from hendig.kernel.ids import made_at
from hendig.kernel.refusal import Words
from hendig.plans.models import Goal
from hendig.shares.models import PieceKind, SharedPiece
from hendig.tents.models import LaterPage, Page, PagePart, PageStage, PageText
from hendig.tents.rules.page import lines_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """A piece that can be shared, with its words: to look for an address in them, and to choose by."""

    kind: PieceKind
    piece_id: UUID
    title: Words
    texts: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.piece_id}"


@dataclass(frozen=True, slots=True)
class PieceRead:
    """A piece as with whom it is shared reads it: its words, under the heads that they have."""

    title: Words
    parts: tuple[tuple[Words, tuple[str, ...]], ...]


def pieces_to_choose(actor: Actor, place_id: UUID, *, at: datetime) -> tuple[Chosen, ...]:
    """What of this record can be shared, as far as the actor reads it, newest first. 3 queries.

    A page that the family agreed to, in each version; a goal of the child, of all or of a parent who lives.
    """
    pages = Page.objects.visible_to(actor, at=at).filter(compartment=place_id, stage=PageStage.AGREED)
    later = LaterPage.objects.visible_to(actor, at=at).filter(compartment=place_id, stage=PageStage.AGREED)
    parents = Q(member__kind__in=[MemberKind.PARENT, MemberKind.GUARDIAN], member__account__isnull=False)
    own = Q(member=None) | Q(member__record__isnull=False, member__record__compartments=place_id) | parents
    died = Death.objects.standing(at).values("member")
    goals = Goal.objects.visible_to(actor, at=at).filter(own, compartment=place_id)
    goals = goals.exclude(member__isnull=False, member__in=died)
    found = [
        *(_chosen(PieceKind.PAGE, one.pk, one.agreed_at, _words_of(one)) for one in pages),
        *(_chosen(PieceKind.LATER_PAGE, one.pk, one.agreed_at, _words_of(one)) for one in later),
        *(_chosen(PieceKind.GOAL, one.pk, one.set_at, (str(one.words),)) for one in goals.distinct()),
    ]
    # What was destroyed says nothing.
    return tuple(sorted((one for one in found if any(one.texts)), key=lambda one: one.piece_id, reverse=True))


def chosen_pieces(actor: Actor, place_id: UUID, keys: Collection[str], *, at: datetime) -> tuple[Chosen, ...]:
    """Those of them that were chosen. 3 queries."""
    return tuple(one for one in pieces_to_choose(actor, place_id, at=at) if one.key in keys)


def titles(rows: Collection[SharedPiece]) -> Mapping[UUID, tuple[Words, ...]]:
    """What the pieces of each share are called: by kind and day, never by what they say. 3 queries.

    The day on which it was agreed to or set; for who may not read the piece, that on which it was made.
    """
    ids = {kind: [one.piece_id for one in rows if one.kind == kind] for kind in PieceKind}
    days: dict[UUID, datetime | None] = {}
    for kind, pages in (
        (PieceKind.PAGE, Page.objects.all()),
        (PieceKind.LATER_PAGE, LaterPage.objects.all()),
    ):
        days |= dict(pages.filter(pk__in=ids[kind]).values_list("pk", "agreed_at"))
    days |= dict(Goal.objects.filter(pk__in=ids[PieceKind.GOAL]).values_list("pk", "set_at"))
    found: dict[UUID, list[Words]] = defaultdict(list)
    for one in rows:
        day = days.get(one.piece_id) or made_at(one.piece_id)
        found[one.share_id].append(_title(PieceKind(one.kind), day))
    return {share_id: tuple(names) for share_id, names in found.items()}


def pieces_read(rows: Collection[SharedPiece]) -> tuple[PieceRead, ...]:
    """The words of these pieces where they lie, in the order in which they were chosen. 3 queries.

    Only in a transaction that says that it is to share (`kernel.walls.SHARE`), and of a share that is open.
    """
    ids = {kind: [one.piece_id for one in rows if one.kind == kind] for kind in PieceKind}
    found: dict[UUID, PieceRead] = {}
    agreed = {"stage": PageStage.AGREED}
    for page in Page.objects.filter(pk__in=ids[PieceKind.PAGE], **agreed):
        found[page.pk] = _page(PieceKind.PAGE, page)
    for later in LaterPage.objects.filter(pk__in=ids[PieceKind.LATER_PAGE], **agreed):
        found[later.pk] = _page(PieceKind.LATER_PAGE, later)
    for goal in Goal.objects.filter(pk__in=ids[PieceKind.GOAL]):
        found[goal.pk] = PieceRead(_title(PieceKind.GOAL, goal.set_at), (("", (str(goal.words),)),))
    return tuple(found[one.piece_id] for one in rows if one.piece_id in found)


def _page(kind: PieceKind, page: PageText) -> PieceRead:
    parts = ((part.label, tuple(lines_of(getattr(page, part)))) for part in PagePart)
    told = tuple((label, lines) for label, lines in parts if lines)
    return PieceRead(_title(kind, page.agreed_at or page.drafted_at), told)


def _words_of(page: PageText) -> tuple[str, ...]:
    return tuple(str(getattr(page, part)) for part in PagePart)


def _chosen(kind: PieceKind, piece_id: UUID, day: datetime | None, texts: tuple[str, ...]) -> Chosen:
    return Chosen(kind, piece_id, _title(kind, day or made_at(piece_id)), texts)


def _title(kind: PieceKind, moment: datetime) -> Words:
    day = formats.date_format(timezone.localtime(moment), "j F Y")
    return format_lazy("{title}, {day}", title=kind.label, day=day)
