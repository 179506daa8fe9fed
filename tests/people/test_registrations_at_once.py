"""Two who keep the same registration at one moment keep one."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import connections, transaction

from hendig.audit.actions import change
from hendig.people.actions import registrations as actions
from hendig.people.models import Professional, ProposedExpertise
from tests.people.test_registrations import anouk, confirm, expertise, keep, propose, standing
from tests.support.together import PATIENCE, at_once
from tests.support.world import World, build_world


@pytest.mark.django_db(transaction=True)
def test_two_who_keep_the_same_at_once_keep_one() -> None:
    world = build_world()
    assert at_once(lambda: keep(world), lambda: keep(world, number="110099999")) == ["done", "done"]
    assert len(standing(world)) == 1


def another_holds(world: World, waiting: Event, goes: Event) -> None:
    """Somebody is in the middle of keeping something of Anouk."""
    with change(world.system, "registration.kept", at=world.at) as act:
        act.lock(Professional.objects.all(), anouk(world).pk)
        waiting.set()
        goes.wait(PATIENCE)
        act.record(anouk(world))
    connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["registration", "expertise"])
def test_an_answer_waits_for_who_keeps_something_of_the_same_person(what: str) -> None:
    """It takes nothing in hand before: two who wait for each other would both be lost."""
    world = build_world()
    if what == "registration":
        row: Any = propose(world)
        answers: Callable[[], object] = partial(confirm, world, row)
    else:
        actions.propose_expertises(
            actor=world.actor("jolanda"),
            professional_id=anouk(world).pk,
            expertise_ids=expertise(world, "angst", "opvoeden", "scheiding"),
            at=world.at,
        )
        row = ProposedExpertise.objects.get()
        answers = partial(
            actions.answer_expertise, actor=world.actor("petra"), proposal_id=row.pk, agree=True, at=world.at
        )
    holds, goes = Event(), Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(another_holds, world, holds, goes)
        assert holds.wait(PATIENCE)
        second = pool.submit(at_once, answers)
        time.sleep(0.3)
        # What it waits for is the person, and the row lies free.
        with transaction.atomic():
            assert type(row).objects.select_for_update(nowait=True).filter(pk=row.pk).exists()
        assert not second.done()
        goes.set()
        first.result()
        assert second.result() == ["done"]
