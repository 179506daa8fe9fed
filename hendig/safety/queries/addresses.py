"""The page on which an address becomes secret, for a coach who has it open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.families.models import CompartmentKind, FamilyMember, Involvement, Part, Record
from hendig.families.queries import PART_WORDS, opening
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.safety import rules
from hendig.safety.models import SecretAddress

ADDRESS = (CompartmentKind.ADDRESS,)


@dataclass(frozen=True, slots=True)
class Member:
    member_id: UUID
    account_id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Other:
    account_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Secret:
    secret_id: UUID
    name: str
    from_at: datetime
    why_not_ended: Refusal | None


@dataclass(frozen=True, slots=True)
class AddressPage:
    record_id: UUID
    family_id: UUID
    child: str
    members: tuple[Member, ...]
    others: tuple[Other, ...]
    secrets: tuple[Secret, ...]
    frozen: bool


def address(actor: Actor, record_id: UUID, *, at: datetime) -> AddressPage:
    """Whose address is secret, who sees it, and who could be kept out; the look is in the log. 7 queries."""
    record = Record.objects.visible_to(actor, at=at).select_related("child").filter(pk=record_id).first()
    if record is None:
        raise NotVisible
    with opening(actor, "address.seen", record.family_id, at=at, kinds=ADDRESS, homes=True) as look:
        if record_id not in look.records:
            raise NotVisible
        members = FamilyMember.objects.visible_to(actor, at=at).filter(family_id=record.family_id)
        return AddressPage(
            record_id=record_id,
            family_id=record.family_id,
            child=record.child.first_name if record.child else "",
            members=tuple(
                Member(one.pk, one.account_id, f"{one.first_name} {one.last_name}".strip()) for one in members
            ),
            others=_others(look, record_id),
            secrets=tuple(
                Secret(
                    one.pk,
                    one.member.first_name,
                    one.from_at,
                    rules.why_not_ended(named=one.compartment.person_id, signs_in=one.member.account_id),
                )
                for one in SecretAddress.objects.standing(at)
                .within(look)
                .filter(record=record_id)
                .select_related("member", "compartment")
            ),
            frozen=record.frozen_at is not None,
        )


def _others(look: Viewing, record_id: UUID) -> tuple[Other, ...]:
    """Who works with this record and might need to know where to go."""
    rows = Involvement.objects.standing(look.at).told().filter(record=record_id)
    rows = rows.exclude(part__in=[Part.FAMILY, Part.CONFIDANT, Part.EMERGENCY])
    fields = ("account_id", "account__first_name", "part")
    found = rows.exclude(account=look.actor.account).order_by("id").values_list(*fields)
    return tuple(
        Other(pk, f"{name}, {PART_WORDS[Part(part)]}")
        for pk, (name, part) in {pk: (name, part) for pk, name, part in found}.items()
    )


def records_of(actor: Actor, family_id: UUID, *, at: datetime) -> tuple[tuple[UUID, str], ...]:
    """The records of the family whose addresses the actor has open, by the name of the child. 1 query."""
    mine = Involvement.objects.standing(at).filter(account=actor.account, family=family_id)
    open_to = mine.filter(kinds__contains=[CompartmentKind.ADDRESS], part=Part.COACH).values("record")
    rows = Record.objects.visible_to(actor, at=at).filter(pk__in=open_to, child__isnull=False).order_by("id")
    return tuple(rows.values_list("pk", "child__first_name"))
