"""The demo municipality Peelrand, built through the same actions that people use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation

from hendig.audit.actions import speaking
from hendig.demo import beside, board, families, months, municipality, neighbour, story
from hendig.demo.outbox import Outbox, held_back
from hendig.demo.settle import agree, set_aside, settle
from hendig.demo.timeline import Story, Timeline
from hendig.demo.town import HISTORY, Town, at_clock
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.people import actions as people

# Older notices are left out: nobody would read them. An office hears of its last payment within this time.
TOLD = timedelta(weeks=8)
# Who keeps up reads the bell on the evening before the last day but one.
READ = -2
READERS = ("ellen", "anouk", "sanne", "bram", "samira", "joost", "henk")


def build(*, seed: int, today: date, progress: Callable[[str], None]) -> None:
    """Peelrand has half a year of history that ends as `today` begins; when interrupted, nothing at all.

    The same seed and day bring the same content, names and times; only identifiers differ.
    """
    with held_back() as outbox, translation.override("nl"), transaction.atomic(), _by_itself(today):
        progress("who works here")
        town = begin(seed, today)
        progress("half a year")
        play(town, outbox, progress)


@contextmanager
def _by_itself(today: date) -> Iterator[None]:
    """Between what people do, the demo looks up what came of it."""
    with speaking(Actor.system(UUID(int=0)), at_clock(today, "00:00")):
        yield


def begin(seed: int, today: date) -> Town:
    """The municipality on its first day: everybody works, nobody asked anything yet."""
    timeline = Timeline(at_clock(today - HISTORY, "08:00"), until=at_clock(today, "00:00"))
    made = people.open_municipality(
        name=municipality.NAME,
        slug=municipality.SLUG,
        cbs_code=municipality.CBS_CODE,
        at=timeline.at,
        is_example=True,
        **municipality.FACTS,
    )
    town = Town(made.pk, seed, today, timeline)
    settle(town)
    agree(town, months.agreed_until(town), months.paid_ahead(town))
    set_aside(town)
    for family in (story.noor, *families.STORIES):
        town.begin(family(town))
    for told in (*board.stories(town), *months.stories(town)):
        town.begin(told)
    town.begin(beside.begins_soon(town))
    town.begin(neighbour.over_the_border(town, neighbour.beekdal(town)))
    for who in READERS:
        town.begin(_reads(town, who))
    return town


def play(town: Town, outbox: Outbox, progress: Callable[[str], None]) -> None:
    """Everything happened until the present, and people heard of the last days."""
    since = at_clock(town.today, "00:00") - TOLD
    shown = ""

    def after_each() -> None:
        nonlocal shown
        outbox.deliver(tell=town.at >= since, at=town.at)
        month = _month(town.at)
        if month != shown:
            shown = month
            progress(month)

    town.timeline.play(after_each)


def _month(at: datetime) -> str:
    return f"{local_day(at):%Y-%m}"


def _reads(town: Town, who: str) -> Story:
    yield town.on(READ, "21:30", weekend=True)
    people.read_all_notices(actor=town.actor(who), at=town.at)
