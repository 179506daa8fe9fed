"""Two who wrote in the same page at the same time: what can be put together is, the rest they choose."""

from __future__ import annotations


def same(one: str, other: str) -> bool:
    """Whether two texts read alike: a browser ends lines in its own way."""
    return [line.strip() for line in one.strip().splitlines()] == [
        line.strip() for line in other.strip().splitlines()
    ]


def merged(was: str, mine: str, now: str) -> str | None:
    """My text or theirs, where only one of us changed it; None where both did, each in another way."""
    if same(mine, now) or same(was, now):
        return mine
    return now if same(mine, was) else None


def kept(choice: str, mine: str, theirs: str) -> str:
    """What stays of two texts: one of them, or both beneath each other."""
    if choice == "theirs":
        return theirs
    return f"{theirs}\n{mine}" if choice == "both" else mine
