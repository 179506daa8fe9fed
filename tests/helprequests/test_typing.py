"""In a real browser: who may be there already shows while one types, and stops nobody."""

from __future__ import annotations

from django.urls import reverse

from hendig.helprequests.models import HelpRequest
from tests.support.families import taken_up, talked
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.world import build_world


def test_a_double_shows_while_typing_and_one_tap_writes_it_down(live: Live, page_for: PageFor) -> None:
    world = build_world()
    talked(world)
    request = taken_up(world, "Joris")
    page = page_for(phone=True)
    session = world.client("ellen").cookies["hendig"].value
    page.context.add_cookies([{"name": "hendig", "value": session, "url": live.url}])
    page.goto(reverse("first_talk", args=[request.pk]))
    page.fill("[name=child_first_name]", "Noor")
    page.fill("[name=child_born_on]", "2013-04-05")
    page.get_by_text("Staat deze persoon er al?").wait_for()
    assert "Noor" not in page.url
    page.get_by_role("button", name="Opschrijven").click()
    page.wait_for_url("**/gezin/*/")
    assert HelpRequest.objects.get(pk=request.pk).child is not None
