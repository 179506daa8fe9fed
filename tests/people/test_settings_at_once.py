"""What is set from a file while somebody changes the same: neither is lost."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connections

from hendig.audit.actions import change
from hendig.people import actions
from hendig.people.models import Partner
from tests.support.together import PATIENCE, at_once
from tests.support.world import World, build_world


def moves(world: World, partner: Partner, holds: Event, goes: Event) -> None:
    """The account of the partner is being moved."""
    with change(world.system, "account.moved", at=world.at) as act:
        row = act.lock(Partner.objects.all(), partner.pk)
        row.iban = "NL20INGB0001234567"
        row.save()
        act.record(row)
        holds.set()
        goes.wait(PATIENCE)
    connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_an_account_that_moves_at_that_moment_is_not_moved_back() -> None:
    world = build_world()
    partner = world.partners["vlinder"]
    holds, goes = Event(), Event()

    def settings() -> object:
        row = {"kvk": partner.kvk, "name": "De Nieuwe Vlinder", "iban": partner.iban}
        return actions.set_settings(
            actor=world.system, principles=(), codes=(), expertises=(), partners=[row], at=world.at
        )

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(moves, world, partner, holds, goes)
        assert holds.wait(PATIENCE)
        second = pool.submit(at_once, settings)
        time.sleep(0.3)
        assert not second.done()
        goes.set()
        first.result()
        assert second.result() == ["done"]
    partner.refresh_from_db()
    assert (partner.name, partner.iban) == ("De Nieuwe Vlinder", "NL20INGB0001234567")


@pytest.mark.django_db(transaction=True)
def test_the_same_file_by_two_at_once_adds_everything_once() -> None:
    world = build_world()

    def settings() -> object:
        row = {"kvk": "90004760", "name": "De Brug", "email": "kantoor@brug.example"}
        return actions.set_settings(
            actor=world.system, principles=(), codes=(), expertises=(), partners=[row], at=world.at
        )

    assert sorted(at_once(settings, settings)) == ["done", "settings.same"]
    assert Partner.objects.filter(kvk="90004760").count() == 1
