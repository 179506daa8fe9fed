"""An adult of a family died: written down once, and taken back only as a mistake, by two."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Change, change, speaking
from hendig.families.actions.authority import not_in_own_family
from hendig.families.actions.records import signed_in
from hendig.families.actions.ways_in import nothing_holds
from hendig.families.models import BY_DEATH, Death, DeathSource, FamilyMember, LegalAuthority, SamePerson
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
    record of a child goes on, with who decides now. In another family of the same person it is known as well,
    and the coach there hears of it. Refused for a child, oneself and an impossible day.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.death_noted", at=at) as act:
        member = act.lock(FamilyMember.objects.visible_to, member_id)
        not_in_own_family(act, member.family_id)
        known = Death.objects.standing(at).filter(member=member).exists()
        mine = member.account_id == actor.account_id
        require(rules.why_no_death(member, died_on=died_on, known=known, mine=mine, on=local_day(at)))
        death = _died(act, member, died_on, source)
        act.record(death, source=source)
        _known_elsewhere(act, death)
    return death


def _known_elsewhere(act: Change, death: Death) -> None:
    """A step: where the same person belongs to another family it is known there too, by Hendig itself.

    Who wrote it down may know nothing of that family, nor that one of who wrote it.
    """
    system = Actor.system(act.actor.municipality_id)
    with speaking(system, act.at):
        act.become(system)
        same = _same(death.member)
        known = Death.objects.standing(act.at).filter(member__in=same).values("member")
        others = FamilyMember.objects.there().filter(pk__in=same).exclude(pk__in=known)
        for other in others.select_for_update(of=("self",)).order_by("id"):
            source = DeathSource(death.source)
            there = _died(act, other, death.died_on, source, written_by_id=death.written_by_id)
            act.record(there, also="family.death_elsewhere", source=source)


def _died(
    act: Change, member: FamilyMember, died_on: date, source: DeathSource, written_by_id: UUID | None = None
) -> Death:
    """A step: it is known of the (locked) person, by whom nothing opens any more."""
    death = Death.objects.create(
        family_id=member.family_id,
        member=member,
        died_on=died_on,
        source=source,
        written_by_id=written_by_id or signed_in(act.actor),
        closed_account=_close_account(act, member.account_id),
        from_at=act.at,
    )
    _decides_no_more(act, member)
    nothing_holds(act, member)
    return death


def _same(member: FamilyMember) -> set[UUID]:
    """Who is the same person in another family, by a link or by the account: for Hendig itself. 2 queries."""
    links = SamePerson.objects.standing().filter(Q(one=member) | Q(other=member))
    both = {pk for pair in links.values_list("one_id", "other_id") for pk in pair}
    own = FamilyMember.objects.filter(account=member.account_id, account__isnull=False)
    return {*both, *own.values_list("pk", flat=True)} - {member.pk}


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
            _lives(act, death, death)
        act.record(death)
        with speaking(Actor.system(actor.municipality_id), at):
            same = _same(death.member)
            others = Death.objects.standing(at).filter(member__in=same, from_at=death.from_at)
            for other in others.select_for_update(of=("self",)).order_by("id"):
                _lives(act, other, death)
                act.record(other)
    return death


def _lives(act: Change, row: Death, death: Death) -> None:
    """A step: this person did not die, as who doubts that `death` and who agrees say; they sign in again."""
    row.mistake_at, row.mistake_by_id = death.mistake_at, death.mistake_by_id
    row.until_at, row.agreed_by_id = act.at, signed_in(act.actor)
    row.save()
    LegalAuthority.objects.filter(holder=row.member_id, ended_by=BY_DEATH).update(ended_by="")
    if row.closed_account and row.member.account_id is not None:
        account = act.lock(Account.objects.all(), row.member.account_id)
        account.is_active = True
        account.save()


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
