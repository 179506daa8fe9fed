"""Who only listens at a table is there: for the look at that table, and for nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from hendig.people.models import Letter
from hendig.tents import actions
from hendig.tents.models import Gesture, Phase, Tent
from hendig.tents.rules.guide import CAME_BEFORE
from tests.support.door import code_in, still_for
from tests.support.fixtures import PageFor
from tests.support.live import SOON
from tests.support.shared import built_once
from tests.support.tents import go_to, meeting, write
from tests.support.world import World
from tests.tents.test_live import open_tent, world_of_today

LISTENED = 40


@built_once
def tent(world: World) -> Tent:
    return go_to(world, meeting(world), Phase.UNDERSTAND)


@pytest.fixture
def listening(world: World, tent: Tent, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Sanne opened the screen when the talk began, and touched nothing since."""
    world.at += timedelta(minutes=LISTENED)
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)
    sanne = world.client("sanne")
    still_for(LISTENED)
    return sanne


def by_itself(client: Client, name: str, *args: object) -> HttpResponseBase:
    """As the page fetches its pieces when something changed."""
    return client.get(reverse(name, args=args), headers={"X-Hendig-Live": "on-the-table tekening"})


def hears(client: Client, *topics: str) -> bool:
    return client.get("/live/", {"topic": list(topics)}).status_code == 200


def test_the_screen_of_the_talk_follows_it_for_who_touches_nothing(
    world: World, tent: Tent, listening: Client
) -> None:
    write(world, tent, "Noor slaapt slecht.", "noor")
    for name in ("tent", "drawing"):
        answer = by_itself(listening, name, tent.pk)
        assert answer.status_code == 200
        assert "Noor slaapt slecht." in answer.content.decode()  # type: ignore[attr-defined]
    assert hears(listening, f"tent:{tent.pk}")


def test_everything_else_is_asked_who_is_there(world: World, tent: Tent, listening: Client) -> None:
    again = reverse("come_back")
    for name, key in (("tent", tent.pk), ("drawing", tent.pk), ("family", tent.family_id)):
        answer = listening.get(reverse(name, args=[key]))
        assert (answer.status_code, answer["Location"]) == (302, again), name
    for name, key in (("growth", tent.pk), ("family", tent.family_id), ("plan", tent.family_id)):
        assert by_itself(listening, name, key).status_code == 302, name
    hand = listening.post(reverse("raise_hand", args=[tent.pk]), {"_key": str(uuid4())})
    assert hand["HX-Redirect"] == again
    assert not Gesture.objects.exists()
    sanne = world.account("sanne").pk
    for topics in ([f"account:{sanne}"], [f"tent:{tent.pk}", f"account:{sanne}"], ["tent:x"], []):
        assert not hears(listening, *topics), topics
    assert by_itself(listening, "tent", tent.pk).status_code == 200, "and the talk still goes on"


def test_a_look_by_itself_is_no_sign_of_life(tent: Tent, listening: Client) -> None:
    for _time in range(2):
        assert by_itself(listening, "tent", tent.pk).status_code == 200
    assert listening.get(reverse("tent", args=[tent.pk])).status_code == 302


def test_it_lasts_as_long_as_the_tent_was_to_last_and_no_longer_than_the_talk(
    world: World, tent: Tent, listening: Client
) -> None:
    until = tent.minutes - LISTENED
    for later, status in ((until - 1, 200), (1, 302)):
        world.at += timedelta(minutes=later)
        still_for(later)
        assert by_itself(listening, "tent", tent.pk).status_code == status
    world.at -= timedelta(minutes=until)
    still_for(-until)
    assert by_itself(listening, "tent", tent.pk).status_code == 200
    actions.close(actor=world.actor("anouk"), tent_id=tent.pk, stops_here=True, at=world.at)
    assert by_itself(listening, "tent", tent.pk).status_code == 302


def test_who_was_gone_well_before_it_began_or_locked_the_screen_does_not_listen(
    tent: Tent, listening: Client
) -> None:
    still_for(CAME_BEFORE.total_seconds() / 60 + 1)
    assert by_itself(listening, "tent", tent.pk).status_code == 302
    still_for(-2)
    assert by_itself(listening, "tent", tent.pk).status_code == 200
    still_for(-CAME_BEFORE.total_seconds() / 60 - LISTENED)
    listening.get(reverse("come_back"))
    still_for(LISTENED)
    assert by_itself(listening, "tent", tent.pk).status_code == 302


def test_who_does_not_sit_there_hears_nothing(world: World, tent: Tent, listening: Client) -> None:
    bram = world.client("bram")
    still_for(LISTENED)
    assert by_itself(bram, "tent", tent.pk).status_code == 302
    assert not hears(bram, f"tent:{tent.pk}")
    assert not hears(listening, f"tent:{uuid4()}")


@pytest.mark.usefixtures("live")
def test_a_screen_stays_while_the_talk_lasts_and_asks_after_it(page_for: PageFor) -> None:
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    sanne, elsewhere = page_for(phone=True), page_for(phone=True)
    for page in (sanne, elsewhere):
        page.clock.install()
    open_tent(sanne, world, tent, "sanne")
    open_tent(elsewhere, world, tent, "mark").goto(f"/tenten/{tent.pk}/tekening/verloop/")
    still_for(16)
    for page in (sanne, elsewhere):
        page.clock.fast_forward("16:00")
    elsewhere.wait_for_url("**/aanmelden/terug/**")
    write(world, tent, "Noor slaapt slecht.", "noor")
    expect(sanne.locator("#on-the-table")).to_contain_text("Noor slaapt slecht.", timeout=SOON)
    # A touch is no sign of life now: the page is read on, and nothing of it is done.
    sanne.locator("h1").tap()
    sanne.clock.fast_forward("00:10")
    assert sanne.url.endswith(f"/tenten/{tent.pk}/")
    sanne.get_by_role("button", name="Ik wil iets zeggen").click()
    expect(sanne.get_by_role("heading", level=1)).to_have_text("Bent u er nog?", timeout=SOON)
    assert not Gesture.objects.exists()


GOES_DARK = """dark => {
    Object.defineProperty(document, "hidden", { value: dark, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.mark.usefixtures("live")
def test_a_phone_that_was_dark_at_the_table_asks_at_once_and_leads_back_to_its_place(
    page_for: PageFor,
) -> None:
    """What stands on it is not read by who picks it up, and whose it is goes on where she was."""
    world = world_of_today()
    tent = go_to(world, meeting(world), Phase.UNDERSTAND)
    for number in range(12):
        write(world, tent, f"Nummer {number}", "noor")
    page = page_for(phone=True)
    page.clock.install()
    open_tent(page, world, tent, "sanne")
    page.get_by_label("Wat speelt er?").fill("Noor slaapt slecht.")
    page.evaluate("window.scrollTo(0, 700)")
    page.clock.fast_forward("00:06")
    # Some phones count no time while they sleep.
    page.evaluate("() => { const now = performance.now(); performance.now = () => now; }")
    page.evaluate(GOES_DARK, True)
    page.clock.set_system_time(page.evaluate("Date.now()") / 1000 + 16 * 60)
    still_for(16)
    assert page.url.endswith(f"/tenten/{tent.pk}/"), "a phone that is dark does nothing"
    page.evaluate(GOES_DARK, False)
    page.wait_for_url("**/aanmelden/terug/**")
    assert "Noor slaapt" not in page.content()
    page.get_by_role("button", name="Stuur mij een code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vul de code in")
    page.get_by_label("Code").fill(code_in(Letter.objects.latest("id")))
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url(f"**/tenten/{tent.pk}/")
    expect(page.get_by_label("Wat speelt er?")).to_have_value("Noor slaapt slecht.")
    page.wait_for_function("() => Math.abs(window.scrollY - 700) < 5")
