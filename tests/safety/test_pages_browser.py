"""The register of breaches and what somebody outside told, in a real browser: accessible, and it fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hendig.safety import actions
from hendig.safety.rules import Told
from tests.support.families import talked
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.pages import assert_fit
from tests.support.safety import worried
from tests.support.world import signed_in, world_from


@pytest.mark.parametrize(("phone", "width"), [(True, 0), (False, 0), (True, 320)])
def test_the_pages_are_accessible(page_for: PageFor, live: Live, phone: bool, width: int) -> None:
    world = world_from(datetime.now(UTC) - timedelta(minutes=5))
    concern = worried(world, talked(world))
    found = world.at - timedelta(hours=80)
    told = Told(found_at=found, from_at=found, until_at=found, what="Een brief ging naar een ander adres.")
    breach = actions.write_breach(actor=world.actor("karin"), told=told, at=world.at).pk
    register = "verantwoorden/datalek/"
    for who, paths in {
        "karin": [f"{register}{one}" for one in ("", "nieuw/", f"{breach}/", f"{breach}/aanvullen/")],
        "ellen": [f"veiligheid/{concern.pk}/", f"veiligheid/{concern.pk}/verteld/"],
        "henk": ["betalen/open/"],
    }.items():
        page = page_for(phone=phone, dark=not phone)
        if width:
            page.set_viewport_size({"width": width, "height": 640})
        cookie = signed_in(world.account(who).pk)
        page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
        assert_fit(page, [f"/{path}" for path in paths])
