"""A sign for who has no photograph: the initial on calm colours; the same seed always gives the same sign.

It says nothing of somebody's sex, age or looks: a drawn face would guess, and sometimes guess wrong.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# ground, shape, letter: the letter on both at least 4.5 : 1.
_COLOURS = (
    ("#f6e3c0", "#eccb91", "#5c3d0a"),
    ("#d3e8da", "#a9d0b6", "#174a33"),
    ("#d9e3f4", "#b3c9ea", "#1f3c6b"),
    ("#f7d9ce", "#efb7a4", "#6f2a18"),
    ("#e8dff2", "#cdb9e3", "#48306b"),
    ("#e2eac8", "#c3d592", "#3c4a12"),
    ("#d1e8ea", "#a3d0d4", "#12474d"),
    ("#f4dce5", "#e6b5c8", "#6b2344"),
)
# Within a 48 by 48 box, of which a circle is seen.
_SHAPES = (
    '<path d="M0 33q12-9 24-1t24-5v21H0z"/>',
    '<circle cx="37" cy="37" r="17"/>',
    '<path d="M0 48 25 13l25 35z"/>',
    '<circle cx="11" cy="12" r="15"/>',
    '<path d="M48 0v48Q20 43 25 20 28 5 48 0z"/>',
    '<path d="M0 0h48v17Q36 27 24 19T0 22z"/>',
)


def initial(name: str) -> str:
    """The first letter of a name, as a capital."""
    return next((letter.upper() for letter in name if letter.isalpha()), "")


@lru_cache(maxsize=2048)
def sign(name: str, seed: str) -> SafeString:
    """The shapes within a 48 by 48 view box: no ids, no styles, one letter of a person."""
    chance = hashlib.sha256(seed.encode()).digest()
    ground, shade, ink = _COLOURS[chance[0] % len(_COLOURS)]
    return format_html(
        '<rect width="48" height="48" fill="{}"/><g fill="{}">{}</g>'
        '<text x="24" y="31.500" text-anchor="middle" fill="{}">{}</text>',
        ground,
        shade,
        mark_safe(_SHAPES[chance[1] % len(_SHAPES)]),  # noqa: S308 - shapes of our own
        ink,
        initial(name),
    )
