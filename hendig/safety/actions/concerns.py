"""The protected place for safety: a worry along the five steps, who is named, and a hold on the log."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from hendig.audit.actions import Change, change, speaking
from hendig.families import actions as families
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    FamilyMember,
    Ground,
    Involvement,
    Part,
    Purpose,
    Record,
)
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import require
from hendig.keys.actions import new_keys
from hendig.people.models import Membership
from hendig.people.rules import Permission, require_permission
from hendig.safety import rules
from hendig.safety.models import Concern, ConcernStep, Found, Informant, Misplaced, SafetyHold, Step
from hendig.safety.queries.held import account_ids_for_safety


def quietly(act: Change) -> None:
    """A step: what happens here is for safety; no page of the family stirs."""
    act.purpose, act.ground, act.quiet = Purpose.SAFETY, Ground.DUTY, True


def begin_concern(*, actor: Actor, record_id: UUID, about: str, at: datetime) -> Concern:
    """A worry about safety is written down, for who writes it and whom they name; never for the family.

    Where nobody reads, who writes is named by it. Where others do it reaches them, and opens nothing: what
    they wrote is not for whoever has a worry too. Refused for whoever does not work with this record.
    """
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "safety.begun", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        standing = _own_work(actor, record_id, at)
        part = Part(standing.part) if standing else None
        require(rules.why_no_concern(part))
        assert standing is not None
        quietly(act)
        # Who is named is known to Hendig itself; to the actor only when the actor is one of them.
        with speaking(Actor.system(actor.municipality_id), at):
            named = account_ids_for_safety(record_id, at=at)
            if not named and part != Part.EMERGENCY:
                families.name_for_safety(
                    act, record, actor.account, Part(standing.part), until=standing.until_at
                )
            concern = Concern.objects.create(
                compartment=Compartment.objects.get(record=record, kind=CompartmentKind.SAFETY),
                family_id=record.family_id,
                record=record,
                begun_by_id=actor.account,
                about=about,
                begun_at=at,
            )
        act.record(concern)
    return concern


def _own_work(actor: Actor, record_id: UUID, at: datetime) -> Involvement | None:
    """The involvement by which the actor works with this record. 1 query."""
    mine = Involvement.objects.standing(at).filter(record=record_id, account=actor.account)
    return mine.filter(part__in=rules.AT_WORK).order_by("id").first()


def take_step(
    *, actor: Actor, concern_id: UUID, step: Step, found: Found, words: str, done_on: date, at: datetime
) -> ConcernStep:
    """A step of the reporting code was taken; taken again, the newest counts and the older one stays.

    Deciding is refused before the other four, and without a report where the weighing says danger.
    """
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "safety.step", at=at) as act:
        concern = act.lock(Concern.objects.visible_to, concern_id)
        require(
            rules.why_no_step(
                step,
                found,
                steps_done(concern),
                done_on=done_on,
                on=local_day(at),
                closed=concern.closed_at is not None,
            )
        )
        row = ConcernStep.objects.create(
            concern=concern,
            family_id=concern.family_id,
            record_id=concern.record_id,
            step=step,
            found=found,
            words=words,
            done_on=done_on,
            account_id=actor.account,
            at=at,
        )
        quietly(act)
        act.record(row, step=step)
    return row


def keep_told(
    *, actor: Actor, concern_id: UUID, name: str, role: str, words: str, told_on: date, at: datetime
) -> Informant:
    """What somebody outside the family told is kept where nobody but who is named for safety reads it.

    Refused for who reads the worry otherwise, as in an emergency, and when the worry is closed.
    """
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "safety.added", at=at) as act:
        concern = act.lock(Concern.objects.visible_to, concern_id)
        named = actor.account in account_ids_for_safety(concern.record_id, at=at)
        require(rules.why_not_told(named=named, closed=concern.closed_at is not None))
        require(rules.why_not_on(told_on, local_day(at)))
        quietly(act)
        with speaking(Actor.system(actor.municipality_id), at):
            _let_named_read(act, concern)
            row = Informant.objects.create(
                compartment=Compartment.objects.get(record=concern.record_id, kind=CompartmentKind.INFORMANT),
                family_id=concern.family_id,
                record_id=concern.record_id,
                concern=concern,
                name=name,
                role=role,
                words=words,
                told_on=told_on,
                account_id=actor.account,
                at=at,
            )
        act.record(row)
    return row


def take_told_back(*, actor: Actor, told_id: UUID, why: Misplaced, at: datetime) -> Informant:
    """It was written by mistake: text, name and role are gone for good, and that it was there stays.

    Refused for who did not write it, when the worry is closed, and after two weeks.
    """
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "safety.removed", at=at) as act:
        row = act.lock(Informant.objects.visible_to, told_id)
        # What is told says which worry it is of; while that is closed nobody takes anything back.
        concern = act.lock(Concern.objects.visible_to, row.concern_id)
        require(
            rules.why_told_stays(
                mine=row.account_id == actor.account_id,
                taken_back=row.taken_back_at is not None,
                closed=concern.closed_at is not None,
                kept_at=row.at,
                at=at,
            )
        )
        row.name = row.role = row.words = ""
        row.taken_back_at, row.taken_back_by_id, row.taken_back_why = at, actor.account, why
        row.save()
        # What older backups hold of it loses its key as well, as soon as what stays is sealed anew.
        new_keys(act, {row.compartment_id: row.family_id})
        quietly(act)
        act.record(row)
    return row


def _let_named_read(act: Change, concern: Concern) -> None:
    """A step: who was named before there was a place for it reads what is told as well, and no longer."""
    rows = Involvement.objects.standing(act.at).filter(record=concern.record_id, purpose=Purpose.SAFETY)
    older = rows.exclude(part=Part.EMERGENCY).exclude(kinds__contains=[CompartmentKind.INFORMANT])
    for row in older.order_by("id"):
        families.name_for_safety(act, concern.record, row.account_id, Part(row.part), until=row.until_at)


def steps_done(concern: Concern) -> dict[int, str]:
    """The newest outcome of each step that was taken. 1 query."""
    return dict(concern.steps.order_by("id").values_list("step", "found"))


def close_concern(*, actor: Actor, concern_id: UUID, at: datetime) -> Concern:
    """The worry is closed after its decision; it can be read, and a new one can begin."""
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "safety.closed", at=at) as act:
        concern = act.lock(Concern.objects.visible_to, concern_id)
        require(rules.why_not_closed(steps_done(concern), closed=concern.closed_at is not None))
        concern.closed_at = at
        concern.save()
        quietly(act)
        act.record(concern)
    return concern


def name_for_safety(*, actor: Actor, concern_id: UUID, account_id: UUID, at: datetime) -> Concern:
    """This colleague sees the safety part of the record too, and nothing else by it; at most a year.

    Refused for somebody of the family, and for whoever is no coach or professional here.
    """
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "safety.named", at=at) as act:
        concern = act.lock(Concern.objects.visible_to, concern_id)
        roles = Membership.objects.standing(local_day(at)).filter(
            account=account_id, municipality_id=actor.municipality_id, account__is_active=True
        )
        others = Involvement.objects.standing(at).filter(record=concern.record_id, account=account_id)
        require(
            rules.why_not_named(
                list(roles.values_list("role", flat=True)),
                own_family=FamilyMember.objects.filter(
                    family_id=concern.family_id, account_id=account_id
                ).exists(),
                named=others.filter(purpose=Purpose.SAFETY).exclude(part=Part.EMERGENCY).exists(),
            )
        )
        work = others.filter(part__in=rules.AT_WORK - {Part.EMERGENCY}).order_by("id").first()
        part = Part(work.part) if work else Part.COLLEAGUE
        until = work.until_at if work else None
        families.name_for_safety(act, concern.record, account_id, part, until=until)
        quietly(act)
        act.record(concern, account=account_id)
    return concern


def unname(*, actor: Actor, concern_id: UUID, account_id: UUID, at: datetime) -> Concern:
    """This colleague no longer sees the safety part; somebody always does."""
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "safety.unnamed", at=at) as act:
        concern = act.lock(Concern.objects.visible_to, concern_id)
        named = Involvement.objects.standing(at).filter(record=concern.record_id, purpose=Purpose.SAFETY)
        named = named.exclude(part=Part.EMERGENCY)
        left = {*account_ids_for_safety(concern.record_id, at=at)} - {account_id}
        require(rules.why_not_unnamed(left=len(left)))
        quietly(act)
        act.record(concern, account=account_id)
        # Last: it may be the actor who is named no more.
        for row in named.filter(account=account_id).select_for_update(of=("self",)):
            row.until_at = at
            row.save()
    return concern


def hold(*, actor: Actor, concern_id: UUID, until_on: date, at: datetime) -> SafetyHold:
    """Until the end of that day the family reads no line and gets no notice about safety. At most 90 days."""
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "safety.held", at=at) as act:
        concern = act.lock(Concern.objects.visible_to, concern_id)
        standing = SafetyHold.objects.standing(at).filter(record=concern.record_id).exists()
        require(rules.why_no_hold(until_on, local_day(at), standing=standing))
        held = SafetyHold.objects.create(
            compartment_id=concern.compartment_id,
            family_id=concern.family_id,
            record_id=concern.record_id,
            account_id=actor.account,
            from_at=at,
            until_at=datetime.combine(until_on + timedelta(days=1), time(), AMSTERDAM),
        )
        quietly(act)
        act.record(held, until=until_on)
    return held


def release_hold(*, actor: Actor, hold_id: UUID, at: datetime) -> SafetyHold:
    """The family reads from now on what was held."""
    require_permission(actor, Permission.KEEP_SAFE)
    with change(actor, "safety.released", at=at) as act:
        held = act.lock(SafetyHold.objects.standing(at).visible_to(actor, at=at), hold_id)
        held.released_at = at
        held.save()
        quietly(act)
        act.record(held)
    return held
