"""The worker: what an action enqueues in it belongs to the change, as on the web."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy as _
from pytest_django.fixtures import Settings

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell, register
from hendig.operations.work import work
from hendig.people.models import Account, Letter, Notice
from tests.support.apart import run_apart
from tests.support.live import standing_still
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)

broken = False


def page(_entry: Entry) -> str:
    if broken:
        raise RuntimeError("the second notice cannot be written")
    return "/gezin/"


def ellen(_entry: Entry) -> list[object]:
    return [Account.objects.get(first_name="Ellen").pk]


def anouk(_entry: Entry) -> list[object]:
    return [Account.objects.get(first_name="Anouk").pk]


register(
    {
        "test.worked": Code(
            "Something happened that two people hear of.",
            _("deed iets"),
            (
                Tell(to=ellen, words=_("Er is iets."), url=lambda _entry: "/gezin/"),  # type: ignore[arg-type]
                Tell(to=anouk, words=_("Er is iets."), url=page),  # type: ignore[arg-type]
            ),
        )
    }
)


@pytest.fixture
def world(settings: Settings) -> World:
    settings.EMAIL_HOST = "127.0.0.1"
    made = build_world()
    # Who was given a role is told of it: no matter of these tests.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    with change(made.system, "test.worked", at=made.at) as act:
        act.record(made.municipality)
    return made


@pytest.fixture(autouse=True)
def no_other_worker() -> Iterator[None]:
    with standing_still():
        yield


def work_off() -> None:
    """A worker does what waits, and ends."""
    run_apart(work(wait=False, listen_notify=False, install_signal_handlers=False))


def jobs() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, status::text FROM procrastinate_jobs"
            " WHERE task_name IN ('people.tell', 'people.send_letter') ORDER BY id"
        )
        return list(cursor.fetchall())


def test_a_job_of_a_change_that_failed_in_a_worker_does_not_exist(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.broken", True)
    work_off()
    assert not Letter.objects.exists()
    assert jobs() == [("people.tell", "todo")]


def test_a_job_of_a_change_that_a_worker_made_is_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []
    monkeypatch.setattr("hendig.people.actions.everyone._hand_over", lambda letter: sent.append(letter.to))
    work_off()
    assert Notice.objects.count() == 2
    assert sorted(map(str, sent)) == ["anouk@peelrand.example", "ellen@peelrand.example"]
    assert jobs() == [("people.tell", "succeeded"), *[("people.send_letter", "succeeded")] * 2]
