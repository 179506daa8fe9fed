"""The page that remains: amended by the family, agreed, and from then on as it is."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.families.models import FamilyMember
from hendig.families.queries import decider_ids
from hendig.helprequests.actions import move
from hendig.helprequests.models import Stage, WaitingOn
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.tents import rules
from hendig.tents.actions.steps import lock_case, lock_tent
from hendig.tents.models import Page, PageStage


def amend_page(
    *,
    actor: Actor,
    tent_id: UUID,
    edition: int,
    question: str,
    understanding: str,
    goes_well: str,
    agreements: str,
    people: str,
    until_on: date | None,
    at: datetime,
) -> Page:
    """The page reads like this now. Refused for a guest, once agreed, and when it changed meanwhile."""
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.page_amended", at=at) as act:
        tent, part = lock_tent(act, tent_id)
        page = act.lock(Page.objects.visible_to(actor, at=at), _page_id(tent_id))
        require(rules.why_not_amend(page, part=part, edition=edition))
        page.question, page.understanding, page.goes_well = question, understanding, goes_well
        page.agreements, page.people, page.until_on = agreements, people, until_on
        page.edition += 1
        page.save()
        act.record(tent, page=page.pk, edition=page.edition)
    return page


def agree_page(*, actor: Actor, tent_id: UUID, edition: int, at: datetime) -> Page:
    """The family agreed to the page as it was shown: it never changes again, and the coach can go on.

    Refused for whoever does not decide in this family, and when the page changed since it was shown.
    """
    require_permission(actor, Permission.AGREE_PAGE)
    with change(actor, "tent.page_agreed", at=at) as act:
        request, tent, part = lock_case(act, tent_id)
        page = act.lock(Page.objects.visible_to(actor, at=at), _page_id(tent_id))
        member = FamilyMember.objects.filter(family_id=tent.family_id, account=actor.account_id).first()
        deciders = decider_ids(request.child_id, at=at) if request.child_id else frozenset()
        decides = member is not None and member.pk in rules.who_agrees(request, deciders)
        require(rules.why_not_agree(page, part=part, decides=decides, edition=edition))
        page.stage, page.agreed_at, page.agreed_by = PageStage.AGREED, at, member
        page.save()
        if request.stage == Stage.TENT:
            move(act, request, Stage.TENT, waiting_on=WaitingOn.COACH)
        act.record(tent, page=page.pk, edition=edition)
    return page


def _page_id(tent_id: UUID) -> UUID:
    """A tent has one page; before it is drafted there is none to find."""
    return Page.objects.filter(tent_id=tent_id).values_list("pk", flat=True).first() or tent_id
