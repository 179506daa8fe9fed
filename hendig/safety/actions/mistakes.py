"""A family was called the own one by mistake: who said so asks it back, and a second person agrees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from hendig.audit.actions import Change, change, speaking
from hendig.audit.models import Entry
from hendig.families.models import Block, FamilyMember
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission
from hendig.safety import rules


def ask_back(*, actor: Actor, block_id: UUID, at: datetime) -> Account:
    """The actor called a family the own one by mistake: a second is asked, and so long it stays closed.

    Refused while it was asked already. Who may agree is told.
    """
    require_permission(actor, Permission.DECLARE_OWN_FAMILY)
    with _of_one_family(actor, "own_family.mistake", block_id, at, mine=True) as (act, blocks):
        require(rules.why_not_asked_back(waits=any(rules.asked_back(one.mistake_at, at) for one in blocks)))
        for one in blocks:
            one.mistake_at = at
            one.save()
        return _told(act, blocks)


def agree_to_mistake(*, actor: Actor, block_id: UUID, at: datetime) -> Account:
    """It was a mistake: the family is not closed any more, and nothing of it opens by this.

    Who said so is told, and can be asked to help there as anybody can; the family reads it where it read that
    it closed. Refused for who asked, for somebody of the family, and after a month.
    """
    require_permission(actor, Permission.AGREE_TO_MISTAKE)
    with _of_one_family(actor, "own_family.mistake_agreed", block_id, at) as (act, blocks):
        known = FamilyMember.objects.filter(family_id=blocks[0].family_id, account=blocks[0].account_id)
        require(
            rules.why_no_mistake(
                own=blocks[0].account_id == actor.account_id,
                is_family=known.exists(),
                asked_at=blocks[0].mistake_at or at,
                at=at,
            )
        )
        keys = [one.pk for one in blocks]
        read = set(
            Entry.objects.filter(
                municipality_id=actor.municipality_id, code="own_family.closed", object_id__in=keys
            ).values_list("object_id", flat=True)
        )
        first = True
        for one in blocks:
            one.until_at, one.mistake_agreed_by_id = at, actor.account
            one.save()
            if one.pk in read:
                act.record(one, also="own_family.open_again", first=first)
                first = False
        return _told(act, blocks)


def decline_mistake(*, actor: Actor, block_id: UUID, at: datetime) -> Account:
    """The second person says that the family stays closed; who asked is told, and may ask once more."""
    require_permission(actor, Permission.AGREE_TO_MISTAKE)
    with _of_one_family(actor, "own_family.mistake_declined", block_id, at) as (act, blocks):
        for one in blocks:
            one.mistake_at = None
            one.save()
        return _told(act, blocks)


@contextmanager
def _of_one_family(
    actor: Actor, code: str, block_id: UUID, at: datetime, *, mine: bool = False
) -> Iterator[tuple[Change, list[Block]]]:
    """Around a change of what somebody said of one family: of the own words, or of what was asked back.

    Neither who said it nor who agrees sees anything of that family, so Hendig looks; the log names who acts.
    """
    with change(actor, code, at=at) as act, speaking(Actor.system(actor.municipality_id), at):
        said = Block.objects.said_own().filter(municipality_id=actor.municipality_id)
        found = said.filter(account_id=actor.account) if mine else said.filter(mistake_at__isnull=False)
        one = act.lock(found, block_id)
        rows = said.filter(family_id=one.family_id, account_id=one.account_id)
        yield act, list(rows.select_for_update(of=("self",)).order_by("id"))


def _told(act: Change, blocks: list[Block]) -> Account:
    """A step: what happened is about who said so, and lies in no family."""
    account = Account.objects.get(pk=blocks[0].account_id)
    act.topics.add(f"account:{account.pk}")
    act.record(account, family_own=blocks[0].family_id)
    return account
