"""How often something may be tried holds for all processes together, and says of nobody that they tried."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from hendig.audit.actions import change, counted
from hendig.audit.models import Tally
from hendig.operations.database import changed
from hendig.people import jobs
from hendig.people.adapters import factors
from hendig.safety.models import Category
from tests.conftest import SECRET_KEY
from tests.support.database import BEHIND_THE_WALLS, TestDatabase
from tests.support.home import ROOT
from tests.support.world import World, signed_in

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# Another process than ours: it knows of the others by the database alone.
TRIES = """
import django
django.setup()
from datetime import UTC, datetime, timedelta
from hendig.audit.actions import counted
at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
print(sum(counted("factor", "person:1", times=5, within=timedelta(minutes=5), at=at) for _ in range(4)))
"""


def tried(who: str = "person:1", **later: int) -> bool:
    return counted("factor", who, times=5, within=timedelta(minutes=5), at=AT + timedelta(**later))


@pytest.mark.django_db
def test_it_is_allowed_so_often_and_again_when_the_time_is_over() -> None:
    assert [tried() for _time in range(6)] == [True] * 5 + [False]
    assert tried("person:2"), "somebody else"
    assert not tried(minutes=4)
    assert [tried(minutes=5) for _time in range(6)] == [True] * 5 + [False]


@pytest.mark.django_db
def test_a_try_that_was_stopped_does_not_make_the_wait_longer() -> None:
    for minute in range(5):
        assert tried(minutes=minute)
    assert not tried(minutes=4)
    assert tried(minutes=5)
    assert not tried(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together(test_database: TestDatabase) -> None:
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hendig.settings",
        "HENDIG_DATABASE": changed(test_database.app_url, options=BEHIND_THE_WALLS),
        "HENDIG_SECRET_KEY": SECRET_KEY,
    }
    both = [
        subprocess.Popen([sys.executable, "-c", TRIES], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _process in range(2)
    ]
    allowed = [int(one.communicate()[0]) for one in both]
    assert sum(allowed) == 5
    assert not tried()


def waits() -> str:
    """Whether the end of this transaction waits for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize("what", sorted({*factors.PER_ADDRESS, *factors.PER_PERSON}))
def test_only_what_nobody_can_guess_by_does_not_wait_for_the_disk_to_be_counted(what: str) -> None:
    request = RequestFactory().get("/")
    setattr(request, "at", AT)  # noqa: B010 - as the middleware does
    with transaction.atomic():
        assert factors.allowed(request, what, "1")  # type: ignore[arg-type]
        assert waits() == ("off" if what in {"find", "system"} else "on")
    assert Tally.objects.exists()


def test_a_change_is_on_disk_also_after_something_fleeting_was_counted(world: World) -> None:
    with transaction.atomic():
        assert counted("find", "person:1", times=9, within=timedelta(minutes=1), at=AT, fleeting=True)
        assert waits() == "off"
        with change(world.system, "settings.changed", at=world.at) as act:
            act.record(world.municipality)
        assert waits() == "on"


@pytest.mark.django_db
def test_what_is_kept_names_nobody_and_goes_after_a_day() -> None:
    tried("address:192.0.2.7")
    kept = Tally.objects.get()
    assert len(bytes(kept.key)) == 32
    assert b"192.0.2.7" not in bytes(kept.key)
    jobs.clean_up(timestamp=0)
    assert not Tally.objects.exists(), "its day is long over"


def test_somebody_who_seeks_through_emergencies_has_to_wait(world: World) -> None:
    client = world.client("bram")
    client.cookies["hendig"] = signed_in(world.account("bram").pk, shown_at=datetime.now(UTC))
    typed = {
        "first_name": "Noor",
        "last_name": "Verhoeven",
        "born_on": "2013-05-04",
        "category": Category.VIOLENCE,
        "reason": "Er wordt geschreeuwd.",
    }
    pages = [client.post(reverse("emergency"), typed) for _time in range(11)]
    assert {page.status_code for page in pages} == {422}
    assert ["Wacht een paar minuten" in page.content.decode() for page in pages] == [False] * 10 + [True]


def test_one_address_does_not_ask_without_end(world: World) -> None:
    client = world.client()
    typed = {"words": "Mijn kind slaapt slecht.", "first_name": "Sanne"}
    pages = [client.post(reverse("ask"), {**typed, "email": f"n{n}@elders.example"}) for n in range(31)]
    assert [page.status_code for page in pages] == [302] * 30 + [422]
    assert "Wacht een paar minuten" in pages[-1].content.decode()


def test_a_name_is_sought_a_number_of_times_a_minute(world: World) -> None:
    client = world.client("ellen")
    answers = [client.post(reverse("coach_list"), {"q": "jansen"}).status_code for _time in range(61)]
    assert answers == [200] * 60 + [422]
