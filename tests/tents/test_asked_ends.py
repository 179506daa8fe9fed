"""Who was asked for a tent sees its question no longer than a guest stays, also where nobody closed it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hendig.audit.actions import reading
from hendig.helprequests.models import HelpRequest
from hendig.tents.models import Tent, TentStage
from hendig.tents.rules import GUEST_STAYS
from tests.support.matching import household
from tests.support.shared import built_once
from tests.support.tents import call_tent, planned_tent
from tests.support.world import World

TICK = timedelta(microseconds=1)


@built_once
def asked(world: World) -> Tent:
    """Anouk is asked for a tent, and nobody says anything more of it."""
    return call_tent(world, household(world).request)


@built_once
def planned(world: World) -> Tent:
    """Everybody comes, and it never begins."""
    return planned_tent(world)


@pytest.mark.parametrize("which", ["asked", "planned"])
def test_the_question_is_gone_two_weeks_after_the_day_without_a_job(
    world: World, request: pytest.FixtureRequest, which: str
) -> None:
    tent: Tent = request.getfixturevalue(which)
    ends, anouk = tent.starts_at + GUEST_STAYS, world.actor("anouk")

    def shown(at: datetime) -> bool:
        with reading(anouk, at):
            return HelpRequest.objects.filter(pk=tent.request_id).exists()

    assert shown(world.at)
    assert shown(ends - TICK)
    assert not shown(ends)
    tent.refresh_from_db()
    assert tent.stage in {TentStage.CALLING, TentStage.PLANNED}
