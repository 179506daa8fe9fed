"""A page that is open fetches only what changed: which pieces, and what that costs."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hendig.families.models import Whom
from hendig.tents import actions
from hendig.tents.models import Phase, Tent
from hendig.tents.queries import drawn
from hendig.web.live import Ear
from tests.support.shared import built_once
from tests.support.tents import go_to, meeting, write
from tests.support.world import World

# What of the page is fetched by itself, of what is said there.
PIECES = ("clock", "talk", "understood", "heard", "write", "on-the-table")


@built_once
def tent(world: World) -> Tent:
    found = go_to(world, meeting(world), Phase.UNDERSTAND)
    write(world, found, "Er is vaak ruzie thuis.", "mark")
    return found


def fetched(world: World, tent: Tent, pieces: str) -> tuple[str, int]:
    client = world.client("sanne")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(f"/tenten/{tent.pk}/", headers={"X-Hendig-Live": pieces} if pieces else {})
    assert answer.status_code == 200
    return answer.content.decode(), len(asked)


def test_only_the_pieces_that_are_asked_for_are_drawn(world: World, tent: Tent) -> None:
    whole, all_queries = fetched(world, tent, "")
    some, few = fetched(world, tent, "talk said-turn")
    assert "Er is vaak ruzie thuis." in whole
    assert "Nu aan het woord" in whole
    assert "Nu aan het woord" in some
    assert "Aan het woord is Noor." in some
    assert "Er is vaak ruzie thuis." not in some
    assert "<footer" not in some
    assert 'id="main"' in some
    assert few <= all_queries - 3


@pytest.mark.parametrize("who", ["sanne", "mark", "ellen"])
@pytest.mark.parametrize("phase", [Phase.UNDERSTAND, Phase.GOES_WELL])
def test_a_piece_alone_is_what_it_is_on_the_whole_page(
    world: World, tent: Tent, who: str, phase: Phase
) -> None:
    actions.say_understood(actor=world.actor("mark"), tent_id=tent.pk, yes=True, words="", at=world.at)
    go_to(world, tent, phase)
    client, here = world.client(who), f"/tenten/{tent.pk}/"

    def shown(pieces: str) -> dict[str, str]:
        page = client.get(here, headers={"X-Hendig-Live": pieces} if pieces else {}).content.decode()
        # What is another one each time.
        page = re.sub(r'name="(csrfmiddlewaretoken|_key)" value="[^"]+"|card-[0-9a-f]{8}', "", page)
        parts = re.split(r'<(?:section|div) id="', page.partition("</main>")[0])
        return {part.partition('"')[0]: part for part in parts}

    whole = shown("")
    for piece in PIECES:
        assert shown(piece)[piece] == whole[piece], piece


def test_who_asks_only_for_the_turns_is_not_read_what_lies_there(world: World, tent: Tent) -> None:
    def read(pieces: str) -> bool:
        with CaptureQueriesContext(connection) as asked:
            fetched(world, tent, pieces)
        return any('"tents_piece"."text"' in one["sql"] for one in asked)

    assert (read("talk"), read("talk on-the-table"), read("")) == (False, True, True)


def test_what_lies_on_the_table_is_drawn_once_for_all_who_read_the_same(world: World, tent: Tent) -> None:
    write(world, tent, "Dit ligt er pas net.", "mark")
    before = drawn._picture.cache_info().misses
    for name in ("sanne", "mark", "ellen"):
        assert world.client(name).get(f"/tenten/{tent.pk}/").status_code == 200
    assert drawn._picture.cache_info().misses - before == 1


def test_what_is_drawn_for_one_is_not_shown_to_another(world: World, tent: Tent) -> None:
    """The drawing is kept by what it shows: who is told less, sees less."""
    parent = next(one for one in tent.family.members.all() if one.first_name == "Mark")
    piece = write(world, tent, "Mark slaapt zelf ook slecht", "mark")
    actions.say_whom(actor=world.actor("mark"), piece_id=piece.pk, about=Whom(parent.pk), at=world.at)
    mark = world.client("mark").get(f"/tenten/{tent.pk}/").content.decode()
    noor = world.client("noor").get(f"/tenten/{tent.pk}/").content.decode()
    # In the drawing for a desk and a phone, in its words, and among what was said.
    assert mark.count("Mark slaapt zelf ook slecht") >= 4
    assert "Mark slaapt zelf ook slecht" not in noor


@pytest.mark.parametrize(
    ("heard", "told"),
    [(["turns"], "turns"), (["turns", "turns"], "turns"), (["turns", ""], ""), ([""], ""), ([], "")],
)
def test_which_pieces_moved_is_told_unless_it_may_be_anything(heard: list[str], told: str) -> None:
    ear = Ear("")
    for piece in heard:
        ear.hear("tent:1", piece)
    assert ear.is_set() is bool(heard)
    assert (ear.heard(), ear.heard()) == (told, "")


def test_a_hand_tells_that_only_the_turns_moved(world: World, tent: Tent) -> None:
    with CaptureQueriesContext(connection) as asked:
        actions.raise_hand(actor=world.actor("youssef"), tent_id=tent.pk, at=world.at)
    told = [one["sql"] for one in asked if "pg_notify" in one["sql"]]
    assert len(told) == 1
    assert f"#turns family:{tent.family_id}" in told[0]
    assert f"tent:{tent.pk}" in told[0]
    with CaptureQueriesContext(connection) as asked:
        write(world, tent, "Er is vaak haast.", "mark")
    assert not any("#turns" in one["sql"] for one in asked if "pg_notify" in one["sql"])
