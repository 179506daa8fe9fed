"""A right ends at its moment by the row on which it rests, in the question itself: no job has to run for it.

What lasts until a moment is never read by the walls without asking whether that moment passed. That each of
these conditions holds is proven elsewhere (`prove access`, each left out once); here that none is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps

from hendig.families.rules.gate import limited, predicate
from hendig.operations.prove.atoms import closes_at
from hendig.operations.walls import FUNCTIONS

# What says until when a row lasts. `gone_at` and `taken_back_at` are not: who went or was taken back has no
# involvement either, and that ends.
ENDS = {"until_at", "until_on", "ended_at", "ended_on", "ends_on", "lapses_on", "expires_at", "released_at"}
READS = re.compile(r"\b(?:FROM|JOIN) ([a-z]+_[a-z]+)\b(?: (?!JOIN|WHERE|ON|ORDER|CROSS|LEFT)([a-z]+\b))?")
_SAME_DAY = "the day in words of the moment that is asked, `until_at`"
_BY_OPEN = "only of shares that `hendig_shares_open` finds, which asks"
# Read whatever that column says, and why it keeps nobody a right.
WHATEVER = {
    ("hendig_open", "families_incapacity", "until_on"): _SAME_DAY,
    ("hendig_instead", "families_incapacity", "until_on"): _SAME_DAY,
    ("hendig_measured_until", "families_measure", "until_on"): _SAME_DAY,
    ("hendig_families_of", "matching_match", "lapses_on"): "the same day as `ends_on`, which is asked",
    ("hendig_to_judge", "safety_emergency", "until_at"): "an emergency is judged after it ended",
    ("hendig_shares_to_say", "shares_share", "ended_at"): "who said yes reads also what was stopped",
    ("hendig_shared_places", "shares_share", "until_at"): _BY_OPEN,
    ("hendig_shared_places", "shares_share", "ended_at"): _BY_OPEN,
    ("hendig_shared_rows", "shares_share", "until_at"): _BY_OPEN,
    ("hendig_shared_rows", "shares_share", "ended_at"): _BY_OPEN,
    ("hendig_in_pots", "matching_match", "ends_on"): "sums of a year over groups, of help that ended as well",
    (
        "hendig_in_pots",
        "matching_match",
        "lapses_on",
    ): "sums of a year over groups, of help that ended as well",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One place where the walls read a table: in which function, as what, and the question asked there."""

    function: str
    table: str
    alias: str
    question: str


def bodies(gate: str) -> Iterator[tuple[str, str]]:
    """Each function of the walls, by its name."""
    words = f"{gate}\n{limited()}\n{FUNCTIONS.read_text()}"
    words = re.sub(r"--[^\n]*", "", words)
    for found in re.finditer(r"CREATE (?:OR REPLACE )?FUNCTION (\w+)\(.*?AS \$\$(.*?)\$\$", words, re.DOTALL):
        yield found.group(1), found.group(2)


def readings(gate: str) -> Iterator[Reading]:
    for function, body in bodies(gate):
        for found in READS.finditer(body):
            depth = body[: found.start()].count("(") - body[: found.start()].count(")")
            end = closes_at(body, found.end(), depth=1) if depth else len(body)
            yield Reading(function, found.group(1), found.group(2) or "", body[found.start() : end])


def ends_of(table: str) -> set[str]:
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    return {str(field.column) for field in model._meta.concrete_fields} & ENDS if model else set()


def asks(one: Reading, column: str) -> bool:
    name = rf"\b{one.alias}\.{column}\b" if one.alias else rf"\b{column}\b"
    return re.search(name, one.question) is not None


def test_the_walls_read_nothing_that_ends_without_asking_whether_it_did() -> None:
    every = [one for one in readings(predicate()) if ends_of(one.table)]
    assert len({one.table for one in every}) > 10
    assert len(every) > 30
    passed_over = {
        (one.function, one.table, column)
        for one in every
        for column in ends_of(one.table)
        if not asks(one, column)
    }
    assert passed_over - set(WHATEVER) == set()
    assert set(WHATEVER) <= passed_over, "what is left out here is asked, or read nowhere any more"


def test_a_condition_about_an_end_that_is_taken_out_is_missed() -> None:
    gate = predicate()
    for condition in (
        "u.until_at IS NULL OR u.until_at > moment",
        "a.until_on IS NULL OR a.until_on >= d.today",
    ):
        assert condition in gate
        shorter = gate.replace(condition, "true", 1)
        lost = [
            one
            for one in readings(shorter)
            for column in ends_of(one.table)
            if not asks(one, column) and (one.function, one.table, column) not in WHATEVER
        ]
        assert lost, condition
