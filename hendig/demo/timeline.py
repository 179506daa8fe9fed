"""Stories side by side: each says when it goes on, and they are told in the order of time.

Rows are read by identifiers that grow with time, and who is asked depends on who is busy: so half a year
cannot be made family by family.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from itertools import count

# A story yields the moment at which it goes on, and may hand something to the story that told it.
Story = Generator[datetime, None, None]

A_MOMENT = timedelta(minutes=4)


class Timeline:
    """What is still to be told, the earliest first. What lies at or after `until` has not happened."""

    def __init__(self, start: datetime, until: datetime) -> None:
        self.at = start
        self.until = until
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._order = count()

    def begin(self, story: Story) -> None:
        """The story begins now; it is told until its first moment."""
        self._go_on(story)

    def play(self, after_each: Callable[[], None]) -> None:
        """Every story was told until the present."""
        while self._waiting:
            at, _order, story = heapq.heappop(self._waiting)
            self.at = at
            self._go_on(story)
            after_each()

    def _go_on(self, story: Story) -> None:
        wanted = next(story, None)
        if wanted is None:
            return
        # Days move to a working day, so two steps may come close: the second still comes after the first.
        at = max(wanted, self.at + A_MOMENT)
        if at < self.until:
            heapq.heappush(self._waiting, (at, next(self._order), story))
