"""A withdrawal works at commit: the next request, the open stream, the notice and the mail that waited."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from hendig.audit.models import Entry
from hendig.families.actions import add_parent, say_about, sharing
from hendig.families.models import Block, Consent
from hendig.people import actions
from hendig.people.models import Letter, Notice
from tests.support.live import Live
from tests.support.matching import Household, household, open_talk, say
from tests.support.shared import built_once
from tests.support.smtp import smtp_sink
from tests.support.world import World, build_world
from tests.web.test_live import listening, until


def helped(world: World) -> Household:
    house = household(world)
    say(world, open_talk(world, house), "noor", "sanne", "mark", "ellen", "anouk")
    return house


@built_once
def house(world: World) -> Household:
    return helped(world)


def record_of(house: Household) -> UUID:
    return house.request.compartment.record_id


def mark_is_out(world: World, house: Household) -> None:
    say_about(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("mark").pk,
        yes=False,
        at=world.at,
    )


def something_happens(world: World, house: Household) -> Entry:
    """Something of which the family hears: another who raises is written down."""
    add_parent(actor=world.actor("ellen"), family_id=house.family_id, first_name="Truus", at=world.at)
    return Entry.objects.filter(code="family.parent_added").latest("id")


@pytest.fixture
def still(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@pytest.mark.parametrize("page", ["family", "plan", "circle", "own_help", "who_looked", "who_may"])
def test_the_very_next_request_is_not_there(world: World, house: Household, still: None, page: str) -> None:
    client = world.client("mark")
    url = reverse(page, args=[house.family_id])
    assert client.get(url).status_code == 200
    mark_is_out(world, house)
    gone, nowhere = client.get(url), client.get(reverse(page, args=[UUID(int=7)]))
    assert (gone.status_code, nowhere.status_code) == (404, 404)


@pytest.mark.parametrize("page", ["family", "plan"])
def test_who_is_shut_out_gets_nothing_on_the_next_request(
    world: World, house: Household, still: None, page: str
) -> None:
    client, url = world.client("anouk"), reverse(page, args=[house.family_id])
    before = client.get(url).status_code
    sharing.shut_out(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    assert (before, client.get(url).status_code) == (200, 404)
    assert Block.objects.count() == 1


def test_a_notice_that_waited_is_not_given(world: World, house: Household) -> None:
    entry = something_happens(world, house)
    mark_is_out(world, house)
    actions.tell(entry_ids=[entry.pk], at=world.at)
    told = set(Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True))
    assert "Sanne" in told
    assert "Mark" not in told


def test_a_mail_that_waited_is_not_sent(world: World, house: Household, settings: Settings) -> None:
    entry = something_happens(world, house)
    actions.tell(entry_ids=[entry.pk], at=world.at)
    letters = {
        letter.to: letter for letter in Letter.objects.filter(key__startswith=f"{entry.pk}:").order_by("id")
    }
    mark_is_out(world, house)
    with smtp_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        for letter in letters.values():
            actions.send_letter(letter_id=letter.pk, at=world.at)
    assert Letter.objects.get(to="sanne@gezin.example", pk=letters["sanne@gezin.example"].pk).sent_at
    assert Letter.objects.get(pk=letters["mark@gezin.example"].pk).sent_at is None
    assert Entry.objects.filter(code="letter.withheld").count() == 1


def test_what_was_written_stays_and_the_yes_before_is_kept(world: World, house: Household) -> None:
    mark_is_out(world, house)
    said = Consent.objects.filter(account=world.account("mark")).order_by("id").values_list("yes", "until_at")
    assert list(said) == [(True, world.at), (False, None)]


def test_an_open_stream_gives_nothing_after_a_withdrawal(live: Live) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = helped(world)
    cookie = world.client("mark").cookies["hendig"].value
    with listening(live, f"/live/?topic=family:{house.family_id}", cookie) as line:
        time.sleep(1)
        something_happens(world, house)
        until(line, b"event: changed")
        line.settimeout(2)
        with pytest.raises(TimeoutError):
            until(line, b"nothing more of what came before")
        mark_is_out(world, house)
        with pytest.raises((AssertionError, TimeoutError)):
            until(line, b"event: changed")


def test_the_family_hears_of_a_look_within_five_seconds(live: Live) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = helped(world)
    cookie = world.client("sanne").cookies["hendig"].value
    place = house.request.compartment_id
    with listening(live, f"/live/?topic=looked:{place}", cookie) as line:
        time.sleep(1)
        from hendig.families.queries import opening

        with opening(world.actor("ellen"), "family.page_seen", house.family_id, at=world.at):
            pass
        assert until(line, b"event: changed") < 5
