"""People hear of things once: at the bell and by mail, after commit, never the one who acted."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_string, policy
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy as _
from icalendar import Calendar
from pytest_django.fixtures import Settings

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell, register
from hendig.kernel.ids import new_id
from hendig.kernel.meetings import Meeting
from hendig.people import actions, queries
from hendig.people.models import Letter, Notice
from tests.support.smtp import Sink, smtp_sink
from tests.support.world import World

heard_by: list[UUID] = []
register(
    {
        "test.happened": Code(
            "Something happened in a test.",
            _("deed iets"),
            (Tell(to=lambda _entry: heard_by, words=_("Er is iets gebeurd."), url=lambda _entry: "/gezin/"),),
        )
    }
)


def happen(world: World, by: str) -> Entry:
    with change(world.actor(by), "test.happened", at=world.at) as act:
        act.record(world.municipality)
    return Entry.objects.filter(code="test.happened").latest("id")


def test_who_should_hear_hears_once_and_the_actor_does_not(world: World) -> None:
    heard_by[:] = [world.account("ellen").pk, world.account("anouk").pk]
    entry = happen(world, by="ellen")
    for _again in range(3):
        actions.tell(entry_ids=[entry.pk], at=world.at)
    assert [notice.account for notice in Notice.objects.all()] == [world.account("anouk")]
    assert [letter.to for letter in Letter.objects.all()] == ["anouk@peelrand.example"]


def test_a_mail_says_that_something_is_new_and_where_but_not_what_a_family_said(world: World) -> None:
    heard_by[:] = [world.account("anouk").pk]
    actions.tell(entry_ids=[happen(world, by="ellen").pk], at=world.at)
    body = Letter.objects.get().body
    assert "Er is iets gebeurd." in body
    assert "http://localhost:8000/gezin/" in body
    assert "Ellen" not in body


def test_reading_a_notice_takes_it_off_the_bell(world: World) -> None:
    heard_by[:] = [world.account("anouk").pk]
    actions.tell(entry_ids=[happen(world, by="ellen").pk], at=world.at)
    client = world.client("anouk")
    assert "Er is iets gebeurd." in client.get("/meldingen/").content.decode()
    notice = queries.notices(world.actor("anouk"))[0]
    assert client.post(f"/meldingen/{notice.notice_id}/")["Location"] == "/gezin/"
    assert queries.notices(world.actor("anouk"))[0].read


def test_somebody_elses_notice_does_not_exist(world: World) -> None:
    heard_by[:] = [world.account("anouk").pk]
    actions.tell(entry_ids=[happen(world, by="ellen").pk], at=world.at)
    notice = Notice.objects.get()
    assert world.client("piet").post(f"/meldingen/{notice.pk}/").status_code == 404


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with smtp_sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def write(world: World) -> Letter:
    with change(world.system, "notice.told", at=world.at) as act:
        letter = actions.write_letter(act, to="anouk@peelrand.example", key="k", subject="Hallo", body="Dag")
        act.record(letter)
    return letter


def test_a_letter_that_went_with_an_account_is_sent_to_nobody(world: World, sink: Sink) -> None:
    actions.send_letter(letter_id=new_id(), at=world.at)
    assert sink.mails == []


def test_a_letter_leaves_once(world: World, sink: Sink) -> None:
    letter = write(world)
    for _again in range(3):
        actions.send_letter(letter_id=letter.pk, at=world.at)
    assert len(sink.mails) == 1
    assert f"Message-ID: <{letter.pk}@hendig>" in sink.mails[0]
    assert Letter.objects.get().sent_at == world.at


def test_a_mail_carries_a_meeting_where_calendars_look_for_it(world: World, sink: Sink) -> None:
    meeting = Meeting(new_id(), world.at, world.at + timedelta(hours=1), "Gesprek", "https://hendig.example/")
    for number, one in enumerate((meeting, replace(meeting, cancelled=True))):
        with change(world.system, "notice.told", at=world.at) as act:
            letter = actions.write_letter(
                act, to="anouk@peelrand.example", key=f"m{number}", subject="Hallo", body="Dag", meeting=one
            )
            act.record(letter)
        actions.send_letter(letter_id=letter.pk, at=world.at)
    for sent, method in zip(sink.mails, ("REQUEST", "CANCEL"), strict=True):
        mail = message_from_string(sent, policy=policy.default)
        assert mail.get_content_type() == "multipart/alternative"
        _whole, words, calendar = mail.walk()
        assert (words.get_content_type(), calendar.get_content_type()) == ("text/plain", "text/calendar")
        assert calendar.get_param("method") == method
        event = Calendar.from_ical(str(calendar.get_content())).walk("VEVENT")[0]
        assert event["UID"] == f"{meeting.id}@hendig"


def test_a_letter_that_the_server_did_not_take_is_tried_again(world: World, sink: Sink) -> None:
    letter = write(world)
    sink.refuses = True
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        actions.send_letter(letter_id=letter.pk, at=world.at)
    sink.refuses = False
    actions.send_letter(letter_id=letter.pk, at=world.at)
    assert len(sink.mails) == 1


def test_a_letter_whose_worker_died_while_sending_is_not_sent_again(world: World, sink: Sink) -> None:
    letter = write(world)
    with change(world.system, "letter.claimed", at=world.at) as act:
        letter.claimed_at = world.at
        letter.save()
        act.record(letter)
    actions.send_letter(letter_id=letter.pk, at=world.at)
    assert sink.mails == []


def test_who_asked_for_a_mail_to_no_address_is_told_and_it_is_not_tried_again(
    world: World, sink: Sink
) -> None:
    """An invitation to a wrong address: whoever invited can put it right."""
    sink.unknown = True
    with change(world.actor("ellen"), "test.happened", at=world.at) as act:
        letter = actions.write_letter(act, to="wrong@thuis.example", key="invited:x", subject="x", body="x")
        act.record(world.municipality)
    actions.send_letter(letter_id=letter.pk, at=world.at)
    letter.refresh_from_db()
    assert (letter.bounced_at, letter.sent_at, sink.mails) == (world.at, None, [])
    entry = Entry.objects.get(code="letter.bounced")
    actions.tell(entry_ids=[entry.pk], at=world.at)
    page = world.client("ellen").get("/meldingen/").content.decode()
    assert "Een mail die u liet sturen kwam niet aan" in page
    assert "wrong@thuis" not in page
    # Claimed for good: another worker leaves it alone.
    sink.unknown = False
    actions.send_letter(letter_id=letter.pk, at=world.at)
    assert sink.mails == []
