"""Each persona goes everywhere, and what was shown is held against what may be."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hendig.operations.prove.shown.allowed import Persona, Rights, must, why
from hendig.operations.prove.shown.canaries import Canary, Finder
from hendig.operations.prove.shown.routes import Route
from hendig.operations.prove.shown.visit import NEVER, Answer, Browser, links_in, pieces_of

# For machines: they say yes or no, and whether a worker runs.
MACHINES = frozenset({"healthz", "readyz"})
# Where somebody comes by a link alone: pages of a list, of a day, of a month.
PAGES_AT_MOST = 1500
# Of one page with another month or place in its list, which may go on for ever.
TIMES_AT_MOST = 8


@dataclass
class Seen:
    """What one persona was shown, and where first."""

    who: Persona
    words: dict[str, str] = field(default_factory=dict)
    # What one comes upon by links alone: who may see something must be able to get there.
    linked: set[str] = field(default_factory=set)
    pages: int = 0
    reached: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    # Per route: the bytes of every answer that there is nothing, whether it exists or not.
    nothing: dict[str, dict[bytes, str]] = field(default_factory=dict)

    def look(self, finder: Finder, where: str, text: str) -> None:
        for word in finder.found(text):
            self.words.setdefault(word, where)


@dataclass
class Visit:
    """One persona on its way through the site."""

    seen: Seen
    browser: Browser
    finder: Finder
    name_of: Callable[[str], str]
    done: set[str] = field(default_factory=set)
    times: Counter[str] = field(default_factory=Counter)

    def answer(self, answer: Answer, asked: str = "") -> Answer:
        """An answer is read to its end."""
        seen = self.seen
        seen.pages += 1
        name = self.name_of(answer.path)
        where = f"{asked or 'GET'} {answer.path} {answer.status}"
        # What one asks for stands in the own address, and is no answer.
        seen.look(self.finder, where, answer.text)
        if answer.status >= 500 and name not in MACHINES:
            seen.wrong.append(f"{seen.who.name}: {where}")
        if answer.stays and name:
            seen.wrong.append(f"{seen.who.name}: {where} may be kept")
        if answer.status == 404:
            seen.nothing.setdefault(name, {}).setdefault(answer.plain, answer.path)
        if answer.status in {200, 204, 405} or (
            answer.status == 302 and "/aanmelden/" not in answer.headers["location"]
        ):
            seen.reached.add(name)
        return answer

    def follow(self, starts: Iterable[str]) -> None:
        """Every link, from these pages on."""
        waiting = deque(starts)
        while waiting:
            path = waiting.popleft()
            page = path.partition("?")[0]
            if path in self.done or page in NEVER or self.times[page] >= TIMES_AT_MOST:
                continue
            if self.times.total() >= PAGES_AT_MOST:
                self.seen.wrong.append(f"{self.seen.who.name}: there is no end to the links: not {path}")
                return
            self.done.add(path)
            self.times[page] += 1
            answer = self.answer(self.browser.get(path))
            if pieces_of(answer):
                self.answer(self.browser.get(path, HX_Request="true", X_Hendig_Live="1"), "PIECE")
            waiting.extend(links_in(answer))

    def try_all(self, addresses: Iterable[tuple[Route, str]]) -> None:
        """Every route with every identifier, linked or not."""
        closed: set[str] = set()
        for route, path in addresses:
            if path in self.done or path in NEVER or route.name in closed:
                continue
            self.done.add(path)
            answer = self.answer(self.browser.get(path))
            # These come before anything is looked up: with another identifier it is the same.
            asks_in = answer.status == 302 and answer.headers["location"].startswith("/aanmelden/?")
            if answer.status in {403, 405} or asks_in:
                closed.add(route.name)
            else:
                self.follow(links_in(answer))

    def send_nothing(self, addresses: Iterable[tuple[Route, str]]) -> None:
        """Every route is posted to as well, with nothing in the form."""
        closed: set[str] = set()
        for route, path in addresses:
            if path in NEVER or path.startswith("/toegang/") or route.name in closed:
                continue
            answer = self.answer(self.browser.post(path, {}), "POST")
            asks_in = answer.status == 302 and answer.headers["location"].startswith("/aanmelden/?")
            if answer.status in {403, 405} or asks_in:
                closed.add(route.name)


@dataclass
class Verdict:
    """What came of it, in words."""

    personas: int = 0
    pages: int = 0
    canaries: int = 0
    foreign: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    seen: dict[str, Seen] = field(default_factory=dict)

    def judge(self, rights: Rights, seen: Seen) -> None:
        """No more and no less than is allowed."""
        self.personas += 1
        self.seen[seen.who.name] = seen
        self.read(rights, seen)
        for canary in rights.scene.birds.all.values():
            if must(rights, seen.who, canary) and canary.word not in seen.linked:
                self.missing.append(f"{seen.who.name} found nowhere {told(canary)}")

    def read(self, rights: Rights, seen: Seen) -> None:
        """No more than is allowed."""
        self.pages += seen.pages
        self.reached |= seen.reached
        self.wrong += seen.wrong
        canaries = rights.scene.birds.all
        for word, where in sorted(seen.words.items()):
            if not why(rights, seen.who, canaries[word]):
                self.foreign.append(f"{seen.who.name} saw {told(canaries[word])} at {where}")
        for answers in seen.nothing.values():
            if len(answers) > 1:
                self.unlike.append(f"{seen.who.name}: {' and '.join(sorted(answers.values())[:4])}")

    @property
    def problems(self) -> list[str]:
        return [*self.foreign, *self.missing, *self.unlike, *self.wrong]


def told(canary: Canary) -> str:
    place = f" in {canary.room.name} with {canary.room.child}" if canary.room else f" of {canary.of}"
    return f"{canary.word} ({canary.what}, by {canary.by or 'somebody'}{place})"
