"""The protected place for safety as who was named for it sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, FamilyMember, Involvement, Part, Purpose
from hendig.families.queries import PART_WORDS, opening
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.models import Membership
from hendig.safety import rules
from hendig.safety.models import (
    Concern,
    ConcernStep,
    Found,
    Informant,
    LegalRequest,
    Misplaced,
    SafetyHold,
    Step,
)
from hendig.safety.queries.addresses import records_of
from hendig.safety.queries.held import account_ids_for_safety

SAFETY = (CompartmentKind.SAFETY,)
TOLD = (CompartmentKind.INFORMANT,)


@dataclass(frozen=True, slots=True)
class ConcernLine:
    concern_id: UUID
    child: str
    about: str
    begun_at: datetime
    step: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChildOf:
    """A child of whose record the actor may begin a worry, or may not."""

    record_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SafetyPage:
    family_id: UUID
    concerns: tuple[ConcernLine, ...]
    children: tuple[ChildOf, ...]
    addresses: tuple[tuple[UUID, str], ...]


def safety(actor: Actor, family_id: UUID, *, at: datetime) -> SafetyPage:
    """What of the safety part the actor was named for; else only the way to begin. At most 8 queries.

    Who is not named learns nothing: the page is the same whether something is there or not.
    """
    children = _children(actor, family_id, at)
    if not children:
        raise NotVisible
    concerns: tuple[ConcernLine, ...] = ()
    try:
        with opening(actor, "safety.seen", family_id, at=at, kinds=SAFETY) as look:
            concerns = _concerns(look)
    except NotVisible:
        # Not named: nothing was opened, and nothing is shown.
        concerns = ()
    return SafetyPage(family_id, concerns, children, records_of(actor, family_id, at=at))


def _children(actor: Actor, family_id: UUID, at: datetime) -> tuple[ChildOf, ...]:
    mine = Involvement.objects.standing(at).filter(account=actor.account, family=family_id)
    records = mine.filter(part__in=rules.AT_WORK, record__child__isnull=False)
    seen = FamilyMember.objects.visible_to(actor, at=at)
    rows = seen.filter(record__in=records.values("record")).order_by("id").values_list("record", "first_name")
    return tuple(ChildOf(record_id, name) for record_id, name in rows)


def _concerns(look: Viewing) -> tuple[ConcernLine, ...]:
    rows = Concern.objects.visible_to(look.actor, at=look.at).within(look).prefetch_related("steps")
    return tuple(
        ConcernLine(
            one.pk,
            one.record.child.first_name if one.record.child else "",
            str(one.about),
            one.begun_at,
            _current([step.step for step in one.steps.all()]),
            one.closed_at,
        )
        for one in rows.select_related("record__child")
    )


def _current(done: Sequence[int]) -> int:
    """The first step that was not taken; one past the end when all were."""
    return next((step.value for step in Step if step not in done), len(Step) + 1)


@dataclass(frozen=True, slots=True)
class StepTaken:
    found: Words
    words: str
    done_on: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepView:
    """One of the five, with what was written there, newest first; `now` is the one that is next."""

    number: int
    title: Words
    taken: tuple[StepTaken, ...]
    now: bool


@dataclass(frozen=True, slots=True)
class Named:
    account_id: UUID
    first_name: str
    part: Words
    until_at: datetime | None
    me: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    account_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Hold:
    hold_id: UUID
    until_at: datetime


@dataclass(frozen=True, slots=True)
class AskLine:
    legal_id: UUID
    asker: Words
    asked_on: date
    agreed: bool
    declined: bool


@dataclass(frozen=True, slots=True)
class ToldBy:
    """What somebody outside the family told; the name is empty for who did not give one.

    Of what was taken back why, when and by whom stands there, and nothing that was told.
    """

    told_id: UUID
    name: str
    role: str
    words: str
    told_on: date
    by: str
    taken_back_at: datetime | None
    taken_back_why: Words
    why_stays: Refusal | None


@dataclass(frozen=True, slots=True)
class ToldPage:
    concern_id: UUID
    child: str
    told: ToldBy


@dataclass(frozen=True, slots=True)
class ConcernPage:
    concern_id: UUID
    family_id: UUID
    child: str
    about: str
    begun_by: str
    begun_at: datetime
    closed_at: datetime | None
    steps: tuple[StepView, ...]
    named: tuple[Named, ...]
    colleagues: tuple[Colleague, ...]
    hold: Hold | None
    asks: tuple[AskLine, ...]
    told: tuple[ToldBy, ...]
    why_not_told: Refusal | None
    why_not_closed: Refusal | None


def concern(actor: Actor, concern_id: UUID, *, at: datetime) -> ConcernPage:
    """A worry with its five steps, who is named, and what stands; the look is in the log. 12 queries.

    What an informant told is there for who is named alone: for others the part in which it lies is shut.
    """
    rows = Concern.objects.visible_to(actor, at=at).select_related("record__child", "begun_by")
    row = rows.filter(pk=concern_id).first()
    if row is None:
        raise NotVisible
    with opening(actor, "safety.seen", row.family_id, at=at, kinds=(*SAFETY, *TOLD)) as look:
        taken = list(ConcernStep.objects.within(look).filter(concern=row).select_related("account"))
        done = {one.step: one.found for one in taken}
        current = _current(list(done)) if row.closed_at is None else 0
        named = _named(look, row)
        held = SafetyHold.objects.standing(at).within(look).filter(record=row.record_id).first()
        return ConcernPage(
            concern_id=row.pk,
            family_id=row.family_id,
            child=row.record.child.first_name if row.record.child else "",
            about=str(row.about),
            begun_by=row.begun_by.name,
            begun_at=row.begun_at,
            closed_at=row.closed_at,
            steps=tuple(_step(step, taken, now=step == current) for step in Step),
            named=named,
            colleagues=_colleagues(actor, {one.account_id for one in named}, row.family_id, at),
            hold=Hold(held.pk, held.until_at) if held else None,
            asks=_asks(look, row),
            told=_told(look, row),
            why_not_told=rules.why_not_told(
                named=any(one.me for one in named), closed=row.closed_at is not None
            ),
            why_not_closed=rules.why_not_closed(done, closed=row.closed_at is not None),
        )


def step(number: int) -> Step:
    """The step with this number; `NotVisible` when there is none."""
    if number not in Step.values:
        raise NotVisible
    return Step(number)


def _step(step: Step, taken: Sequence[ConcernStep], *, now: bool) -> StepView:
    own = tuple(
        StepTaken(Found(one.found).label, str(one.words), one.done_on, one.account.name, one.at)
        for one in reversed(taken)
        if one.step == step
    )
    return StepView(step.value, step.label, own, now)


def _named(look: Viewing, row: Concern) -> tuple[Named, ...]:
    """Who sees this part, by name, and works here still: the family never stands here."""
    rows = Involvement.objects.standing(look.at).filter(record=row.record_id, purpose=Purpose.SAFETY)
    rows = rows.filter(account__in=account_ids_for_safety(row.record_id, at=look.at))
    fields = ("account_id", "account__first_name", "part", "until_at")
    found = rows.exclude(part=Part.EMERGENCY).order_by("id").values_list(*fields)
    return tuple(
        Named(account_id, name, PART_WORDS[Part(part)], until_at, account_id == look.actor.account_id)
        for account_id, name, part, until_at in found
    )


def _colleagues(actor: Actor, named: set[UUID], family_id: UUID, at: datetime) -> tuple[Colleague, ...]:
    """Who can be asked to think along: coaches, and professionals who know the family already."""
    work = Membership.objects.standing(local_day(at)).filter(municipality_id=actor.municipality_id)
    known = Involvement.objects.standing(at).filter(
        family=family_id, part__in=[Part.PROFESSIONAL, Part.GUEST]
    )
    people = work.filter(role=Role.COACH) | work.filter(
        role=Role.PROFESSIONAL, account__in=known.values("account")
    )
    own = FamilyMember.objects.filter(family_id=family_id, account__isnull=False).values("account")
    rows = people.filter(account__is_active=True).exclude(account__in=named).exclude(account__in=own)
    fields = ("account_id", "account__first_name", "account__last_name")
    found = {pk: f"{first} {last}".strip() for pk, first, last in rows.order_by("id").values_list(*fields)}
    return tuple(Colleague(pk, name) for pk, name in found.items())


def _asks(look: Viewing, row: Concern) -> tuple[AskLine, ...]:
    rows = LegalRequest.objects.within(look).filter(record=row.record_id).defer("who", "weighing")
    return tuple(
        AskLine(
            one.pk,
            one.get_asker_display(),
            one.asked_on,
            one.agreed_at is not None,
            one.declined_at is not None,
        )
        for one in rows
    )


def told(actor: Actor, told_id: UUID, *, at: datetime) -> ToldPage:
    """One piece that somebody outside told, for who is named; the look is in the log. At most 5 queries."""
    rows = Informant.objects.visible_to(actor, at=at).filter(pk=told_id)
    family_id = rows.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    with opening(actor, "safety.seen", family_id, at=at, kinds=TOLD) as look:
        found = Informant.objects.within(look).select_related("account", "concern", "record__child")
        one = found.get(pk=told_id)
        child = one.record.child.first_name if one.record.child else ""
        return ToldPage(one.concern_id, child, _piece(look, one, one.concern))


def _told(look: Viewing, row: Concern) -> tuple[ToldBy, ...]:
    rows = Informant.objects.within(look).filter(concern=row).select_related("account").order_by("-id")
    return tuple(_piece(look, one, row) for one in rows)


def _piece(look: Viewing, one: Informant, concern: Concern) -> ToldBy:
    stays = rules.why_told_stays(
        mine=one.account_id == look.actor.account_id,
        taken_back=one.taken_back_at is not None,
        closed=concern.closed_at is not None,
        kept_at=one.at,
        at=look.at,
    )
    why = Misplaced(one.taken_back_why).label if one.taken_back_why else ""
    return ToldBy(
        told_id=one.pk,
        name=str(one.name),
        role=str(one.role),
        words=str(one.words),
        told_on=one.told_on,
        # Who wrote it is the only one who takes it back.
        by=one.account.name,
        taken_back_at=one.taken_back_at,
        taken_back_why=why,
        why_stays=stays,
    )


def family_of_concern(actor: Actor, concern_id: UUID, *, at: datetime) -> UUID:
    """The family of a worry that the actor may see; else `NotVisible`. 1 query."""
    rows = Concern.objects.visible_to(actor, at=at).filter(pk=concern_id)
    family_id = rows.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    return family_id


def sees_concern(actor: Actor, concern_id: UUID, *, at: datetime) -> bool:
    """Whether the actor is named where this worry lies. 1 query."""
    return Concern.objects.visible_to(actor, at=at).filter(pk=concern_id).exists()
