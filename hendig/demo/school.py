"""What a family of Peelrand shares with its school: one page and one goal, and the school reads it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hendig.demo.steps import Case
from hendig.demo.timeline import Story
from hendig.demo.town import Town
from hendig.families.models import Record
from hendig.kernel.periods import local_day
from hendig.people.models import Account
from hendig.shares import actions, queries
from hendig.tents.models import Page

SCHOOL = "lianne"


def reads_along(town: Town, case: Case, tent_id: UUID, goal_id: UUID, who: str, days: int, why: str) -> Story:
    """The coach proposes it, who decides says yes the evening after, and the school reads it."""
    yield town.on(days, "13:10")
    share = actions.propose(
        actor=town.actor(case.coach),
        record_id=Record.objects.get(child=case.child).pk,
        email=Account.objects.get(pk=town.accounts[SCHOOL]).email,
        pieces=[f"page:{Page.objects.get(tent=tent_id).pk}", f"goal:{goal_id}"],
        purpose=why,
        until_on=local_day(town.at) + timedelta(days=180),
        at=town.at,
    )
    yield town.on(days + 1, "20:30")
    actions.answer(actor=town.actor(who), share_id=share.pk, yes=True, at=town.at)
    for later in (2, 20):
        yield town.on(days + later, "08:20")
        queries.shared_page(town.actor(SCHOOL), share.pk, at=town.at)
