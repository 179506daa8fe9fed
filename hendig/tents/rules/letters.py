"""How wide words are, near enough to break lines by: no letter is measured on the screen of who looks."""

from __future__ import annotations

from unicodedata import category, east_asian_width

SIZE, LINE = 17, 23
# Of the height of a letter: what is thin, what is broad, and all between.
THIN, BROAD, COMMON = frozenset("iljtfrI.,:;!'’|()[] "), frozenset("mwMWQO@%…—"), 0.56
DOTS = "…"


def measured(text: str, size: int = SIZE) -> int:
    """About how wide this text is."""
    return round(sum(_wide(letter) for letter in text) * size)


def wrapped(text: str, width: int, *, most: int, size: int = SIZE) -> list[str]:
    """The text in lines that fit; what is left after `most` lines is three dots."""
    lines = [""]
    for word in text.split():
        for part in _broken(word, width, size):
            longer = f"{lines[-1]} {part}".strip()
            if measured(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
        if len(lines) > most:
            return [*lines[: most - 1], fitted(f"{lines[most - 1]} {DOTS}", width, size, cut=True)]
    return lines


def fitted(text: str, width: int, size: int = SIZE, *, cut: bool = False) -> str:
    """The text on one line, with three dots where it is too long; `cut`: it goes on, whatever its length."""
    if measured(text, size) <= width:
        return text
    while text and measured(f"{text}{DOTS}", size) > width:
        text = text[:-1]
    return f"{text.rstrip(f' {DOTS}')}{DOTS}" if text or cut else DOTS


def _broken(word: str, width: int, size: int) -> list[str]:
    """A word in parts that each fit on a line; mostly one."""
    if measured(word, size) <= width:
        return [word]
    parts, part = [], ""
    for letter in word:
        if part and measured(part + letter, size) > width:
            parts.append(part)
            part = ""
        part += letter
    return [*parts, part]


def _wide(letter: str) -> float:
    if letter in THIN:
        return 0.32
    if letter in BROAD or letter.isupper():
        return 0.86 if letter in BROAD else 0.68
    if east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF:
        return 1.1
    return 0.0 if category(letter) in {"Mn", "Me", "Cf", "Cc"} else COMMON
