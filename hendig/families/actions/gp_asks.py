"""A GP asks once to be invited, and hears only a yes; who decides answers without a reason."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Change, change, counted, speaking
from hendig.families.actions import known, say
from hendig.families.actions.gp import joins
from hendig.families.actions.sharing import who_decides
from hendig.families.models import AIM_OF, GpAsk, GpAskStage, Involvement, Part, Record
from hendig.families.queries.deputies import registrations
from hendig.families.queries.exactly import exactly
from hendig.families.rules import gp_asks as rules
from hendig.families.rules import why_not_born_then
from hendig.families.rules.invitations import why_no_gp
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.actions import hash_code
from hendig.people.models import Professional
from hendig.people.rules import Permission, require_permission


def ask_to_join(*, actor: Actor, first_name: str, last_name: str, born_on: date, at: datetime) -> GpAsk:
    """The family of this child is asked whether the actor may take part as its GP, if the child is here.

    What comes back is the same when nobody is called so. Refused for who does not stand in the BIG register,
    a second time, and more often than five times a day.
    """
    require_permission(actor, Permission.ASK_AS_GP)
    # Before the change: what is refused counts as well.
    free = counted("gp.asked", str(actor.account), times=rules.ASKS, within=rules.WITHIN, at=at)
    with change(actor, "gp.asked", at=at) as act:
        # Two asks of one GP at the same moment come one after the other.
        act.lock(Professional.objects.visible_to, actor.professional_id or UUID(int=0))
        known_as, _same = registrations(actor, actor.account)
        require(rules.why_not_registered(known_as, local_day(at)))
        require(why_not_born_then(born_on, local_day(at)))
        said = hash_code("\n".join([_plain(first_name), _plain(last_name), str(born_on)]), actor.account)
        found = exactly(first_name, last_name, born_on, beside="")
        # Two of one name are nobody, as in an emergency.
        record_id, family_id = found[0] if len(found) == 1 else (None, None)
        # Nothing of the family is there for who asks; the log names that person all the same.
        with speaking(Actor.system(actor.municipality_id), at):
            mine = Involvement.objects.standing(at).filter(account_id=actor.account, part=Part.GP)
            require(
                rules.why_not_asked(
                    free=free,
                    before=GpAsk.objects.again(actor.account, said).exists(),
                    there=record_id is not None and mine.filter(record=record_id).exists(),
                )
            )
            ask = GpAsk.objects.create(
                municipality_id=actor.municipality_id,
                account_id=actor.account,
                said=said,
                family_id=family_id,
                record_id=record_id,
                asked_at=at,
            )
            act.record(ask)
    return ask


def answer_ask(*, actor: Actor, ask_id: UUID, yes: bool, at: datetime) -> GpAsk:
    """Who decides says yes or no, and why is nobody's business; the GP hears a yes and never a no.

    Refused once it is answered, for whoever does not decide, for the yes of a parent from 12 on, and for a
    yes while there is another GP.
    """
    require_permission(actor, Permission.CHOOSE_WHO_SEES)
    with change(actor, "family.gp_agreed" if yes else "family.gp_not_agreed", at=at) as act:
        record = act.lock(Record.objects.visible_to, _record_of(actor, ask_id, at))
        ask = act.lock(GpAsk.objects.visible_to, ask_id)
        giver = who_decides(act, record)
        require(rules.why_not_answered(ask.stage))
        if yes:
            require(rules.why_no_yes(giver, record.child, local_day(at)))
            there = Involvement.objects.standing(at).filter(record=record, part=Part.GP)
            require(why_no_gp(there=there.exists()))
        ask.stage = GpAskStage.AGREED if yes else GpAskStage.REFUSED
        ask.answered_by, ask.answered_at = known(giver), at
        ask.save()
        act.record(ask, account=ask.account_id)
        if yes:
            follows = AIM_OF[Part.GP]
            say(act, record=record, giver=giver, account_id=ask.account_id, yes=True, follows=follows)
            _let_in(act, record, ask)
    return ask


def _let_in(act: Change, record: Record, ask: GpAsk) -> None:
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        row = joins(act, record, ask.account_id)
        act.topics.add(f"account:{ask.account_id}")
        act.record(row, also="family.gp_joined", account=ask.account_id)


def _record_of(actor: Actor, ask_id: UUID, at: datetime) -> UUID:
    rows = GpAsk.objects.visible_to(actor, at=at).filter(pk=ask_id, record__isnull=False)
    found = rows.values_list("record_id", flat=True).first()
    if found is None:
        raise NotVisible
    return found


def _plain(name: str) -> str:
    return name.strip().casefold()
