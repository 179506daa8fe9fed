"""What is declared to go after a time goes: mails, notices, codes, receipts, sessions, jobs that are done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import change
from hendig.audit.models import Entry, Receipt
from hendig.audit.notices import Code, Tell, register
from hendig.kernel.ids import new_id
from hendig.people import actions, jobs
from hendig.people.models import Letter, Notice
from tests.support.apart import run_apart
from tests.support.world import World

HEARS: list[UUID] = []
register(
    {
        "test.heard": Code(
            "Something was heard of in a test.",
            _("deed iets"),
            (Tell(to=lambda _entry: HEARS, words=_("Er is iets."), url=lambda _entry: "/gezin/"),),
        )
    }
)
DAY = timedelta(days=1)


def clear(world: World, **later: int) -> int:
    """The worker's night, so much later."""
    return actions.clear_lapsed(municipality_id=world.municipality.pk, at=world.at + timedelta(**later))


def tell(world: World) -> None:
    """Anouk hears of something: a notice and a mail."""
    HEARS[:] = [world.account("anouk").pk]
    with change(world.actor("ellen"), "test.heard", at=world.at) as act:
        act.record(world.municipality)
    actions.tell(entry_ids=[act.entries[0].pk], at=world.at)


def test_a_mail_goes_after_thirty_days_and_its_notice_stays(world: World) -> None:
    tell(world)
    assert clear(world, days=30) == 0
    assert clear(world, days=30, minutes=1) == 1
    assert not Letter.objects.exists()
    assert Notice.objects.count() == 1


def test_a_notice_goes_after_a_year(world: World) -> None:
    tell(world)
    clear(world, days=365)
    assert Notice.objects.count() == 1
    assert clear(world, days=365, minutes=1) == 1
    assert not Notice.objects.exists()


def test_the_log_says_what_went_and_how_much_and_a_quiet_night_says_nothing(world: World) -> None:
    tell(world)
    letter, notice = Letter.objects.get(), Notice.objects.get()
    clear(world, days=400)
    lines = Entry.objects.filter(code="term.over").order_by("id")
    assert [line.facts for line in lines] == [
        {"kind": "people.Letter", "rows": 1},
        {"kind": "people.Notice", "rows": 1},
    ]
    assert [line.touched for line in lines] == [
        [["people.Letter", str(letter.pk), "delete"]],
        [["people.Notice", str(notice.pk), "delete"]],
    ]
    assert clear(world, days=401) == 0
    assert Entry.objects.filter(code="term.over").count() == 2


def test_many_go_in_changes_of_a_bearable_size(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.people.actions.everyone.AT_ONCE", 2)
    for _number in range(5):
        tell(world)
    assert clear(world, days=31) == 5
    assert [line.facts["rows"] for line in Entry.objects.filter(code="term.over").order_by("id")] == [2, 2, 1]


def test_another_municipality_keeps_its_own(world: World) -> None:
    tell(world)
    assert actions.clear_lapsed(municipality_id=new_id(), at=world.at + 400 * DAY) == 0
    assert Letter.objects.exists()


def test_the_worker_does_it_for_every_municipality(world: World) -> None:
    world.at = datetime.now(UTC) - 31 * DAY
    tell(world)
    jobs.clear_lapsed(timestamp=0)
    assert not Letter.objects.exists()
    assert Notice.objects.count() == 1


def test_a_receipt_goes_after_a_day_and_a_session_when_it_has_expired(world: World) -> None:
    now = datetime.now(UTC)
    for age in (timedelta(hours=23), timedelta(hours=25)):
        Receipt.objects.create(key=new_id(), sender=b"x", at=now - age)
    for left in (DAY, -DAY):
        Session.objects.create(session_key=new_id().hex, session_data="", expire_date=now + left)
    jobs.clean_up(timestamp=0)
    assert [now - receipt.at for receipt in Receipt.objects.all()] == [timedelta(hours=23)]
    assert [session.expire_date for session in Session.objects.all()] == [now + DAY]


@pytest.mark.django_db(transaction=True)
def test_a_job_goes_a_week_after_it_was_done_and_a_failed_one_after_a_month() -> None:
    ages = {("succeeded", 6): 1, ("succeeded", 8): 2, ("failed", 8): 3, ("failed", 31): 4, ("todo", 400): 5}
    with connection.cursor() as cursor:
        for (status, days), key in ages.items():
            cursor.execute(
                "INSERT INTO procrastinate_jobs (id, queue_name, task_name, status) OVERRIDING SYSTEM VALUE"
                " VALUES (%s, 'default', 'people.tell', %s)",
                [key, status],
            )
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - make_interval(days => %s) WHERE job_id = %s",
                [days, key],
            )
            cursor.execute(
                "INSERT INTO procrastinate_events (job_id, type, at)"
                " VALUES (%s, 'started', now() - make_interval(days => %s))",
                [key, days],
            )
    run_apart(jobs.clear_jobs.func(timestamp=0))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs ORDER BY id")
        assert [key for (key,) in cursor.fetchall()] == [1, 3, 5]
