"""Who decides for a youth of 16 or 17: what two professionals wrote down, until when, and an objection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import OWN_PARTS, FamilyMember, Incapacity, Involvement, Record
from hendig.families.queries.deputies import registrations
from hendig.families.rules import capacity as rules
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal


@dataclass(frozen=True, slots=True)
class Said:
    """What one professional wrote; no words while the reader has still to look apart from them."""

    first_name: str
    why: str
    at: datetime
    agrees: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    incapacity_id: UUID
    matter: str
    harm: str
    until_on: date
    said: tuple[Said, ...]
    waits: bool
    stands: bool
    ended_at: datetime | None
    objection: str
    objected_at: datetime | None
    why_no_objection: Refusal | None
    may_end: bool
    why_no_second: Refusal | None


@dataclass(frozen=True, slots=True)
class Capacity:
    """Who decides for one youth now, and all that was written down about it, the newest first."""

    member_id: UUID
    family_id: UUID
    first_name: str
    mine: bool
    works: bool
    judgements: tuple[Judgement, ...]
    # Why the reader cannot begin a new one; None where that is possible.
    why_no_new: Refusal | None
    asks_harm: bool

    def one(self, incapacity_id: UUID) -> Judgement:
        return next(one for one in self.judgements if one.incapacity_id == incapacity_id)

    @property
    def standing(self) -> Judgement | None:
        return next((one for one in self.judgements if one.stands), None)


def capacity(look: Viewing, member_id: UUID) -> Capacity:
    """The page of one youth; `NotVisible` when the look did not open that record. 5 queries."""
    record = Record.objects.filter(pk__in=look.records, child_id=member_id).select_related("child").first()
    if record is None or record.child is None:
        raise NotVisible
    rows = list(
        Incapacity.objects.within(look)
        .filter(record=record)
        .select_related("first", "second")
        .order_by("-id")
    )
    no_judge = _why_no_judge(look, record)
    return Capacity(
        member_id=member_id,
        family_id=look.family_id,
        first_name=record.child.first_name,
        mine=record.child.account_id == look.actor.account_id,
        works=look.part not in OWN_PARTS,
        judgements=tuple(_judgement(look, row, record.child, no_judge) for row in rows),
        why_no_new=rules.why_nobody_judges(record.child, local_day(look.at))
        or no_judge
        or rules.why_already(rows, look.at),
        asks_harm=rules.was_objected(rows),
    )


def member_of(actor: Actor, incapacity_id: UUID, *, at: datetime) -> UUID:
    """The youth whom it is about; `NotVisible` for whom it is not open. 1 query."""
    rows = Incapacity.objects.visible_to(actor, at=at).filter(pk=incapacity_id)
    found = rows.values_list("record__child_id", flat=True).first()
    if found is None:
        raise NotVisible
    return found


def _why_no_judge(look: Viewing, record: Record) -> Refusal | None:
    me = look.actor.account_id
    if me is None:
        raise NotVisible
    mine = Involvement.objects.standing(look.at).filter(record=record, account_id=me).order_by("id")
    return rules.why_no_judge(mine, registrations(look.actor, me)[0], local_day(look.at))


def _judgement(look: Viewing, row: Incapacity, child: FamilyMember, no_judge: Refusal | None) -> Judgement:
    me, at = look.actor.account_id, look.at
    no_second = no_judge or rules.why_no_second(row, me, at)
    waits, stands = rules.is_open(row, at), rules.stands(row, at)
    # Who is still to look does so apart: the words of the first come after the own.
    said = [Said(row.first.first_name, "" if no_second is None else row.first_why, row.first_at, True)]
    if row.second is not None and row.second_at is not None:
        said.append(Said(row.second.first_name, row.second_why, row.second_at, bool(row.second_agrees)))
    return Judgement(
        incapacity_id=row.pk,
        matter=row.matter,
        harm=row.harm,
        until_on=row.until_on,
        said=tuple(said),
        waits=waits,
        stands=stands,
        ended_at=row.until_at if row.until_at and row.until_at <= at else None,
        objection=row.objection,
        objected_at=row.objected_at,
        why_no_objection=rules.why_no_objection(row, child, me, at),
        may_end=rules.why_not_ended(row, me, at) is None,
        why_no_second=no_second,
    )
