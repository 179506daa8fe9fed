"""Which municipality is responsible, and help after a move, in a real browser: accessible and it fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hendig.kernel.periods import local_day
from hendig.rights import actions
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.pages import assert_fit
from tests.support.plans import begin_help
from tests.support.world import signed_in, world_from


@pytest.mark.parametrize(("phone", "width"), [(True, 0), (False, 0), (True, 320)])
def test_the_pages_are_accessible(page_for: PageFor, live: Live, phone: bool, width: int) -> None:
    world = world_from(datetime.now(UTC) - timedelta(hours=5))
    here, came = begin_help(world), begin_help(world, parent="Agnieszka", child="Kuba")
    family, match = here.request.family_id, here.match.pk
    asked = actions.ask_residence(
        actor=world.actor("ellen"),
        family_id=family,
        child_id=here.match.child_id,
        asked_on=local_day(world.at),
        asked_from="Venlo",
        at=world.at,
    )
    actions.take_over_help(
        actor=world.actor("ellen"),
        match_id=came.match.pk,
        moved_on=local_day(world.at),
        came_from="Venlo",
        terms="Elke week een uur, 90 euro.",
        at=world.at,
    )
    page = page_for(phone=phone, dark=not phone)
    if width:
        page.set_viewport_size({"width": width, "height": 640})
    cookie = signed_in(world.account("ellen").pk)
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
    paths = ["", f"hulp/{match}/", f"hulp/{match}/hierheen/"]
    assert_fit(
        page,
        [
            *(f"/gemeente/{family}/{path}" for path in paths),
            f"/gemeente/vraag/{asked.pk}/",
            f"/gemeente/{came.request.family_id}/",
        ],
    )
