"""`hendig prove races`, small: real connections, real actions, and an end that ends nothing is found out."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection

from hendig.audit.actions import CHANNEL
from hendig.families.actions import say_about, sharing
from hendig.operations.failure import Failure
from hendig.operations.prove import races
from hendig.operations.prove.post import post
from hendig.operations.prove.races import View
from tests.support.live import Live
from tests.support.matching import Household, household, open_talk, say
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


def views_of(live: Live, world: World, house: Household) -> list[View]:
    """Mark sees along by the yes of Noor, and Anouk by a match: Noor ends both."""
    record = house.request.compartment.record_id

    def ring() -> None:
        live.owner.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"family:{house.family_id}"])

    def view(kind: str, name: str, act: Callable[..., object], **given: bool) -> View:
        noor, account = world.actor("noor"), world.account(name).pk

        def end() -> None:
            # In a thread of its own, which leaves no connection behind.
            with closing(connection):
                act(actor=noor, record_id=record, account_id=account, at=datetime.now(UTC), **given)

        session = world.client(name).cookies["hendig"].value
        return View(kind, str(house.family_id), session, stir=ring, end=end, ring=ring)

    return [view("consent", "mark", say_about, yes=False), view("block", "anouk", sharing.shut_out)]


@pytest.mark.slow
def test_who_loses_a_record_while_requests_run_gets_nothing_later_and_who_keeps_it_is_found(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = household(world)
    say(world, open_talk(world, house), "noor", "sanne", "mark", "ellen", "anouk")
    port = urlsplit(live.url).port
    assert port
    views = views_of(live, world, house)
    for view in views:
        # One after the other: what is heard of the one would come while the other ends.
        found = races.run(port, [view], at_once=AT_ONCE)
        assert (found.late, dict(found.failed)) == ([], {})
        assert dict(found.races) == {view.kind: 1}
        assert found.later >= races.LATER

    # Sanne sees along whatever is said to end; what she hears is waited for.
    monkeypatch.setattr(races, "QUIET", 5)
    ring, session = views[0].ring, world.client("sanne").cookies["hendig"].value
    kept = View(
        "nothing",
        str(house.family_id),
        session,
        stir=ring,
        end=lambda: None,
        ring=ring,
        waits=lambda: 2,
        mailed=lambda ended_at: int(ended_at < time.time()),
    )
    found = races.run(port, [kept], at_once=AT_ONCE)
    assert found.waited == 2
    assert [words.split(":")[1].split()[1:] for words in found.late] == [
        ["answers", "after", "the", "end"],
        ["events", "after", "the", "end"],
        ["mails", "after", "the", "end"],
    ]


@pytest.mark.slow
def test_a_race_that_comes_to_no_end_is_told_and_the_others_go_on(live: Live) -> None:
    world = build_world()
    world.at = datetime.now(UTC)
    house = household(world)
    say(world, open_talk(world, house), "noor", "sanne", "mark", "ellen", "anouk")
    port = urlsplit(live.url).port
    assert port
    mark, anouk = views_of(live, world, house)

    def cannot() -> None:
        raise Failure("it stays as it was")

    found = races.run(port, [replace(anouk, end=cannot), mark], at_once=3)
    assert [words.rpartition(": ")[2] for words in found.broken] == ["it stays as it was"]
    assert (dict(found.races), found.late) == ({"block": 0, "consent": 1}, [])


def test_mail_that_is_kept_waiting_is_taken_when_it_is_brought_again() -> None:
    letter = uuid4()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "us@hendig.nl", "mark@gezin.example", f"<{letter}@hendig>"
    mail.set_content("Er is iets nieuws.")
    with post() as server, smtplib.SMTP("127.0.0.1", server.port) as line:
        server.keep_waiting("mark@gezin.example")
        with pytest.raises(smtplib.SMTPDataError):
            line.send_message(mail)
        waited = time.time()
        assert server.letters("mark@gezin.example", taken=False) == {letter}
        assert server.letters("mark@gezin.example", taken=True) == set()
        server.let_go("mark@gezin.example")
        line.send_message(mail)
        assert server.letters("mark@gezin.example", taken=True, after=waited) == {letter}
        assert server.letters("mark@gezin.example", taken=True, before=waited) == set()
        assert server.letters("sanne@gezin.example", taken=True) == set()
