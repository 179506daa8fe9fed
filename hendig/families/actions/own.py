"""Somebody who works here comes near the own family: it stays closed, and who watches hears of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from hendig.audit.actions import change, reading
from hendig.audit.models import Entry
from hendig.families.models import FamilyMember
from hendig.families.queries.own import own_families
from hendig.families.rules.own import could_name_one, names_this_one
from hendig.kernel.actor import Actor
from hendig.kernel.names import read
from hendig.kernel.refusal import Refusal, Refused
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission

QUIET_ABOUT_FAMILY = timedelta(days=1)


class ProposedInOwn(Refused):
    """A rule said no, because somebody would have come to help in the own family."""

    def __init__(self, refusal: Refusal, whose: Iterable[tuple[UUID, UUID]]) -> None:
        super().__init__(refusal)
        # Each time the account, and the family that is its own.
        self.whose = tuple(whose)


def require_strangers(refusal: Refusal | None, whose: Iterable[tuple[UUID, UUID]]) -> None:
    """`require` where people are proposed to help: `whose` says for whom it would be in the own family."""
    if refusal is not None:
        raise ProposedInOwn(refusal, whose)


@contextmanager
def watching_proposals(*, actor: Actor, at: datetime) -> Iterator[None]:
    """Around a change by which people are asked to help: who came near the own family is told of after it."""
    try:
        yield
    except ProposedInOwn as no:
        for account_id, family_id in no.whose:
            sound_own_family(
                code="own_family.proposed",
                municipality_id=actor.municipality_id,
                account_id=account_id,
                family_id=family_id,
                at=at,
            )
        raise


def watch_search(*, actor: Actor, typed: str, at: datetime) -> bool:
    """Somebody searched, and found nobody who is called just so: was a person of the own family meant?

    Themself does not count, nor a surname alone. Like the search itself, its line does not wait for the disk.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    sought = read(typed)
    if sought is None or not could_name_one(sought):
        return False
    with reading(Actor.system(actor.municipality_id), at):
        relatives = FamilyMember.objects.filter(family_id__in=own_families(actor.account))
        for one in relatives.exclude(account_id=actor.account).select_related("family").order_by("id"):
            names = (one.last_name, one.family.name)
            if names_this_one(sought, first_name=one.first_name, last_names=names, born_on=one.born_on):
                return sound_own_family(
                    code="own_family.sought",
                    municipality_id=actor.municipality_id,
                    account_id=actor.account,
                    family_id=one.family_id,
                    at=at,
                )
    return False


def sound_own_family(
    *, code: str, municipality_id: UUID, account_id: UUID, family_id: UUID, at: datetime
) -> bool:
    """Who watches hears of it once a day for this person, family and way, however often it is tried.

    The line is about who tried and lies in no family, so that nobody reads there whose family it is.
    """
    with change(Actor.system(municipality_id), code, at=at) as act:
        account = act.lock(Account.objects.filter(municipality_id=municipality_id), account_id)
        told = Entry.objects.filter(
            municipality_id=municipality_id,
            code=code,
            object_id=account.pk,
            facts__family_tried=str(family_id),
            at__gt=at - QUIET_ABOUT_FAMILY,
        )
        if told.exists():
            act.record(account, also="own_family.again", family_tried=family_id)
            return False
        act.record(account, family_tried=family_id)
    return True
