"""What the GP of a child wrote: all of it for who wrote it, and for others what was shared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import (
    CompartmentKind,
    Involvement,
    LegalAuthority,
    Note,
    Part,
    Record,
    told_to,
)
from hendig.families.queries import NOT_KNOWN, opening
from hendig.families.rules import gp as rules
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words


@dataclass(frozen=True, slots=True)
class FromGp:
    note_id: UUID
    words: str
    author: str
    at: datetime
    kept: Words
    shared: bool
    # Whether the reader wrote it, and so can share it or keep it.
    own: bool


@dataclass(frozen=True, slots=True)
class GpPage:
    """What one reader finds of the GP; `writes` for the GP: the own pieces, and what another GP shared."""

    record_id: UUID
    family_id: UUID
    child: Words
    writes: bool
    pieces: tuple[FromGp, ...]
    why_not_share: Refusal | None


@contextmanager
def opening_gp(actor: Actor, record_id: UUID, *, at: datetime) -> Iterator[Viewing]:
    """A look at what the GP wrote about one child. `NotVisible` for who sees nothing of it. 3 queries."""
    found = Record.objects.visible_to(actor, at=at).filter(pk=record_id)
    family_id = found.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    kinds = (CompartmentKind.GP, CompartmentKind.SHARED)
    with opening(actor, "gp.seen", family_id, at=at, kinds=kinds, record_id=record_id) as look:
        yield look


def gp_page(look: Viewing, record_id: UUID) -> GpPage:
    """The pieces, newest first; `NotVisible` where none was shared with this reader. 4 queries."""
    record = Record.objects.select_related("child").get(pk=record_id)
    writes = CompartmentKind.GP in look.open
    rows = Note.objects.within(look).filter(
        told_to(look.actor, look.at), record_id=record_id, taken_back_at=None
    )
    found = list(rows.select_related("author", "compartment").order_by("-id"))
    copies = [one for one in found if one.shared_from_id]
    shared = {one.shared_from_id for one in copies}
    own = [one for one in found if one.compartment.kind == CompartmentKind.GP]
    others = [one for one in copies if one.author_id != look.actor.account_id] if writes else copies
    pieces = sorted([*own, *others], key=lambda one: one.pk, reverse=True)
    if not writes and not pieces:
        raise NotVisible
    return GpPage(
        record_id=record_id,
        family_id=look.family_id,
        child=record.child.first_name if record.child else NOT_KNOWN,
        writes=writes,
        pieces=tuple(
            FromGp(
                note_id=one.pk,
                words=one.words,
                author=one.author.first_name,
                at=one.at,
                kept=one.because_said,
                shared=one.pk in shared or one.shared_from_id is not None,
                own=one.shared_from_id is None,
            )
            for one in pieces
        ),
        why_not_share=_why_not_share(look, record),
    )


def _why_not_share(look: Viewing, record: Record) -> Refusal | None:
    today = local_day(look.at)
    holders = LegalAuthority.objects.standing(today).filter(child=record.child)
    say = rules.who_say(record.child, list(holders.values_list("holder_id", flat=True)), today)
    rows = Involvement.objects.standing(look.at).filter(record=record, part=Part.GP)
    way = rows.filter(account_id=look.actor.account).order_by("id").first()
    return rules.why_not_shared(way, say) if way else None
