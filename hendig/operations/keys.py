"""Replace keys while everything runs. Killed at any moment it loses nothing, and goes on the next time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from django.db import OperationalError, transaction

from hendig.audit.actions import speaking
from hendig.kernel.actor import Actor
from hendig.keys import actions, queries
from hendig.operations.failure import Failure
from hendig.operations.progress import Progress
from hendig.people.models import Municipality
from hendig.safety.queries.retention import parts_destroyed

WRAPS = 500
SEALS = 50
# How often we come back to compartments in which somebody was at work.
ROUNDS = 30

Told = Callable[[str], None]


def show() -> None:
    """The root keys, newest first, and what is not as it should be."""
    with asking(systems()[0]):
        roots, lost, reachable = queries.roots(), queries.unknown_roots(), queries.in_older_backups()
        parts = parts_destroyed(roots[-1].since)
    for root in roots:
        print(f"{root.root_id}  since {root.since:%Y-%m-%d %H:%M} UTC  wraps {root.keys} keys")
    if lost:
        raise Failure(f"{lost} keys are wrapped by a root key that is not in the file of root keys.")
    if reachable:
        print(
            f"{reachable} destroyed keys can still be opened in older backups; "
            "`hendig keys rotate --retire LEDGER` ends that."
        )
    if parts:
        print(
            f"{parts} times a part of a record was destroyed that older backups still hold; "
            "`hendig keys rotate --retire LEDGER` ends that."
        )


def rotate(*, data: bool, retire: bool = False) -> None:
    """A new root key wraps every key; with `data` every text gets a new key as well.

    Who will `retire` the older roots needs one that is younger than the last destruction: what wrapped a
    destroyed key must be among those that go.
    """
    actors = systems()
    with Progress("Replacing keys") as progress:
        if begins_anew(actors, data=data) or (retire and destroyed(actors[0])):
            actions.new_root(actor=actors[0], at=now())
        for actor in actors:
            wrap_again(actor, progress)
        if data:
            for actor in actors:
                renew(actor, progress)
                seal_again(actor, progress)


def retire() -> int:
    """The older root keys are thrown away; how many."""
    actors = systems()
    for _round in range(ROUNDS):
        for actor in actors:
            wrap_again(actor, lambda _words: None)
        try:
            return actions.retire_roots(actor=actors[0], at=now())
        except actions.StillNeeded:
            # Somebody made a key between the two: it is wrapped in the next round.
            continue
    raise Failure("The older root keys are still in use; try again when it is quieter.")


def begins_anew(actors: list[Actor], *, data: bool) -> bool:
    """Whether this is a new rotation, and not the rest of one that was stopped."""
    found = [waiting(actor) for actor in actors]
    return not any(one.to_wrap or (data and one.to_renew) for one in found)


def wrap_again(actor: Actor, progress: Told) -> None:
    total, done = waiting(actor).to_wrap, 0
    while size := actions.rewrap(actor=actor, size=WRAPS, at=now()):
        done += size
        progress(f"{done} of {max(total, done)} keys wrapped")


def renew(actor: Actor, progress: Told) -> None:
    total, done = waiting(actor).to_renew, 0
    while some := to_renew(actor):
        actions.renew_keys(actor=actor, compartment_ids=some, at=now())
        take_over(actor, some)
        done += len(some)
        progress(f"{done} of {max(total, done)} compartments sealed again")


def seal_again(actor: Actor, progress: Told) -> None:
    """What an earlier run left behind, and what was in use when its turn came."""
    for _round in range(ROUNDS):
        after, busy = UUID(int=0), 0
        while some := left_over(actor, after):
            busy += take_over(actor, some)
            after = some[-1]
            progress("what was left over")
        if not busy:
            return
        time.sleep(1)
    raise Failure("Some compartments were in use all the time; run the same again when it is quieter.")


def take_over(actor: Actor, compartment_ids: list[UUID]) -> int:
    """These are sealed with their newest key; how many are still to do, because somebody is at work there."""
    try:
        actions.seal_again(actor=actor, compartment_ids=compartment_ids, at=now())
    except OperationalError:
        half = len(compartment_ids) // 2
        if not half:
            return 1
        return take_over(actor, compartment_ids[:half]) + take_over(actor, compartment_ids[half:])
    return 0


def waiting(actor: Actor) -> queries.Waiting:
    with asking(actor):
        return queries.waiting(actor)


def destroyed(actor: Actor) -> bool:
    with asking(actor):
        return queries.destroyed_under_the_newest() or parts_destroyed(queries.roots()[0].since) > 0


def to_renew(actor: Actor) -> list[UUID]:
    with asking(actor):
        return queries.compartments_to_renew(actor, SEALS)


def left_over(actor: Actor, after: UUID) -> list[UUID]:
    with asking(actor):
        return queries.compartments_left_over(actor, SEALS, after=after)


@contextmanager
def asking(actor: Actor) -> Iterator[None]:
    """Inside the block the walls know that Hendig itself asks."""
    with transaction.atomic(), speaking(actor, now()):
        yield


def systems() -> list[Actor]:
    found = [Actor.system(key) for key in Municipality.objects.order_by("id").values_list("pk", flat=True)]
    if not found:
        raise Failure("There is no municipality in this database yet.")
    return found


def now() -> datetime:
    return datetime.now(UTC)
