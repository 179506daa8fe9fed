"""`hendig prove walls`: with one wall down the other still stands, in every table that has one."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from datetime import datetime
from inspect import signature
from uuid import UUID

import orjson
import psycopg
from django.db import models, transaction

from hendig.audit.actions import reading
from hendig.kernel.actor import Actor
from hendig.operations.database import conninfo
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress
from hendig.operations.prove import lying, rows
from hendig.operations.prove.access import SHOWN, court
from hendig.operations.prove.facts import actor_of
from hendig.operations.prove.rows import Row
from hendig.operations.prove.scratch import scratch
from hendig.operations.prove.ways import Allowed, Facts
from hendig.operations.prove.worlds import world as made_world

Rows = dict[str, list[Row]]
# What a transaction can say that it is for, beside helping; asked now and then, for it doubles the work.
PURPOSES = ("learn", "review", "destroy", "share")
SELDOM = 6
# Of these a filter shows rows that are not open, to whoever asks by an account that is not closed.
OTHER_WAYS = {
    "matching_matchtalk",
    "rights_application",
    "families_logquestion",
    "rights_informationrequest",
    "shares_share",
}


@dataclass(slots=True)
class Standing:
    """What one wall alone let through: of how many rows it decided, and which were too many or too few."""

    decisions: int = 0
    tables: set[str] = field(default_factory=set)
    # Of which somebody was rightly shown something, and of which something was kept from somebody.
    shown: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    leaks: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, other: Standing) -> None:
        self.decisions += other.decisions
        self.tables |= other.tables
        self.shown |= other.shown
        self.hidden |= other.hidden
        self.leaks += other.leaks
        self.missing += other.missing

    def judge(self, name: str, table: str, seen: set[UUID], expected: set[UUID], of: int) -> None:
        self.decisions += of
        self.tables.add(table)
        if expected:
            self.shown.add(table)
        if len(expected) < of:
            self.hidden.add(table)
        self.leaks += [f"{name} shows {table} {key}" for key in sorted(seen - expected)]
        self.missing += [f"{name} hides {table} {key}" for key in sorted(expected - seen)]


def command(place: Installation, asked: argparse.Namespace) -> None:
    """Ends with a line of JSON, and fails when a row was shown or hidden that should not be."""
    began = time.monotonic()
    whole = Standing()
    with Progress("Taking one wall away") as progress, scratch(place, "walls") as made, court(made) as pool:
        for number in range(asked.worlds):
            whole.add(pool.submit(prove_apart, made.owner_url, asked.seed, number).result())
            progress(f"{number + 1} of {asked.worlds} worlds, {whole.decisions:,} rows")
    for words in [*whole.leaks[:SHOWN], *whole.missing[:SHOWN]]:
        print(words)
    figures = {
        "tables": len(whole.tables),
        "decisions": whole.decisions,
        "leaks": len(whole.leaks),
        "missing": len(whole.missing),
        "seconds": round(time.monotonic() - began, 1),
    }
    print(orjson.dumps(figures).decode(), flush=True)
    if whole.leaks or whole.missing:
        raise Failure("One wall alone does not hold.")


def prove_apart(owner_url: str, seed: int, number: int) -> Standing:
    with psycopg.connect(conninfo(owner_url), autocommit=True) as owner:
        return prove(owner, seed, number)


def lay(owner: rows.Owner, seed: int, number: int) -> Facts:
    """This world in the database, with something in every table that has a wall."""
    world = made_world(seed, number)
    made = rows.tables([world])
    more = lying.rows_of(world)
    for table, found in more.items():
        made[table] = [*made.get(table, []), *found]
    empty = sorted(model._meta.db_table for model in lying.walled() if not made.get(model._meta.db_table))
    if empty:
        raise Failure(f"Nothing lies in {', '.join(empty)}: of these tables nothing would be proven.")
    rows.write(owner, [world])
    with owner.transaction():
        rows.store(owner, more)
    return Facts(world, made)


def prove(owner: rows.Owner, seed: int, number: int, every: int = 1) -> Standing:
    """Everyone in this world, at a few of its moments, with the filter gone and with the policies gone."""
    facts = lay(owner, seed, number)
    world = facts.world
    found_out = Standing()
    asked = [(who, at) for who in world.accounts for at in world.moments[::3]][::every]
    for place, (who, at) in enumerate(asked):
        with transaction.atomic():
            found_out.add(prove_one(facts, who, at))
            if place % SELDOM == 0:
                for purpose in PURPOSES:
                    found_out.add(prove_policies(facts, who, at, purpose))
    for who in world.accounts:
        found_out.add(prove_lending(owner, facts, who, every))
    return found_out


LENT = "SELECT m, hendig_shares_open(%s, m), hendig_shares_to_say(%s, m) FROM unnest(%s::timestamptz[]) AS m"


def prove_lending(owner: rows.Owner, facts: Facts, who: UUID, every: int = 1) -> Standing:
    """What is shared with this one, and to what this one must say yes, at the moments of the world."""
    standing, shares = Standing(), facts.lending.shares.values()
    account = facts.world.accounts[who]
    found = owner.execute(LENT, [who, who, facts.world.moments[::every]]).fetchall()
    for at, read, asked in found:
        assert isinstance(at, datetime)
        expected = [
            {UUID(str(one["id"])) for one in shares if judge(one, account, at)}
            for judge in (facts.lending.is_with, facts.lending.is_asked)
        ]
        for name, seen, right in zip(("sharing", "asking"), (read, asked), expected, strict=True):
            assert isinstance(seen, list)
            standing.judge(name, "shares_share", set(seen), right, len(shares))
    return standing


def prove_one(facts: Facts, who: UUID, at: datetime) -> Standing:
    """With the policies gone, and then with the filter gone."""
    standing, actor, account = Standing(), actor_of(facts.world.accounts[who], at), facts.world.accounts[who]
    allowed = Allowed(facts, who, at)
    # Nobody comes in by a closed account: no filter is ever asked for it, but by the gate.
    for model in lying.walled() if account.active else lying.content():
        table = model._meta.db_table
        if hasattr(model.objects, "visible_to") and (account.active or table not in OTHER_WAYS):  # type: ignore[attr-defined]
            # The policies see Hendig itself: only the filter stands.
            standing.judge(
                "the filter",
                table,
                filter_of(model, actor, at),
                allowed.filter(table),
                len(facts.made[table]),
            )
    standing.add(prove_policies(facts, who, at))
    return standing


def prove_policies(facts: Facts, who: UUID, at: datetime, purpose: str = "") -> Standing:
    """Nobody filters: only the policies stand."""
    standing, allowed = Standing(), Allowed(facts, who, at, purpose)
    with reading(actor_of(facts.world.accounts[who], at), at, purpose=purpose):
        for model in lying.walled():
            table = model._meta.db_table
            seen = keys(model.objects.all())  # type: ignore[attr-defined]
            standing.judge(
                f"the policy{purpose and ', to '}{purpose},",
                table,
                seen,
                allowed.policy(table),
                len(facts.made[table]),
            )
    return standing


def filter_of(model: type[models.Model], actor: Actor, at: datetime) -> set[UUID]:
    rows_of = model.objects.visible_to  # type: ignore[attr-defined]
    timed = "at" in signature(rows_of).parameters
    return keys(rows_of(actor, at=at) if timed else rows_of(actor))


def keys(found: models.QuerySet[models.Model]) -> set[UUID]:
    return set(found.order_by().values_list("pk", flat=True))
