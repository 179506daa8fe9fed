"""The composed pages: what each sees on them, who sees nothing, and how many queries that takes."""

from __future__ import annotations

from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hendig.audit.models import Entry, Kind
from hendig.families.models import Ground, Part
from hendig.families.queries import PART_WORDS
from hendig.families.queries.grounds import GROUND_WORDS, GROUND_WORDS_AT_WORK
from hendig.web.pages import GROUNDS
from hendig.web.shell import rooms
from tests.support.families import confirmed, talked
from tests.support.matching import Household, household, open_talk, say
from tests.support.plans import Help
from tests.support.tents import answer, call_tent, closed_tent, planned_tent
from tests.support.world import World


def text(world: World, who: str | None, path: str) -> str:
    answer = world.client(who).get(path)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_a_family_reads_its_own_question_and_what_happens_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)
    request = confirmed(world)
    page = text(world, "sanne", f"/gezin/{request.family_id}/")
    assert request.words.splitlines()[0] in page
    assert "neemt contact met u op" in page


def test_my_family_leads_to_the_family(world: World) -> None:
    request = confirmed(world)
    assert world.client("sanne").get("/gezin/")["Location"] == f"/gezin/{request.family_id}/"


@pytest.mark.parametrize("who", ["bram", "anouk", "piet", "henk", "jolanda", "karin"])
def test_who_is_not_involved_finds_no_family(world: World, who: str) -> None:
    request = confirmed(world)
    assert world.client(who).get(f"/gezin/{request.family_id}/").status_code in {403, 404}
    if who in {"bram", "anouk"}:
        nothing = world.client(who).get(f"/gezin/{UUID(int=7)}/")
        assert world.client(who).get(f"/gezin/{request.family_id}/").content == nothing.content


def test_every_look_at_the_page_is_a_line_in_the_log(world: World) -> None:
    request = confirmed(world)
    for _time in range(2):
        text(world, "sanne", f"/gezin/{request.family_id}/")
    looks = Entry.objects.about(request.family_id).filter(kind=Kind.LOOK, code="family.page_seen")
    assert [line.account_id for line in looks] == [world.account("sanne").pk] * 2


def test_the_coach_sees_the_next_steps_and_the_family_does_not(world: World, helped: Help) -> None:
    path = f"/gezin/{helped.family_id}/"
    assert "Roep een tent bijeen" in text(world, "ellen", path)
    assert "Roep een tent bijeen" not in text(world, "sanne", path)


def test_a_family_with_everything_shows_it_all(world: World, house: Household) -> None:
    planned_tent(world, house)
    say(world, open_talk(world, house), "ellen")
    page = text(world, "sanne", f"/gezin/{house.family_id}/")
    assert "Klikt het?" in page
    assert "De tent" in page


def queries_of(world: World, who: str, path: str) -> int:
    client = world.client(who)
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    return len([one for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]])


def test_a_family_page_takes_as_many_queries_with_much_as_with_little(world: World, house: Household) -> None:
    closed_tent(world, house)
    open_talk(world, house)
    path = f"/gezin/{house.family_id}/"
    little = queries_of(world, "sanne", path)
    planned_tent(world, house)
    open_talk(world, house, "youssef")
    # One of them is how to reach the counsellor, which the family reads here so that it need not ask for it.
    assert queries_of(world, "sanne", path) == little <= 14
    assert queries_of(world, "ellen", path) <= 12


@pytest.mark.usefixtures("helped")
def test_a_day_takes_as_many_queries_with_much_as_with_little(world: World) -> None:
    counts = []
    for parent, other, child in (("Fatma", "Ali", "Esra"), ("Ria", "Toon", "Loes")):
        house = household(world, parent=parent, other=other, child=child)
        answer(world, call_tent(world, house.request), "anouk")
        open_talk(world, house)
        counts.append(queries_of(world, "anouk", "/vandaag/"))
    assert counts[0] == counts[1] <= 16


def test_a_family_reads_what_its_own_help_cost_and_strangers_do_not(world: World, helped: Help) -> None:
    path = f"/gezin/{helped.family_id}/kosten/"
    assert "Wat onze hulp kost" in text(world, "sanne", path)
    assert world.client("bram").get(path).status_code == 404


def test_the_auditor_reads_every_part_and_every_ground_in_words() -> None:
    """Whatever the log can hold is said; a ground that has no words would break the whole page."""
    assert set(GROUNDS) == set(Ground)
    assert set(PART_WORDS) == set(Part)
    assert set(GROUND_WORDS) == set(GROUND_WORDS_AT_WORK) == set(Ground)


def test_the_log_says_that_a_parent_looked_by_authority(world: World) -> None:
    request = talked(world)
    with time_machine.travel(world.at):
        text(world, "sanne", f"/gezin/{request.family_id}/")
    assert Entry.objects.about(request.family_id).filter(kind=Kind.LOOK, ground=Ground.AUTHORITY).exists()
    assert "gezinslid · gezag" in text(world, "karin", "/verantwoorden/")


def test_one_stands_in_one_room_also_where_a_room_lies_within_another(world: World) -> None:
    for path, here in (("/open-tent/mijn/", "Wat ik doe"), ("/open-tent/", "Open Tent")):
        now = [str(room.label) for room in rooms(world.actor("piet"), path) if room.current]
        assert now == [here]
