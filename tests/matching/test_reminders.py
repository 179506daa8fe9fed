"""A talk is brought back to mind once, and when that changes nothing the coach sees that it lies still."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hendig.audit.models import Entry
from hendig.families import actions as families
from hendig.families.models import LegalAuthority, Source
from hendig.helprequests.models import WaitingOn
from hendig.kernel.refusal import Refused
from hendig.matching import actions, jobs, rules
from hendig.people import actions as people
from hendig.people.models import Notice
from tests.support.matching import Household, open_talk, say
from tests.support.world import World


@pytest.fixture(autouse=True)
def _the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.matching.jobs.timezone.now", lambda: world.at)
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def a_morning_later(world: World, after: timedelta) -> None:
    world.at += after
    jobs.keep_going(timestamp=0)


def told(code: str, world: World) -> set[str]:
    for entry in Entry.objects.filter(code=code):
        people.tell(entry_ids=[entry.pk], at=world.at)
    return set(Notice.objects.filter(code=code).values_list("account__first_name", flat=True))


def test_who_is_silent_hears_of_it_once_and_who_answered_does_not(world: World, house: Household) -> None:
    talk = open_talk(world, house)
    say(world, talk, "noor", "ellen")
    a_morning_later(world, rules.REMIND_AFTER - timedelta(minutes=1))
    assert not Entry.objects.filter(code="match.reminded").exists()
    for _ in range(3):
        a_morning_later(world, timedelta(days=1))
    assert Entry.objects.filter(code="match.reminded").count() == 1
    assert told("match.reminded", world) == {"Sanne", "Mark", "Anouk"}


def test_what_lies_still_waits_on_the_coach_and_can_still_become_a_match(
    world: World, house: Household
) -> None:
    for one in LegalAuthority.objects.filter(family_id=house.family_id):
        # What was only declared lapses after two weeks, and nobody would be left to decide.
        families.check_authority(
            actor=world.actor("ellen"), authority_id=one.pk, source=Source.REGISTER, at=world.at
        )
    talk = open_talk(world, house)
    say(world, talk, "noor", "sanne", "anouk", "ellen")
    a_morning_later(world, rules.REMIND_AFTER)
    a_morning_later(world, rules.STALLED_AFTER - timedelta(minutes=1))
    page = f"/match/{talk.pk}/"
    assert "Dit gesprek ligt stil" not in world.client("ellen").get(page).content.decode()
    for _ in range(2):
        a_morning_later(world, timedelta(days=1))
    talk.refresh_from_db()
    assert talk.request.waiting_on == WaitingOn.COACH
    assert Entry.objects.filter(code="match.stalled").count() == 1
    assert told("match.stalled", world) == {"Ellen"}
    assert "Dit gesprek ligt stil" in world.client("ellen").get(page).content.decode()
    assert "Dit gesprek ligt stil" not in world.client("sanne").get(page).content.decode()
    assert say(world, talk, "mark").match is not None


def test_a_talk_that_is_over_asks_for_nothing(world: World, house: Household) -> None:
    talk = open_talk(world, house)
    actions.look_further(actor=world.actor("ellen"), talk_id=talk.pk, at=world.at)
    a_morning_later(world, rules.REMIND_AFTER + rules.STALLED_AFTER)
    assert not Entry.objects.filter(code__in=["match.reminded", "match.stalled"]).exists()
    with pytest.raises(Refused) as no:
        actions.remind(municipality_id=world.municipality.pk, talk_id=talk.pk, at=world.at)
    assert no.value.refusal.code == "talk.closed"
