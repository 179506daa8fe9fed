"""Seeing a line of the page that remains otherwise: both stand there, and go home."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hendig.audit.actions import change
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.tents.actions.page import lock_newest
from hendig.tents.actions.steps import account_of, lock_tent, lock_with_tent, voice
from hendig.tents.models import PagePart, PageRemark
from hendig.tents.rules import page as rules


def differ_on_page(
    *, actor: Actor, tent_id: UUID, part: PagePart, line: str, text: str, at: datetime
) -> PageRemark:
    """How the actor sees this line stands beside it, in the place of what the actor saw in it before.

    The page counts as changed, so that nobody agrees to it unread. Refused once the page is agreed, without
    words, and for a line that does not stand there.
    """
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.page_remarked", at=at) as act:
        tent, _part = lock_tent(act, tent_id)
        page = lock_newest(act, tent)
        text = text.strip()
        require(rules.why_not_differ(page, part, line, text=text))
        mine = tent.page_remarks.filter(
            number=page.version, part=part, author=account_of(actor), removed_at=None
        )
        for older in mine.select_for_update().order_by("id"):
            if older.line == line:
                older.removed_at = at
                older.save()
        said = PageRemark.objects.create(
            family_id=tent.family_id,
            tent=tent,
            number=page.version,
            part=part,
            line=line,
            text=text,
            author_id=account_of(actor),
            voice=voice(tent, account_of(actor)).name,
            at=at,
        )
        page.edition += 1
        page.save()
        act.record(tent, page=page.pk, edition=page.edition, part=part.value)
    return said


def take_back_on_page(*, actor: Actor, remark_id: UUID, at: datetime) -> PageRemark:
    """The actor does not see it otherwise any more. Refused for another's view, and for an agreed page."""
    require_permission(actor, Permission.TAKE_PART_IN_TENT)
    with change(actor, "tent.page_remark_taken_back", at=at) as act:
        standing = PageRemark.objects.visible_to(actor, at=at).filter(removed_at=None)
        tent, said, _part = lock_with_tent(act, standing, remark_id)
        page = lock_newest(act, tent)
        require(rules.why_not_take_back(page, mine=said.author_id == account_of(actor)))
        said.removed_at = at
        said.save()
        page.edition += 1
        page.save()
        act.record(tent, page=page.pk, edition=page.edition, part=said.part)
    return said
