"""What two people do in the same second."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import pytest

from hendig.kernel.periods import AMSTERDAM
from hendig.plans import actions
from hendig.plans.models import Appointment, Ending, Outcome
from tests.support.plans import begin_help
from tests.support.together import at_once
from tests.support.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
TUESDAY = datetime(2026, 11, 3, 15, 0, tzinfo=AMSTERDAM)


def test_the_same_hour_of_a_professional_is_given_once_to_two_families() -> None:
    world = build_world()
    both = [begin_help(world), begin_help(world, parent="Mark", child="Daan")]
    results = at_once(*(lambda one=one: one.appointment(TUESDAY) for one in both * 2))
    assert sorted(results) == ["appointment.overlap"] * 3 + ["done"]
    assert Appointment.objects.count() == 1


def test_a_question_ends_once_and_nothing_is_planned_after_its_end() -> None:
    world = build_world()
    helped = begin_help(world)

    def end(name: str) -> object:
        return actions.end_request(
            actor=world.actor(name), request_id=helped.request.pk, reason="01", at=world.at
        )

    results = at_once(lambda: end("ellen"), lambda: end("sanne"), lambda: helped.appointment(TUESDAY))
    assert results.count("ending.done") == 1
    assert Ending.objects.count() == 1
    assert not Appointment.objects.filter(stage="planned").exists()


def test_two_taps_of_the_same_person_are_one_answer() -> None:
    world = build_world()
    helped = begin_help(world)
    actions.end_request(actor=world.actor("ellen"), request_id=helped.request.pk, reason="01", at=world.at)
    noor = world.actor("noor")
    results = at_once(
        *(
            lambda: actions.answer_outcome(
                actor=noor, request_id=helped.request.pk, useful=8, onward="04", at=world.at
            )
            for _ in range(3)
        )
    )
    assert sorted(results) == ["done", "outcome.answered", "outcome.answered"]
    assert Outcome.objects.count() == 1
