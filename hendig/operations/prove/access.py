"""`hendig prove access`: the gate and the policies of the database against an oracle that never saw them."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from multiprocessing import get_context
from uuid import UUID

import orjson
import psycopg
from django.db import connection, transaction

from hendig.audit.actions import reading
from hendig.families.models import Tie
from hendig.kernel.actor import Actor
from hendig.operations.command import begin
from hendig.operations.database import conninfo
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation
from hendig.operations.progress import Progress
from hendig.operations.prove import mutants, rows
from hendig.operations.prove.facts import Record, lasts
from hendig.operations.prove.oracle import World
from hendig.operations.prove.scratch import scratch
from hendig.operations.prove.worlds import world as made_world

SHOWN = 10
# How many worlds stand in a database at once: enough that a wall could show a stranger's row.
AT_ONCE = 6


@dataclass(slots=True)
class Judgement:
    """How many decisions were compared, and in words each that differed."""

    decisions: int = 0
    opened: int = 0
    differences: list[str] = field(default_factory=list)

    def add(self, other: Judgement) -> None:
        self.decisions += other.decisions
        self.opened += other.opened
        self.differences += other.differences


def command(place: Installation, asked: argparse.Namespace) -> None:
    if asked.mutants:
        mutants.main(place, asked.seed)
        return
    main(place, asked.decisions, asked.seed)


def main(place: Installation, decisions: int, seed: int) -> None:
    """At least so many decisions, on every core; ends with a line of JSON, and fails on a difference."""
    began = time.monotonic()
    whole = Judgement()
    with Progress("Judging") as progress, ExitStack() as stack:
        progress(f"databases, for at least {decisions:,} decisions")
        courts = []
        for number in range(max(1, min(8, os.cpu_count() or 1))):
            made = stack.enter_context(scratch(place, f"access{number}"))
            courts.append((made.owner_url, stack.enter_context(court(made))))
        for found in spread(courts, seed, lambda: whole.decisions < decisions):
            whole.add(found)
            progress(f"{whole.decisions:,} decisions, {len(whole.differences)} differences")
    for words in whole.differences[:SHOWN]:
        print(words)
    print(f"{whole.opened:,} of the decisions were a yes")
    figures = {
        "decisions": whole.decisions,
        "differences": len(whole.differences),
        "seconds": round(time.monotonic() - began, 1),
    }
    print(orjson.dumps(figures).decode(), flush=True)
    if whole.differences:
        raise Failure("The walls do not do what the design says.")


def court(made: Installation) -> ProcessPoolExecutor:
    """A process of its own for a database of its own, that comes in by the application's door."""
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=begin, initargs=({**made.as_app()},))


def spread(
    courts: Sequence[tuple[str, ProcessPoolExecutor]], seed: int, more: Callable[[], bool]
) -> Iterator[Judgement]:
    """Batches of worlds, to whichever process is free, for as long as there are to be more."""
    firsts = count(0, AT_ONCE)
    free = list(courts)
    running: dict[Future[Judgement], tuple[str, ProcessPoolExecutor]] = {}
    while True:
        while free and more():
            url, pool = free.pop()
            running[pool.submit(judge_apart, url, seed, next(firsts))] = (url, pool)
        if not running:
            return
        done, _rest = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            free.append(running.pop(future))
            yield future.result()


def judge_apart(owner_url: str, seed: int, first: int) -> Judgement:
    with psycopg.connect(conninfo(owner_url), autocommit=True) as owner:
        return judge(owner, seed, range(first, first + AT_ONCE))


def judge(owner: rows.Owner, seed: int, numbers: range) -> Judgement:
    """Both walls against the oracle, for everyone in these worlds at every moment of theirs."""
    worlds = {number: made_world(seed, number) for number in numbers}
    rows.write(owner, worlds.values())
    whole = Judgement()
    for number, world in worlds.items():
        with transaction.atomic():
            whole.add(judge_world(world, f"seed {seed}, world {number}"))
    return whole


def judge_world(world: World, name: str) -> Judgement:
    judged = Judgement()
    for who, account in world.accounts.items():
        near = [record for record in world.records if any(way.account == who for way in record.ways)]
        rooms = sum(len(record.rooms) for record in near)
        for moment in world.moments:
            expected = world.open_to(who, moment)
            judged.decisions += rooms
            judged.opened += len(expected)
            walls = (first_wall(who, account.town, moment), second_wall(who, account.town, moment))
            for wall, seen in enumerate(walls, start=1):
                for room in sorted(seen ^ expected):
                    words = f"wall {wall} {'opens' if room in seen else 'closes'} what the design does not"
                    judged.differences.append(f"{name}: {words}\n{told(world, who, room, moment)}")
    return judged


def first_wall(who: UUID, town: UUID, moment: datetime) -> set[UUID]:
    """What the filter of every query lets through; the policies see Hendig itself here."""
    seen = Tie.objects.visible_to(Actor(town, who), at=moment)
    return set(seen.order_by().values_list("compartment_id", flat=True))


def second_wall(who: UUID, town: UUID, moment: datetime) -> set[UUID]:
    """What PostgreSQL shows to the application when it asks for everything."""
    with reading(Actor(town, who), moment):
        return set(Tie.objects.order_by().values_list("compartment_id", flat=True))


def told(world: World, who: UUID, room_id: UUID, moment: datetime) -> str:
    """The case in identifiers, dates and rule numbers."""
    found = [(record, room) for record in world.records for room in record.rooms if room.id == room_id]
    if not found:
        return f"  account {who}, {moment}: compartment {room_id} of another world"
    record, room = found[0]
    account = world.accounts[who]
    child = record.child
    lines = [
        f"account {who} active={account.active} same town={account.town == record.town} jobs={account.jobs}",
        f"at {moment.isoformat()}: {room}",
        f"record {record.id}, frozen {record.frozen_at}, child {child}",
        f"default here: {world.towns[record.town]}; rules: {numbers(who, room_id, moment)}",
        *(f"involved: {way}" for way in record.ways if way.account == who and lasts(way, moment)),
        *(f"said: {one}" for one in record.answers if one.about == who and lasts(one, moment)),
        *(f"blocked: {one}" for one in record.shut if one.account == who and lasts(one, moment)),
        *deciding(record),
    ]
    return "\n".join(f"  {line}" for line in lines)


def deciding(record: Record) -> Iterator[str]:
    return (
        f"authority: {one}" for one in record.authorities if record.child and one.child == record.child.id
    )


def numbers(who: UUID, room: UUID, moment: datetime) -> list[str]:
    """The rules by which the gate opens this compartment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rule FROM hendig_open(%s, %s) WHERE compartment_id = %s", [who, moment, room])
        return sorted(str(rule) for (rule,) in cursor.fetchall())
