"""The page that remains: amended by the family, agreed, and from then on as it is; then a later version."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.helprequests.actions import move
from hendig.helprequests.models import Stage, WaitingOn
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.steps import lock_case, lock_tent
from hendig.tents.models import LaterPage, Page, PageRemark, PageStage, PageText, Tent
from hendig.tents.queries.deciding import decider
from hendig.tents.rules import page as rules
from hendig.tents.rules.kept import keep


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
) -> PageText:
    """The page reads like this now. Refused for a guest, once agreed, and when it changed meanwhile."""
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.page_amended", at=at) as act:
        tent, part = lock_tent(act, tent_id)
        page = lock_newest(act, tent)
        require(rules.why_not_amend(page, part=part, edition=edition))
        page.question, page.understanding, page.goes_well = question, understanding, goes_well
        page.agreements, page.people, page.until_on = agreements, people, until_on
        page.edition += 1
        page.save()
        act.record(tent, page=page.pk, edition=page.edition)
    return page


def agree_page(*, actor: Actor, tent_id: UUID, edition: int, at: datetime) -> PageText:
    """The family agreed to the page as it was shown: it never changes again, and the coach can go on.

    Refused for whoever does not decide in this family, and when the page changed since it was shown.
    """
    require_permission(actor, Permission.AGREE_PAGE)
    with change(actor, "tent.page_agreed", at=at) as act:
        request, tent, part = lock_case(act, tent_id)
        page = lock_newest(act, tent)
        member = decider(actor, request, at=at)
        require(rules.why_not_agree(page, part=part, decides=member is not None, edition=edition))
        page.drawing = _drawn(tent)
        page.stage, page.agreed_at, page.agreed_by = PageStage.AGREED, at, member
        page.save()
        if request.stage == Stage.TENT:
            move(act, request, Stage.TENT, waiting_on=WaitingOn.COACH)
        act.record(tent, page=page.pk, edition=edition)
    return page


def begin_later_page(*, actor: Actor, tent_id: UUID, at: datetime) -> LaterPage:
    """A later version begins as what was agreed last; that one stays as it is.

    Refused for a guest, and while there is a version that is not agreed yet.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.page_anew", at=at) as act:
        tent, part = lock_tent(act, tent_id)
        last = lock_newest(act, tent)
        require(rules.why_no_later_page(last, part=part))
        later = LaterPage.objects.create(
            family_id=tent.family_id,
            tent=tent,
            number=last.version + 1,
            # It goes on counting: whoever has the one before on the screen did not see this one.
            edition=last.edition + 1,
            question=str(last.question),
            understanding=str(last.understanding),
            goes_well=str(last.goes_well),
            agreements=str(last.agreements),
            people=str(last.people),
            until_on=last.until_on,
            drafted_at=at,
        )
        _keep_views(tent, last.version, later.number)
        act.record(tent, page=later.pk, version=later.number)
    return later


def _keep_views(tent: Tent, before: int, number: int) -> None:
    """Who saw a line otherwise sees it so in the later version too, until they say that they do not."""
    standing = tent.page_remarks.filter(number=before, removed_at=None).order_by("id")
    PageRemark.objects.bulk_create(
        PageRemark(
            family_id=tent.family_id,
            tent=tent,
            number=number,
            part=one.part,
            line=str(one.line),
            text=str(one.text),
            author_id=one.author_id,
            voice=str(one.voice),
            at=one.at,
        )
        for one in standing
    )


def _drawn(tent: Tent) -> str:
    """The drawing as it is shown now: whoever says later whom a piece is about changes no agreed page."""
    child = tent.compartment.record.child
    return keep(
        tent.pieces.filter(removed_at=None).order_by("id"),
        tent.influences.filter(removed_at=None).order_by("id"),
        tent.remarks.filter(removed_at=None).order_by("id"),
        child.first_name if child else "",
    )


def lock_newest(act: Change, tent: Tent) -> PageText:
    """The version that counts now. Before the first is drafted there is none to find."""
    later = LaterPage.objects.visible_to(act.actor, at=act.at).filter(tent=tent)
    newest = later.order_by("-number").values_list("pk", flat=True).first()
    if newest is not None:
        return act.lock(later, newest)
    return act.lock(Page.objects.visible_to(act.actor, at=act.at).filter(tent=tent), _page_id(tent.pk))


def _page_id(tent_id: UUID) -> UUID:
    """A tent has one page; before it is drafted there is none to find."""
    return Page.objects.filter(tent_id=tent_id).values_list("pk", flat=True).first() or tent_id
