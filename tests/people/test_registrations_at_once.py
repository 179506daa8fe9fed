"""Two who keep the same registration at one moment keep one."""

from __future__ import annotations

import pytest

from tests.people.test_registrations import keep, standing
from tests.support.together import at_once
from tests.support.world import build_world


@pytest.mark.django_db(transaction=True)
def test_two_who_keep_the_same_at_once_keep_one() -> None:
    world = build_world()
    assert at_once(lambda: keep(world), lambda: keep(world, number="110099999")) == ["done", "done"]
    assert len(standing(world)) == 1
