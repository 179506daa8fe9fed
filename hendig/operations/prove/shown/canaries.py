"""Words that stand nowhere else: each is typed once, and tells of itself where it belongs."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from hendig.kernel.bsn import passes_eleven

CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


@dataclass(frozen=True, slots=True)
class Room:
    """A compartment of the record of a child, by short names of ours: the oracle says to whom it is open."""

    child: str
    kind: str = "shared"
    # Of `own_note` and `gp`: who wrote it; of `parent`: which parent; of `address`: who lives there.
    of: str = ""
    # The other children in whose record the same stands: one home is a row in each record of who lives there.
    also: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.kind} of {self.of}" if self.of else self.kind


@dataclass(frozen=True, slots=True)
class Canary:
    """Something that was typed: by whom, what it is, and in which compartment it belongs, if in any."""

    word: str
    what: str
    by: str = ""
    room: Room | None = None
    # Of whom it tells, for what lies in no compartment: a family or a person, by a short name of ours.
    of: str = ""
    # It is about somebody else than the child of that record.
    another: bool = False
    forms: tuple[str, ...] = ()

    @property
    def needles(self) -> tuple[str, ...]:
        """How it may be written on a page, in small letters and without spaces in numbers."""
        return self.forms or (self.word.lower(),)


@dataclass
class Aviary:
    """All canaries, by their word. The same seed gives the same words."""

    seed: int
    all: dict[str, Canary] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._words = self._made()

    def _made(self) -> Iterator[str]:
        chance = random.Random(self.seed)  # noqa: S311 - it names what is nobody's
        seen = set()
        while True:
            # No Dutch or English word begins so.
            word = "Qa" + "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(3))
            if word not in seen:
                seen.add(word)
                yield word

    def word(
        self, what: str, *, by: str = "", room: Room | None = None, of: str = "", another: bool = False
    ) -> str:
        """A new word, to be typed as `what`."""
        return self.keep(Canary(next(self._words), what, by, room, of, another)).word

    def phone(self, what: str, of: str) -> str:
        number = f"06{40000000 + len(self.all) * 9973 % 9000000}"
        self.keep(Canary(number, what, of, of=of, forms=(number, f"+31{number[1:]}")))
        return number

    def number(self, what: str, *, by: str, room: Room) -> str:
        """A citizen service number of the range for tests, by which nobody is called."""
        tests = (str(one) for one in range(999900000 + len(self.all) * 11, 10**9))
        return self.keep(Canary(next(filter(passes_eleven, tests)), what, by, room)).word

    def day(self, what: str, day: date, *, of: str, room: Room | None = None) -> date:
        """A birth date, in each way in which a page could write it."""
        forms = (
            day.isoformat(),
            f"{day.day}{MONTHS[day.month - 1]}{day.year}",
            f"{day:%d-%m-%Y}",
            f"{day.day}-{day.month}-{day.year}",
            f"{day:%Y%m%d}",
        )
        self.keep(Canary(day.isoformat(), what, of=of, room=room, forms=forms))
        return day

    def keep(self, canary: Canary) -> Canary:
        self.all[canary.word] = canary
        return canary

    def finder(self) -> Finder:
        return Finder(self.all.values())


class Finder:
    """Finds canaries in what somebody was shown."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self.word_of = {needle: one.word for one in canaries for needle in one.needles}
        letters = [needle for needle in self.word_of if needle.isalpha()]
        others = [needle for needle in self.word_of if not needle.isalpha()]
        self._letters = re.compile("|".join(map(re.escape, letters)))
        self._others = re.compile("|".join(map(re.escape, others)))

    def found(self, text: str) -> set[str]:
        small = text.lower()
        close = "".join(small.replace("&nbsp;", "").split())
        hits = set(self._letters.findall(small)) | set(self._others.findall(close))
        return {self.word_of[needle] for needle in hits}
