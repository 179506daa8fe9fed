"""A friendly drawn face for who has no photograph: the same seed always gives the same face."""

from __future__ import annotations

import hashlib
from functools import lru_cache

# Chosen so that the people of the demo story look like themselves.
_SALT = 126923
_BACKGROUNDS = (
    "#f3d9b1",
    "#cfe3d4",
    "#d5dff0",
    "#f2d3c9",
    "#e4d9ee",
    "#dbe5c3",
    "#f5e2a8",
    "#cfe5e8",
)
_SKINS = ("#f6d5bd", "#edbf9b", "#d9a27c", "#b57b56", "#8a5a3c", "#f9e0cd")
_HAIRS = (
    "#2e2521",
    "#5a3a26",
    "#8a5a2f",
    "#c99a52",
    "#a34a2a",
    "#8c8780",
    "#d8d3cb",
    "#3d2c2c",
)
_CLOTHES = (
    "#2f6b57",
    "#b5533c",
    "#3c5d8a",
    "#8a6d1f",
    "#6a4a7c",
    "#3f7d86",
    "#a8475f",
    "#4a4a52",
)
_BEHIND = (
    "",
    '<path d="M13 44V24a11 11 0 0 1 22 0v20z" fill="{hair}"/>',
    '<path d="M12 36c-1-20 4-26 12-26s13 6 12 26l-4 2H16z" fill="{hair}"/>',
    '<circle cx="24" cy="9" r="4.5" fill="{hair}"/>',
)
_FRONT = (
    '<path d="M14.5 21c0-8 4-11 9.5-11s9.5 3 9.5 11c-2-3-4-5-5-6-3 2-9 2-14 6z" fill="{hair}"/>',
    '<path d="M14.5 22c-1-9 4-13 10-12.500s9.5 5 9 12.500c-1-4-3-6-8-6.5-5 .5-9 1-11 6.500z" fill="{hair}"/>',
    '<path d="M14.5 20a9.5 9.5 0 0 1 19 0c-3-3.5-16-3.5-19 0z" fill="{hair}"/>',
    '<path d="M14 23c-1-10 5-13.5 11-13 4 0 8.5 3 9 11-2-1-6-2-8-5-2 4-8 4-12 7z" fill="{hair}"/>',
    '<path d="M14 20c-2-5 2-8 4-8 2-3 6-3 8-1 4-1 8 2 8 5 1 2 0 4-.5 5-2-5-17-6-19.5-1z" fill="{hair}"/>',
)
_GLASSES = (
    '<g fill="none" stroke="#2b2724" stroke-width=".9"><circle cx="20.2" cy="23" r="2.7"/>'
    '<circle cx="27.8" cy="23" r="2.7"/><path d="M22.9 23h2.2"/></g>'
)


def initials(name: str) -> str:
    """At most two letters, enough to tell people apart in print."""
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@lru_cache(maxsize=2048)
def face(seed: str) -> str:
    """The shapes of a face within a 48 by 48 view box; safe markup, no ids, no styles."""
    chance = hashlib.sha256(f"{_SALT}{seed}".encode()).digest()

    def pick(options: tuple[str, ...], at: int) -> str:
        return options[chance[at] % len(options)]

    hair, skin = pick(_HAIRS, 2), pick(_SKINS, 1)
    behind = pick(_BEHIND, 4)
    glasses = _GLASSES if chance[6] % 5 == 0 else ""
    mouth = (
        '<path d="M21 28.500q3 2.6 6 0" fill="none" stroke="#7a3b2c"'
        ' stroke-width="1.3" stroke-linecap="round"/>'
    )
    return (
        f'<rect width="48" height="48" fill="{pick(_BACKGROUNDS, 0)}"/>'
        + behind.format(hair=hair)
        + f'<path d="M6 50c0-10 8-14 18-14s18 4 18 14z" fill="{pick(_CLOTHES, 3)}"/>'
        + f'<path d="M20.5 30h7v7q-3.5 3.5-7 0z" fill="{skin}"/>'
        + f'<ellipse cx="24" cy="23" rx="9.2" ry="10.5" fill="{skin}"/>'
        + pick(_FRONT, 5).format(hair=hair)
        + '<g fill="#2b2724"><circle cx="20.2" cy="23" r="1.15"/><circle cx="27.8" cy="23" r="1.15"/></g>'
        + mouth
        + glasses
    )
