"""Every atom of the gate altered once: the oracle notices each, or it guards nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg

from hendig.families.rules.gate import ALLOW, BY_A_YES, DENY, INVOLVED, LIMITS, Rule, limited, predicate
from hendig.operations.database import conninfo
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress
from hendig.operations.prove import rows
from hendig.operations.prove.atoms import mutants
from hendig.operations.prove.oracle import World
from hendig.operations.prove.scratch import scratch
from hendig.operations.prove.worlds import world as made_world

NAME = "hendig_open_altered"
SEED = 1
WORLDS = 200
# First a few questions, which most mutants do not survive, and each time so many more of who does.
FIRST, MORE = 150, 8
# The altered gate is asked everything at once, which PostgreSQL does quickly when it may look inside.
INLINE = (
    ("LANGUAGE plpgsql", "LANGUAGE sql"),
    ("SECURITY DEFINER", ""),
    ("SET search_path = public, pg_temp", ""),
    ("#variable_conflict use_column\nBEGIN RETURN QUERY SELECT", "SELECT"),
    ("IS NOT NULL;\nEND $$", "IS NOT NULL\n$$"),
)
# The same of what is left out for who is here by a yes alone: of the child, and of a sort of pieces.
NAME_OF_LIMITS = "hendig_limited_altered"
SORTS = ("child", "plan")
ASKED = f"""
    SELECT a.n, array_remove(array_agg(DISTINCT o.compartment_id), NULL)
    FROM unnest(%s::int[], %s::uuid[], %s::timestamptz[]) AS a(n, who, moment)
    LEFT JOIN LATERAL {NAME}(a.who, a.moment) o ON true GROUP BY a.n
"""  # noqa: S608 - our own words

ASKED_OF_LIMITS = f"""
    SELECT a.n, {NAME_OF_LIMITS}(a.who, a.moment, a.sort)
    FROM unnest(%s::int[], %s::uuid[], %s::timestamptz[], %s::text[]) AS a(n, who, moment, sort)
"""  # noqa: S608 - our own words

# Who asks when, of what sort where that is asked, and the answer of the design.
Question = tuple[UUID, datetime, str, frozenset[UUID]]


@dataclass(frozen=True, slots=True)
class Altered:
    """The gate with one atom altered."""

    rule: str
    what: str
    sql: str


def altered() -> Iterator[Altered]:
    """Every mutant of the gate, rule by rule."""
    for one in mutants(INVOLVED):
        yield Altered("involvement", one.what, predicate(involved=one.sql, name=NAME))
    for table in (ALLOW, DENY):
        for place, rule in enumerate(table):
            yield Altered(rule.number, "without the rule", _with(table, place, None))
            for one in mutants(rule.holds):
                yield Altered(rule.number, one.what, _with(table, place, replace(rule, holds=one.sql)))


def altered_limits() -> Iterator[Altered]:
    """Every mutant of what a yes leaves out."""
    for one in mutants(LIMITS):
        yield Altered("a yes for less", one.what, limited(limits=one.sql, name=NAME_OF_LIMITS))
    for one in mutants(BY_A_YES):
        yield Altered("by a yes alone", one.what, limited(by_a_yes=one.sql, name=NAME_OF_LIMITS))


def _with(table: Sequence[Rule], place: int, rule: Rule | None) -> str:
    changed = (*table[:place], *((rule,) if rule else ()), *table[place + 1 :])
    if table is ALLOW:
        return predicate(allow=changed, name=NAME)
    return predicate(deny=changed, name=NAME)


def main(place: Installation, seed: int) -> None:
    """Ends with a line of JSON; a Failure when one was not noticed."""
    began = time.monotonic()
    with (
        scratch(place, "mutants") as made,
        psycopg.connect(conninfo(made.owner_url), autocommit=True) as owner,
    ):
        asked_of = prepare(owner, seed)
        ours = {False: predicate(name=NAME), True: limited(name=NAME_OF_LIMITS)}
        if any(noticed(owner, gate, asked_of[limits]) for limits, gate in ours.items()):
            raise Failure("The gate itself differs: `hendig prove access` says where.")
        gates = [(False, one) for one in altered()] + [(True, one) for one in altered_limits()]
        began = time.monotonic()
        unnoticed = []
        with Progress("Altering the gate") as progress:
            for number, (limits, gate) in enumerate(gates, start=1):
                if not noticed(owner, gate.sql, asked_of[limits]):
                    unnoticed.append(gate)
                if number % 25 == 0:
                    progress(f"{number} of {len(gates)}, {len(unnoticed)} not noticed")
    for gate in unnoticed:
        print(f"{gate.rule}: {gate.what}")
    figures = {
        "mutants": len(gates),
        "noticed": len(gates) - len(unnoticed),
        "seconds": round(time.monotonic() - began, 1),
    }
    print(orjson.dumps(figures).decode(), flush=True)
    if unnoticed:
        raise Failure("The oracle does not notice when the gate is altered.")


def prepare(owner: rows.Owner, seed: int, count: int = WORLDS) -> dict[bool, list[Question]]:
    """The worlds stand in the database; who asks when, and what the design opens, or leaves out (True)."""
    worlds = [made_world(seed, number) for number in range(count)]
    rows.write(owner, worlds)
    return {
        False: _in_turn([one for world in worlds for one in asked(world)]),
        True: _in_turn([one for world in worlds for one in asked_of_limits(world)]),
    }


def _in_turn(found: Sequence[Question]) -> list[Question]:
    """From every world in turn, so that the first few are of all kinds."""
    return [found[place] for start in range(97) for place in range(start, len(found), 97)]


def asked(world: World) -> Iterator[Question]:
    for who in world.accounts:
        for moment in world.moments:
            yield who, moment, "", frozenset(world.open_to(who, moment))


def asked_of_limits(world: World) -> Iterator[Question]:
    """Of who has nothing open nothing is left out, however that is altered."""
    for who in world.accounts:
        for moment in world.moments:
            for sort in SORTS if world.open_to(who, moment) else ():
                yield who, moment, sort, frozenset(world.left_out_for(who, moment, sort))


def noticed(owner: rows.Owner, gate: str, questions: Sequence[Question]) -> bool:
    """Whether this gate answers one question otherwise; the real one stays as it is."""
    with owner.transaction(force_rollback=True):
        owner.execute("SET LOCAL jit TO off")
        limits = f"FUNCTION {NAME_OF_LIMITS}" in gate
        for words, other in () if limits else INLINE:
            assert words in gate, f"the gate is written in other words than “{words}”"
            gate = gate.replace(words, other)
        owner.execute(gate)  # our own words, no values in them
        begin, size = 0, FIRST
        while begin < len(questions):
            if differs(owner, questions[begin : begin + size], limits=limits):
                return True
            begin, size = begin + size, size * MORE
    return False


def differs(owner: rows.Owner, questions: Sequence[Question], *, limits: bool) -> bool:
    numbers = list(range(len(questions)))
    values = [numbers, [one[0] for one in questions], [one[1] for one in questions]]
    try:
        if limits:
            answers = owner.execute(ASKED_OF_LIMITS, [*values, [one[2] for one in questions]]).fetchall()
        else:
            answers = owner.execute(ASKED, values).fetchall()
    except psycopg.errors.CardinalityViolation:
        # It finds several where there can be one: no page would open.
        return True
    told: list[tuple[Any, ...]] = answers
    return any(set(seen) != questions[number][3] for number, seen in told)
