"""A father works for a partner: his own family is closed to him in every role, with an alarm."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from hendig.audit.actions import refused
from hendig.audit.models import Entry, Kind
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.people.actions import add_worker, end_employment, tell
from hendig.people.models import Notice
from hendig.safety import actions
from hendig.safety.models import Category
from tests.safety.test_officer import jobs_of
from tests.support.families import confirmed
from tests.support.safety import REASON, last_name
from tests.support.shared import built_once
from tests.support.world import World, signed_in

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")


@built_once
def father(world: World, request_: HelpRequest) -> HelpRequest:
    """Mark is a parent of Noor, and works for the Anker."""
    works(world, "mark", Role.PROFESSIONAL, "anker")
    return request_


def works(world: World, name: str, role: Role, partner: str = "") -> None:
    account = world.account(name)
    add_worker(
        actor=world.system,
        email=account.email,
        first_name=account.first_name,
        last_name=account.last_name,
        role=role,
        on=local_day(world.at),
        at=world.at,
        partner_id=world.partners[partner].pk if partner else None,
    )


def worked_off(world: World) -> None:
    """What workers do with the refusals of these people: each line that names something is looked at."""
    lines = Entry.objects.filter(kind=Kind.REFUSAL, object_id__isnull=False, at=world.at)
    for entry_id in lines.order_by("id").values_list("pk", flat=True):
        actions.watch_own_family(entry_id=entry_id, at=world.at)


def told(world: World, code: str = "own_family.tried") -> list[str]:
    lines = Entry.objects.filter(code=code)
    tell(entry_ids=list(lines.values_list("pk", flat=True)), at=world.at)
    heard = Notice.objects.filter(code=code)
    return sorted(heard.values_list("account__first_name", flat=True))


def alarms(code: str = "own_family.tried") -> int:
    return Entry.objects.filter(code=code).count()


def tried(world: World, name: str, request: HelpRequest) -> int:
    """Asks for the page of safety of the family, and a worker looks at the refusal."""
    answer = world.client(name).get(reverse("safety", args=[request.family_id]))
    worked_off(world)
    return answer.status_code


def test_an_address_of_the_own_family_is_404_and_the_privacy_officer_hears_of_it(
    world: World, father: HelpRequest
) -> None:
    before = jobs_of("safety.own_family")
    assert tried(world, "mark", father) == 404
    assert jobs_of("safety.own_family") == before + 1
    assert told(world) == ["Karin"]
    entry = Entry.objects.get(code="own_family.tried")
    assert (entry.family_id, entry.object_id) == (None, world.account("mark").pk)


@pytest.mark.parametrize("what", ["family", "member", "record", "request"])
def test_whatever_of_the_family_was_named_is_recognised(world: World, father: HelpRequest, what: str) -> None:
    noor = father.child
    assert noor is not None
    named = {"family": father.family_id, "member": noor.pk, "record": noor.record.pk, "request": father.pk}
    refused(world.actor("mark"), "somewhere", at=world.at, code="not_visible", object_id=named[what])
    worked_off(world)
    assert alarms() == 1


def test_it_is_told_once_a_day_for_this_person_and_this_family(world: World, father: HelpRequest) -> None:
    for _time in range(3):
        assert tried(world, "mark", father) == 404
    world.later(hours=23)
    tried(world, "mark", father)
    assert alarms() == 1
    world.later(hours=2)
    tried(world, "mark", father)
    assert alarms() == 2
    # Her own is another family, and another person.
    theirs = confirmed(world, "Joris")
    works(world, "joris", Role.FINANCE)
    refused(world.actor("joris"), "somewhere", at=world.at, code="not_visible", object_id=theirs.family_id)
    worked_off(world)
    assert alarms() == 3


def test_somebody_elses_family_is_no_alarm(world: World, father: HelpRequest) -> None:
    assert tried(world, "youssef", father) == 404
    assert tried(world, "mark", confirmed(world, "Joris")) == 404
    assert alarms() == 0


def test_a_parent_who_works_nowhere_leaves_no_trace_of_what_was_asked(
    world: World, request_: HelpRequest
) -> None:
    confirmed(world, "Joris")
    before = jobs_of("safety.own_family")
    assert world.client("joris").get(reverse("family", args=[request_.family_id])).status_code == 404
    assert not Entry.objects.filter(kind=Kind.REFUSAL, object_id__isnull=False).exists()
    assert jobs_of("safety.own_family") == before


def test_what_any_parent_is_refused_is_no_alarm(world: World, request_: HelpRequest) -> None:
    works(world, "sanne", Role.FINANCE)
    url = reverse("say_along", args=[request_.compartment.record_id])
    by_law = {"_key": str(uuid4()), "account": str(world.account("ellen").pk), "on": "0"}
    assert world.client("sanne").post(url, by_law).status_code == 422
    worked_off(world)
    assert alarms() == 0


def test_a_coach_who_takes_up_the_own_question_is_refused_with_an_alarm(world: World) -> None:
    question = confirmed(world)
    works(world, "sanne", Role.COACH)
    answer = world.client("sanne").post(reverse("take_up", args=[question.pk]), {"_key": str(uuid4())})
    assert answer.status_code in {404, 422}
    question.refresh_from_db()
    assert question.coach_id is None
    worked_off(world)
    assert told(world) == ["Karin"]


def test_the_own_child_in_an_emergency_is_found_by_nobody_and_told(world: World, father: HelpRequest) -> None:
    def danger(**other: str) -> Any:
        client = Client()
        client.cookies["hendig"] = signed_in(world.account("mark").pk, shown_at=world.at)
        typed = {
            "first_name": " noor",
            "last_name": last_name(father),
            "born_on": "2013-05-04",
            "category": Category.VIOLENCE.value,
            "reason": REASON,
        }
        return client.post(reverse("emergency"), {"_key": str(uuid4()), **typed, **other})

    elsewhere = danger(first_name="Saar")
    assert alarms() == 0
    own = danger()
    assert (own.status_code, alarms()) == (422, 1)
    assert "Mark" not in own.content.decode().split("<main")[1]
    assert elsewhere.content.decode().count("<li") == own.content.decode().count("<li")
    assert told(world) == ["Karin"]


def test_the_only_privacy_officer_does_not_hear_it_of_themself(world: World) -> None:
    theirs = confirmed(world, "Joris")
    works(world, "joris", Role.PRIVACY)
    end_employment(actor=world.system, account_id=world.account("karin").pk, at=world.at)
    refused(world.actor("joris"), "somewhere", at=world.at, code="not_visible", object_id=theirs.family_id)
    worked_off(world)
    assert told(world) == ["Petra"]
