"""An adult of a family died: written down once, and taken back only as a mistake, by two."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from hendig.audit.actions import Change, change, speaking
from hendig.families.actions.authority import not_in_own_family
from hendig.families.actions.records import signed_in
from hendig.families.actions.ways_in import nothing_holds
from hendig.families.models import BY_DEATH, Death, DeathSource, FamilyMember, LegalAuthority
from hendig.families.rules import deaths as rules
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import require
from hendig.people.actions.door import sign_out_everywhere
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission


def note_death(*, actor: Actor, member_id: UUID, died_on: date, source: DeathSource, at: datetime) -> Death:
    """Nothing opens by this person any more: signed out everywhere, decides nothing, no yes of theirs counts.

    What was theirs apart closes for good, for the other parent and for who was named for it as well. The
    record of a child goes on, with who decides now. Refused for a child, oneself and an impossible day.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.death_noted", at=at) as act:
        member = act.lock(FamilyMember.objects.visible_to(actor, at=at), member_id)
        not_in_own_family(act, member.family_id)
        known = Death.objects.standing(at).filter(member=member).exists()
        mine = member.account_id == actor.account_id
        require(rules.why_no_death(member, died_on=died_on, known=known, mine=mine, on=local_day(at)))
        death = Death.objects.create(
            family_id=member.family_id,
            member=member,
            died_on=died_on,
            source=source,
            written_by_id=signed_in(actor),
            closed_account=_close_account(act, member.account_id),
            from_at=at,
        )
        _decides_no_more(act, member)
        nothing_holds(act, member)
        act.record(death, source=source)
    return death


def say_mistaken(*, actor: Actor, death_id: UUID, at: datetime) -> Death:
    """The coach says that this was written by mistake; it stands until a privacy officer agrees."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.death_doubted", at=at) as act:
        death = act.lock(Death.objects.standing(at).visible_to(actor, at=at), death_id)
        not_in_own_family(act, death.family_id)
        require(rules.why_no_mistake(death))
        death.mistake_at, death.mistake_by_id = at, signed_in(actor)
        death.save()
        act.record(death)
    return death


def take_back(*, actor: Actor, death_id: UUID, at: datetime) -> Death:
    """The officer agrees that this person did not die: they sign in again, and what was apart opens again.

    Who decides, and who sees along, is looked at anew: nothing of that comes back by itself. Refused for who
    wrote it or called it a mistake, and while nobody did.
    """
    require_permission(actor, Permission.END_RECORDS)
    with change(actor, "family.death_taken_back", at=at) as act:
        # The officer opens no record: Hendig finds it, and shows nothing of it.
        with speaking(Actor.system(actor.municipality_id), at):
            death = act.lock(Death.objects.filter(municipality_id=actor.municipality_id), death_id)
            require(rules.why_not_taken_back(death, actor.account_id))
            death.until_at, death.agreed_by_id = at, signed_in(actor)
            death.save()
            LegalAuthority.objects.filter(holder=death.member_id, ended_by=BY_DEATH).update(ended_by="")
            if death.closed_account and death.member.account_id is not None:
                account = act.lock(Account.objects.all(), death.member.account_id)
                account.is_active = True
                account.save()
        act.record(death)
    return death


def _close_account(act: Change, account_id: UUID | None) -> bool:
    """A step: nobody signs in by this account from now on; whether it was open until now."""
    if account_id is None:
        return False
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        account = act.lock(Account.objects.all(), account_id)
        sign_out_everywhere(act, account_id)
        was_open, account.is_active = account.is_active, False
        account.save()
    return was_open


def _decides_no_more(act: Change, member: FamilyMember) -> None:
    """A step: whatever this person decided, or was to decide, is over since yesterday."""
    today = local_day(act.at)
    for row in LegalAuthority.objects.not_over(today).select_for_update(of=("self",)).filter(holder=member):
        row.until_on, row.ended_by = today - timedelta(days=1), BY_DEATH
        row.save()
