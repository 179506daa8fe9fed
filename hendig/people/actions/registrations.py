"""Registrations and expertises: an office proposes, the municipality answers for what is kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from hendig.audit.actions import Change, change
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.models import (
    Expertise,
    Professional,
    ProfessionalExpertise,
    ProposedExpertise,
    Register,
    Registration,
    Source,
    working,
)
from hendig.people.rules import Permission, require_permission
from hendig.people.rules import registered as rules


def keep_registration(
    *,
    actor: Actor,
    professional_id: UUID,
    register: str,
    number: str,
    source: str,
    checked_on: date | None,
    at: datetime,
    other: str = "",
    profession: str = "",
    until: date | None = None,
) -> Registration:
    """Somebody stands in this register, as looked up on that day; it takes the place of what was kept of it.

    Refused for the own person, for a number that cannot be, and for a day to come.
    """
    require_permission(actor, Permission.KEEP_REGISTRATIONS)
    with change(actor, "registration.kept", at=at) as act:
        who = _lock(act, professional_id)
        made = _made(act, who, register, other, profession, number, until)
        require(rules.why_not_checked(checked_on, local_day(at)))
        _kept(act, made, source, checked_on)
        act.record(made, professional=who.pk, register=register, source=source)
    return made


def propose_registration(
    *,
    actor: Actor,
    professional_id: UUID,
    register: str,
    number: str,
    at: datetime,
    other: str = "",
    profession: str = "",
    until: date | None = None,
) -> Registration:
    """The office says that one of its people stands in this register: it counts once it is kept."""
    require_permission(actor, Permission.PROPOSE_REGISTRATIONS)
    with change(actor, "registration.proposed", at=at) as act:
        who = _lock(act, professional_id)
        made = _made(act, who, register, other, profession, number, until)
        made.proposed_by_id, made.proposed_at = actor.account_id, at
        made.save()
        act.record(made, professional=who.pk, register=register)
    return made


def answer_registration(
    *, actor: Actor, registration_id: UUID, source: str, checked_on: date | None, at: datetime
) -> Registration:
    """What an office proposed is kept, as the municipality looked it up. Refused for the own person."""
    require_permission(actor, Permission.KEEP_REGISTRATIONS)
    with change(actor, "registration.kept", at=at) as act:
        waiting = Registration.objects.visible_to(actor, at=at).waiting()
        _lock_of(act, waiting, registration_id)
        found = act.lock(waiting, registration_id)
        require(rules.why_not_checked(checked_on, local_day(at)))
        _kept(act, found, source, checked_on)
        act.record(
            found,
            professional=found.professional_id,
            register=found.register,
            source=source,
            asked_by=found.proposed_by_id,
        )
    return found


def end_registration(*, actor: Actor, registration_id: UUID, at: datetime) -> Registration:
    """It is not kept any more, or what was proposed is not kept; an office takes back its own proposal."""
    require_permission(actor, Permission.SEE_REGISTRATIONS)
    with change(actor, "registration.ended", at=at) as act:
        rows = Registration.objects.visible_to(actor, at=at).filter(ended_at=None)
        if not rules.keeps(actor):
            rows = rows.waiting()
        found = act.lock(rows.select_related("professional"), registration_id)
        require(rules.why_not_own(own=found.professional.account_id == actor.account_id))
        found.ended_at = at
        found.save()
        act.record(
            found, professional=found.professional_id, register=found.register, asked_by=found.proposed_by_id
        )
    return found


def set_expertises(
    *, actor: Actor, professional_id: UUID, expertise_ids: Collection[UUID], at: datetime
) -> Professional:
    """For these somebody can be asked, and for no other; what was proposed of it is answered by that."""
    require_permission(actor, Permission.KEEP_REGISTRATIONS)
    with change(actor, "expertise.set", at=at) as act:
        who = _lock(act, professional_id)
        adds, drops = _differs(act, who, expertise_ids)
        _can(who, adds, drops)
        waiting = who.proposed_expertises.waiting().select_for_update().order_by("id")
        for one in waiting:
            one.answered_by_id, one.answered_at = actor.account_id, at
            one.save()
        act.record(who, more=len(adds), fewer=len(drops))
    return who


def propose_expertises(
    *, actor: Actor, professional_id: UUID, expertise_ids: Collection[UUID], at: datetime
) -> int:
    """The office says what one of its people can do; how many changes wait for the municipality now."""
    require_permission(actor, Permission.PROPOSE_REGISTRATIONS)
    with change(actor, "expertise.proposed", at=at) as act:
        who = _lock(act, professional_id)
        adds, drops = _differs(act, who, expertise_ids)
        # What the office proposed before and does not say any more is taken back.
        who.proposed_expertises.waiting().delete()
        for expertise, more in (*((one, True) for one in adds), *((one, False) for one in drops)):
            ProposedExpertise.objects.create(
                professional=who,
                expertise=expertise,
                adds=more,
                proposed_by_id=actor.account_id,
                proposed_at=at,
            )
        act.record(who, more=len(adds), fewer=len(drops))
    return len(adds) + len(drops)


def answer_expertise(*, actor: Actor, proposal_id: UUID, agree: bool, at: datetime) -> ProposedExpertise:
    """Somebody can be asked for it from now on, or not any more, as was proposed; or it stays as it was."""
    require_permission(actor, Permission.KEEP_REGISTRATIONS)
    with change(actor, "expertise.set" if agree else "expertise.declined", at=at) as act:
        waiting = ProposedExpertise.objects.visible_to(actor, at=at).waiting()
        who = _lock_of(act, waiting, proposal_id)
        one = act.lock(waiting, proposal_id)
        if agree:
            _can(who, [one.expertise] if one.adds else [], [] if one.adds else [one.expertise])
        one.answered_by_id, one.answered_at = actor.account_id, at
        one.save()
        act.record(who, more=int(agree and one.adds), asked_by=one.proposed_by_id)
    return one


def give_reason(*, actor: Actor, professional_id: UUID, reason: str, at: datetime) -> Professional:
    """Why it can be without a registration is written down, once. Refused where none is missing."""
    require_permission(actor, Permission.KEEP_REGISTRATIONS)
    with change(actor, "professional.excepted", at=at) as act:
        who = _lock(act, professional_id)
        needed = ProfessionalExpertise.objects.filter(professional=who, expertise__registered=True).exists()
        known = Registration.objects.standing().filter(professional=who)
        missing = needed and not rules.is_registered(known, local_day(at))
        require(rules.why_no_reason(missing=missing, known=who.unless, reason=reason.strip()))
        who.unless = reason.strip()
        who.save()
        act.record(who)
    return who


def _lock(act: Change, professional_id: UUID) -> Professional:
    """A step: somebody for whom the actor answers, and who is somebody else."""
    who = act.lock(working(act.actor, at=act.at), professional_id)
    require(rules.why_not_own(own=who.account_id == act.actor.account_id))
    return who


def _lock_of(act: Change, rows: QuerySet[Any], key: UUID) -> Professional:
    """A step: of whom this row is, locked before it: who keeps something of that one waits for it."""
    return _lock(act, rows.filter(pk=key).values_list("professional", flat=True).first() or key)


def _made(
    act: Change,
    who: Professional,
    register: str,
    other: str,
    profession: str,
    number: str,
    until: date | None,
) -> Registration:
    number, other = rules.plain(number), other.strip()
    profession = profession if register == Register.BIG else ""
    require(
        rules.why_no_registration(
            register=register,
            other=other,
            profession=profession,
            number=number,
            until=until,
            on=local_day(act.at),
        )
    )
    return Registration(
        professional=who,
        register=register,
        other=other if register == Register.OTHER else "",
        profession=profession,
        number=number,
        until=until,
    )


def _kept(act: Change, row: Registration, source: str, checked_on: date | None) -> None:
    """A step: it holds from now on, in the place of what was kept of the same register."""
    same = Registration.objects.standing().filter(
        professional=row.professional_id, register=row.register, other=row.other, profession=row.profession
    )
    for older in same.select_for_update().order_by("id"):
        older.ended_at = act.at
        older.save()
    row.source, row.checked_on = Source(source), checked_on
    row.kept_by_id, row.kept_at = act.actor.account_id, act.at
    row.save()


def _differs(
    act: Change, who: Professional, expertise_ids: Collection[UUID]
) -> tuple[list[Expertise], list[Expertise]]:
    """What is more than somebody could do so far, and what is less."""
    chosen = Expertise.objects.filter(municipality_id=act.actor.municipality_id, pk__in=expertise_ids)
    wanted, known = list(chosen), list(who.expertises.all())
    require(rules.why_no_expertises([one.pk for one in wanted]))
    return [one for one in wanted if one not in known], [one for one in known if one not in wanted]


def _can(who: Professional, adds: Collection[Expertise], drops: Collection[Expertise]) -> None:
    """A step: from now on somebody is asked for more, and for less."""
    mine = ProfessionalExpertise.objects.filter(professional=who)
    had = set(mine.values_list("expertise_id", flat=True))
    require(rules.why_no_expertises((had | {one.pk for one in adds}) - {one.pk for one in drops}))
    mine.filter(expertise__in=drops).delete()
    for one in adds:
        if one.pk not in had:
            ProfessionalExpertise.objects.create(professional=who, expertise=one)
