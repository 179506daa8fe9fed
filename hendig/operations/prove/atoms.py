"""The conditions of the gate taken apart into their atoms, each to be left out or turned around once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

WORD = re.compile(r"'[^']*'|[()]|[^\s()']+|\s+")
LISTED = re.compile(r"\bIN \(('[^']*'(?:, '[^']*')+)\)")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A condition with one thing altered, and what that is."""

    what: str
    sql: str


def mutants(condition: str) -> Iterator[Mutant]:
    """Every atom left out, turned around, and every entry of a list of words left out: one at a time."""
    condition = " ".join(condition.split())
    for word, parts in (("OR", split(condition, "OR")), ("AND", split(condition, "AND"))):
        if len(parts) > 1:
            yield from _of_many(parts, f" {word} ")
            return
    yield Mutant(f"not: {condition}", f"NOT ({condition})")
    held = list(conditions(condition))
    for begin, end in held:
        for one in mutants(condition[begin:end]):
            yield Mutant(one.what, f"{condition[:begin]}{one.sql}{condition[end:]}")
    if not held:
        yield from _shorter_lists(condition)


def _of_many(parts: list[str], word: str) -> Iterator[Mutant]:
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        yield Mutant(f"without: {part}", word.join([*before, *after]))
        for one in mutants(part):
            yield Mutant(one.what, word.join([*before, f"({one.sql})", *after]))


def _shorter_lists(atom: str) -> Iterator[Mutant]:
    found = LISTED.search(atom)
    if not found:
        return
    entries = found.group(1).split(", ")
    for entry in entries:
        shorter = ", ".join(other for other in entries if other != entry)
        yield Mutant(f"without {entry}: {atom}", f"{atom[: found.start(1)]}{shorter}{atom[found.end(1) :]}")


def split(condition: str, by: str) -> list[str]:
    """The parts between the words AND or OR that stand in no parentheses."""
    parts, depth = [""], 0
    for word in WORD.findall(condition):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == by and depth == 0:
            parts.append("")
        else:
            parts[-1] += word
    return [part.strip() for part in parts]


def conditions(atom: str) -> Iterator[tuple[int, int]]:
    """From where to where conditions stand in it: in `(…)` and `NOT (…)`, and after every WHERE."""
    bare = re.match(r"(NOT )?\(", atom)
    if (
        bare
        and closes_at(atom, bare.end() - 1) == len(atom) - 1
        and not atom[bare.end() :].lstrip().startswith("SELECT")
    ):
        yield bare.end(), len(atom) - 1
        return
    end = 0
    for where in re.finditer(r" WHERE ", atom):
        # One inside another is found when that is taken apart.
        if where.end() > end:
            end = closes_at(atom, where.end(), depth=1)
            yield where.end(), end


def closes_at(text: str, at: int, depth: int = 0) -> int:
    """Where the parenthesis that opens at this place, or that `depth` says is open there, is closed."""
    for place in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError("a parenthesis stays open")
