"""What is shared with whom: for the family and its coach, and for the person with whom it is shared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Place, Viewing, reading, seen_along, viewing
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    FamilyMember,
    Ground,
    LegalAuthority,
    Part,
    Record,
    opened,
)
from hendig.families.queries import opening
from hendig.families.queries.lines import log_lines
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.kernel.walls import SHARE
from hendig.people.models import Membership
from hendig.shares import rules
from hendig.shares.models import Share, ShareAnswer, SharedPiece, ShareQuerySet
from hendig.shares.queries.pieces import (
    Chosen,
    PieceRead,
    chosen_pieces,
    pieces_read,
    pieces_to_choose,
    titles,
)
from hendig.shares.queries.who import who_must_say

__all__ = [
    "Chosen",
    "PieceRead",
    "Proposing",
    "Said",
    "ShareLine",
    "SharedLine",
    "SharedPage",
    "SharesPage",
    "chosen_pieces",
    "family_of_record",
    "pieces_to_choose",
    "proposing",
    "share_page",
    "shared_page",
    "shared_with_me",
    "shares_of",
    "who_must_say",
]

READ = "share.read"


def last_day(until_at: datetime) -> date:
    """The day of which it is the end."""
    return local_day(until_at - timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody who must say so says; None while nothing."""

    first_name: str
    yes: bool | None


@dataclass(frozen=True, slots=True)
class ShareLine:
    """What is shared with whom, where it stands, and what the reader can say to it."""

    share_id: UUID
    family_id: UUID
    record_id: UUID
    child: str
    first_name: str
    name: str
    function: Words
    purpose: str
    pieces: tuple[Words, ...]
    until_at: datetime
    is_read: bool
    is_over: bool
    # A goal in it is of somebody who died: it is shared no more, and never began.
    of_dead: bool
    ended_at: datetime | None
    said: tuple[Said, ...]
    # The child said yes before it was 18, and is asked anew.
    lapsed: bool
    # Of who reads this: what they said, whether the lapsed yes is theirs, and why they have nothing to say.
    mine: bool | None
    again: bool
    not_say: Refusal | None
    leads: bool
    times: int
    last_at: datetime | None

    @property
    def last_day(self) -> date:
        return last_day(self.until_at)

    @property
    def kept_off(self) -> bool:
        """Nobody's yes is missing, and who was chosen may not read it: kept out, or not at work here."""
        agreed = bool(self.said) and all(one.yes for one in self.said) and not self.lapsed
        return agreed and not self.is_read and not self.is_over

    @property
    def state(self) -> Words:
        if self.is_read:
            return _("wordt gedeeld")
        if self.ended_at is not None or self.of_dead:
            return _("gestopt")
        if self.kept_off:
            return _("nu niet te lezen")
        return _("voorbij") if self.is_over else _("wacht op een ja")

    @property
    def tone(self) -> str:
        if self.is_read:
            return "good"
        return "stopped" if self.is_over else "waiting"

    @property
    def asks_me(self) -> bool:
        """Whether it waits for the reader."""
        return self.not_say is None and self.mine is None


@dataclass(frozen=True, slots=True)
class SharesPage:
    """What of a family is shared, and of which children the reader can propose it."""

    family_id: UUID
    records: tuple[tuple[UUID, str], ...]
    lines: tuple[ShareLine, ...]


@dataclass(frozen=True, slots=True)
class Proposing:
    """From what of which record can be chosen."""

    family_id: UUID
    record_id: UUID
    child: str
    pieces: tuple[Chosen, ...]
    why_not: Refusal | None


@dataclass(frozen=True, slots=True)
class SharedLine:
    """Something that is shared with the reader: what for and until when."""

    share_id: UUID
    purpose: str
    until_at: datetime

    @property
    def last_day(self) -> date:
        return last_day(self.until_at)


@dataclass(frozen=True, slots=True)
class SharedPage:
    """The pieces of one share, as with whom it is shared reads them: nothing beside them."""

    share_id: UUID
    purpose: str
    until_at: datetime
    pieces: tuple[PieceRead, ...]

    @property
    def last_day(self) -> date:
        return last_day(self.until_at)


def proposing(look: Viewing, record_id: UUID) -> Proposing:
    """What can be shared of this record, for who looks at it. At most 8 queries."""
    record = Record.objects.filter(pk=record_id).select_related("child").get()
    place = Compartment.objects.get(record=record, kind=CompartmentKind.SHARED, pk__in=look.compartments)
    decides = look.part == Part.FAMILY and record.child_id in _decides(look)
    return Proposing(
        family_id=look.family_id,
        record_id=record_id,
        child=record.child.first_name if record.child else "",
        pieces=pieces_to_choose(look.actor, place.pk, at=look.at),
        why_not=rules.why_no_share(record.child, leads=look.part == Part.COACH, decides=decides),
    )


def shares_of(look: Viewing) -> SharesPage:
    """What of the records that this look opens is shared with whom, newest first. At most 13 queries."""
    rows = Share.objects.filter(record__in=look.records, place__in=look.compartments)
    records = Record.objects.filter(pk__in=look.records).select_related("child").order_by("pk")
    decides = _decides(look) if look.part == Part.FAMILY else set()
    may = [one for one in records if look.part == Part.COACH or one.child_id in decides]
    return SharesPage(
        family_id=look.family_id,
        records=tuple((one.pk, one.child.first_name) for one in may if one.child),
        lines=_lines(look, rows),
    )


def share_page(actor: Actor, share_id: UUID, *, at: datetime) -> ShareLine:
    """One of them: for who has that record open, and for who must say yes to it. 15 queries."""
    with _opening(actor, share_id, at=at) as look:
        found = _lines(look, Share.objects.visible_to(actor, at=at).filter(pk=share_id))
    if not found:
        raise NotVisible
    return found[0]


@contextmanager
def _opening(actor: Actor, share_id: UUID, *, at: datetime) -> Iterator[Viewing]:
    """A look at what is shared of a record; of who must say yes while the own view rests, at that alone."""
    share = _found(Share.objects.visible_to(actor, at=at).filter(pk=share_id))
    mine = Compartment.objects.filter(pk=share.place_id, pk__in=opened("compartment_id", actor, at))
    if mine.exists():
        with opening(actor, "share.seen", share.family_id, at=at, record_id=share.record_id) as look:
            yield look
        return
    with _beside(actor, "share.seen", share, Part.FAMILY, Ground.AUTHORITY, at) as look:
        yield look


def _beside(
    actor: Actor, what: str, share: Share, part: Part, ground: Ground, at: datetime
) -> AbstractContextManager[Viewing]:
    places = (Place(share.place_id, share.record_id),)
    facts = {"share": share.pk}
    return viewing(actor, what, share.family_id, part=part, ground=ground, at=at, places=places, facts=facts)


def shared_with_me(actor: Actor, *, at: datetime) -> tuple[SharedLine, ...]:
    """What families share with the reader now, newest first; each family reads so. 2 queries."""
    rows = list(Share.objects.open_to(actor, at=at).order_by("-id"))
    places = [(one.family_id, Place(one.place_id, one.record_id)) for one in rows]
    if places:
        seen_along(actor, "share.listed", places, ground=Ground.CONSENT, at=at)
    return tuple(SharedLine(one.pk, str(one.purpose), one.until_at) for one in rows)


def shared_page(actor: Actor, share_id: UUID, *, at: datetime) -> SharedPage:
    """The pieces that are shared, where they lie and as they are now. 8 queries.

    `NotVisible` as soon as one who must say yes does not, as for what never was.
    """
    share = _found(Share.objects.open_to(actor, at=at).filter(pk=share_id))
    with (
        _beside(actor, READ, share, Part.SHARED_WITH, Ground.CONSENT, at),
        reading(actor, at, purpose=SHARE),
    ):
        rows = list(SharedPiece.objects.filter(share=share).order_by("id"))
        found = pieces_read(rows)
    return SharedPage(share.pk, str(share.purpose), share.until_at, found)


def _found(rows: ShareQuerySet) -> Share:
    share = rows.first()
    if share is None:
        raise NotVisible
    return share


def _lines(look: Viewing, rows: ShareQuerySet) -> tuple[ShareLine, ...]:
    work = Membership.objects.standing(local_day(look.at)).filter(account=OuterRef("account_id"))
    work = work.exclude(role=Role.FAMILY).order_by("id")
    shares = list(
        rows.with_state(look.at)
        .annotate(works_as=Subquery(work.values("title")[:1]))
        .select_related("account", "record__child")
        .order_by("-id")
    )
    if not shares:
        return ()
    must, me = who_must_say(shares, at=look.at), _me(look)
    said = _said(shares)
    names = titles(list(SharedPiece.objects.filter(share__in=shares).order_by("id")))
    people = _names({member for some in must.values() for member in some})
    looks = _looks(look, shares)
    return tuple(
        _line(look, one, must[one.pk], said.get(one.pk, {}), me, names.get(one.pk, ()), people, looks)
        for one in shares
    )


def _line(
    look: Viewing,
    one: Share,
    must: Collection[UUID],
    said: Mapping[UUID, ShareAnswer],
    me: UUID | None,
    names: tuple[Words, ...],
    people: Mapping[UUID, str],
    looks: Mapping[str, tuple[int, datetime]],
) -> ShareLine:
    of_dead: bool = one.of_dead  # type: ignore[attr-defined]  # annotated by with_state
    over = one.ended_at is not None or one.until_at <= look.at or of_dead
    times, last_at = looks.get(str(one.pk), (0, None))
    child = one.record.child
    lapsed = child is not None and rules.is_lapsed(child, _yes_of(said.get(child.pk)), look.at)
    return ShareLine(
        share_id=one.pk,
        family_id=one.family_id,
        record_id=one.record_id,
        child=child.first_name if child else "",
        first_name=one.account.first_name,
        name=one.account.name,
        function=one.works_as or _("doet hier mee"),  # type: ignore[attr-defined]  # annotated
        purpose=str(one.purpose),
        pieces=names,
        until_at=one.until_at,
        is_read=one.is_read,  # type: ignore[attr-defined]  # annotated
        is_over=over,
        of_dead=of_dead,
        ended_at=one.ended_at,
        said=tuple(
            Said(people[member], said[member].yes if member in said else None)
            for member in sorted(must)
            if member in people
        ),
        lapsed=lapsed,
        mine=said[me].yes if me and me in said else None,
        again=lapsed and child is not None and me == child.pk,
        not_say=rules.why_not_say(me, must, over=over, of_dead=of_dead),
        leads=look.part == Part.COACH and not over,
        times=times,
        last_at=last_at,
    )


def _yes_of(answer: ShareAnswer | None) -> datetime | None:
    return answer.said_at if answer and answer.yes else None


def _me(look: Viewing) -> UUID | None:
    """Who the reader is in this family. 1 query."""
    rows = FamilyMember.objects.filter(family_id=look.family_id, account_id=look.actor.account)
    return rows.values_list("pk", flat=True).first()


def _decides(look: Viewing) -> set[UUID]:
    """The children of these records over whom the reader decides. 3 queries."""
    me, on = _me(look), local_day(look.at)
    if me is None:
        return set()
    standing = LegalAuthority.objects.standing(on).filter(holder=me)
    holds = set(standing.values_list("child_id", flat=True))
    children = FamilyMember.objects.filter(record__in=look.records, born_on__isnull=False)
    return {
        child.pk
        for child in children
        if me in rules.who_must_say(child, [me] if child.pk in holds else [], (), on)
    }


def _said(shares: Sequence[Share]) -> Mapping[UUID, Mapping[UUID, ShareAnswer]]:
    found: dict[UUID, dict[UUID, ShareAnswer]] = {}
    for one in ShareAnswer.objects.filter(share__in=shares).order_by("id"):
        found.setdefault(one.share_id, {})[one.member_id] = one
    return found


def _names(members: Collection[UUID]) -> Mapping[UUID, str]:
    """By first name, of whom the reader may know."""
    return dict(FamilyMember.objects.filter(pk__in=members).values_list("pk", "first_name"))


def _looks(look: Viewing, shares: Sequence[Share]) -> Mapping[str, tuple[int, datetime]]:
    """How often each was read by with whom it is shared, and when last: of the log that this reader reads."""
    rows = log_lines(look.actor, look.family_id, look.compartments, at=look.at).filter(code=READ)
    rows = rows.filter(facts__share__in=[str(one.pk) for one in shares]).order_by()
    found = rows.values("facts__share").annotate(times=Count("id"), last=Max("at"))
    return {row["facts__share"]: (row["times"], row["last"]) for row in found}


def family_of_record(actor: Actor, record_id: UUID, *, at: datetime) -> UUID:
    """The family of a record that the actor sees; `NotVisible` for any other. 1 query."""
    rows = Record.objects.visible_to(actor, at=at).filter(pk=record_id)
    family_id = rows.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    return family_id
