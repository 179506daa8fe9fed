"""What a family asks of its record reaches somebody who answers, also when no coach goes along any more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.keys.queries import roots
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.rights import actions, queries
from hendig.rights.models import Destruction, DestructionStage, OwnKind, OwnStage, OwnWords, Piece
from hendig.safety import actions as safety
from hendig.safety.models import ErasureWhy
from hendig.safety.queries.retention import count_waiting
from tests.support.matching import Household, household
from tests.support.shared import built_once
from tests.support.world import World

# 16 at first, and 17 after four hundred days.
YOUTH = date(2010, 9, 1)


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 16, with whom Ellen went along."""
    return household(world, born_on=YOUTH)


@built_once
def alone(world: World, house: Household) -> Household:
    """The same, four hundred days later: Noor is 17 and Ellen does not go along any more."""
    world.later(days=400)
    return house


def told(world: World, code: str) -> set[str]:
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    return set(Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True))


def asked(world: World, house: Household) -> Destruction:
    return actions.ask_destruction(
        actor=world.actor("noor"), family_id=house.family_id, child_id=house.child.pk, at=world.at
    )


def corrected(world: World, house: Household, kind: OwnKind = OwnKind.CORRECTION) -> OwnWords:
    return actions.write_own_words(
        actor=world.actor("noor"),
        family_id=house.family_id,
        kind=kind,
        topic=Piece.QUESTION,
        words="KANARIE: ik zit niet op die school.",
        at=world.at,
    )


def reminded(world: World) -> list[str]:
    found = queries.requests_to_remind(at=world.at)
    for one in found:
        actions.remind_of_request(one=one, at=world.at)
    return [one.code for one in found]


def waits(world: World) -> int:
    return count_waiting(world.actor("karin"), at=world.at)


# --- who hears of it ---


def test_a_coach_who_goes_along_hears_of_it_and_no_officer(world: World, house: Household) -> None:
    asked(world, house)
    assert told(world, "destruction.asked") == {"Ellen"}
    corrected(world, house)
    assert told(world, "own.written") == {"Ellen"}
    assert waits(world) == 0


def test_without_a_coach_the_privacy_officer_hears_of_it(world: World, alone: Household) -> None:
    asked(world, alone)
    assert told(world, "destruction.asked") == {"Karin"}
    corrected(world, alone)
    assert told(world, "own.written") == {"Karin"}
    assert waits(world) == 2
    assert "KANARIE" not in world.client("karin").get(reverse("notices")).content.decode()


def test_also_when_the_coach_left_the_employer(world: World, house: Household) -> None:
    people.end_employment(actor=world.system, account_id=world.account("ellen").pk, at=world.at)
    world.later(minutes=1)
    asked(world, house)
    assert told(world, "destruction.asked") == {"Karin"}


def test_what_a_family_adds_asks_no_answer_of_anybody(world: World, alone: Household) -> None:
    corrected(world, alone, OwnKind.ADDITION)
    assert told(world, "own.written") == set()
    assert waits(world) == 0


# --- the officer answers ---


def test_the_officer_answers_on_the_page_and_sees_no_record(world: World, alone: Household) -> None:
    one = asked(world, alone)
    karin = world.client("karin")
    assert "1 wacht op u" in karin.get(reverse("log")).content.decode()
    url = reverse("officer_destruction", args=[one.pk])
    assert url in karin.get(reverse("retention")).content.decode()
    page = karin.get(url).content.decode()
    assert "de jongere zelf" in page
    assert not {"Noor", "Sanne", "Mark"} & set(page.replace("<", " ").split())
    missing: Any = karin.post(url, {"_key": str(uuid4()), "stage": "refused", "reply": "Nee, want."})
    assert missing.status_code == 422
    assert "Nee, want." in missing.content.decode()
    typed = {"_key": str(uuid4()), "stage": "granted", "reply": "Wij vernietigen alles."}
    assert karin.post(url, typed)["Location"] == reverse("retention")
    one.refresh_from_db()
    assert (one.stage, one.settled_at, one.reply) == (
        DestructionStage.GRANTED,
        world.at,
        "Wij vernietigen alles.",
    )
    assert told(world, "destruction.answered") == {"Noor", "Sanne", "Mark"}
    looks = Entry.objects.filter(code="own.asked_seen", account_id=world.account("karin").pk)
    assert {look.family_id for look in looks} == {alone.family_id}
    assert (
        "las wat u vroeg over uw gegevens"
        in world.client("noor").get(reverse("who_looked", args=[alone.family_id])).content.decode()
    )


def test_the_officer_answers_a_correction(world: World, alone: Household) -> None:
    own = corrected(world, alone)
    karin = world.client("karin")
    url = reverse("officer_correction", args=[own.pk])
    assert url in karin.get(reverse("retention")).content.decode()
    assert "KANARIE" in karin.get(url).content.decode()
    with pytest.raises(Refused) as no:
        actions.answer_correction_without_coach(
            actor=world.actor("karin"), own_id=own.pk, corrected=False, at=world.at
        )
    assert no.value.refusal.code == "own.no_reason"
    actions.answer_correction_without_coach(
        actor=world.actor("karin"), own_id=own.pk, corrected=False, reply="Zo stond het er.", at=world.at
    )
    own.refresh_from_db()
    assert (own.stage, own.reply) == (OwnStage.NOT_CORRECTED, "Zo stond het er.")
    assert told(world, "own.answered") == {"Noor"}
    assert waits(world) == 0


def test_a_part_is_not_the_officers_to_choose(world: World, alone: Household) -> None:
    one = asked(world, alone)
    with pytest.raises(Refused) as no:
        actions.answer_destruction_without_coach(
            actor=world.actor("karin"),
            destruction_id=one.pk,
            stage=DestructionStage.PARTLY,
            keep=["law"],
            reply="Een deel.",
            at=world.at,
        )
    assert no.value.refusal.code == "destruction.no_pieces"


@pytest.mark.parametrize(("who", "no"), [("karin", NotVisible), ("petra", Forbidden), ("bram", Forbidden)])
def test_where_a_coach_goes_along_nobody_else_answers(
    world: World, house: Household, who: str, no: type[Exception]
) -> None:
    one, own = asked(world, house), corrected(world, house)
    with pytest.raises(no):
        actions.answer_destruction_without_coach(
            actor=world.actor(who), destruction_id=one.pk, stage=DestructionStage.GRANTED, at=world.at
        )
    with pytest.raises(no):
        actions.answer_correction_without_coach(
            actor=world.actor(who), own_id=own.pk, corrected=True, at=world.at
        )
    if who == "karin":
        theirs, nothing = (
            world.client(who).get(reverse("officer_destruction", args=[key])) for key in (one.pk, uuid4())
        )
        assert (theirs.status_code, nothing.status_code) == (404, 404)


# --- carried out ---


def answered(world: World, one: Destruction, stage: DestructionStage = DestructionStage.GRANTED) -> None:
    refused = stage == DestructionStage.REFUSED
    actions.answer_destruction(
        actor=world.actor("ellen"),
        destruction_id=one.pk,
        stage=stage,
        keep=["law"] if refused else [],
        reply="De wet zegt het." if refused else "",
        at=world.at,
    )


def test_what_was_granted_waits_for_the_officer_until_it_is_done(world: World, house: Household) -> None:
    # Older than the destruction, as a root key is: those of a test are made today.
    world.at = max(world.at, roots()[-1].since + timedelta(days=1))
    one = asked(world, house)
    answered(world, one)
    assert "Karin" in told(world, "destruction.answered")
    assert waits(world) == 1
    record_id = house.request.compartment.record_id
    erasure = safety.ask_erasure(
        actor=world.actor("karin"), record_id=record_id, why=ErasureWhy.ASKED, at=world.at
    )
    assert waits(world) == 1  # for a second person
    safety.agree_erasure(actor=world.actor("ellen"), erasure_id=erasure.pk, at=world.at)
    assert waits(world) == 0
    # The key is gone, and an older backup has it still: until the root key goes that opens it there.
    world.at += timedelta(days=80)
    assert reminded(world) == ["destruction.backup_soon"]
    assert told(world, "destruction.backup_soon") == {"Karin"}
    assert "oude hoofdsleutel" in world.client("karin").get(reverse("retention")).content.decode()


def test_what_was_refused_is_not_the_officers(world: World, house: Household) -> None:
    answered(world, asked(world, house), DestructionStage.REFUSED)
    assert told(world, "destruction.answered") == {"Noor", "Sanne", "Mark"}
    assert waits(world) == 0


# --- in time ---


def test_the_month_to_answer_and_the_three_to_destroy_are_reminded_of_once(
    world: World, house: Household
) -> None:
    """Asked on 2 November 2026: an answer by 2 December, destroyed by 2 February 2027."""
    one = asked(world, house)
    own = corrected(world, house)
    seen: list[tuple[date, str]] = []
    for _day in range(36):
        seen += [(world.at.date(), code) for code in reminded(world)]
        world.later(days=1)
    assert seen == [
        (date(2026, 11, 25), "destruction.answer_soon"),
        (date(2026, 11, 25), "own.answer_soon"),
        (date(2026, 12, 3), "destruction.answer_late"),
        (date(2026, 12, 3), "own.answer_late"),
    ]
    assert told(world, "destruction.answer_soon") == {"Ellen"}
    assert told(world, "own.answer_late") == {"Ellen", "Karin"}
    answered(world, one)
    actions.answer_correction(actor=world.actor("ellen"), own_id=own.pk, corrected=True, at=world.at)
    assert reminded(world) == []
    world.at += timedelta(days=60)
    assert reminded(world) == ["destruction.due_late"]
    assert told(world, "destruction.due_late") == {"Karin"}
    assert reminded(world) == []


def test_without_a_coach_the_officer_is_reminded(world: World, alone: Household) -> None:
    asked(world, alone)
    world.later(days=26)
    assert reminded(world) == ["destruction.answer_soon"]
    assert told(world, "destruction.answer_soon") == {"Karin"}


def test_the_page_costs_the_same_for_one_and_for_more(world: World, alone: Household) -> None:
    counts = []
    karin = world.client("karin")
    for _more in range(3):
        corrected(world, alone)
        with CaptureQueriesContext(connection) as seen:
            karin.get(reverse("retention"))
        counts.append(len(seen))
    assert counts[1] == counts[2]
