"""The whole story in a real browser: by hand, with the keyboard only, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize

from tests.journeys import burden
from tests.journeys.person import Hand, Keyboard, Pointer
from tests.journeys.story import AFTERWARDS, BETWEEN, TO_PAID, Story, tell
from tests.support.billing import agree
from tests.support.clock import Clock
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.world import World

MOST_INTERACTIONS, MOST_FIELDS = 40, 25


@pytest.fixture
def story_by(peelrand: World, live: Live, clock: Clock, page_for: PageFor) -> Callable[..., Story]:
    """The whole story, told by these hands, from the question to the two questions at the end."""

    def told(hand: Callable[[], Hand], screen: ViewportSize | None = None) -> Story:
        agree(peelrand, code="H1")
        story = Story(peelrand, live, clock, page_for, hand, screen)
        for name, chapter in TO_PAID.items():
            if name == "Hulp":
                tell(story, *next(iter(BETWEEN.items())))
            tell(story, name, chapter)
        paid(story)
        for name, chapter in AFTERWARDS.items():
            tell(story, name, chapter)
        return story

    return told


def paid(story: Story) -> None:
    """What must be so once it is paid."""
    story.people["Henk"].sees("Er staat niets klaar om te betalen.")


@pytest.mark.slow
def test_the_story_by_hand_and_what_it_asks_of_people(
    story_by: Callable[[Callable[[], Hand]], Story],
) -> None:
    ledger = story_by(Pointer).ledger
    print(burden.page(ledger))
    together = ledger.total(set(TO_PAID))
    assert together.interactions <= MOST_INTERACTIONS
    assert together.fields <= MOST_FIELDS
    burden.settle(ledger)


@pytest.mark.slow
def test_the_story_with_the_keyboard_only(story_by: Callable[[Callable[[], Hand]], Story]) -> None:
    story_by(Keyboard)


@pytest.mark.slow
def test_the_story_with_the_keyboard_only_at_four_times_the_size(
    story_by: Callable[..., Story],
) -> None:
    """What is left of a screen of 1280 by 1024 at 400 %."""
    story_by(Keyboard, ViewportSize(width=320, height=256))


@pytest.mark.slow
def test_the_story_without_javascript(story_by: Callable[[Callable[[], Hand]], Story]) -> None:
    story_by(lambda: Pointer(scripts=False))
