"""How many months are struck, and which those are. It imports nothing: it is read before the set-up."""

import os
from datetime import date, timedelta

KILLS = int(os.environ.get("HENDIG_KILLS") or 36)
# A month is so many steps, each of which is struck once.
STEPS = 12
STRUCK = -(-KILLS // STEPS)
FILES = "months"


def months(today: date) -> list[date]:
    """One that nobody disturbs and those that are struck, until the one before this; the oldest first."""
    found = [(today.replace(day=1) - timedelta(days=1)).replace(day=1)]
    while len(found) <= STRUCK:
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return found
