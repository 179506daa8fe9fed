"""Somebody who works with a family looks like one of it under another account: who watches asks how it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change, reading
from hendig.audit.models import Entry
from hendig.families.models import OWN_PARTS, FamilyMember, Involvement
from hendig.families.queries.own import own_families
from hendig.families.rules.own import Somebody, alike
from hendig.kernel.actor import Actor
from hendig.people.models import Account

LIKELY = "own_family.likely"


def watch_likeness(*, municipality_id: UUID, since: datetime, at: datetime) -> int:
    """How many were found in families where somebody came in since; each is told once, and nothing closes.

    It is no proof: a mailbox or a telephone can be shared, and two can have one name.
    """
    system, found = Actor.system(municipality_id), 0
    with reading(system, at):
        here = Involvement.objects.standing(at).filter(municipality_id=municipality_id)
        fresh = here.filter(from_at__gt=since).order_by().values("family_id")
        at_work = here.filter(family_id__in=fresh).exclude(part__in=OWN_PARTS)
        pairs = at_work.order_by("account_id", "family_id").values_list("account_id", "family_id").distinct()
        likely = list(_likely(pairs))
    for account_id, family_id, by in likely:
        told = Entry.objects.filter(
            municipality_id=municipality_id,
            code=LIKELY,
            object_id=account_id,
            facts__family_tried=str(family_id),
        )
        if not told.exists():
            with change(system, LIKELY, at=at) as act:
                rows = Account.objects.filter(municipality_id=municipality_id)
                act.record(act.lock(rows, account_id), family_tried=family_id, by=by)
            found += 1
    return found


def _likely(pairs: Iterable[tuple[UUID, UUID]]) -> Iterator[tuple[UUID, UUID, str]]:
    for account_id, family_id in pairs:
        one = Account.objects.get(pk=account_id)
        worker = Somebody(one.first_name, one.last_name, one.email, one.phone)
        ways = (alike(worker, relative) for relative in _relatives(family_id))
        by = "person" if family_id in own_families(account_id) else next(filter(None, ways), "")
        if by:
            yield account_id, family_id, by


def _relatives(family_id: UUID) -> Iterator[Somebody]:
    members = FamilyMember.objects.there().filter(family_id=family_id).select_related("account", "family")
    for one in members.order_by("id"):
        mail, phone = (one.account.email, one.account.phone) if one.account else (one.asked_email, "")
        yield Somebody(one.first_name, one.last_name or one.family.name, mail, phone)
