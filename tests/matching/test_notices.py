"""Who hears of a match talk and a match, in which words, and where it leads."""

from __future__ import annotations

import pytest

from hendig.audit.models import Entry
from hendig.matching import actions
from hendig.people import actions as people
from hendig.people.models import Notice
from tests.support.matching import Household, open_talk, say
from tests.support.world import World


def told(world: World, code: str) -> set[str]:
    """The first names of who has a notice of the last such entry, after the worker did its work."""
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    notices = Notice.objects.filter(entry_id=entry.pk).select_related("account")
    for notice in notices:
        client = world.client(notice.account.first_name)
        assert client.get(notice.url).status_code in {200, 302}, notice.url
    return {notice.account.first_name for notice in notices}


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def test_everyone_at_the_table_hears_once_and_never_who_acted(world: World, house: Household) -> None:
    talk = open_talk(world, house)
    assert told(world, "match.opened") == {"Sanne", "Mark", "Noor", "Anouk"}
    say(world, talk, "noor")
    assert told(world, "match.answered") == set()
    say(world, talk, "mark", yes=False)
    assert told(world, "match.answered") == {"Ellen"}
    match = say(world, talk, "mark", "sanne", "ellen", "anouk").match
    assert match is not None
    assert told(world, "match.made") == {"Sanne", "Mark", "Noor", "Ellen"}
    actions.end_match(actor=world.actor("sanne"), match_id=match.pk, ends_on=world.at.date(), at=world.at)
    assert told(world, "match.ended") == {"Mark", "Noor", "Ellen", "Anouk"}


def test_after_no_click_family_and_professional_hear_that_the_search_goes_on(
    world: World, house: Household
) -> None:
    talk = open_talk(world, house)
    actions.look_further(actor=world.actor("ellen"), talk_id=talk.pk, at=world.at)
    assert told(world, "match.no_click") == {"Sanne", "Mark", "Noor", "Anouk"}
