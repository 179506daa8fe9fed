"""Somebody leaves at five o'clock: within a second nothing of theirs is open, and nothing opens again."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.test import Client

from hendig.audit.models import Entry
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.operations import leaving
from hendig.operations.failure import Failure
from hendig.people import actions
from hendig.people.models import Letter, Membership, SignInCode
from tests.support.door import by_mail, code_in
from tests.support.live import Live
from tests.support.world import World, build_world
from tests.web.test_live import listening


def leave(world: World, name: str, partner: str = "") -> None:
    actions.end_employment(
        actor=world.system,
        account_id=world.account(name).pk,
        partner_id=world.partners[partner].pk if partner else None,
        at=world.at,
    )


def test_every_session_ends_at_once_and_the_roles_with_them(world: World) -> None:
    browsers = [world.client("anouk") for _browser in range(3)]
    other = world.client("youssef")
    assert all(client.get("/vandaag/").status_code == 200 for client in browsers)
    leave(world, "anouk")
    for client in browsers:
        assert client.get("/vandaag/")["Location"].startswith("/aanmelden/?")
        assert client.post("/meldingen/").status_code == 302
    assert other.get("/vandaag/").status_code == 200
    assert world.actor("anouk").roles == {Role.ANYONE}
    assert (UserSession.objects.count(), Session.objects.count()) == (1, 1)
    entry = Entry.objects.get(code="employment.ended")
    assert entry.facts == {"account": str(world.account("anouk").pk), "sessions": 3}


def test_who_signs_in_again_is_nobody_in_particular(world: World) -> None:
    leave(world, "anouk")
    client = Client()
    assert by_mail(client, "anouk@peelrand.example") == "/"
    assert client.get("/vandaag/").status_code == 403


def test_a_code_that_was_on_its_way_no_longer_works(world: World) -> None:
    asked = Client().post("/aanmelden/", {"email": "anouk@peelrand.example"})
    code = code_in(Letter.objects.get())
    leave(world, "anouk")
    assert SignInCode.objects.get().used_at == world.at
    assert Client().post(asked["Location"], {"code": code}).status_code == 422


def test_what_somebody_is_besides_stays(world: World) -> None:
    """A coach who is a neighbour too, and somebody who works for two partners."""
    world.add_worker("ellen", Role.HELPER)
    leave(world, "ellen")
    assert world.actor("ellen").roles == {Role.ANYONE, Role.HELPER}
    world.add_worker("anouk", Role.OFFICE, "anker")
    leave(world, "anouk", "vlinder")
    assert world.actor("anouk").roles == {Role.ANYONE, Role.OFFICE}
    assert world.actor("anouk").offices == {world.partners["anker"].pk}


def test_somebody_can_come_back_to_work_the_same_day(world: World) -> None:
    leave(world, "ellen")
    world.later(hours=1)
    world.add_worker("ellen", Role.COACH)
    assert Role.COACH in world.actor("ellen").roles
    assert Membership.objects.filter(account=world.account("ellen")).count() == 2


def test_the_last_day_is_told(world: World) -> None:
    leave(world, "ellen")
    membership = Membership.objects.get(account=world.account("ellen"))
    assert (membership.until_on, membership.ended_at) == (local_day(world.at), world.at)
    assert not Membership.objects.standing(local_day(world.at) + timedelta(days=1)).filter(pk=membership.pk)


def test_a_request_that_is_under_way_does_not_bring_the_session_back(world: World) -> None:
    client = world.client("ellen")
    session = client.session
    assert session["account"]  # read, as the request does at its beginning
    leave(world, "ellen")
    session["next"] = "/"
    with pytest.raises(UpdateError):
        session.save()
    assert client.get("/meldingen/").status_code == 302


def test_open_streams_end_within_a_second(live: Live) -> None:
    world = build_world()
    cookies = {name: world.client(name).cookies["hendig"].value for name in ("ellen", "bram")}
    topics = {name: f"/live/?topic=account:{world.account(name).pk}" for name in cookies}
    with (
        listening(live, topics["ellen"], cookies["ellen"]) as hers,
        listening(live, topics["bram"], cookies["bram"]) as his,
    ):
        time.sleep(1)  # the listener may have just begun
        begun = time.monotonic()
        leave(world, "ellen")
        seen = b""
        while not seen.endswith(b"0\r\n\r\n"):
            part = hers.recv(4096)
            seen += part
            if not part:
                break
        assert time.monotonic() - begun < 1 + live.plain_page()
        his.settimeout(0.5)
        try:
            still = his.recv(4096)
        except TimeoutError:
            still = b"open"
        assert still
        assert not still.endswith(b"0\r\n\r\n")


def test_the_operator_ends_it_by_address(world: World) -> None:
    client = world.client("ellen")
    with pytest.raises(Failure):
        leaving.leave("nobody@elders.example")
    assert client.get("/meldingen/").status_code == 200
    leaving.leave("Ellen@Peelrand.example")
    assert client.get("/meldingen/").status_code == 302
    assert world.actor("ellen").roles == {Role.ANYONE}
