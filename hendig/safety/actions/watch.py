"""What Hendig notices by itself: somebody who is refused often, and lines that a family would miss."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from hendig.audit.actions import OFTEN, OFTEN_WITHIN, change, reading
from hendig.audit.models import BROKEN, PROVED, Entry, Kind
from hendig.audit.rules.proof import Outcome
from hendig.families.actions.own import sound_own_family
from hendig.families.models import FamilyMember, MemberKind, Record
from hendig.families.queries.own import own_families
from hendig.kernel.actor import Actor
from hendig.people.models import Account, Municipality
from hendig.people.rules import Permission, require_permission
from hendig.safety import rules
from hendig.safety.queries.held import counted
from hendig.safety.queries.retention import past_terms

PAST_TERM = "record.past_term"
QUIET_AFTER_ALARM = timedelta(hours=1)
# Of how many places in the log an alarm says where they are, and how many records are told in one night.
PLACES = 100


def sound_alarm(*, municipality_id: UUID, account_id: UUID, at: datetime) -> bool:
    """The privacy officers hear that this account was refused often; once an hour, however often it tries."""
    mine = Entry.objects.filter(municipality_id=municipality_id, at__lte=at)
    refused = mine.filter(account_id=account_id, kind=Kind.REFUSAL, at__gt=at - OFTEN_WITHIN * 2)
    if refused.count() < OFTEN:
        return False
    with change(Actor.system(municipality_id), "refusals.alarm", at=at) as act:
        account = act.lock(Account.objects.filter(municipality_id=municipality_id), account_id)
        told = mine.filter(code="refusals.alarm", object_id=account_id, at__gt=at - QUIET_AFTER_ALARM)
        if told.exists():
            act.record(account, also="refusals.more", times=refused.count())
            return False
        act.record(account, times=refused.count())
    return True


def watch_own_family(*, entry_id: UUID, at: datetime) -> bool:
    """The privacy officers hear it when what was refused is of the own family of who tried."""
    tried = Entry.objects.get(pk=entry_id, kind=Kind.REFUSAL)
    if tried.account_id is None or tried.object_id is None:
        return False
    with reading(Actor.system(tried.municipality_id), at):
        for family_id in own_families(tried.account_id):
            if _is_of(family_id, tried.object_id):
                return _sound(tried.municipality_id, tried.account_id, family_id, at)
    return False


def watch_own_name(*, actor: Actor, first_name: str, last_name: str, born_on: date, at: datetime) -> bool:
    """The same when somebody named a child of the own family in an emergency, and so found nobody."""
    require_permission(actor, Permission.OPEN_IN_EMERGENCY)
    with reading(Actor.system(actor.municipality_id), at):
        children = FamilyMember.objects.filter(
            family_id__in=own_families(actor.account),
            kind=MemberKind.CHILD,
            born_on=born_on,
            first_name__iexact=first_name.strip(),
        )
        families = [
            child.family_id
            for child in children.select_related("family").order_by("id")
            if last_name.strip().casefold() in {child.last_name.casefold(), child.family.name.casefold()}
        ]
        return bool(families) and _sound(actor.municipality_id, actor.account, families[0], at)


def _sound(municipality_id: UUID, account_id: UUID, family_id: UUID, at: datetime) -> bool:
    return sound_own_family(
        code="own_family.tried",
        municipality_id=municipality_id,
        account_id=account_id,
        family_id=family_id,
        at=at,
    )


def _is_of(family_id: UUID, object_id: UUID) -> bool:
    """Whether this is the family, one of its persons or records, or what the log knows to be of it."""
    lines = Entry.objects.filter(family_id=family_id, object_id=object_id)
    return (
        object_id == family_id
        or FamilyMember.objects.filter(family_id=family_id, pk=object_id).exists()
        or Record.objects.filter(family_id=family_id, pk=object_id).exists()
        or lines.exists()
    )


def count_lines(*, municipality_id: UUID, since: datetime, at: datetime) -> int:
    """How many readers would miss a line; the privacy officers hear of it when there is one."""
    with reading(Actor.system(municipality_id), at):
        wrong = [one for one in counted(municipality_id, at=at, since=since) if not one.right]
    if wrong:
        with change(Actor.system(municipality_id), "log.mismatch", at=at) as act:
            act.record(Municipality.objects.get(pk=municipality_id), readers=len(wrong))
    return len(wrong)


def tell_past_terms(*, municipality_id: UUID, at: datetime) -> int:
    """The privacy officers hear which records came past their term (Jeugdwet art. 7.3.8 lid 3), of each once.

    The line is of the municipality: one of the record would begin its term anew.
    """
    system = Actor.system(municipality_id)
    past = [str(one.record_id) for one in past_terms(system, at=at)]
    lines = Entry.objects.filter(municipality_id=municipality_id, code=PAST_TERM)
    recent = lines.filter(at__gt=rules.years_before(at, rules.KEPT_YEARS)).values_list("facts", flat=True)
    told = {record_id for facts in recent for record_id in facts["records"]}
    fresh = [record_id for record_id in past if record_id not in told][:PLACES]
    if fresh:
        with change(system, PAST_TERM, at=at) as act:
            town = act.lock(Municipality.objects.all(), municipality_id)
            act.record(town, records=fresh, many=len(fresh))
    return len(fresh)


def tell_proof(*, municipality_id: UUID, found: Outcome, at: datetime) -> bool:
    """The log says that it was held against its seals; whether something did not fit that no night found yet.

    Of that the privacy officers and who audits hear, once.
    """
    mine = Entry.objects.filter(municipality_id=municipality_id, code=BROKEN)
    places = sorted({one.what.replace(" ", ":") for one in found.broken})
    with change(Actor.system(municipality_id), PROVED, at=at) as act:
        town = act.lock(Municipality.objects.all(), municipality_id)
        act.record(town, lines=found.entries, broken=len(places))
        told = {place for facts in mine.values_list("facts", flat=True) for place in facts["places"]}
        new = [place for place in places if place not in told]
        if new:
            act.record(town, also=BROKEN, broken=len(new), places=new[:PLACES])
    return bool(new)
