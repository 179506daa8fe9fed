"""What two people do in the same second."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hendig.audit.models import Entry
from hendig.kernel.actor import Role
from hendig.kernel.refusal import NotVisible, Refusal, Refused
from hendig.rights import actions
from hendig.rights.models import Application, Decision, PaperStage
from tests.support.matching import household
from tests.support.rights import applied, taken_up
from tests.support.together import at_once
from tests.support.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)

GONE = Refusal("gone", "een ander was eerst")


def test_a_decision_is_asked_once_by_a_mother_a_father_and_their_daughter() -> None:
    world = build_world()
    house = household(world)
    results = at_once(*(lambda who=who: applied(world, house, who) for who in ("sanne", "mark", "noor")))
    assert sorted(results) == ["done", "paper.already", "paper.already"]
    assert Application.objects.count() == 1


def test_an_application_is_taken_up_by_one_of_two_coaches() -> None:
    world = build_world()
    world.add_worker("carla", Role.COACH)
    application = applied(world)
    results = at_once(*(lambda who=who: take(world, application, who) for who in ("bram", "carla")))
    assert sorted(results) == ["done", "gone"]
    assert Entry.objects.filter(code="paper.taken_up").count() == 1


def take(world: World, application: Application, who: str) -> None:
    """What the second one meets depends on who looks first: no row, or a refusal."""
    try:
        taken_up(world, application, who)
    except NotVisible as no:
        raise Refused(GONE) from no
    except Refused as no:
        raise Refused(GONE) from no


def test_it_is_withdrawn_or_decided_and_never_both() -> None:
    world = build_world()
    application = taken_up(world, applied(world))

    def decide() -> object:
        return actions.decide(
            actor=world.actor("bram"),
            application_id=application.pk,
            verdict="refused",
            reasons="Nee.",
            at=world.at,
        )

    def withdraw() -> object:
        return actions.withdraw(actor=world.actor("sanne"), application_id=application.pk, at=world.at)

    assert sorted(at_once(decide, withdraw)) == ["done", "paper.stage"]
    application.refresh_from_db()
    assert (application.stage == PaperStage.DECIDED) == Decision.objects.exists()


def test_two_workers_remind_once() -> None:
    world = build_world()
    application = applied(world)
    at = world.at + timedelta(days=40)
    at_once(
        *(
            lambda: actions.remind(actor=world.system, application_id=application.pk, at=at)
            for _worker in range(3)
        )
    )
    assert Entry.objects.filter(code="paper.due_soon").count() == 1
