"""Words that people typed, within words of ours: on paper each is read aloud in its own language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Private signs around what somebody typed: nobody can type them, for what is typed loses them (`typed`).
_OPENS, _CLOSES = "\ue000", "\ue001"
_TYPED = re.compile(f"{_OPENS}(.*?){_CLOSES}", re.DOTALL)
_TWO_STOPS = re.compile(f"([.!?…])({_CLOSES})[.]")
# People here write Dutch, unless the letters say otherwise.
WRITTEN = {"ARABIC": "ar", "CYRILLIC": "uk"}
OTHERWISE = "nl"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words, and the language that they are in; none for the language of the document."""

    text: str
    lang: str = ""


def typed(text: str) -> str:
    """These words were typed."""
    return f"{_OPENS}{plain(text).strip()}{_CLOSES}"


def plain(text: str) -> str:
    """The words without what says who wrote them."""
    return text.replace(_OPENS, "").replace(_CLOSES, "")


def runs(text: str) -> Sequence[Run]:
    """The words in the order in which they are read, typed or ours."""
    found = []
    for at, part in enumerate(_TYPED.split(_TWO_STOPS.sub(r"\1\2", text))):
        if part:
            found.append(Run(part, language_of(part) if at % 2 else ""))
    return found


def language_of(text: str) -> str:
    """In which language somebody typed this, as far as the letters tell."""
    scripts = [unicodedata.name(sign, "").partition(" ")[0] for sign in text if sign.isalpha()]
    for script, language in WRITTEN.items():
        if scripts.count(script) * 2 > len(scripts):
            return language
    return OTHERWISE
