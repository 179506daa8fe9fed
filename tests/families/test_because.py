"""Every page that shows a record says why its reader is there, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import get_resolver, reverse

from hendig.audit.models import Entry, Kind
from hendig.families.models import Involvement, Part
from hendig.matching.models import Match, MatchTalk
from tests.support.families import trusted
from tests.support.matching import Household, household, open_talk, say
from tests.support.shared import built_once
from tests.support.world import World
from tests.web.test_routes import routes


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    found = household(world)
    say(world, open_talk(world, found), "noor", "sanne", "mark", "ellen", "anouk")
    return found


def pages(house: Household) -> Iterator[str]:
    """Every address with one key in it, where it is a key that there is of this family."""
    keys: dict[str, UUID] = {
        "family_id": house.family_id,
        "request_id": house.request.pk,
        "record_id": house.request.compartment.record_id,
        "member_id": house.child.pk,
        "talk_id": MatchTalk.objects.get().pk,
        "match_id": Match.objects.get().pk,
    }
    for route in routes(get_resolver().url_patterns):
        if "<uuid:" in str(route.pattern) and str(route.pattern).count("<") == 1:
            named = str(route.pattern).split("<uuid:")[1].split(">")[0]
            if named in keys:
                yield reverse(str(route.name), kwargs={named: keys[named]})


@pytest.mark.parametrize(
    ("name", "words", "at_least"),
    [
        ("ellen", "U bent hier omdat u de gezinscoach bent.", 20),
        ("anouk", "U bent hier omdat u dit gezin helpt.", 10),
    ],
)
def test_every_page_of_a_record_says_why_one_is_there_and_until_when(
    world: World, house: Household, name: str, words: str, at_least: int
) -> None:
    client, silent, seen = world.client(name), [], 0
    for path in pages(house):
        before = Entry.objects.filter(kind=Kind.LOOK).count()
        answer = client.get(path)
        looked = Entry.objects.filter(kind=Kind.LOOK).count() > before
        if answer.status_code != 200 or not looked or "text/html" not in answer["Content-Type"]:
            continue
        shown, seen = answer.content.decode(), seen + 1
        if words not in shown or (name == "ellen" and "Tot <time" not in " ".join(shown.split())):
            silent.append(path)
    assert silent == []
    assert seen >= at_least


def test_the_family_itself_reads_no_such_line(world: World, house: Household) -> None:
    for name in ("family", "circle", "plan", "own_record"):
        shown = world.client("sanne").get(reverse(name, args=[house.family_id])).content.decode()
        assert 'id="because"' not in shown


def test_whom_the_family_trusts_reads_so_and_until_when(world: World, house: Household) -> None:
    trusted(world, house.request.compartment.record_id, by="noor")
    client = world.client("joke")
    for name in ("family", "who_looked", "plan"):
        answer = client.get(reverse(name, args=[house.family_id]))
        assert answer.status_code == 200, name
        shown = " ".join(answer.content.decode().split())
        assert (
            "U bent hier omdat dit gezin u vertrouwt. Het gezin gaf daar toestemming voor. Tot <time" in shown
        )
        assert reverse("own_family", args=[house.family_id]) not in shown
        assert "Een jaar langer" not in shown


def test_a_page_without_a_record_says_nothing_of_one_that_was_seen_before(
    world: World, house: Household
) -> None:
    client = world.client("ellen")
    assert 'id="because"' in client.get(reverse("circle", args=[house.family_id])).content.decode()
    for page in (client.get(reverse("coach_board")), client.get(reverse("circle", args=[UUID(int=7)]))):
        assert 'id="because"' not in page.content.decode()


def test_what_is_not_there_in_a_record_answers_as_what_is_nowhere(world: World, house: Household) -> None:
    """Whether a record was opened on the way is not told."""
    client, nothing = world.client("ellen"), UUID(int=7)
    for name in ("plan_appointment", "continue_help", "end_request"):
        here, nowhere = (
            client.get(reverse(name, args=[family, nothing])) for family in (house.family_id, nothing)
        )
        assert (here.status_code, nowhere.status_code) == (404, 404), name
        assert here.content == nowhere.content, name


def test_a_coach_stays_longer_in_one_click_from_any_page_of_the_record(
    world: World, house: Household
) -> None:
    world.later(days=300)
    shown = world.client("ellen").get(reverse("circle", args=[house.family_id])).content.decode()
    assert "Een jaar langer" in shown
    assert world.client("ellen").post(reverse("stay_longer", args=[house.family_id])).status_code == 302
    row = Involvement.objects.get(part=Part.COACH, account=world.account("ellen"))
    assert row.until_at == world.at + timedelta(days=365)
