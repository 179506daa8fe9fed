"""Peelrand, built once for all tests of the demo, in a transaction that never ends well."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from hendig import demo
from hendig.kernel.periods import AMSTERDAM
from hendig.people.models import Account
from tests.demo.dump import SEED, TODAY
from tests.support.together import outside_any_loop
from tests.support.world import signed_in


@dataclass(frozen=True)
class Peelrand:
    """The demo at half past ten on its day; how many seconds of a core it took, and a piece of work takes."""

    seconds: float
    piece: float

    def client(self, first_name: str) -> Client:
        """A browser of the person with this first name."""
        client = Client()
        client.cookies["hendig"] = signed_in(Account.objects.get(first_name=first_name).pk)
        return client


def a_piece_of_work() -> float:
    """Seconds of a core for the same work each time: how quick this machine is, at this moment."""
    began = time.process_time()
    kept = {number % 1000: str(number) for number in range(300_000)}
    assert len(kept) == 1000
    return time.process_time() - began


@pytest.fixture(scope="package", autouse=True)
def no_loop() -> Iterator[None]:
    with outside_any_loop():
        yield


@pytest.fixture(scope="package")
def built(no_loop: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Peelrand]:
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 10, 30, tzinfo=AMSTERDAM)
    with django_db_blocker.unblock(), transaction.atomic():
        pieces = [a_piece_of_work()]
        began = time.process_time()
        demo.build(seed=SEED, today=TODAY, progress=lambda _words: None)
        seconds = time.process_time() - began
        pieces.append(a_piece_of_work())
        made = Peelrand(seconds, fmean(pieces))
        with time_machine.travel(now):
            yield made
        transaction.set_rollback(True)


@pytest.fixture
def peelrand(built: Peelrand, django_db_blocker: DjangoDbBlocker) -> Iterator[Peelrand]:
    """As it was built: what a test does in it is not there for the next."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield built
        transaction.set_rollback(True)
