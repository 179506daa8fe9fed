"""Who belongs to a family and who decides for each child of it: as the coach keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery

from hendig.audit.actions import Viewing
from hendig.families import rules
from hendig.families.models import (
    CARRIES_OUT,
    OWN_PARTS,
    Consent,
    Court,
    Death,
    DeathSource,
    Family,
    FamilyMember,
    Involvement,
    LegalAuthority,
    Measure,
    MemberKind,
    Source,
)
from hendig.families.queries import _work
from hendig.families.rules import supervision
from hendig.kernel.actor import Actor, Role
from hendig.kernel.ages import age_on
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.models import Membership

# More are no choice: who looks writes down more of the name.
MOST = 20


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of the authority of one adult over one child: by what source, from when until when."""

    authority_id: UUID
    child_id: UUID
    holder_id: UUID
    holder: str
    child: str
    # One of: told, lapsed, checked, coming, ended.
    state: str
    source: Words
    from_on: date
    checked_on: date | None
    lapses_on: date | None
    # The first day on which it does not hold any more, and by what source.
    stops_on: date | None
    ended_by: Words

    @property
    def is_over(self) -> bool:
        return self.state == "ended"

    @property
    def to_check(self) -> bool:
        """Whether somebody told it and nobody looked it up."""
        return self.state in {"told", "lapsed"}


@dataclass(frozen=True, slots=True)
class Died:
    """On which day somebody died, by what source, and whether somebody called that a mistake."""

    death_id: UUID
    on: date
    source: Words
    doubted: bool


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult who raises. What decides for one child is said with that child."""

    member_id: UUID
    first_name: str
    name: str
    kind: Words
    born_on: date | None
    signs_in: bool
    is_parent: bool
    # Whether this one decides for a child, or will: everyone who does so too knows of that.
    decides: bool
    # The parent to whose side alone somebody belongs; empty for who is known to all.
    side: str
    died: Died | None = None


@dataclass(frozen=True, slots=True)
class Deciding:
    """One adult beside one child: what is known of the authority; None where nothing ever was."""

    adult: Adult
    held: Held | None


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who carries out a measure, of which kind: by which ruling, and until and with which day."""

    kind: str

    record_id: UUID
    account_id: UUID
    first_name: str
    name: str
    organisation: str
    ruled_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What was imposed over the child: by which ruling, and until and with which day."""

    record_id: UUID
    kind: str
    court: Words
    ruled_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Professional:
    """Somebody who works here for a partner, as who looks for the name finds them."""

    account_id: UUID
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Child:
    """A child with each adult of the family, and what the coach can write down about it."""

    member_id: UUID
    first_name: str
    name: str
    born_on: date
    age: int
    adults: tuple[Deciding, ...]
    supervisors: tuple[Supervisor, ...]
    measures: tuple[Measured, ...]
    side: str
    why_no_authority: Refusal | None
    # Whether juvenile probation can be imposed on somebody of this age.
    may_be_on_probation: bool
    # Whether the child can tell the coach now that those who raise may see along.
    may_agree: bool

    @property
    def anchor(self) -> str:
        return f"kind-{self.member_id}"

    @property
    def is_grown(self) -> bool:
        return self.age >= 18

    @property
    def of_one(self) -> bool:
        """Whether no two decide for this child, so that it can belong to the side of one parent."""
        return sum(one.held is not None and not one.held.is_over for one in self.adults) < 2

    @property
    def nobody_decides(self) -> bool:
        standing = (one.held for one in self.adults if one.held)
        return not self.is_grown and not any(held.state in {"told", "checked"} for held in standing)


@dataclass(frozen=True, slots=True)
class WhoBelongs:
    """The family, its adults and its children, each with who decides."""

    family_id: UUID
    name: str
    adults: tuple[Adult, ...]
    children: tuple[Child, ...]

    def side_of(self, adult: Adult) -> tuple[str, ...]:
        """The first names of who belongs to the side of this one alone: with it they are known to nobody."""
        people = [(one.first_name, one.side) for one in self.adults]
        people += [(one.first_name, one.side) for one in self.children]
        return tuple(name for name, side in people if side and side == adult.first_name)

    def adult(self, member_id: UUID) -> Adult:
        """One who raises and lives; `NotVisible` for anybody else."""
        found = next((one for one in self.adults if one.member_id == member_id), None)
        if found is None or found.died is not None:
            raise NotVisible
        return found

    def child(self, member_id: UUID) -> Child:
        return _one(self.children, member_id)

    def person(self, member_id: UUID) -> Adult | Child:
        """One of them; `NotVisible` for somebody else."""
        everyone: tuple[Adult | Child, ...] = (*self.adults, *self.children)
        found = next((one for one in everyone if one.member_id == member_id), None)
        if found is None:
            raise NotVisible
        return found

    def held(self, authority_id: UUID) -> Held:
        found = (one.held for child in self.children for one in child.adults)
        held = next((one for one in found if one is not None and one.authority_id == authority_id), None)
        if held is None or held.is_over:
            raise NotVisible
        return held


def who_belongs(look: Viewing) -> WhoBelongs:
    """Whom the family is and who decides for each child; `NotVisible` for the family itself. 7 queries."""
    if look.part in OWN_PARTS:
        raise NotVisible
    today = local_day(look.at)
    name = Family.objects.values_list("name", flat=True).get(pk=look.family_id)
    here = FamilyMember.objects.within(look).exclude(kind=MemberKind.CONFIDANT).order_by("id")
    members = list(here.annotate(side=F("compartment__person__first_name")))
    adults = [one for one in members if one.kind != MemberKind.CHILD]
    children = sorted(
        ((one.born_on, one) for one in members if one.kind == MemberKind.CHILD and one.born_on),
        key=lambda pair: (pair[0], pair[1].pk),
    )
    held = _held(look, {one.pk: one.first_name for one in members}, today)
    spoken, supervise, measured = _spoken(look), _supervisors(look), _measured(look)
    died = _died(look)
    decide = {holder_id for (_child, holder_id), one in held.items() if not one.is_over}
    shown = tuple(_adult(one, died.get(one.pk), decides=one.pk in decide) for one in adults)
    return WhoBelongs(
        family_id=look.family_id,
        name=name,
        adults=shown,
        children=tuple(
            Child(
                member_id=child.pk,
                first_name=child.first_name,
                name=f"{child.first_name} {child.last_name}".strip(),
                born_on=born_on,
                age=age_on(born_on, today),
                adults=tuple(Deciding(one, held.get((child.pk, one.member_id))) for one in shown),
                supervisors=tuple(supervise[child.pk]),
                measures=tuple(measured[child.pk]),
                side=child.side or "",  # type: ignore[attr-defined]  # annotated
                why_no_authority=rules.why_nobody_to_decide(child, today, adults=len(shown)),
                may_be_on_probation=supervision.may_be_on_probation(child, today),
                may_agree=rules.why_not_for_the_child_to_say(child, today) is None
                and any(one.account_id and (child.pk, one.account_id) not in spoken for one in adults),
            )
            for born_on, child in children
        ),
    )


def family_of_authority(actor: Actor, authority_id: UUID, *, at: datetime) -> UUID:
    """The family in which this was written down; `NotVisible` for whoever is not involved. 1 query."""
    rows = LegalAuthority.objects.visible_to(actor, at=at).filter(pk=authority_id)
    family_id = rows.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    return family_id


def _adult(one: FamilyMember, died: Died | None, *, decides: bool) -> Adult:
    return Adult(
        member_id=one.pk,
        first_name=one.first_name,
        name=f"{one.first_name} {one.last_name}".strip(),
        kind=MemberKind(one.kind).label,
        born_on=one.born_on,
        signs_in=one.account_id is not None and died is None,
        died=died,
        is_parent=one.kind == MemberKind.PARENT,
        decides=decides,
        side=one.side or "",  # type: ignore[attr-defined]  # annotated
    )


def _held(look: Viewing, names: Mapping[UUID, str], today: date) -> dict[tuple[UUID, UUID], Held]:
    """Of each pair what was written down last: an earlier period says nothing about today. 1 query."""
    rows = LegalAuthority.objects.filter(family_id=look.family_id, child__in=names, holder__in=names)
    found = {}
    for row in rows.order_by("from_on", "id"):
        stops_on = row.until_on + timedelta(days=1) if row.until_on else None
        found[row.child_id, row.holder_id] = Held(
            authority_id=row.pk,
            child_id=row.child_id,
            holder_id=row.holder_id,
            holder=names[row.holder_id],
            child=names[row.child_id],
            state=_state(row, today),
            source=Source(row.source).label,
            from_on=row.from_on,
            checked_on=row.checked_on,
            lapses_on=row.lapses_on,
            stops_on=stops_on,
            ended_by=row.get_ended_by_display(),
        )
    return found


def _state(row: LegalAuthority, today: date) -> str:
    if row.until_on is not None and row.until_on < today:
        return "ended"
    if row.from_on > today:
        return "coming"
    if row.checked_on is None and row.lapses_on is not None:
        return "lapsed" if row.lapses_on <= today else "told"
    return "checked"


def _supervisors(look: Viewing) -> dict[UUID, list[Supervisor]]:
    """Of each child who carries out a measure now. 1 query."""
    work = _work(OuterRef("account_id"), look.at)
    rows = Involvement.objects.standing(look.at).filter(record__in=look.records, part__in=CARRIES_OUT)
    rows = rows.select_related("account", "record").annotate(
        works_for=Subquery(work.values("partner__name")[:1])
    )
    found = defaultdict(list)
    for row in rows.order_by("from_at", "id"):
        if row.record.child_id is not None:
            found[row.record.child_id].append(
                Supervisor(
                    kind=CARRIES_OUT[row.part],
                    record_id=row.record_id,
                    account_id=row.account_id,
                    first_name=row.account.first_name,
                    name=row.account.name,
                    organisation=row.works_for or "",  # type: ignore[attr-defined]  # annotated
                    ruled_on=row.ruled_on,
                    until_on=local_day(row.until_at) - timedelta(days=1) if row.until_at else None,
                )
            )
    return found


def _died(look: Viewing) -> dict[UUID, Died]:
    """Of whom it is known that they died. 1 query."""
    rows = Death.objects.standing(look.at).filter(family_id=look.family_id)
    return {
        row.member_id: Died(row.pk, row.died_on, DeathSource(row.source).label, row.mistake_at is not None)
        for row in rows
    }


def _measured(look: Viewing) -> dict[UUID, list[Measured]]:
    """Of each child the measures that stand now. 1 query."""
    rows = Measure.objects.standing(look.at).within(look).select_related("record").order_by("kind", "id")
    found = defaultdict(list)
    for row in rows:
        if row.record.child_id is not None:
            found[row.record.child_id].append(
                Measured(row.record_id, row.kind, Court(row.court).label, row.ruled_on, row.until_on)
            )
    return found


def professionals_called(actor: Actor, words: str, *, at: datetime) -> tuple[Professional, ...]:
    """Who works here for a partner and is called so, or whose partner is; nobody without a word. 1 query."""
    rows = Membership.objects.standing(local_day(at)).filter(
        municipality_id=actor.municipality_id, role=Role.PROFESSIONAL, account__is_active=True
    )
    typed = words.split()
    for word in typed:
        rows = rows.filter(
            Q(account__first_name__icontains=word)
            | Q(account__last_name__icontains=word)
            | Q(partner__name__icontains=word)
        )
    fields = ("account_id", "account__first_name", "account__last_name", "partner__name")
    ordered = rows.order_by("account__last_name", "account__first_name", "id").values_list(*fields)
    found = ordered[:MOST] if typed else ()
    return tuple(Professional(pk, f"{first} {last}".strip(), partner) for pk, first, last, partner in found)


def _spoken(look: Viewing) -> set[tuple[UUID, UUID]]:
    """About which account each child spoke by itself. 1 query."""
    said = Consent.objects.standing(look.at).filter(family_id=look.family_id, giver__kind=MemberKind.CHILD)
    return set(said.values_list("giver_id", "account_id"))


def _one(children: Iterable[Child], member_id: UUID) -> Child:
    found = next((one for one in children if one.member_id == member_id), None)
    if found is None:
        raise NotVisible
    return found
