"""Juvenile probation, and a secret address of before, in a real browser: accessible, and it fits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from hendig.families.actions.homes import note_home
from hendig.families.actions.supervision import join_probation, join_supervisor
from hendig.families.models import Court, MeasureKind
from hendig.kernel.periods import local_day
from hendig.matching.actions import measure
from tests.families.test_homes import HERE
from tests.safety.test_who_knows_asked import hidden_before
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.matching import household, open_talk
from tests.support.pages import assert_fit
from tests.support.world import build_world, signed_in


@pytest.mark.parametrize(("phone", "width"), [(True, 0), (False, 0), (True, 320)])
def test_the_pages_of_probation_and_of_who_is_asked_are_accessible(
    page_for: PageFor, live: Live, phone: bool, width: int
) -> None:
    world = build_world()
    world.at = now = datetime.now(UTC)
    today, house = local_day(now), household(world, born_on=date(2010, 5, 4))
    given = {"child_id": house.child.pk, "account_id": world.account("youssef").pk, "ruled_on": today}
    given |= {"actor": world.actor("ellen"), "until_on": today + timedelta(days=180), "at": now}
    join_supervisor(court=Court.ZEELAND_WEST_BRABANT, **given)  # type: ignore[arg-type]  # each by its name
    join_probation(court=Court.PROSECUTOR, **given)  # type: ignore[arg-type]  # each by its name
    carried, other = open_talk(world, house), open_talk(world, house, "youssef")
    kind = MeasureKind.PROBATION
    measure.carry_out(actor=world.actor("youssef"), talk_id=carried.pk, kind=kind, at=now)
    mark = house.member("Mark")
    note_home(actor=world.actor("mark"), person_id=mark.pk, address=HERE, from_on=today, at=now)
    hidden_before(world, house, "Sanne")
    elsewhere = household(world, parent="Iris", other="Mark", child="Sam", born_on=date(2018, 5, 4))
    family = f"gezin/{house.family_id}"
    for who, paths in {
        "ellen": [f"gezin/persoon/{house.child.pk}/jeugdreclassering/", f"{family}/wie-hoort-erbij/"],
        "youssef": [f"match/{other.pk}/"],
        "noor": [f"match/{carried.pk}/", f"{family}/wie-mag-wat/"],
        "sanne": [f"{family}/", f"{family}/wonen/"],
        "mark": [f"gezin/{elsewhere.family_id}/wonen/"],
    }.items():
        page = page_for(phone=phone, dark=not phone)
        if width:
            page.set_viewport_size({"width": width, "height": 640})
        cookie = signed_in(world.account(who).pk)
        page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
        assert_fit(page, [f"/{path}" for path in paths])
