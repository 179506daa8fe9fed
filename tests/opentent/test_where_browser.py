"""Where to come, and who may know it, in a real browser: accessible and it fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hendig.families.actions import homes
from tests.families.test_homes import EIGHT, HERE
from tests.support.fixtures import Fits
from tests.support.matching import household
from tests.support.opentent import answer, ask_the_board, connect
from tests.support.world import world_from


def test_the_pages_are_accessible(fits: Fits) -> None:
    world = world_from(datetime.now(UTC) - timedelta(hours=5))
    house = household(world, born_on=EIGHT)
    sanne = world.actor("sanne")
    mine, today = house.member("Sanne").pk, world.at.date()
    homes.note_home(actor=sanne, person_id=mine, address=HERE, from_on=today, at=world.at)
    question = ask_the_board(world, house.request)
    first = connect(world, answer(world, question))
    answer(world, question, "anouk")
    homes.let_know(actor=sanne, person_id=mine, account_id=world.account("piet").pk, at=world.at)
    for who, paths in (
        ("piet", [f"open-tent/antwoord/{first.pk}/waar/", "open-tent/mijn/"]),
        ("sanne", [f"open-tent/vraag/{question.request_id}/"]),
    ):
        fits(world.account(who).pk, [f"/{path}" for path in paths])
