"""Somebody stands in for a colleague for a while, or learns beside one, where that one works."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Change, change
from hendig.families.actions.calendars import tell_calendars
from hendig.families.actions.records import LAST
from hendig.families.models import Block, Consent, FamilyMember, Ground, Involvement, Part
from hendig.families.queries import deputies as queries
from hendig.families.rules import deputies as rules
from hendig.families.rules.sharing import COACH_LOOKS_ALONG
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission


@dataclass(frozen=True, slots=True)
class Named:
    """Who stands in, and in how many families."""

    first_name: str
    families: int


def name_deputy(
    *,
    actor: Actor,
    account_id: UUID,
    from_on: date,
    until_on: date,
    families: Collection[UUID],
    at: datetime,
) -> Named:
    """A colleague does the actor's work in these families from and until these days; each family is told.

    Only what everybody who helps there shares, and where people live. A family that keeps this colleague out,
    or that is the colleague's own, is left out, and one where the actor is gone by then. The same colleague
    again gets the new days; a first day that was stays.
    Refused for more than six weeks, for days that are past, and for who may not do this work.
    """
    require_permission(actor, Permission.NAME_DEPUTY)
    with change(actor, "family.deputy_named", at=at) as act:
        require(rules.why_not_that_long(from_on, until_on, local_day(at)))
        colleague = queries.colleague(actor, account_id, at=at)
        rows = queries.own_work(actor, at=at).filter(family__in=families).select_for_update(of=("self",))
        chosen = list(rows.order_by("id"))
        fit = [row for row in chosen if Part(row.part) in colleague.parts]
        if any(row.part == Part.PROFESSIONAL for row in fit):
            require(rules.why_not_registered(*queries.registrations(actor, account_id), until_on))
        closed = _closed_to(account_id, at)
        begin, end = max(at, _begins(from_on)), _begins(until_on + timedelta(days=1))
        can = [row for row in fit if row.record_id not in closed[0] and row.family_id not in closed[1]]
        can = [row for row in can if (row.until_at or LAST) > begin]
        require(rules.why_nobody(chosen=len(chosen), can=len(can), name=colleague.first_name))
        for row in can:
            made = _beside(act, row, Part.DEPUTY, account_id, begin, min(end, row.until_at or LAST))
            act.record(made, account=account_id)
        tell_calendars(act, [row.family_id for row in can if begin == at])
        act.topics.add(f"account:{account_id}")
    return Named(colleague.first_name, len({row.family_id for row in can}))


def end_deputy(*, actor: Actor, account_id: UUID, at: datetime) -> None:
    """Nobody of these two stands in for the other any more: either may say so, and it holds at once."""
    require_permission(actor, Permission.NAME_DEPUTY)
    with change(actor, "family.deputy_ended", at=at) as act:
        _end(act, Part.DEPUTY, account_id)


def ask_for_trainee(*, actor: Actor, account_id: UUID, families: Collection[UUID], at: datetime) -> Named:
    """These families are asked whether somebody who learns beside the actor may see along.

    Until they say yes the trainee sees nothing. Refused for where the actor does not work.
    """
    require_permission(actor, Permission.LEARN_BESIDE)
    with change(actor, "family.trainee_asked", at=at) as act:
        trainee = queries.trainee(actor, account_id, at=at)
        rows = queries.own_work(actor, at=at).filter(family__in=families).select_for_update(of=("self",))
        chosen = list(rows.order_by("id"))
        closed = _closed_to(account_id, at)
        can = [row for row in chosen if row.record_id not in closed[0] and row.family_id not in closed[1]]
        require(rules.why_nobody(chosen=len(chosen), can=len(can), name=trainee.first_name))
        last = _begins(trainee.until_on + timedelta(days=1)) if trainee.until_on else LAST
        for row in can:
            end = min(last, row.until_at or LAST, at + COACH_LOOKS_ALONG)
            _ask_anew(act, row.record_id, account_id)
            made = _beside(act, row, Part.TRAINEE, account_id, at, end)
            act.record(made, account=account_id)
        act.topics.add(f"account:{account_id}")
    return Named(trainee.first_name, len({row.family_id for row in can}))


def end_trainee(*, actor: Actor, account_id: UUID, at: datetime) -> None:
    """Nobody of these two learns beside the other any more: either may say so, and it holds at once."""
    require_permission(actor, Permission.LEARN_BESIDE)
    with change(actor, "family.trainee_ended", at=at) as act:
        _end(act, Part.TRAINEE, account_id)


def _end(act: Change, part: Part, account_id: UUID) -> None:
    """Between who acts and this account, whoever of the two is here by the other."""
    actor, at = act.actor, act.at
    pair = Q(behind_id=actor.account, account_id=account_id) | Q(
        behind_id=account_id, account_id=actor.account
    )
    found = Involvement.objects.coming_too(at).filter(pair, part=part)
    rows = list(found.select_for_update(of=("self",)).order_by("id"))
    if not rows:
        raise NotVisible
    for row in rows:
        if row.account_id == actor.account and row.behind_id is not None:
            act.behind[row.family_id] = row.behind_id
        row.until_at = at
        row.save()
        act.record(row, account=account_id)
    tell_calendars(act, [row.family_id for row in rows])
    act.topics.add(f"account:{account_id}")


def _beside(
    act: Change, row: Involvement, part: Part, account_id: UUID, begin: datetime, end: datetime
) -> Involvement:
    """A step: this account is here by whose involvement this is, in that one's place or to learn."""
    known = Involvement.objects.coming_too(begin).filter(
        record=row.record_id, account_id=account_id, behind_id=row.account_id, part=part
    )
    if begin > act.at:
        # What stands goes on as it was told: later days are others.
        known = known.filter(from_at__gt=act.at)
    made = known.select_for_update(of=("self",)).order_by("id").first() or Involvement(
        family_id=row.family_id,
        record_id=row.record_id,
        account_id=account_id,
        behind_id=row.account_id,
        part=part,
        purpose=row.purpose,
        # To see along to learn is asked of the family; to stand in rests on what that one is here for.
        ground=Ground.CONSENT if part == Part.TRAINEE else row.ground,
        from_at=begin,
    )
    made.kinds, made.until_at = rules.never_more(part, row.kinds), end
    if made.from_at > act.at:
        made.from_at = begin
    made.save()
    return made


def _ask_anew(act: Change, record_id: UUID, account_id: UUID) -> None:
    """A step: a yes to whom this account was here by before is none to whoever asks now; a no stays."""
    if Involvement.objects.coming_too(act.at).filter(record=record_id, account_id=account_id).exists():
        return
    said = Consent.objects.filter(record=record_id, account_id=account_id, until_at=None, yes=True)
    for one in said.select_for_update().order_by("id"):
        one.until_at = act.at
        one.save()


def _closed_to(account_id: UUID, at: datetime) -> tuple[set[UUID], set[UUID]]:
    """The records that are closed to this account as a whole, and the families that are its own."""
    shut = Block.objects.standing(at).filter(account_id=account_id, kinds=[])
    own = FamilyMember.objects.filter(account_id=account_id)
    return set(shut.values_list("record_id", flat=True)), set(own.values_list("family_id", flat=True))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=AMSTERDAM)
