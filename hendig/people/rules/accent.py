"""The colour of a municipality: why not this one, and its shade for the night; everything stays readable."""

from __future__ import annotations

import re
from collections.abc import Iterable
from colorsys import hls_to_rgb, rgb_to_hls

from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Refusal

# The look of Hendig itself, where a municipality chose none.
GREEN, GREEN_BY_NIGHT = "#1f5c4a", "#8fd3b6"
# WCAG 2.2 AA, 1.4.3: what is read stands out that much.
CLEAR = 4.5
# What words in the colour stand on, and what is mixed with it for a soft ground, as in base.css; by night
# also the words that stand on the colour itself. By day those are white, which is a ground as well.
DAY = ("#ffffff", "#fbf7f0", "#f4ede2")
GLOW = "#fdfae9"
NIGHT = ("#24211d", "#1a1815", "#2d2924")
ON_NIGHT = "#10231c"
SOFT = 0.11
COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
STEPS = 100


def why_no_accent(colour: str, *, now: str = "") -> Refusal | None:
    """Why a municipality cannot have this colour; `now` is the one that it has."""
    if not COLOUR.fullmatch(colour):
        return Refusal("accent.unknown", _("Dit is geen kleur. Schrijf hem als # met zes tekens: #1f5c4a."))
    if colour == now:
        return Refusal("accent.same", _("Dit is de kleur al."))
    if not _reads_by_day(colour):
        return Refusal(
            "accent.pale",
            _("Op deze kleur is wit niet goed te lezen. Kies een donkerdere, of neem de kleur hieronder."),
        )
    return None


def nearest(colour: str) -> str:
    """The same colour, only as much darker as it takes to be read on everything by day."""
    shades = (mixed(colour, "#000000", step / STEPS) for step in range(STEPS + 1))
    return next(filter(_reads_by_day, shades))


def by_night(colour: str) -> str:
    """The same colour, as full and only as much lighter as it takes to be read on everything in the dark."""
    if colour == GREEN:
        return GREEN_BY_NIGHT
    hue, light, full = rgb_to_hls(*(part / 255 for part in _parts(colour)))
    lights = (light + (1 - light) * step / STEPS for step in range(STEPS + 1))
    shades = (_written(part * 255 for part in hls_to_rgb(hue, one, full)) for one in lights)
    return next(filter(_reads_by_night, shades))


def _reads_by_day(colour: str) -> bool:
    return all(contrast(colour, ground) >= CLEAR for ground in (*DAY, mixed(GLOW, colour, SOFT)))


def _reads_by_night(colour: str) -> bool:
    return all(
        contrast(colour, ground) >= CLEAR for ground in (*NIGHT, ON_NIGHT, mixed(NIGHT[0], colour, SOFT))
    )


def mixed(one: str, other: str, part: float) -> str:
    """So much of the other in the one, as `color-mix(in srgb)` does."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return _written(mine + (theirs - mine) * part for mine, theirs in pairs)


def contrast(one: str, other: str) -> float:
    """How much two colours stand out against each other, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    shares = (part / 255 for part in _parts(colour))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _written(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in parts)


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
