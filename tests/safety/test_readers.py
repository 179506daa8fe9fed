"""A worry about safety is read by somebody, always: also when its coach hands over, leaves or is kept out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from hendig.audit.actions import speaking
from hendig.audit.models import Entry
from hendig.families import actions as families
from hendig.helprequests.actions.handover import hand_over_questions
from hendig.helprequests.jobs import take_over as take_over_job
from hendig.helprequests.models import HelpRequest
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refused
from hendig.matching.models import Match
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.safety import actions
from hendig.safety.actions.readers import AGAIN_AFTER
from hendig.safety.jobs import keep_read as job
from hendig.safety.queries.held import account_ids_for_safety
from tests.support.matching import Household, open_talk, say
from tests.support.safety import opened, stepped, worried
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")


def get(world: World, name: str, page: str, *args: object) -> Any:
    return world.client(name).get(reverse(page, args=list(args)))


def readers(world: World, request: HelpRequest) -> set[str]:
    with speaking(world.system, world.at):
        found = account_ids_for_safety(request.compartment.record_id, at=world.at)
        return {name for name, one in world.accounts.items() if one.pk in found}


def hand_over(world: World, *, by: str = "ellen", to: str = "bram", days: int = 0) -> None:
    coach = world.account("ellen").pk
    hand_over_questions(
        actor=world.actor(by),
        coach_id=coach,
        successors={case.pk: world.account(to).pk for case in HelpRequest.objects.filter(coach=coach)},
        from_on=local_day(world.at) + timedelta(days=days),
        at=world.at,
    )


def leaves(world: World, name: str) -> None:
    people.end_employment(actor=world.system, account_id=world.account(name).pk, at=world.at)
    world.later(minutes=1)


def told(world: World, code: str) -> set[str]:
    """Who hears of the lines with this code that were written at this moment."""
    lines = list(Entry.objects.filter(code=code, at=world.at).values_list("pk", flat=True))
    people.tell(entry_ids=lines, at=world.at)
    return set(Notice.objects.filter(entry_id__in=lines).values_list("account__first_name", flat=True))


def keeps(world: World) -> int:
    return actions.keep_read(municipality_id=world.municipality.pk, at=world.at)


def helped_by_anouk(world: World, request: HelpRequest) -> Match:
    """Anouk helps by a match that both parents and the youth said yes to."""
    assert request.child
    families.give_youth_account(
        actor=world.actor("ellen"), member_id=request.child.pk, email="noor@gezin.example", at=world.at
    )
    talk = open_talk(world, Household(request, request.child))
    say(world, talk, "noor", "sanne", "mark", "anouk", "ellen")
    return Match.objects.get(talk=talk)


# --- the coach hands over ---


def test_who_takes_over_in_the_middle_of_the_five_steps_goes_on_with_them(
    world: World, request_: HelpRequest
) -> None:
    concern = worried(world, request_)
    stepped(world, concern, until=2)
    hand_over(world)
    assert readers(world, request_) == {"bram"}
    assert told(world, "safety.passed_on") == {"Bram"}
    assert "KANARIE stap 2" in get(world, "bram", "concern", concern.pk).content.decode()
    stepped(world, concern, name="bram")
    with pytest.raises(NotVisible):
        stepped(world, concern, until=1, name="ellen")


def test_on_a_chosen_day_it_goes_along_on_that_day(world: World, request_: HelpRequest) -> None:
    worried(world, request_)
    hand_over(world, days=7)
    assert readers(world, request_) == {"ellen"}
    world.later(days=7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hendig.helprequests.jobs.timezone.now", lambda: world.at)
        take_over_job(timestamp=0)
    assert readers(world, request_) == {"bram"}
    assert keeps(world) == 0


def test_who_leads_hands_over_for_a_coach_who_left_and_it_goes_along(
    world: World, request_: HelpRequest
) -> None:
    worried(world, request_)
    leaves(world, "ellen")
    assert readers(world, request_) == set()
    hand_over(world, by="petra")
    assert readers(world, request_) == {"bram"}
    assert "Blauwe plekken" not in get(world, "petra", "notices").content.decode()


def test_who_was_not_named_hands_over_nothing_of_it(world: World, request_: HelpRequest) -> None:
    """Without a worry, or where only others were named, the next coach is not named either."""
    hand_over(world)
    assert readers(world, request_) == set()
    assert not Entry.objects.filter(code="safety.passed_on").exists()


def test_a_colleague_who_was_named_stays_and_is_not_named_twice(world: World, request_: HelpRequest) -> None:
    concern = worried(world, request_)
    bram = world.account("bram").pk
    actions.name_for_safety(actor=world.actor("ellen"), concern_id=concern.pk, account_id=bram, at=world.at)
    hand_over(world)
    assert readers(world, request_) == {"bram"}
    assert get(world, "bram", "concern", concern.pk).content.decode().count("Niet meer<") == 1


FAMILY_PAGES = ("family", "who_looked", "who_may", "plan", "circle")


def read_by_the_parents(
    world: World, request: HelpRequest, *, before: Callable[[], object], then: Callable[[], object]
) -> dict[tuple[str, str], str]:
    """What each parent reads a minute after the first, when the second happens; it is undone."""
    pages: dict[tuple[str, str], str] = {}
    at = world.at
    with transaction.atomic():
        before()
        world.later(minutes=1)
        then()
        lines = Entry.objects.filter(at=world.at).values_list("pk", flat=True)
        people.tell(entry_ids=list(lines), at=world.at)
        for name in ("sanne", "mark"):
            for page in (*FAMILY_PAGES, "notices"):
                args = () if page == "notices" else (request.family_id,)
                text = get(world, name, page, *args).content.decode()
                text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text)
                pages[name, page] = re.sub(r"value=\"[^\"]*\"|card-[0-9a-f]{8}", "", text)
        transaction.set_rollback(True)
    world.at = at
    return pages


def test_the_family_reads_the_same_of_a_change_of_coach_with_and_without_a_worry(
    world: World, request_: HelpRequest
) -> None:
    with_worry, without = (
        read_by_the_parents(world, request_, before=before, then=lambda: hand_over(world))
        for before in (lambda: stepped(world, worried(world, request_), until=2), lambda: None)
    )
    assert with_worry == without


# --- somebody leaves ---


def test_a_worry_that_is_written_after_its_reader_left_is_read_by_who_wrote_it(
    world: World, request_: HelpRequest
) -> None:
    helped_by_anouk(world, request_)
    worried(world, request_)
    leaves(world, "ellen")
    second = worried(world, request_, "anouk", "Wat het kind mij vertelde")
    assert readers(world, request_) == {"anouk"}
    assert get(world, "anouk", "concern", second.pk).status_code == 200
    assert told(world, "safety.begun") == set()
    assert keeps(world) == 0


def test_a_worry_goes_to_the_coach_when_the_professional_who_wrote_it_stops(
    world: World, request_: HelpRequest
) -> None:
    match = helped_by_anouk(world, request_)
    concern = worried(world, request_, "anouk")
    leaves(world, "anouk")
    assert readers(world, request_) == set()
    assert keeps(world) == 1
    assert readers(world, request_) == {"ellen"}
    assert told(world, "safety.passed_on") == {"Ellen"}
    assert get(world, "ellen", "concern", concern.pk).status_code == 200
    assert keeps(world) == 0
    assert match.ends_on is None


def test_when_no_coach_is_left_who_leads_hears_it_and_each_week_again(
    world: World, request_: HelpRequest
) -> None:
    concern = worried(world, request_)
    leaves(world, "ellen")
    assert keeps(world) == 1
    assert told(world, "safety.nobody") == {"Petra"}
    world.later(days=1)
    keeps(world)
    assert told(world, "safety.nobody") == set()
    world.at += AGAIN_AFTER
    keeps(world)
    assert told(world, "safety.nobody") == {"Petra"}
    assert "Blauwe" not in get(world, "petra", "notices").content.decode()
    hand_over(world, by="petra")
    assert keeps(world) == 0
    assert get(world, "bram", "concern", concern.pk).status_code == 200


def test_the_worker_looks_for_it(
    world: World, request_: HelpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    worried(world, request_)
    leaves(world, "ellen")
    monkeypatch.setattr("hendig.safety.jobs.timezone.now", lambda: world.at)
    job(timestamp=0)
    assert told(world, "safety.nobody") == {"Petra"}


def test_a_worry_of_an_emergency_that_nobody_else_may_read_goes_to_the_coach(
    world: World, request_: HelpRequest
) -> None:
    opened(world, request_, "youssef")
    worried(world, request_, "youssef")
    assert readers(world, request_) == set()
    assert keeps(world) == 1
    assert readers(world, request_) == {"ellen"}


def test_a_worry_that_is_closed_needs_nobody(world: World, request_: HelpRequest) -> None:
    concern = worried(world, request_)
    stepped(world, concern)
    actions.close_concern(actor=world.actor("ellen"), concern_id=concern.pk, at=world.at)
    leaves(world, "ellen")
    assert keeps(world) == 0


def test_who_left_does_not_count_as_the_one_who_stays(world: World, request_: HelpRequest) -> None:
    concern = worried(world, request_)
    actor, ellen = world.actor("ellen"), world.account("ellen").pk
    actions.name_for_safety(
        actor=actor, concern_id=concern.pk, account_id=world.account("bram").pk, at=world.at
    )
    assert "Bram" in get(world, "ellen", "concern", concern.pk).content.decode()
    leaves(world, "bram")
    assert "Bram" not in get(world, "ellen", "concern", concern.pk).content.decode()
    with pytest.raises(Refused) as no:
        actions.unname(actor=actor, concern_id=concern.pk, account_id=ellen, at=world.at)
    assert no.value.refusal.code == "safety.last"


def test_the_family_reads_the_same_whoever_goes_on_with_a_worry(world: World, request_: HelpRequest) -> None:
    """When Hendig names a coach, and when there is none: also while no hold stands."""
    for begun_by, left in (("anouk", ("anouk",)), ("ellen", ("ellen", "anouk"))):

        def before(begun_by: str = begun_by, left: tuple[str, ...] = left) -> None:
            helped_by_anouk(world, request_)
            worried(world, request_, begun_by)
            for name in left:
                leaves(world, name)

        after, without = (
            read_by_the_parents(world, request_, before=before, then=then)
            for then in (lambda: keeps(world), lambda: None)
        )
        assert after == without
