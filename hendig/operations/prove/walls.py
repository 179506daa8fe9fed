"""`hendig prove walls`: with one wall down the other still stands, in every table that has one."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
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
from hendig.operations.prove.oracle import World
from hendig.operations.prove.rows import Row
from hendig.operations.prove.scratch import scratch
from hendig.operations.prove.worlds import world as made_world

Rows = dict[str, list[Row]]


@dataclass(slots=True)
class Standing:
    """What one wall alone let through: of how many rows it decided, and which were too many or too few."""

    decisions: int = 0
    tables: set[str] = field(default_factory=set)
    leaks: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, other: Standing) -> None:
        self.decisions += other.decisions
        self.tables |= other.tables
        self.leaks += other.leaks
        self.missing += other.missing

    def judge(self, name: str, table: str, seen: set[UUID], expected: set[UUID], of: int) -> None:
        self.decisions += of
        self.tables.add(table)
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


def prove(owner: rows.Owner, seed: int, number: int, every: int = 1) -> Standing:
    """Everyone in this world, at a few of its moments, with the filter gone and with the policies gone."""
    world = made_world(seed, number)
    made = rows.tables([world])
    more = lying.rows_of(world)
    rows.write(owner, [world])
    with owner.transaction():
        rows.store(owner, more)
    for table, found in more.items():
        made[table] = [*made.get(table, []), *found]
    found_out = Standing()
    asked = [(who, at) for who in world.accounts for at in world.moments[::3]][::every]
    for who, at in asked:
        with transaction.atomic():
            found_out.add(prove_one(world, made, who, at))
    return found_out


def prove_one(world: World, made: Rows, who: UUID, at: datetime) -> Standing:
    standing, actor = Standing(), Actor(world.accounts[who].town, who)
    allowed = Allowed(world, made, who, at)
    for model in lying.walled():
        table = model._meta.db_table
        if table not in made:
            continue  # the made worlds hold none of these yet: nothing would be proven
        of = len(made[table])
        if hasattr(model.objects, "visible_to"):  # type: ignore[attr-defined]
            # The policies see Hendig itself: only the filter stands.
            rows_seen = model.objects.visible_to(actor, at=at)  # type: ignore[attr-defined]
            standing.judge("the filter", table, keys(rows_seen), allowed.rows(table, own=False), of)
        with reading(actor, at):
            # Nobody filters: only the policies stand.
            standing.judge("the policy", table, keys(model.objects.all()), allowed.rows(table, own=True), of)  # type: ignore[attr-defined]
    return standing


def keys(found: models.QuerySet[models.Model]) -> set[UUID]:
    return set(found.order_by().values_list("pk", flat=True))


class Allowed:
    """What the oracle says of the rows of each table."""

    def __init__(self, world: World, made: Rows, who: UUID, at: datetime) -> None:
        self.made, self.who = made, who
        self.rooms = world.open_to(who, at)
        self.families = {
            record.family for record in world.records if any(room.id in self.rooms for room in record.rooms)
        }

    def rows(self, table: str, *, own: bool) -> set[UUID]:
        """In what is open; of a family in which something is; by the policies also one's own person."""
        if table == "families_sameperson":
            people = self.rows("families_familymember", own=own)
            return self.those(table, lambda row: row["one_id"] in people and row["other_id"] in people)
        if table == "families_family":
            return self.those(table, lambda row: row["id"] in self.families)
        if table in {"families_familymember", "families_involvement"} and own:
            return self.those(table, lambda row: self.of_family(row) or row["account_id"] == self.who)
        if (
            table != "families_familymember"
            and self.made.get(table, [])
            and self.made.get(table, [])[0].get("compartment_id")
        ):
            return self.those(table, lambda row: row["compartment_id"] in self.rooms)
        return self.those(table, self.of_family)

    def of_family(self, row: Row) -> bool:
        return row["family_id"] in self.families

    def those(self, table: str, holds: Callable[[Row], bool]) -> set[UUID]:
        return {UUID(str(row["id"])) for row in self.made.get(table, []) if holds(row)}
