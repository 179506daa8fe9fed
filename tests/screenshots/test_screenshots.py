"""The pictures of the user guide, taken in a browser from the demo municipality (`make screenshots`).

The day is always the same, so a picture changes only when its page does.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page

from hendig import demo
from hendig.kernel.periods import AMSTERDAM
from hendig.people.models import Account
from tests.support.clock import Clock
from tests.support.fixtures import PageFor
from tests.support.home import ROOT
from tests.support.live import Live
from tests.support.world import signed_in

PICTURES = ROOT / "docs/handleiding/beelden"
SEED, DAY = 1, date(2026, 11, 25)
MOST_BYTES = 80_000
ALL_BYTES = 2_500_000
NOBODY = ""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: whose page, which links lead there from the front door, and which part of it is shown.

    A step is a path or the words of a link. `since` is the heading to begin with.
    """

    name: str
    who: str
    steps: tuple[str, ...] = ()
    since: str = ""
    height: int = 760
    wide: bool = False


SHOTS = (
    Shot("gezin-vraag", NOBODY, ("/hulp/",), height=840),
    Shot("gezin-pagina", "Sanne", height=1000),
    Shot("gezin-wie-helpt", "Sanne", since="Wie helpt", height=400),
    Shot("gezin-buurt", "Sanne", ("Onze vraag in de Open Tent",), since="Samen koekjes bakken", height=720),
    Shot("gezin-wie-welkom", "Fatima", since="De tent", height=760),
    Shot("gezin-blad", "Sanne", ("De bladzijde van het gesprek",), height=820),
    Shot("gezin-klikt-het", "Mark", ("Klikt het?",), height=900),
    Shot("gezin-hoe-was-het", "Lisa", since="Hoe was het?", height=330),
    Shot("gezin-plan", "Sanne", ("Ons plan",), height=820),
    Shot("gezin-kring", "Sanne", ("Wie er om ons heen staat",), height=800),
    Shot("gezin-wie-keek", "Sanne", ("Wie keek er mee",), height=760),
    Shot("open-tent", NOBODY, ("/open-tent/",), height=800),
    Shot("buur-ja", "Piet", height=620),
    Shot("coach-bord", "Ellen", wide=True, height=850),
    Shot("coach-gesprek", "Ellen", ("Eva Smulders",), wide=True, height=900),
    Shot("coach-gezin", "Ellen", ("Fatima El Idrissi",), wide=True, height=1120),
    Shot("coach-tent", "Ellen", ("Lisa Hermans", "Roep een tent bijeen"), wide=True, height=900),
    Shot(
        "coach-match",
        "Ellen",
        ("Sanne Verhoeven", "Kies wie kan helpen"),
        since="Met wie maken zij kennis?",
        height=760,
    ),
    Shot("vandaag", "Anouk", height=820),
    Shot("vandaag-tenten", "Anouk", since="Gezinnen zoeken uw expertise", height=600),
    Shot("beroepskracht-tent", "Hanneke", ("Naar de tent",), height=820),
    Shot("beroepskracht-plan", "Anouk", ("Finn",), height=820),
    Shot("partner-maand", "Jolanda", wide=True, height=900),
    Shot("partner-factuur", "Jolanda", ("augustus 2026",), wide=True, height=900),
    Shot("gemeente-betalen", "Henk", wide=True, height=830),
    Shot("gemeente-leren", "Petra", wide=True, height=900),
    Shot("gemeente-verantwoorden", "Karin", wide=True, height=700),
)


def build() -> None:
    try:
        demo.build(seed=SEED, today=DAY, progress=lambda _words: None)
    finally:
        connections.close_all()


@pytest.fixture
def peelrand(live: Live, clock: Clock) -> None:
    """The demo municipality on the day of the pictures."""
    # Not in this thread: the browser's loop runs here, and what the demo holds back wants a loop of its own.
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(build).result()
    live.wait_for_jobs(60)
    clock.set(datetime(DAY.year, DAY.month, DAY.day, 10, 35, tzinfo=AMSTERDAM))


@pytest.fixture
def open_as(peelrand: None, live: Live, page_for: PageFor) -> Callable[..., Page]:
    """Opens the front door of somebody of Peelrand."""

    def open_page(name: str, *, wide: bool) -> Page:
        page = page_for(phone=not wide)
        if name:
            cookie = signed_in(Account.objects.get(first_name=name).pk)
            page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
        page.goto("/")
        return page

    return open_page


def walk(page: Page, steps: tuple[str, ...]) -> None:
    for step in steps:
        if step.startswith("/"):
            page.goto(step)
        else:
            link = page.get_by_role("link", name=re.compile(rf"^\s*{re.escape(step)}")).first
            page.goto(str(link.get_attribute("href")))


def take(page: Page, shot: Shot) -> bytes:
    """What this person has on the screen. Playwright has no webp, and a png is four times as heavy."""
    page.set_viewport_size({"width": page.evaluate("innerWidth"), "height": shot.height})
    page.evaluate("document.querySelector('.ribbon')?.remove()")
    page.evaluate("document.fonts.ready.then(() => true)")
    if shot.since:
        heading = page.get_by_role("heading", name=shot.since).first
        heading.evaluate("(found) => scrollTo(0, found.getBoundingClientRect().top + scrollY - 44)")
    answer = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot", {"format": "webp", "quality": 80}
    )
    return base64.b64decode(answer["data"])


@pytest.mark.screenshots
def test_the_guide_shows_the_pages_as_they_are(open_as: Callable[..., Page]) -> None:
    written: dict[Path, int] = {}
    for shot in SHOTS:
        page = open_as(shot.who, wide=shot.wide)
        walk(page, shot.steps)
        picture = take(page, shot)
        page.context.close()
        file = PICTURES / f"{shot.name}.webp"
        file.write_bytes(picture)
        written[file] = len(picture)
    for file in set(PICTURES.glob("*.webp")) - set(written):
        file.unlink()
    assert [file.name for file, size in written.items() if size > MOST_BYTES] == []
    assert sum(written.values()) < ALL_BYTES
