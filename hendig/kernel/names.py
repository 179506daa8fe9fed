"""Names as people spell, hear and mistype them: which words they have, and which letters stay when one slips.

A name is made into words without accents. By its words it is found exactly and by how it begins, by its sound
(`hendig.kernel.sounds`) it is found when it was only heard, and by its halves when one letter went wrong:
a single slip leaves one of the two halves of a word whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from hendig.kernel import traces
from hendig.kernel.dates import Span, take_dates

# Small words before a surname, also as they are shortened: typed or not, they make no difference.
PARTICLES = traces.PARTICLES | {"d", "l", "v", "vd", "vdr"}
# The same ones, written to the surname as Belgians and registers abroad do.
_GLUED = re.compile(r"^(?:vanden|vander|vande|van|el|ben|ait)(?=\w{4})")
# Ukrainian and Russian letters as a Dutch passport writes them; after `fold`, so й and ї are и and і.
_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ye", "ж": "zh", "з": "z",
        "и": "y", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
        "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "",
        "ю": "yu", "я": "ya", "э": "e", "ы": "y", "ъ": "",
    }
)  # fmt: skip
_APOSTROPHES = re.compile(r"(?<=\w{2})['’ʼ`](?=\w)")
_WORD = re.compile(r"[^\W_]+")

# Shorter words are too near to others for one wrong letter to mean anything.
SLIPS_FROM = 5
LONGEST = 40
TYPED_AT_MOST = 5


class Why(IntEnum):
    """Why somebody is found, best first."""

    EXACT = 0
    BEGINS = 1
    SOUNDS = 2
    SLIP = 3


def words(name: str) -> tuple[str, ...]:
    """The words of a name in small letters without accents, in the order in which they stand."""
    plain = _APOSTROPHES.sub("", traces.fold(name).translate(_CYRILLIC))
    return tuple(word[:LONGEST] for word in _WORD.findall(plain))


def found_by(*names: str) -> tuple[str, ...]:
    """Every word by which somebody with these names (a first name, a surname) is found.

    Particles of a surname do not count; names of several words are also found when written as one.
    """
    found: dict[str, None] = {}
    for name in names:
        every = words(name)
        own = [word for word in every if word not in PARTICLES] or every
        for word in own:
            found[word] = None
            bare = _GLUED.sub("", word)
            found[bare] = None
        for one in ("".join(every), "".join(own)):
            found[one[:LONGEST]] = None
    return tuple(word for word in found if word)


def halves(word: str) -> tuple[str, str]:
    """The two halves of a word, each with the length of the whole; empty for a word that is too short."""
    size = len(word)
    if size < SLIPS_FROM:
        return "", ""
    return f"{size}.{word[: size // 2]}", f"{size}.{word[size // 2 :]}"


@dataclass(frozen=True, slots=True)
class Slip:
    """What a word with one letter wrong can be: by its halves to look it up, by patterns to make sure.

    In a pattern `_` is any one letter. One letter more, less or other, or two beside each other swapped.
    """

    heads: tuple[str, ...]
    tails: tuple[str, ...]
    patterns: tuple[str, ...]


def slip(typed: str) -> Slip | None:
    """The words of five letters or more that this may be a slip of; None when it is too short to tell."""
    size = len(typed)
    if size < SLIPS_FROM - 1:
        return None
    lengths = [length for length in (size - 1, size, size + 1) if length >= SLIPS_FROM]
    heads = {f"{length}.{typed[: length // 2]}" for length in lengths}
    tails = {f"{length}.{typed[size - (length - length // 2) :]}" for length in lengths}
    half = size // 2
    if size >= SLIPS_FROM:
        # Two letters swapped across the middle leave neither half whole.
        heads.add(f"{size}.{typed[: half - 1]}{typed[half]}")
    less = {typed[:at] + typed[at + 1 :] for at in range(size)}
    more = {f"{typed[:at]}_{typed[at:]}" for at in range(size + 1)}
    other = {f"{typed[:at]}_{typed[at + 1 :]}" for at in range(size)}
    swapped = {typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :] for at in range(size - 1)}
    patterns = {one for one in less | more | other | swapped if len(one) >= SLIPS_FROM}
    return Slip(tuple(sorted(heads)), tuple(sorted(tails)), tuple(sorted(patterns)))


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word that was typed, and what it makes together with the word before or after it."""

    word: str
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in the one field to find somebody: words of a name, and when they were born."""

    words: tuple[TypedWord, ...]
    born: tuple[Span, ...] = ()


def read(typed: str) -> Typed | None:
    """What was typed, as words and a birth date; None when there is no letter and no date in it.

    Particles do not count, unless nothing else was typed: then somebody may still be typing.
    """
    rest, born = take_dates(typed)
    every = words(rest)
    own = [word for word in every if word not in PARTICLES] or list(every)
    # One letter beside a whole word is a word that somebody is still typing.
    own = [word for word in own if len(word) > 1] or own
    own = list(dict.fromkeys(own))[:TYPED_AT_MOST]
    if not own and not born:
        return None
    pairs = ["".join(pair) for pair in pairwise(own)]
    found = [
        TypedWord(word, tuple(one for one in (*pairs[max(0, at - 1) : at], *pairs[at : at + 1])))
        for at, word in enumerate(own)
    ]
    return Typed(tuple(found), born)
