"""An application for a decision never waits for somebody who may not go on with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.families.actions import deputies
from hendig.helprequests.actions.handover import hand_over_questions
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.rights import actions, jobs, queries
from hendig.rights.models import Application
from hendig.safety import actions as safety
from tests.support.matching import Household, household
from tests.support.rights import applied, taken_up
from tests.support.safety import worried
from tests.support.shared import built_once
from tests.support.world import World


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13 with both parents; Ellen goes along, and Carla could decide as well as Bram."""
    world.add_worker("carla", Role.COACH)
    return household(world)


@built_once
def application(world: World, house: Household) -> Application:
    """Sanne asked a decision, and Bram decides on it."""
    return taken_up(world, applied(world, house))


def told(world: World, code: str) -> set[str]:
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    return set(Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True))


def works_on(application: Application) -> str | None:
    decider = Application.objects.get(pk=application.pk).decider
    return decider.first_name if decider else None


def freed(world: World) -> int:
    """What the worker finds: so many applications of which the decider may not go on."""
    found = queries.applications_left_alone(at=world.at)
    for town, one in found:
        actions.free(municipality_id=town, application_id=one, at=world.at)
    return len(found)


def leaves(world: World, name: str) -> None:
    people.end_employment(actor=world.system, account_id=world.account(name).pk, at=world.at)
    world.later(minutes=1)


def give_back(world: World, application: Application, who: str = "bram") -> None:
    actions.give_back(actor=world.actor(who), application_id=application.pk, at=world.at)


# --- by who decides ---


def test_who_gives_it_back_leaves_it_to_the_colleagues_who_hear_so(
    world: World, application: Application
) -> None:
    give_back(world, application)
    assert works_on(application) is None
    assert told(world, "paper.given_back") == {"Carla"}
    taken_up(world, application, "carla")
    assert works_on(application) == "Carla"


def test_it_is_given_back_on_its_page(world: World, application: Application) -> None:
    client = world.client("bram")
    page = client.get(reverse("application", args=[application.pk])).content.decode()
    url = reverse("give_back_application", args=[application.pk])
    assert url in page
    assert "Geef terug" in page
    answer: Any = client.post(url, follow=True)
    assert "Teruggegeven." in answer.content.decode()
    assert works_on(application) is None
    assert (
        "Nog niemand van de gemeente"
        in world.client("sanne").get(reverse("application", args=[application.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("who", "no"), [("carla", NotVisible), ("ellen", Refused), ("petra", Forbidden), ("sanne", Forbidden)]
)
def test_nobody_else_gives_it_back(
    world: World, application: Application, who: str, no: type[Exception]
) -> None:
    with pytest.raises(no):
        give_back(world, application, who)
    assert works_on(application) == "Bram"


def test_what_is_closed_is_not_given_back(world: World, application: Application) -> None:
    actions.withdraw(actor=world.actor("sanne"), application_id=application.pk, at=world.at)
    with pytest.raises(Refused) as no:
        give_back(world, application)
    assert no.value.refusal.code == "paper.stage"


# --- by Hendig ---


def test_when_who_decides_leaves_it_waits_for_a_colleague(world: World, application: Application) -> None:
    assert freed(world) == 0
    leaves(world, "bram")
    assert freed(world) == 1
    assert works_on(application) is None
    assert told(world, "paper.given_back") == {"Carla"}
    assert len(queries.open_applications(world.actor("carla"), at=world.at).lines) == 1
    assert freed(world) == 0


def test_a_reminder_never_goes_to_who_left(world: World, application: Application) -> None:
    """Also in the minutes before it was freed: the family gives an answer, and a colleague hears it."""
    actions.ask_more(
        actor=world.actor("bram"),
        application_id=application.pk,
        words="Hoe vaak?",
        answer_by=local_day(world.at) + timedelta(days=7),
        at=world.at,
    )
    leaves(world, "bram")
    actions.answer_question(
        actor=world.actor("sanne"), application_id=application.pk, words="Elke week.", at=world.at
    )
    assert told(world, "paper.answered") == {"Carla"}


def test_the_job_that_reminds_frees_first_and_who_leads_hears_it(
    world: World, application: Application
) -> None:
    leaves(world, "bram")
    world.at += timedelta(days=40)
    with connection.cursor() as cursor:  # a worker comes in as nobody, and says itself that it is Hendig
        cursor.execute("SELECT set_config('hendig.context', '', true)")
    with time_machine.travel(world.at):
        jobs.remind(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hendig.context', 'system', true)")
    assert works_on(application) is None
    assert told(world, "paper.due_soon") == {"Carla", "Petra"}


def test_while_somebody_decides_who_leads_hears_it_only_when_it_is_too_late(
    world: World, application: Application
) -> None:
    world.later(days=40)
    actions.remind(actor=world.system, application_id=application.pk, at=world.at)
    assert told(world, "paper.due_soon") == {"Bram"}
    world.later(days=17)
    actions.remind(actor=world.system, application_id=application.pk, at=world.at)
    assert told(world, "paper.overdue") == {"Bram", "Petra", "Sanne", "Mark", "Noor"}


def test_when_who_decides_becomes_the_coach_of_the_family_it_waits_for_another(
    world: World, house: Household, application: Application
) -> None:
    hand_over_questions(
        actor=world.actor("ellen"),
        coach_id=world.account("ellen").pk,
        successors={pk: world.account("bram").pk for pk in HelpRequest.objects.values_list("pk", flat=True)},
        from_on=local_day(world.at),
        at=world.at,
    )
    page = world.client("bram").get(reverse("application", args=[application.pk])).content.decode()
    assert "U begeleidt dit gezin." in page
    assert "Geef terug" in page
    assert freed(world) == 1
    # Ellen does not go along any more, and may decide.
    assert told(world, "paper.given_back") == {"Carla", "Ellen"}
    assert house.family_id == application.family_id


def test_who_stands_in_for_the_coach_decides_no_more(
    world: World, house: Household, application: Application
) -> None:
    deputies.name_deputy(
        actor=world.actor("ellen"),
        account_id=world.account("bram").pk,
        from_on=local_day(world.at),
        until_on=date(2026, 11, 9),
        families=[house.family_id],
        at=world.at,
    )
    assert freed(world) == 1


def test_that_somebody_was_named_for_safety_gives_nothing_back(
    world: World, house: Household, application: Application
) -> None:
    """The family reads that an application was given back: it would tell that there is a worry."""
    concern = worried(world, house.request)
    safety.name_for_safety(
        actor=world.actor("ellen"), concern_id=concern.pk, account_id=world.account("bram").pk, at=world.at
    )
    assert freed(world) == 0
    give_back(world, application)
    assert works_on(application) is None


def test_when_no_coach_could_decide_who_leads_hears_that_somebody_must_come(
    world: World, application: Application
) -> None:
    leaves(world, "carla")
    give_back(world, application)
    assert told(world, "paper.given_back") == {"Petra"}
